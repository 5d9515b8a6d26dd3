//! The duplicate filter: what was redelivered after a reconnect is shown once.

use std::collections::{HashSet, VecDeque};

/// Sequences remembered. A server has at most 4 lists of 50 messages unacknowledged, so that
/// what it may send again is far inside.
pub(crate) const FILTER_SEQUENCES_MAX: usize = 1_024;

/// Remembers the sequences that came last. What is below all of a full memory counts as seen.
#[derive(Debug, Default)]
pub(crate) struct Filter {
    order: VecDeque<i64>,
    seen: HashSet<i64>,
    /// The highest sequence that was forgotten.
    forgotten: i64,
}

impl Filter {
    /// Whether this sequence comes for the first time; it is remembered from now on.
    pub(crate) fn is_new(&mut self, sequence: i64) -> bool {
        if sequence <= self.forgotten || !self.seen.insert(sequence) {
            return false;
        }
        self.order.push_back(sequence);
        if self.order.len() > FILTER_SEQUENCES_MAX {
            self.forget_oldest();
        }
        true
    }

    fn forget_oldest(&mut self) {
        if let Some(oldest) = self.order.pop_front() {
            self.seen.remove(&oldest);
            self.forgotten = self.forgotten.max(oldest);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sequence_is_new_once() {
        let mut filter = Filter::default();
        assert!(filter.is_new(5));
        assert!(!filter.is_new(5));
        assert!(filter.is_new(4), "never seen, even if it comes late");
        assert!(!filter.is_new(4));
    }

    #[test]
    fn what_is_forgotten_still_counts_as_seen() {
        let mut filter = Filter::default();
        let count = i64::try_from(FILTER_SEQUENCES_MAX).unwrap();
        assert!((1..=count + 1).all(|sequence| filter.is_new(sequence)));
        assert_eq!(filter.order.len(), FILTER_SEQUENCES_MAX);
        assert!(!filter.is_new(1));
        assert!(!filter.is_new(2));
    }
}
