//! Relations in memory.

use std::collections::HashSet;

use async_trait::async_trait;
use chat::port::{Relations, StoreError};
use model::{Conversation, Sequence, Uuid};
use parking_lot::Mutex;

use crate::hash::IdMap;

/// See [`crate::memory`]. Keeps what an account that is gone had: nobody has its uuid again.
#[derive(Default)]
pub struct MemoryRelations {
    inner: Mutex<Inner>,
}

#[derive(Default)]
struct Inner {
    blocked: IdMap<Uuid, HashSet<Uuid>>,
    hidden: IdMap<Uuid, IdMap<Conversation, Sequence>>,
}

impl MemoryRelations {
    /// An empty one.
    pub fn new() -> Self {
        Self::default()
    }
}

#[async_trait]
impl Relations for MemoryRelations {
    async fn blocked(&self, owner: Uuid) -> Result<Vec<Uuid>, StoreError> {
        let inner = self.inner.lock();
        let blocked = inner.blocked.get(&owner).into_iter().flatten();
        Ok(blocked.copied().collect())
    }

    async fn set_blocked(
        &self,
        owner: Uuid,
        other: Uuid,
        is_blocked: bool,
    ) -> Result<(), StoreError> {
        let mut inner = self.inner.lock();
        let blocked = inner.blocked.entry(owner).or_default();
        if is_blocked {
            blocked.insert(other);
        } else {
            blocked.remove(&other);
        }
        Ok(())
    }

    async fn hidden(&self, owner: Uuid) -> Result<Vec<(Conversation, Sequence)>, StoreError> {
        let inner = self.inner.lock();
        let hidden = inner.hidden.get(&owner).into_iter().flatten();
        Ok(hidden.map(|(which, up_to)| (*which, *up_to)).collect())
    }

    async fn hide(
        &self,
        owner: Uuid,
        conversation: Conversation,
        up_to: Sequence,
    ) -> Result<(), StoreError> {
        let mut inner = self.inner.lock();
        let hidden = inner.hidden.entry(owner).or_default();
        let known = hidden.entry(conversation).or_default();
        *known = up_to.max(*known);
        Ok(())
    }
}
