//! One file: a connection that reads, and a thread with another one that writes.

use std::path::Path;
use std::sync::Arc;
use std::thread::JoinHandle;

use chat::port::StoreError;
use parking_lot::Mutex;
use rusqlite::Connection;
use tokio::sync::{mpsc, oneshot};

use super::schema::{Schema, open, open_reader};
use super::writer::{Call, JOBS_MAX, Job, run, store_error, work};
use crate::embedded::OpenError;

/// See the module.
pub(super) struct Database {
    reader: Arc<Mutex<Option<Connection>>>,
    writer: Mutex<Option<Writer>>,
    /// Calls are made where they are asked for, on the reader's connection.
    is_inline: bool,
}

struct Writer {
    jobs: mpsc::Sender<Box<dyn Job>>,
    thread: JoinHandle<()>,
}

impl Database {
    /// Opens a file, or makes it. `keep` lives as long as the connection that writes.
    pub(super) fn open(
        path: &Path,
        schema: &'static Schema,
        keep: impl Send + 'static,
    ) -> Result<Self, OpenError> {
        let connection = open(path, schema)?;
        let reader = open_reader(path)?;
        let (jobs, waiting) = mpsc::channel(JOBS_MAX);
        let thread = std::thread::Builder::new()
            .name(schema.file.to_owned())
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
            is_inline: false,
        })
    }

    /// One in memory, whose calls are made where they are asked for: for simulations, in which no
    /// thread may come between.
    pub(super) fn inline(schema: &'static Schema) -> Result<Self, OpenError> {
        let connection = open(Path::new(":memory:"), schema)?;
        Ok(Self {
            reader: Arc::new(Mutex::new(Some(connection))),
            writer: Mutex::new(None),
            is_inline: true,
        })
    }

    /// Finishes what waits and leaves one file without a WAL. Nothing can be read or written
    /// after.
    pub(super) async fn close(&self) -> Result<(), StoreError> {
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
                "the writer of a database panicked".to_owned(),
            )),
        }
    }

    /// Reads what has been committed.
    pub(super) async fn read<T: Send + 'static>(
        &self,
        read: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, StoreError> {
        let reader = Arc::clone(&self.reader);
        let run = move || match &*reader.lock() {
            Some(connection) => read(connection).map_err(|error| store_error(&error)),
            None => Err(closed()),
        };
        if self.is_inline {
            return run();
        }
        let read = tokio::task::spawn_blocking(run).await;
        read.unwrap_or_else(|error| Err(StoreError::Unavailable(error.to_string())))
    }

    /// Writes, all of it or nothing; durable when this returns. It goes on to its end when nobody
    /// waits for it any more. The inner error is that of `write` itself.
    pub(super) async fn try_write<T: Send + 'static>(
        &self,
        write: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<rusqlite::Result<T>, StoreError> {
        let (answer, mut answered) = oneshot::channel();
        let job = Box::new(Call::new(write, answer));
        if self.is_inline {
            let mut connection = self.reader.lock();
            let connection = connection.as_mut().ok_or_else(closed)?;
            work(connection, &mut vec![job as Box<dyn Job>]);
            return answered.try_recv().map_err(|_| closed())?;
        }
        let sent = self.jobs()?.send(job).await;
        sent.map_err(|_| closed())?;
        answered.await.map_err(|_| closed())?
    }

    fn jobs(&self) -> Result<mpsc::Sender<Box<dyn Job>>, StoreError> {
        let writer = self.writer.lock();
        let jobs = writer.as_ref().map(|writer| writer.jobs.clone());
        jobs.ok_or_else(closed)
    }

    /// The same with one error for all.
    pub(super) async fn write<T: Send + 'static>(
        &self,
        write: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, StoreError> {
        let written = self.try_write(write).await?;
        written.map_err(|error| store_error(&error))
    }
}

/// Without [`Database::close`]: what waits is finished all the same, and the directory is free when
/// this returns.
impl Drop for Database {
    fn drop(&mut self) {
        if let Some(Writer { jobs, thread }) = self.writer.get_mut().take() {
            drop(jobs);
            let _ = thread.join();
        }
    }
}

fn closed() -> StoreError {
    StoreError::Unavailable("the database is closed".to_owned())
}
