//! Apps and accounts.

use std::path::Path;

use async_trait::async_trait;
use chat::port::{CreateAppError, Directory, ListAccounts, StoreError};
use model::{Account, AccountName, App, AppId, Uuid};
use rusqlite::ErrorCode;

use super::database::Database;
use super::rows;
use super::steps::DIRECTORY;
use super::writer::store_error;
use crate::embedded::OpenError;

/// Apps and accounts, topics and relations; see [`crate::sqlite`].
pub struct SqliteDirectory {
    pub(super) database: Database,
}

impl SqliteDirectory {
    /// Opens a database, or makes it. `keep` lives as long as the connection that writes.
    pub(crate) fn open(path: &Path, keep: impl Send + 'static) -> Result<Self, OpenError> {
        let database = Database::open(path, &DIRECTORY, keep)?;
        Ok(Self { database })
    }

    /// One in memory, for simulations: its calls are made where they are asked for, and it keeps what
    /// was committed for as long as it lives.
    pub fn in_memory() -> Result<Self, OpenError> {
        let database = Database::inline(&DIRECTORY)?;
        Ok(Self { database })
    }

    /// Finishes what waits and leaves one file without a WAL. Nothing can be read or written
    /// after.
    pub async fn close(&self) -> Result<(), StoreError> {
        self.database.close().await
    }
}

#[async_trait]
impl Directory for SqliteDirectory {
    async fn signing_key(&self) -> Result<[u8; 32], StoreError> {
        let fresh = crate::random_key()?;
        self.database
            .write(move |connection| rows::meta_or(connection, "signing_key", fresh))
            .await
    }

    async fn apps(&self) -> Result<Vec<App>, StoreError> {
        self.database.read(rows::apps).await
    }

    async fn create_app(&self, app: &App) -> Result<(), CreateAppError> {
        let app = app.clone();
        let written = self
            .database
            .try_write(move |connection| rows::insert_app(connection, &app));
        match written.await? {
            Ok(()) => Ok(()),
            Err(error) if error.sqlite_error_code() == Some(ErrorCode::ConstraintViolation) => {
                Err(CreateAppError::Taken)
            }
            Err(error) => Err(store_error(&error).into()),
        }
    }

    async fn save_app(&self, app: &App) -> Result<(), StoreError> {
        let app = app.clone();
        self.database
            .write(move |connection| rows::update_app(connection, &app))
            .await
    }

    async fn delete_app(&self, id: AppId) -> Result<(), StoreError> {
        self.database
            .write(move |connection| rows::delete_app(connection, id))
            .await
    }

    async fn account(
        &self,
        app_id: AppId,
        name: &AccountName,
    ) -> Result<Option<Account>, StoreError> {
        let name = name.clone();
        self.database
            .read(move |connection| rows::account_by_name(connection, app_id, &name))
            .await
    }

    async fn accounts(
        &self,
        app_id: AppId,
        wanted: ListAccounts,
    ) -> Result<Vec<Account>, StoreError> {
        self.database
            .read(move |connection| rows::accounts(connection, app_id, &wanted))
            .await
    }

    async fn account_by_uuid(&self, uuid: Uuid) -> Result<Option<Account>, StoreError> {
        self.database
            .read(move |connection| rows::account_by_uuid(connection, uuid))
            .await
    }

    async fn create_accounts(&self, accounts: Vec<Account>) -> Result<Vec<Account>, StoreError> {
        self.database
            .write(move |connection| {
                accounts
                    .iter()
                    .map(|account| rows::create_account(connection, account))
                    .collect()
            })
            .await
    }

    async fn save_account(&self, account: &Account) -> Result<(), StoreError> {
        let account = account.clone();
        self.database
            .write(move |connection| rows::update_account(connection, &account))
            .await
    }

    async fn created_until(
        &self,
        app_id: AppId,
        created_at_ms: u64,
        limit: usize,
    ) -> Result<Vec<Account>, StoreError> {
        self.database
            .read(move |connection| rows::created_until(connection, app_id, created_at_ms, limit))
            .await
    }

    async fn delete_account(&self, uuid: Uuid) -> Result<(), StoreError> {
        self.database
            .write(move |connection| rows::delete_account(connection, uuid))
            .await
    }
}
