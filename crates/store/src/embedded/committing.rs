//! The thread that commits. A pool would take a cold one of its threads for each batch, with a
//! heap and a stack of its own; what is stored would be spread over all of them.

use std::io;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;

use chat::port::{Batch, Committed, StoreError};
use tokio::sync::oneshot;

use super::shared::Shared;

/// A batch, and who waits for what becomes of it.
struct Job {
    shared: Arc<Shared>,
    batch: Batch,
    committed: oneshot::Sender<Result<Committed, StoreError>>,
}

/// The way to the thread, which ends with it.
pub(super) struct Committing(Sender<Job>);

impl Committing {
    pub(super) fn start() -> io::Result<Self> {
        // One task at a time commits: there is never more than one batch in it.
        let (jobs, waiting) = channel();
        thread::Builder::new()
            .name("commits".to_owned())
            .spawn(move || run(&waiting))?;
        Ok(Self(jobs))
    }

    /// Goes on to its end when nobody waits for it any more.
    pub(super) async fn commit(
        &self,
        shared: Arc<Shared>,
        batch: Batch,
    ) -> Result<Committed, StoreError> {
        let (committed, answer) = oneshot::channel();
        let job = Job {
            shared,
            batch,
            committed,
        };
        // A thread that panicked has dropped what it was given.
        let _ = self.0.send(job);
        let ended = |_| StoreError::Unavailable("the committing thread has ended".to_owned());
        answer.await.map_err(ended)?
    }
}

fn run(jobs: &Receiver<Job>) {
    for job in jobs {
        let Job {
            shared,
            batch,
            committed,
        } = job;
        let done = shared.commit(batch);
        // Whoever has the answer may open the directory again.
        drop(shared);
        // Nobody waiting any more is fine: it is done.
        let _ = committed.send(done);
    }
}
