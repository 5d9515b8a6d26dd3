//! The topics that are in use: one cell each, which the committing task keeps true.

use std::collections::HashMap;
use std::sync::{Arc, Weak};

use model::{Roster, TopicId};
use parking_lot::{Mutex, RwLock};
use quick_cache::sync::Cache;

use crate::port::{Memberships, StoreError};

/// A topic as the committing task sees it.
#[derive(Debug, Default)]
pub(crate) struct TopicCell {
    seen: RwLock<Seen>,
    /// Held from the check of a change until it is made.
    pub(super) changing: tokio::sync::Mutex<()>,
}

#[derive(Debug, Default)]
struct Seen {
    known: Known,
    /// How often the committing task has said what is known: what was read before is older.
    changes: u64,
}

#[derive(Debug, Default)]
enum Known {
    /// The store has not been asked yet, or could not say what a change has left.
    #[default]
    Unread,
    /// `None` when there is no such topic, or none any more.
    Read(Option<Arc<Roster>>),
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
    /// The topic and its members as of the last change; an error while that is not known, which
    /// is no answer to whether there is such a topic.
    pub(crate) fn roster(&self) -> Result<Option<Arc<Roster>>, StoreError> {
        match &self.seen.read().known {
            Known::Read(roster) => Ok(roster.clone()),
            Known::Unread => Err(StoreError::Unavailable("a topic is not read yet".into())),
        }
    }

    fn is_read(&self) -> bool {
        matches!(self.seen.read().known, Known::Read(_))
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
        self.cached.get(&id).filter(|cell| cell.is_read())
    }

    /// The cell of a topic, which is read when it is not known.
    pub(crate) async fn cell(&self, id: TopicId) -> Result<Arc<TopicCell>, StoreError> {
        if let Some(cell) = self.in_memory(id) {
            return Ok(cell);
        }
        let cell = self.shared(id);
        let reading = cell.changing.lock().await;
        // An unknown id is not kept: anybody can ask for any number of them.
        if self.roster(id, &cell).await?.is_some() {
            self.cached.insert(id, Arc::clone(&cell));
        }
        drop(reading);
        Ok(cell)
    }

    /// The topic of a cell, for who may change it: read when it is not known.
    pub(super) async fn roster(
        &self,
        id: TopicId,
        cell: &TopicCell,
    ) -> Result<Option<Arc<Roster>>, StoreError> {
        if cell.is_read() {
            return cell.roster();
        }
        let changes = cell.seen.read().changes;
        let roster = self.store.roster(id).await?.map(Arc::new);
        let mut seen = cell.seen.write();
        // A change goes on when the one who asked for it does not wait any more.
        if seen.changes == changes {
            seen.known = Known::Read(roster);
        }
        drop(seen);
        cell.roster()
    }

    fn shared(&self, id: TopicId) -> Arc<TopicCell> {
        let mut cells = self.cells.lock();
        if cells.len() >= CELLS_SWEPT_AT {
            cells.retain(|_, cell| cell.strong_count() > 0);
        }
        let known = cells.get(&id).and_then(Weak::upgrade);
        known.unwrap_or_else(|| {
            let cell = Arc::<TopicCell>::default();
            cells.insert(id, Arc::downgrade(&cell));
            cell
        })
    }

    /// Shows what the store has after changes, made or failed. What cannot be read is not known
    /// until somebody needs it: nothing is sent to such a topic, and nobody is told that it is not
    /// there.
    pub(crate) async fn refresh(&self, ids: impl Iterator<Item = TopicId>) {
        for id in ids {
            let cell = self.shared(id);
            let known = match self.store.roster(id).await {
                Ok(roster) => Known::Read(roster.map(Arc::new)),
                Err(error) => {
                    tracing::error!(topic = %id, %error, "a changed topic cannot be read");
                    Known::Unread
                }
            };
            let mut seen = cell.seen.write();
            seen.known = known;
            seen.changes += 1;
        }
    }
}
