//! The connections, and apps and accounts through them.

use std::path::Path;
use std::sync::Arc;
use std::thread::JoinHandle;

use async_trait::async_trait;
use chat::port::{CreateAppError, Directory, StoreError};
use model::{Account, AccountName, App, AppId, Uuid};
use parking_lot::Mutex;
use rusqlite::{Connection, ErrorCode};
use tokio::sync::{mpsc, oneshot};

use super::rows;
use super::schema::{open, open_reader};
use super::writer::{CreateAccounts, JOBS_MAX, Job, run, store_error};
use crate::embedded::OpenError;

/// See [`crate::sqlite`].
pub struct SqliteDirectory {
    reader: Arc<Mutex<Option<Connection>>>,
    writer: Mutex<Option<Writer>>,
}

struct Writer {
    jobs: mpsc::Sender<Job>,
    thread: JoinHandle<()>,
}

impl SqliteDirectory {
    /// Opens a database, or makes it. `keep` lives as long as the connection that writes.
    pub(crate) fn open(path: &Path, keep: impl Send + 'static) -> Result<Self, OpenError> {
        let connection = open(path)?;
        let reader = open_reader(path)?;
        let (jobs, waiting) = mpsc::channel(JOBS_MAX);
        let thread = std::thread::Builder::new()
            .name("directory".to_owned())
            .spawn(move || {
                run(connection, waiting);
                drop(keep);
            })
            .map_err(|source| OpenError::Io {
                path: path.to_owned(),
                source,
            })?;
        Ok(Self {
            reader: Arc::new(Mutex::new(Some(reader))),
            writer: Mutex::new(Some(Writer { jobs, thread })),
        })
    }

    /// Finishes what waits and leaves one file without a WAL. Nothing can be read or written
    /// after.
    pub async fn close(&self) -> Result<(), StoreError> {
        let reader = Arc::clone(&self.reader);
        let writer = self.writer.lock().take();
        let close = move || {
            drop(reader.lock().take());
            writer.map_or(Ok(()), |Writer { jobs, thread }| {
                drop(jobs);
                thread.join()
            })
        };
        match tokio::task::spawn_blocking(close).await {
            Ok(Ok(())) => Ok(()),
            _ => Err(StoreError::Unavailable(
                "the writer of accounts panicked".to_owned(),
            )),
        }
    }

    pub(super) async fn read<T: Send + 'static>(
        &self,
        read: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, StoreError> {
        let reader = Arc::clone(&self.reader);
        let run = move || match &*reader.lock() {
            Some(connection) => read(connection).map_err(|error| store_error(&error)),
            None => Err(closed()),
        };
        let read = tokio::task::spawn_blocking(run).await;
        read.unwrap_or_else(|error| Err(StoreError::Unavailable(error.to_string())))
    }

    /// Runs a transaction. It goes on to its end when nobody waits for it any more.
    async fn write<T: Send + 'static>(
        &self,
        write: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<rusqlite::Result<T>, StoreError> {
        let (answer, answered) = oneshot::channel();
        let job = Job::Write(Box::new(move |connection: &mut Connection| {
            let written = connection.transaction().and_then(|transaction| {
                let written = write(&transaction)?;
                transaction.commit()?;
                Ok(written)
            });
            let _ = answer.send(written);
        }));
        self.send(job).await?;
        answered.await.map_err(|_| closed())
    }

    pub(super) async fn write_or_fail<T: Send + 'static>(
        &self,
        write: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, StoreError> {
        let written = self.write(write).await?;
        written.map_err(|error| store_error(&error))
    }

    async fn send(&self, job: Job) -> Result<(), StoreError> {
        let jobs = self
            .writer
            .lock()
            .as_ref()
            .map(|writer| writer.jobs.clone());
        let jobs = jobs.ok_or_else(closed)?;
        jobs.send(job).await.map_err(|_| closed())
    }
}

/// Without [`SqliteDirectory::close`]: what waits is finished all the same, and the directory is
/// free when this returns.
impl Drop for SqliteDirectory {
    fn drop(&mut self) {
        if let Some(Writer { jobs, thread }) = self.writer.get_mut().take() {
            drop(jobs);
            let _ = thread.join();
        }
    }
}

#[async_trait]
impl Directory for SqliteDirectory {
    async fn signing_key(&self) -> Result<[u8; 32], StoreError> {
        let fresh = crate::random_key()?;
        self.write_or_fail(move |connection| rows::meta_or(connection, "signing_key", fresh))
            .await
    }

    async fn apps(&self) -> Result<Vec<App>, StoreError> {
        self.read(rows::apps).await
    }

    async fn create_app(&self, app: &App) -> Result<(), CreateAppError> {
        let app = app.clone();
        let written = self.write(move |connection| rows::insert_app(connection, &app));
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
        self.write_or_fail(move |connection| rows::update_app(connection, &app))
            .await
    }

    async fn delete_app(&self, id: AppId) -> Result<(), StoreError> {
        self.write_or_fail(move |connection| rows::delete_app(connection, id))
            .await
    }

    async fn account(
        &self,
        app_id: AppId,
        name: &AccountName,
    ) -> Result<Option<Account>, StoreError> {
        let name = name.clone();
        self.read(move |connection| rows::account_by_name(connection, app_id, &name))
            .await
    }

    async fn account_by_uuid(&self, uuid: Uuid) -> Result<Option<Account>, StoreError> {
        self.read(move |connection| rows::account_by_uuid(connection, uuid))
            .await
    }

    async fn create_accounts(&self, accounts: Vec<Account>) -> Result<Vec<Account>, StoreError> {
        let (answer, answered) = oneshot::channel();
        let call = CreateAccounts { accounts, answer };
        self.send(Job::CreateAccounts(call)).await?;
        answered.await.unwrap_or_else(|_| Err(closed()))
    }

    async fn save_account(&self, account: &Account) -> Result<(), StoreError> {
        let account = account.clone();
        self.write_or_fail(move |connection| rows::update_account(connection, &account))
            .await
    }

    async fn created_until(
        &self,
        app_id: AppId,
        created_at_ms: u64,
        limit: usize,
    ) -> Result<Vec<Account>, StoreError> {
        self.read(move |connection| rows::created_until(connection, app_id, created_at_ms, limit))
            .await
    }

    async fn delete_account(&self, uuid: Uuid) -> Result<(), StoreError> {
        self.write_or_fail(move |connection| rows::delete_account(connection, uuid))
            .await
    }
}

fn closed() -> StoreError {
    StoreError::Unavailable("the database of accounts is closed".to_owned())
}
