//! Apps and accounts in memory.

use std::collections::{BTreeMap, HashMap};
use std::ops::Bound;

use async_trait::async_trait;
use chat::port::{CreateAppError, Directory, ListAccounts, StoreError};
use model::{Account, AccountName, App, AppId, Uuid};
use parking_lot::Mutex;

use crate::hash::IdMap;

/// See [`crate::memory`].
#[derive(Default)]
pub struct MemoryDirectory {
    inner: Mutex<Inner>,
}

#[derive(Default)]
struct Inner {
    signing_key: Option<[u8; 32]>,
    apps: Vec<App>,
    accounts: IdMap<Uuid, Account>,
    names: HashMap<AppId, BTreeMap<AccountName, Uuid>>,
}

impl MemoryDirectory {
    /// An empty one.
    pub fn new() -> Self {
        Self::default()
    }
}

#[async_trait]
impl Directory for MemoryDirectory {
    async fn signing_key(&self) -> Result<[u8; 32], StoreError> {
        let mut inner = self.inner.lock();
        if let Some(key) = inner.signing_key {
            return Ok(key);
        }
        let key = crate::random_key()?;
        inner.signing_key = Some(key);
        Ok(key)
    }

    async fn apps(&self) -> Result<Vec<App>, StoreError> {
        Ok(self.inner.lock().apps.clone())
    }

    async fn create_app(&self, app: &App) -> Result<(), CreateAppError> {
        let mut inner = self.inner.lock();
        let is_taken = |known: &App| known.id == app.id || known.key == app.key;
        if inner.apps.iter().any(is_taken) {
            return Err(CreateAppError::Taken);
        }
        inner.apps.push(app.clone());
        inner.apps.sort_by_key(|app| app.created_at_ms);
        Ok(())
    }

    async fn save_app(&self, app: &App) -> Result<(), StoreError> {
        let mut inner = self.inner.lock();
        if let Some(known) = inner.apps.iter_mut().find(|known| known.id == app.id) {
            *known = app.clone();
        }
        Ok(())
    }

    async fn delete_app(&self, id: AppId) -> Result<(), StoreError> {
        let mut inner = self.inner.lock();
        inner.apps.retain(|app| app.id != id);
        inner.accounts.retain(|_, account| account.app_id != id);
        inner.names.remove(&id);
        Ok(())
    }

    async fn account(
        &self,
        app_id: AppId,
        name: &AccountName,
    ) -> Result<Option<Account>, StoreError> {
        let inner = self.inner.lock();
        let uuid = inner.names.get(&app_id).and_then(|names| names.get(name));
        Ok(uuid.and_then(|uuid| inner.accounts.get(uuid)).cloned())
    }

    async fn accounts(
        &self,
        app_id: AppId,
        wanted: ListAccounts,
    ) -> Result<Vec<Account>, StoreError> {
        let inner = self.inner.lock();
        let Some(names) = inner.names.get(&app_id) else {
            return Ok(Vec::new());
        };
        let after = wanted
            .after
            .as_deref()
            .filter(|after| *after >= &*wanted.prefix);
        let from = match after {
            Some(after) => Bound::Excluded(after),
            None => Bound::Included(&*wanted.prefix),
        };
        let end = wanted.end();
        let until = end.as_deref().map_or(Bound::Unbounded, Bound::Excluded);
        // A range that begins at its end would panic.
        if end
            .as_deref()
            .is_some_and(|end| after.is_some_and(|after| after >= end))
        {
            return Ok(Vec::new());
        }
        let uuids = names.range::<str, _>((from, until)).map(|(_, uuid)| uuid);
        let found = uuids
            .take(wanted.limit)
            .filter_map(|uuid| inner.accounts.get(uuid));
        Ok(found.cloned().collect())
    }

    async fn account_by_uuid(&self, uuid: Uuid) -> Result<Option<Account>, StoreError> {
        Ok(self.inner.lock().accounts.get(&uuid).cloned())
    }

    async fn create_accounts(&self, accounts: Vec<Account>) -> Result<Vec<Account>, StoreError> {
        let mut inner = self.inner.lock();
        Ok(accounts
            .into_iter()
            .map(|account| inner.create(account))
            .collect())
    }

    async fn save_account(&self, account: &Account) -> Result<(), StoreError> {
        let mut inner = self.inner.lock();
        if let Some(known) = inner.accounts.get_mut(&account.uuid) {
            *known = account.clone();
        }
        Ok(())
    }

    async fn created_until(
        &self,
        app_id: AppId,
        created_at_ms: u64,
        limit: usize,
    ) -> Result<Vec<Account>, StoreError> {
        let inner = self.inner.lock();
        let is_due =
            |account: &&Account| account.app_id == app_id && account.created_at_ms <= created_at_ms;
        let mut due: Vec<_> = inner.accounts.values().filter(is_due).collect();
        due.sort_by_key(|account| (account.created_at_ms, account.uuid));
        Ok(due.into_iter().take(limit).cloned().collect())
    }

    async fn delete_account(&self, uuid: Uuid) -> Result<(), StoreError> {
        let mut inner = self.inner.lock();
        if let Some(account) = inner.accounts.remove(&uuid)
            && let Some(names) = inner.names.get_mut(&account.app_id)
        {
            names.remove(&account.name);
        }
        Ok(())
    }
}

impl Inner {
    fn create(&mut self, account: Account) -> Account {
        let names = self.names.entry(account.app_id).or_default();
        let uuid = *names.entry(account.name.clone()).or_insert(account.uuid);
        self.accounts.entry(uuid).or_insert(account).clone()
    }
}
