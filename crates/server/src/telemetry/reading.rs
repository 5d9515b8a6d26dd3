//! Everything that is watched, at one moment.

use std::time::Duration;

use api::insight::{Descriptors, MessageCounts};
use webhook::Counts;

use super::latency::Distribution;
use crate::clock::Steps;

/// Counts are since the start.
#[derive(Clone, Debug, Default)]
pub(crate) struct Reading {
    /// Milliseconds since 1970.
    pub(crate) at_ms: u64,
    /// Since the start, by a clock that does not jump.
    pub(crate) uptime: Duration,
    pub(crate) moment: Moment,
    pub(crate) survey: Survey,
    pub(crate) messages: MessageCounts,
    /// From the acceptance of a message to its receipt.
    pub(crate) ack: Distribution,
    /// From the storing of a message to a device's acknowledgement.
    pub(crate) delivery: Distribution,
    /// Commits of the store.
    pub(crate) flush: Distribution,
}

/// What is known at any moment.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Moment {
    pub(crate) sessions: usize,
    pub(crate) tcp: usize,
    pub(crate) websocket: usize,
    pub(crate) http: usize,
    pub(crate) resident_bytes: u64,
    pub(crate) cpu_seconds: f64,
    /// Places of the store that were met and are not what was written.
    pub(crate) damages: u64,
    /// The store takes nothing until the next start.
    pub(crate) is_read_only: bool,
    /// Posts to the apps' servers.
    pub(crate) callbacks: Counts,
    pub(crate) steps: Steps,
    /// `None` without TLS.
    pub(crate) certificate: Option<Certificate>,
}

/// The certificate that is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Certificate {
    /// Seconds since 1970.
    pub(crate) ends_s: u64,
    /// Its files hold what cannot be used.
    pub(crate) is_pair_broken: bool,
}

/// What has to be looked at.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Survey {
    pub(crate) descriptors: Descriptors,
    /// Of the data directory.
    pub(crate) storage_bytes: u64,
    /// Files of the log.
    pub(crate) segments: u64,
    pub(crate) disk: Option<Disk>,
    /// What others than the owner may do: in the data directory, with the admin token.
    pub(crate) others_in_directory: bool,
    pub(crate) others_with_token: bool,
    /// Callbacks that are to be posted, counted up to [`super::survey::BACKLOG_COUNTED_MAX`].
    pub(crate) backlog: u64,
}

/// The file system that the data directory is on.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Disk {
    pub(crate) bytes: u64,
    /// For us, which may be less than for root.
    pub(crate) free_bytes: u64,
}
