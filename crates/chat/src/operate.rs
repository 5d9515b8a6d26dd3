//! What an operator does to apps and accounts. A change is durable before sessions end by it.

use std::sync::Arc;

use model::{Account, AccountName, App, AppId, Resource};

use crate::Chat;
use crate::mailbox::End;
use crate::port::StoreError;
use crate::secret;

impl Chat {
    /// Bans an account: its sessions end, its tokens are void. `None`: there is none.
    pub async fn ban_account(
        &self,
        app: &App,
        name: &AccountName,
    ) -> Result<Option<Arc<Account>>, StoreError> {
        let banned = self.set_banned(app, name, true).await?;
        if let Some(account) = &banned {
            self.router.end(account.uuid, None, End::Banned);
        }
        Ok(banned)
    }

    /// Lifts a ban. Tokens from before it stay void.
    pub async fn unban_account(
        &self,
        app: &App,
        name: &AccountName,
    ) -> Result<Option<Arc<Account>>, StoreError> {
        self.set_banned(app, name, false).await
    }

    async fn set_banned(
        &self,
        app: &App,
        name: &AccountName,
        is_banned: bool,
    ) -> Result<Option<Arc<Account>>, StoreError> {
        let Some(account) = self.accounts.find(app.id, name).await? else {
            return Ok(None);
        };
        let mut account = Account::clone(&account);
        account.is_banned = is_banned;
        if is_banned {
            account.token_epoch += 1;
        }
        self.accounts.save(account).await.map(Some)
    }

    /// Ends an account's sessions; how many. `None`: there is no such account.
    pub async fn kick_account(
        &self,
        app: &App,
        name: &AccountName,
    ) -> Result<Option<usize>, StoreError> {
        let account = self.accounts.find(app.id, name).await?;
        Ok(account.map(|account| self.router.end(account.uuid, None, End::Kicked)))
    }

    /// Bans an app with all its accounts.
    pub async fn ban_app(&self, id: AppId) -> Result<Option<Arc<App>>, StoreError> {
        let banned = self.apps.change(id, |app| {
            app.is_banned = true;
            app.token_epoch += 1;
        });
        let banned = banned.await?;
        if banned.is_some() {
            self.router.end_app(id, End::Banned);
        }
        Ok(banned)
    }

    /// Lifts the ban of an app. Tokens from before it stay void.
    pub async fn unban_app(&self, id: AppId) -> Result<Option<Arc<App>>, StoreError> {
        self.apps.change(id, |app| app.is_banned = false).await
    }

    /// Gives an app a new secret, which is in the answer and nowhere else. The old one, all tokens
    /// and all sessions end.
    pub async fn rotate_secret(&self, id: AppId) -> Result<Option<(Arc<App>, String)>, StoreError> {
        let secret = secret::app_secret();
        let rotated = self.apps.change(id, |app| {
            app.secret = secret::hash(&secret);
            app.token_epoch += 1;
        });
        let rotated = rotated.await?;
        if rotated.is_some() {
            self.router.end_app(id, End::Revoked);
        }
        Ok(rotated.map(|app| (app, secret)))
    }

    /// Deletes an app with all its accounts; whether there was one.
    pub async fn delete_app(&self, id: AppId) -> Result<bool, StoreError> {
        let is_removed = self.apps.remove(id).await?;
        if is_removed {
            self.accounts.forget(id);
            self.router.end_app(id, End::Revoked);
        }
        Ok(is_removed)
    }

    /// The resources of accounts that are bound now, sorted. A name that nobody has used has none,
    /// and stays unknown.
    pub async fn online(
        &self,
        app_id: AppId,
        names: &[AccountName],
    ) -> Result<Vec<Vec<Resource>>, StoreError> {
        let mut online = Vec::with_capacity(names.len());
        for name in names {
            let account = self.accounts.find(app_id, name).await?;
            let mut bound =
                account.map_or_else(Vec::new, |account| self.router.bound(account.uuid));
            bound.sort();
            online.push(bound);
        }
        Ok(online)
    }
}
