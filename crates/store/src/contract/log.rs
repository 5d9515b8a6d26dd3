//! Guarantees of [`Log`](super::Log): topics in the queue, places, and reading again.

pub use super::history::*;
pub use super::places::*;
pub use super::topic_queue::*;
