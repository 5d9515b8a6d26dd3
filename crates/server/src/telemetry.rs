//! What the server tells about itself: a log, figures, how they went, and what is wrong. None of it
//! holds secrets, accounts or payloads.
//!
//! [`metrics`] counts as things happen; every 5 s [`sampler`] takes a [`reading`] of everything from
//! its [`sources`] and hands it to [`watch`], which keeps a [`series`] and the [`alarms`] that
//! [`checks`] give rise to.

pub(crate) mod alarms;
pub(crate) mod checks;
pub(crate) mod latency;
pub(crate) mod log;
pub(crate) mod metrics;
mod process;
pub(crate) mod reading;
pub(crate) mod sampler;
pub(crate) mod series;
pub(crate) mod sources;
pub(crate) mod survey;
pub(crate) mod watch;
