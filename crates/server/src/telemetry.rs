//! What the server tells about itself: a log and figures. Neither holds secrets, accounts or
//! payloads.

pub(crate) mod log;
pub(crate) mod metrics;
mod process;
