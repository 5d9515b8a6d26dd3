//! What the load asks of a socket, whatever is at its other end.

use client::connection::ConnectionError;
use tokio::time::Instant;

/// A connection that messages are sent and received on. `next` may be dropped and called again.
pub(crate) trait Line: Send + 'static {
    /// Queues a message with this number, which is unique on this line. `due` travels with it.
    fn queue_message(&mut self, number: u32, due: Instant);

    /// Queues the acknowledgement of everything up to this sequence.
    fn queue_acknowledgement(&mut self, sequence: i64);

    /// What comes next; writes what is queued meanwhile.
    fn next(&mut self) -> impl Future<Output = Result<Heard, ConnectionError>> + Send;

    /// Writes what is queued.
    fn flush(&mut self) -> impl Future<Output = Result<(), ConnectionError>> + Send;
}

/// One thing that came.
#[derive(Debug)]
pub(crate) enum Heard {
    /// What became of a message: its sequence, or the code of its refusal.
    Answer {
        number: u32,
        outcome: Result<i64, i32>,
    },
    /// Messages of others, ascending.
    Messages(Vec<Got>),
    /// Nothing that matters here.
    Other,
}

/// A message that came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Got {
    /// The number of its sender; [`STRANGER`] when that is none of the run.
    pub(crate) from: u32,
    /// Its number on the sender's line.
    pub(crate) number: u32,
    pub(crate) sequence: i64,
    pub(crate) due: Option<Instant>,
}

/// Whoever is not taking part.
pub(crate) const STRANGER: u32 = u32::MAX;
