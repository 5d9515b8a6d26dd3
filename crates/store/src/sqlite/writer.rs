//! The thread that writes.

use chat::port::StoreError;
use model::Account;
use rusqlite::{Connection, ErrorCode};
use tokio::sync::{mpsc, oneshot};

use super::rows::create_account;

/// Waiting writes; more wait at the door.
pub(super) const JOBS_MAX: usize = 1024;
/// Accounts that one transaction creates, unless one call brings more.
const ACCOUNTS_MAX: usize = 4096;

/// What waits for the writer.
pub(super) enum Job {
    /// Waiting ones share a transaction.
    CreateAccounts(CreateAccounts),
    /// A transaction of its own.
    Write(Box<dyn FnOnce(&mut Connection) + Send>),
}

/// One call.
pub(super) struct CreateAccounts {
    pub(super) accounts: Vec<Account>,
    pub(super) answer: oneshot::Sender<Result<Vec<Account>, StoreError>>,
}

/// Works until nobody can send any more. The connection's end leaves the WAL empty.
pub(super) fn run(mut connection: Connection, mut jobs: mpsc::Receiver<Job>) {
    let mut next = None;
    while let Some(job) = next.take().or_else(|| jobs.blocking_recv()) {
        match job {
            Job::Write(write) => write(&mut connection),
            Job::CreateAccounts(first) => {
                let calls = gather(first, &mut jobs, &mut next);
                create(&mut connection, calls);
            }
        }
    }
    if let Err((_, error)) = connection.close() {
        tracing::warn!(%error, "closing the database of accounts failed");
    }
}

/// Takes the calls that wait already; what is none of them comes next.
fn gather(
    first: CreateAccounts,
    jobs: &mut mpsc::Receiver<Job>,
    next: &mut Option<Job>,
) -> Vec<CreateAccounts> {
    let mut count = first.accounts.len();
    let mut calls = vec![first];
    while count < ACCOUNTS_MAX {
        match jobs.try_recv() {
            Ok(Job::CreateAccounts(call)) => {
                count += call.accounts.len();
                calls.push(call);
            }
            Ok(other) => {
                *next = Some(other);
                break;
            }
            Err(_) => break,
        }
    }
    calls
}

/// Answers after the commit. A call that fails alone does not take the others with it.
fn create(connection: &mut Connection, calls: Vec<CreateAccounts>) {
    let made = create_all(connection, &calls);
    match made {
        Ok(made) => {
            for (call, made) in calls.into_iter().zip(made) {
                // Nobody waiting any more is fine: the accounts are there.
                let _ = call.answer.send(made);
            }
        }
        Err(error) => {
            let error = store_error(&error);
            for call in calls {
                let _ = call.answer.send(Err(error.clone()));
            }
        }
    }
}

type Answers = Vec<Result<Vec<Account>, StoreError>>;

fn create_all(connection: &mut Connection, calls: &[CreateAccounts]) -> rusqlite::Result<Answers> {
    let mut transaction = connection.transaction()?;
    let mut answers = Vec::with_capacity(calls.len());
    for call in calls {
        let savepoint = transaction.savepoint()?;
        let accounts = call.accounts.iter();
        let made = accounts.map(|account| create_account(&savepoint, account));
        match made.collect::<rusqlite::Result<Vec<_>>>() {
            Ok(made) => {
                savepoint.commit()?;
                answers.push(Ok(made));
            }
            // Dropping the savepoint takes back what the call did.
            Err(error) => answers.push(Err(store_error(&error))),
        }
    }
    transaction.commit()?;
    Ok(answers)
}

/// Logs an error and says it in the words of the port.
pub(super) fn store_error(error: &rusqlite::Error) -> StoreError {
    if error.sqlite_error_code() == Some(ErrorCode::DiskFull) {
        tracing::warn!("no space left for the database of accounts; nothing was stored");
        return StoreError::Full;
    }
    tracing::error!(%error, "the database of accounts failed");
    StoreError::Unavailable(error.to_string())
}
