//! The thread that writes: what waits shares a transaction, and so one sync of the disk.

use chat::port::StoreError;
use rusqlite::{Connection, ErrorCode};
use tokio::sync::{mpsc, oneshot};

/// Waiting writes; more wait at the door.
pub(super) const JOBS_MAX: usize = 1024;
/// Writes that share a transaction.
const SHARED_MAX: usize = 256;

/// A write that somebody may be waiting for.
pub(super) trait Job: Send {
    /// Does it; what it did is taken back on an error.
    fn run(&mut self, connection: &Connection) -> Result<(), TakenBack>;
    /// Says what came of it, once it is durable or lost.
    fn answer(self: Box<Self>, committed: Result<(), StoreError>);
}

/// A write failed alone, and says so itself.
pub(super) struct TakenBack;

type Answer<T> = Result<rusqlite::Result<T>, StoreError>;

/// One call.
pub(super) struct Call<W, T> {
    write: Option<W>,
    written: Option<rusqlite::Result<T>>,
    answer: oneshot::Sender<Answer<T>>,
}

impl<W, T> Call<W, T> {
    /// To be answered through the channel.
    pub(super) fn new(write: W, answer: oneshot::Sender<Answer<T>>) -> Self {
        Self {
            write: Some(write),
            written: None,
            answer,
        }
    }
}

impl<W, T> Job for Call<W, T>
where
    W: FnOnce(&Connection) -> rusqlite::Result<T> + Send,
    T: Send,
{
    fn run(&mut self, connection: &Connection) -> Result<(), TakenBack> {
        let Some(write) = self.write.take() else {
            return Err(TakenBack);
        };
        let written = self.written.insert(write(connection));
        written.as_ref().map(drop).map_err(|_| TakenBack)
    }

    fn answer(self: Box<Self>, committed: Result<(), StoreError>) {
        let answer = match (self.written, committed) {
            (Some(Err(error)), _) => Ok(Err(error)),
            (_, Err(error)) => Err(error),
            (Some(written), Ok(())) => Ok(written),
            (None, Ok(())) => return,
        };
        // Nobody waiting any more is fine: it is done.
        let _ = self.answer.send(answer);
    }
}

/// Works until nobody can send any more. The connection's end leaves the WAL empty.
pub(super) fn run(mut connection: Connection, mut jobs: mpsc::Receiver<Box<dyn Job>>) {
    let mut sharing = Vec::new();
    while jobs.blocking_recv_many(&mut sharing, SHARED_MAX) > 0 {
        work(&mut connection, &mut sharing);
    }
    if let Err((_, error)) = connection.close() {
        tracing::warn!(%error, "closing a database failed");
    }
}

/// Writes what shares a transaction, and answers.
pub(super) fn work(connection: &mut Connection, sharing: &mut Vec<Box<dyn Job>>) {
    let committed = write(connection, sharing).map_err(|error| store_error(&error));
    for job in sharing.drain(..) {
        job.answer(committed.clone());
    }
}

/// A call that fails alone does not take the others with it.
fn write(connection: &mut Connection, jobs: &mut [Box<dyn Job>]) -> rusqlite::Result<()> {
    let mut transaction = connection.transaction()?;
    for job in jobs {
        let savepoint = transaction.savepoint()?;
        if job.run(&savepoint).is_ok() {
            savepoint.commit()?;
        }
    }
    transaction.commit()
}

/// Logs an error and says it in the words of the port.
pub(super) fn store_error(error: &rusqlite::Error) -> StoreError {
    if error.sqlite_error_code() == Some(ErrorCode::DiskFull) {
        tracing::warn!("no space left for a database; nothing was stored");
        return StoreError::Full;
    }
    tracing::error!(%error, "a database failed");
    StoreError::Unavailable(error.to_string())
}
