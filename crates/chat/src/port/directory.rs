//! Apps and accounts: written rarely, read at every login.

use async_trait::async_trait;
use model::{Account, AccountName, App, AppId, Uuid};
use thiserror::Error;

use super::StoreError;

/// Why an app was not created.
#[derive(Debug, Error)]
pub enum CreateAppError {
    /// Another app has this appId or this appKey.
    #[error("the appId or appKey is taken")]
    Taken,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Which accounts of an app are wanted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ListAccounts {
    /// How their names begin; empty: any.
    pub prefix: String,
    /// Only names above this one.
    pub after: Option<AccountName>,
    /// Accounts, at most.
    pub limit: usize,
}

impl ListAccounts {
    /// The first text that is above all that begin with the prefix; `None`: there is none. Texts
    /// have the order of their bytes, which is that of their characters.
    pub fn end(&self) -> Option<String> {
        let mut end = self.prefix.clone();
        while let Some(last) = end.pop() {
            if let Some(next) = successor(last) {
                end.push(next);
                return Some(end);
            }
        }
        None
    }
}

fn successor(character: char) -> Option<char> {
    match character {
        // There is nothing between these two.
        '\u{d7ff}' => Some('\u{e000}'),
        other => char::from_u32(u32::from(other) + 1),
    }
}

/// Keeps apps and accounts. What a call has answered is durable and seen by every later call.
#[async_trait]
pub trait Directory: Send + Sync + 'static {
    /// The installation's random key, which signs tokens. Made at the first call, then the same
    /// for ever.
    async fn signing_key(&self) -> Result<[u8; 32], StoreError>;

    /// All apps, the oldest first.
    async fn apps(&self) -> Result<Vec<App>, StoreError>;

    /// Adds an app.
    async fn create_app(&self, app: &App) -> Result<(), CreateAppError>;

    /// Replaces what is kept of an app with the same id; an unknown one is ignored.
    async fn save_app(&self, app: &App) -> Result<(), StoreError>;

    /// Removes an app with all its accounts.
    async fn delete_app(&self, id: AppId) -> Result<(), StoreError>;

    /// The account of an app with this name, byte for byte.
    async fn account(
        &self,
        app_id: AppId,
        name: &AccountName,
    ) -> Result<Option<Account>, StoreError>;

    /// Accounts of an app, of those whose names have a beginning, byte for byte, in the order of
    /// the names' bytes. Looks at no more of them than it answers.
    async fn accounts(
        &self,
        app_id: AppId,
        wanted: ListAccounts,
    ) -> Result<Vec<Account>, StoreError>;

    /// The account with this uuid.
    async fn account_by_uuid(&self, uuid: Uuid) -> Result<Option<Account>, StoreError>;

    /// For each account the one that has its app and name already, else the given one, which is
    /// added. Calls at the same time agree on one. Waiting calls share a transaction.
    async fn create_accounts(&self, accounts: Vec<Account>) -> Result<Vec<Account>, StoreError>;

    /// Replaces what is kept of an account with the same uuid; an unknown one is ignored.
    async fn save_account(&self, account: &Account) -> Result<(), StoreError>;

    /// Accounts of an app that were created at or before a time, the oldest first.
    async fn created_until(
        &self,
        app_id: AppId,
        created_at_ms: u64,
        limit: usize,
    ) -> Result<Vec<Account>, StoreError>;

    /// Removes an account with its relations. Its topics are left before.
    async fn delete_account(&self, uuid: Uuid) -> Result<(), StoreError>;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_a_beginning_is_above_all_that_have_it() {
        let end = |prefix: &str| {
            let wanted = ListAccounts {
                prefix: prefix.into(),
                ..ListAccounts::default()
            };
            wanted.end()
        };
        for (prefix, expected) in [
            ("a", Some("b")),
            ("a\u{7f}", Some("a\u{80}")),
            ("小", Some("尐")),
            ("a\u{d7ff}", Some("a\u{e000}")),
            ("a\u{10ffff}", Some("b")),
            ("\u{10ffff}", None),
            ("", None),
        ] {
            assert_eq!(end(prefix).as_deref(), expected, "{prefix}");
        }
    }
}
