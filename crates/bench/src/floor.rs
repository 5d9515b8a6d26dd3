//! What the machine itself can do, measured in the same run: nothing is better than this.
//!
//! - [`relay`] is a process that hands frames from one socket to another and does nothing else
//! - [`disk`] appends and flushes, and does nothing else

pub(crate) mod disk;
pub(crate) mod relay;
