//! The topics that are in use: one cell each, which the committing task keeps true.

use std::collections::HashMap;
use std::sync::{Arc, Weak};

use model::{Roster, TopicId};
use parking_lot::{Mutex, RwLock};
use quick_cache::sync::Cache;

use crate::port::{Memberships, StoreError};

/// A topic as the committing task sees it: `None` once it is dismissed.
#[derive(Debug)]
pub(crate) struct TopicCell {
    roster: RwLock<Option<Arc<Roster>>>,
    /// Held from the check of a change until it is made.
    pub(super) changing: tokio::sync::Mutex<()>,
}

/// The topics that are in use.
pub(crate) struct Topics {
    store: Arc<dyn Memberships>,
    /// Keeps the busiest alive.
    cached: Cache<TopicId, Arc<TopicCell>>,
    /// One cell per topic, however many use it.
    cells: Mutex<HashMap<TopicId, Weak<TopicCell>>>,
}

/// Cells in memory that nobody uses at the moment.
const CACHED_MAX: usize = 10_000;
/// Cells that are gone are swept out when there are so many more than are cached.
const CELLS_SWEPT_AT: usize = 2 * CACHED_MAX;

impl TopicCell {
    fn new(roster: Option<Roster>) -> Self {
        Self {
            roster: RwLock::new(roster.map(Arc::new)),
            changing: tokio::sync::Mutex::default(),
        }
    }

    /// The topic and its members as of the last change.
    pub(crate) fn roster(&self) -> Option<Arc<Roster>> {
        self.roster.read().clone()
    }
}

impl Topics {
    pub(crate) fn new(store: Arc<dyn Memberships>) -> Self {
        Self {
            store,
            cached: Cache::new(CACHED_MAX),
            cells: Mutex::default(),
        }
    }

    pub(crate) fn store(&self) -> &dyn Memberships {
        &*self.store
    }

    /// The cell of a topic that is in memory.
    pub(crate) fn in_memory(&self, id: TopicId) -> Option<Arc<TopicCell>> {
        self.cached.get(&id)
    }

    /// The cell of a topic; an unknown one's is empty.
    pub(crate) async fn cell(&self, id: TopicId) -> Result<Arc<TopicCell>, StoreError> {
        if let Some(cell) = self.cached.get(&id) {
            return Ok(cell);
        }
        let cell = self.shared(id);
        let loading = cell.changing.lock().await;
        if cell.roster.read().is_none() {
            let roster = self.store.roster(id).await?.map(Arc::new);
            // An unknown id is not kept: anybody can ask for any number of them.
            if roster.is_some() {
                *cell.roster.write() = roster;
                self.cached.insert(id, Arc::clone(&cell));
            }
        } else {
            self.cached.insert(id, Arc::clone(&cell));
        }
        drop(loading);
        Ok(cell)
    }

    fn shared(&self, id: TopicId) -> Arc<TopicCell> {
        let mut cells = self.cells.lock();
        if cells.len() >= CELLS_SWEPT_AT {
            cells.retain(|_, cell| cell.strong_count() > 0);
        }
        let known = cells.get(&id).and_then(Weak::upgrade);
        known.unwrap_or_else(|| {
            let cell = Arc::new(TopicCell::new(None));
            cells.insert(id, Arc::downgrade(&cell));
            cell
        })
    }

    /// Shows changes that have been made in the store.
    pub(crate) async fn refresh(&self, ids: impl Iterator<Item = TopicId>) {
        for id in ids {
            let cell = self.shared(id);
            match self.store.roster(id).await {
                Ok(roster) => *cell.roster.write() = roster.map(Arc::new),
                Err(error) => {
                    // Nobody is in it as far as this process knows, until it is loaded again.
                    tracing::error!(topic = %id, %error, "a changed topic cannot be read");
                    *cell.roster.write() = None;
                    self.cached.remove(&id);
                }
            }
        }
    }
}
