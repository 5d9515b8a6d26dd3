//! Whom an account does not want to hear from. Asked before every message, so kept in memory.

use std::collections::HashSet;
use std::sync::Arc;

use model::{Account, AccountName, Uuid};
use quick_cache::sync::Cache;
use thiserror::Error;
use tokio::sync::Mutex;

use crate::Chat;
use crate::port::{Relations, StoreError};

/// Accounts whose blacklists are in memory.
const CACHED_MAX: usize = 100_000;

/// Why nobody was blocked.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum BlockError {
    /// One cannot block oneself.
    #[error("must not be the caller")]
    Oneself,
    /// The store has no room for it.
    #[error("no space left in the store")]
    StoreFull,
    /// The store failed.
    #[error("unavailable")]
    Unavailable,
}

impl From<StoreError> for BlockError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Full => Self::StoreFull,
            StoreError::Unavailable(_) => Self::Unavailable,
        }
    }
}

type Blocked = Arc<HashSet<Uuid>>;

pub(crate) struct Blacklist {
    store: Arc<dyn Relations>,
    blocked: Cache<Uuid, Blocked>,
    changing: Mutex<()>,
}

impl Blacklist {
    pub(crate) fn new(store: Arc<dyn Relations>) -> Self {
        Self {
            store,
            blocked: Cache::new(CACHED_MAX),
            changing: Mutex::default(),
        }
    }

    /// Whether `owner` has blocked `other`, when that is in memory.
    pub(crate) fn cached(&self, owner: Uuid, other: Uuid) -> Option<bool> {
        self.blocked
            .get(&owner)
            .map(|blocked| blocked.contains(&other))
    }

    pub(crate) async fn is_blocked(&self, owner: Uuid, other: Uuid) -> Result<bool, StoreError> {
        Ok(self.of(owner).await?.contains(&other))
    }

    async fn of(&self, owner: Uuid) -> Result<Blocked, StoreError> {
        let load = async {
            let blocked = self.store.blocked(owner).await?;
            Ok(Arc::new(blocked.into_iter().collect()))
        };
        self.blocked.get_or_insert_async(&owner, load).await
    }

    async fn set(&self, owner: Uuid, other: Uuid, is_blocked: bool) -> Result<(), StoreError> {
        let _changing = self.changing.lock().await;
        let mut blocked = HashSet::clone(&*self.of(owner).await?);
        self.store.set_blocked(owner, other, is_blocked).await?;
        if is_blocked {
            blocked.insert(other);
        } else {
            blocked.remove(&other);
        }
        self.blocked.insert(owner, Arc::new(blocked));
        Ok(())
    }

    pub(crate) fn forget(&self, owner: Uuid) {
        self.blocked.remove(&owner);
    }
}

impl Chat {
    /// From now on nothing that `other` sends P2P reaches the caller, or no longer so.
    pub async fn set_blocked(
        &self,
        caller: &Account,
        other: &AccountName,
        is_blocked: bool,
    ) -> Result<(), BlockError> {
        if *other == caller.name {
            return Err(BlockError::Oneself);
        }
        let other = self.accounts.find_or_create(caller.app_id, other).await?;
        Ok(self
            .blacklist
            .set(caller.uuid, other.uuid, is_blocked)
            .await?)
    }

    /// Whom an account has blocked, in the order of their uuids, after one.
    pub async fn blocked_accounts(
        &self,
        account: &Account,
        after: Option<Uuid>,
        limit: usize,
    ) -> Result<Vec<Arc<Account>>, StoreError> {
        let blocked = self.blacklist.of(account.uuid).await?;
        let mut uuids: Vec<_> = blocked.iter().copied().collect();
        uuids.retain(|uuid| after.is_none_or(|after| *uuid > after));
        uuids.sort_unstable();
        let mut accounts = Vec::new();
        for uuid in uuids {
            if accounts.len() == limit {
                break;
            }
            // One that is gone blocks nobody any more.
            accounts.extend(self.accounts.find_by_uuid(uuid).await?);
        }
        Ok(accounts)
    }

    /// Whether the caller has blocked an account; one that nobody knows is not blocked.
    pub async fn has_blocked(
        &self,
        caller: &Account,
        other: &AccountName,
    ) -> Result<bool, BlockError> {
        match self.accounts.find(caller.app_id, other).await? {
            Some(other) => Ok(self.blacklist.is_blocked(caller.uuid, other.uuid).await?),
            None => Ok(false),
        }
    }
}
