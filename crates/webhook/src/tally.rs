//! Counters, for metrics.

use std::sync::atomic::{AtomicU64, Ordering};

use chat::port::DeliveryStatus;

/// What happened since the start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Attempts that were answered with 200.
    pub delivered: u64,
    /// Attempts that failed and will be repeated.
    pub retried: u64,
    /// Deliveries that were given up.
    pub failed: u64,
    /// How often the queue to the intake was full and the log was read instead.
    pub overflows: u64,
}

#[derive(Default)]
pub(crate) struct Tally {
    delivered: AtomicU64,
    retried: AtomicU64,
    failed: AtomicU64,
    overflows: AtomicU64,
}

impl Tally {
    /// Counts an attempt by what follows it.
    pub(crate) fn tried(&self, status: DeliveryStatus) {
        let counter = match status {
            DeliveryStatus::Delivered => &self.delivered,
            DeliveryStatus::Failed => &self.failed,
            DeliveryStatus::Pending { .. } | DeliveryStatus::Undecided { .. } => &self.retried,
        };
        counter.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn overflowed(&self) {
        self.overflows.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn counts(&self) -> Counts {
        Counts {
            delivered: self.delivered.load(Ordering::Relaxed),
            retried: self.retried.load(Ordering::Relaxed),
            failed: self.failed.load(Ordering::Relaxed),
            overflows: self.overflows.load(Ordering::Relaxed),
        }
    }
}
