//! Counts and times while it happens, for all participants together.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use parking_lot::Mutex;

use crate::latency::Latencies;

/// What happened so far.
pub(crate) struct Tally {
    sent: AtomicU64,
    acked: AtomicU64,
    delivered: AtomicU64,
    /// By the code of the refusal.
    refused: Mutex<BTreeMap<i32, u64>>,
    recent: Mutex<Timings>,
    /// Without the recent ones.
    older: Mutex<Timings>,
    deliveries_max: u64,
}

/// Latencies of what was measured.
#[derive(Clone, Debug, Default)]
pub(crate) struct Timings {
    /// From when a message was due until its sender had the receipt.
    pub(crate) ack: Latencies,
    /// From when a message was due until a receiver had it.
    pub(crate) delivery: Latencies,
    /// From when a message was due until it was sent: what the load itself was late.
    pub(crate) lateness: Latencies,
}

/// How much happened so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) sent: u64,
    pub(crate) acked: u64,
    pub(crate) delivered: u64,
}

impl Tally {
    pub(crate) fn new(deliveries_max: u64) -> Self {
        Self {
            sent: AtomicU64::new(0),
            acked: AtomicU64::new(0),
            delivered: AtomicU64::new(0),
            refused: Mutex::default(),
            recent: Mutex::default(),
            older: Mutex::default(),
            deliveries_max,
        }
    }

    /// `late` is `None` for what is not measured.
    pub(super) fn sent(&self, late: Option<Duration>) {
        self.sent.fetch_add(1, Ordering::Relaxed);
        if let Some(late) = late {
            self.recent.lock().lateness.record(late);
        }
    }

    pub(super) fn acked(&self, took: Option<Duration>) {
        self.acked.fetch_add(1, Ordering::Relaxed);
        if let Some(took) = took {
            self.recent.lock().ack.record(took);
        }
    }

    pub(super) fn refused(&self, code: i32) {
        *self.refused.lock().entry(code).or_default() += 1;
    }

    pub(crate) fn delivered(&self, took: impl Iterator<Item = Option<Duration>>) {
        let mut recent = self.recent.lock();
        let mut count = 0;
        for took in took {
            count += 1;
            if let Some(took) = took {
                recent.delivery.record(took);
            }
        }
        self.delivered.fetch_add(count, Ordering::Relaxed);
    }

    /// Whether there are as many deliveries as may be kept.
    pub(crate) fn is_full(&self) -> bool {
        self.delivered.load(Ordering::Relaxed) >= self.deliveries_max
    }

    pub(crate) fn counts(&self) -> Counts {
        Counts {
            sent: self.sent.load(Ordering::Relaxed),
            acked: self.acked.load(Ordering::Relaxed),
            delivered: self.delivered.load(Ordering::Relaxed),
        }
    }

    pub(crate) fn refusals(&self) -> BTreeMap<i32, u64> {
        self.refused.lock().clone()
    }

    /// The latencies since the last call.
    pub(crate) fn take_recent(&self) -> Timings {
        let mut recent = self.recent.lock();
        let taken = recent.clone();
        recent.clear();
        drop(recent);
        self.older.lock().add(&taken);
        taken
    }

    /// All latencies.
    pub(crate) fn timings(&self) -> Timings {
        self.take_recent();
        self.older.lock().clone()
    }
}

impl Timings {
    fn add(&mut self, other: &Self) {
        self.ack.add(&other.ack);
        self.delivery.add(&other.delivery);
        self.lateness.add(&other.lateness);
    }

    fn clear(&mut self) {
        self.ack.clear();
        self.delivery.clear();
        self.lateness.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_measured_is_counted_all_the_same() {
        let tally = Tally::new(3);
        let took = Some(Duration::from_millis(2));
        tally.sent(None);
        tally.acked(None);
        tally.acked(took);
        tally.refused(503);
        tally.delivered([None, took].into_iter());
        assert!(!tally.is_full());
        tally.delivered([took].into_iter());
        assert!(tally.is_full());
        let counts = Counts {
            sent: 1,
            acked: 2,
            delivered: 3,
        };
        assert_eq!(tally.counts(), counts);
        assert_eq!(tally.refusals(), [(503, 1)].into_iter().collect());
        assert_eq!(tally.take_recent().delivery.len(), 2);
        assert_eq!(tally.take_recent().delivery.len(), 0);
        assert_eq!(
            (tally.timings().ack.len(), tally.timings().delivery.len()),
            (1, 2)
        );
    }
}
