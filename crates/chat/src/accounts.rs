//! The users of the apps. The busiest are in memory; a name that is new gets its account here.

use std::sync::Arc;

use model::{Account, AccountName, AppId, Uuid};
use quick_cache::sync::Cache;

use crate::port::{Clock, Directory, StoreError};
use crate::secret;

/// The users.
pub struct Accounts {
    directory: Arc<dyn Directory>,
    clock: Arc<dyn Clock>,
    by_name: Cache<(AppId, AccountName), Arc<Account>>,
    by_uuid: Cache<Uuid, Arc<Account>>,
}

/// Ends a look-up that must not be remembered.
enum Missed {
    Unknown,
    Store(StoreError),
}

impl Accounts {
    pub(crate) fn new(
        directory: Arc<dyn Directory>,
        clock: Arc<dyn Clock>,
        cached_max: usize,
    ) -> Self {
        Self {
            directory,
            clock,
            by_name: Cache::new(cached_max),
            by_uuid: Cache::new(cached_max),
        }
    }

    /// The account with this name, if it is in memory.
    pub(crate) fn cached(&self, app_id: AppId, name: &AccountName) -> Option<Arc<Account>> {
        self.by_name.get(&(app_id, name.clone()))
    }

    /// The account with this name, if there is one.
    pub async fn find(
        &self,
        app_id: AppId,
        name: &AccountName,
    ) -> Result<Option<Arc<Account>>, StoreError> {
        let look_up = async {
            match self.directory.account(app_id, name).await {
                Ok(Some(account)) => Ok(Arc::new(account)),
                Ok(None) => Err(Missed::Unknown),
                Err(error) => Err(Missed::Store(error)),
            }
        };
        known(
            self.by_name
                .get_or_insert_async(&(app_id, name.clone()), look_up)
                .await,
        )
    }

    /// The account with this uuid, if there is one.
    pub async fn find_by_uuid(&self, uuid: Uuid) -> Result<Option<Arc<Account>>, StoreError> {
        let look_up = async {
            match self.directory.account_by_uuid(uuid).await {
                Ok(Some(account)) => Ok(Arc::new(account)),
                Ok(None) => Err(Missed::Unknown),
                Err(error) => Err(Missed::Store(error)),
            }
        };
        known(self.by_uuid.get_or_insert_async(&uuid, look_up).await)
    }

    /// The account with this name, from now on if there was none. Durable when it is answered.
    pub async fn find_or_create(
        &self,
        app_id: AppId,
        name: &AccountName,
    ) -> Result<Arc<Account>, StoreError> {
        if let Some(account) = self.cached(app_id, name) {
            return Ok(account);
        }
        let create = async {
            let made = self
                .directory
                .create_accounts(vec![self.new_account(app_id, name)])
                .await?;
            let account = made.into_iter().next();
            let account = account.ok_or_else(|| unanswered("create_accounts"))?;
            Ok(Arc::new(account))
        };
        self.by_name
            .get_or_insert_async(&(app_id, name.clone()), create)
            .await
    }

    /// The same for many names at once, in their order.
    pub async fn find_or_create_all(
        &self,
        app_id: AppId,
        names: &[AccountName],
    ) -> Result<Vec<Arc<Account>>, StoreError> {
        let cached: Vec<_> = names.iter().map(|name| self.cached(app_id, name)).collect();
        let missing = names
            .iter()
            .zip(&cached)
            .filter(|(_, account)| account.is_none());
        let missing = missing
            .map(|(name, _)| self.new_account(app_id, name))
            .collect();
        let mut made = self.directory.create_accounts(missing).await?.into_iter();
        let mut accounts = Vec::with_capacity(names.len());
        for (name, account) in names.iter().zip(cached) {
            let account = if let Some(account) = account {
                account
            } else {
                let account = made.next().ok_or_else(|| unanswered("create_accounts"))?;
                let made = async { Ok::<_, StoreError>(Arc::new(account)) };
                // Somebody may be looking it up at the moment: that is waited for, without holding
                // up a thread that it needs.
                let key = (app_id, name.clone());
                self.by_name.get_or_insert_async(&key, made).await?
            };
            accounts.push(account);
        }
        Ok(accounts)
    }

    fn new_account(&self, app_id: AppId, name: &AccountName) -> Account {
        Account {
            uuid: secret::uuid(),
            app_id,
            name: name.clone(),
            security_key: secret::security_key(),
            is_banned: false,
            token_epoch: 0,
            created_at_ms: self.clock.now_ms(),
        }
    }

    /// Replaces an account, durably before anyone sees it.
    pub(crate) async fn save(&self, account: Account) -> Result<Arc<Account>, StoreError> {
        self.directory.save_account(&account).await?;
        let account = Arc::new(account);
        self.by_name
            .insert((account.app_id, account.name.clone()), Arc::clone(&account));
        self.by_uuid.insert(account.uuid, Arc::clone(&account));
        Ok(account)
    }

    pub(crate) fn directory(&self) -> &dyn Directory {
        &*self.directory
    }

    /// Removes an account; its name makes a new one from now on.
    pub(crate) async fn remove(&self, account: &Account) -> Result<(), StoreError> {
        self.directory.delete_account(account.uuid).await?;
        self.by_name.remove(&(account.app_id, account.name.clone()));
        self.by_uuid.remove(&account.uuid);
        Ok(())
    }

    /// Forgets the accounts of an app that is gone.
    pub(crate) fn forget(&self, app_id: AppId) {
        self.by_name.retain(|_, account| account.app_id != app_id);
        self.by_uuid.retain(|_, account| account.app_id != app_id);
    }
}

fn known(found: Result<Arc<Account>, Missed>) -> Result<Option<Arc<Account>>, StoreError> {
    match found {
        Ok(account) => Ok(Some(account)),
        Err(Missed::Unknown) => Ok(None),
        Err(Missed::Store(error)) => Err(error),
    }
}

fn unanswered(call: &str) -> StoreError {
    StoreError::Unavailable(format!(
        "{call} answered with fewer elements than it was given"
    ))
}
