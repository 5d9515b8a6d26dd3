//! Which messages are meant, and which a segment has.

use std::ops::Range;

use chat::port::Span;
use model::{Message, Sequence};

use super::Entry;

/// A part of a conversation. In a conversation both ascend together, so that one search does.
#[derive(Clone, Debug)]
pub(crate) struct Bounds {
    /// By place.
    pub(crate) sequence: Range<u64>,
    /// By timestamp, in milliseconds.
    pub(crate) time_ms: Range<u64>,
}

impl Bounds {
    /// Of a span, as far as can be read.
    pub(crate) fn of(span: Span, last: Sequence) -> Self {
        let end = last.0.saturating_add(1);
        match span {
            Span::Time(time_ms) => Self {
                sequence: 0..end,
                time_ms,
            },
            Span::Sequence(Range { start, end: before }) => Self {
                sequence: start.0..end.min(before.0),
                time_ms: 0..u64::MAX,
            },
        }
    }

    /// Whether a message is before the end.
    pub(super) fn ends_after(&self, entry: &Entry) -> bool {
        entry.sequence.0 < self.sequence.end && entry.timestamp_ms < self.time_ms.end
    }

    /// Whether a message is not before the beginning.
    pub(super) fn begins_before(&self, entry: &Entry) -> bool {
        self.sequence.start <= entry.sequence.0 && self.time_ms.start <= entry.timestamp_ms
    }
}

/// What a segment's messages lie between.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Extent {
    /// The oldest message; 0 when there is none.
    pub(crate) first: Sequence,
    /// The newest; 0 when there is none.
    pub(crate) last: Sequence,
    /// The lowest timestamp, in milliseconds.
    pub(crate) earliest_ms: u64,
    /// The highest, in milliseconds.
    pub(crate) latest_ms: u64,
}

impl Extent {
    /// Takes note of a message; they come ascending.
    pub(super) fn add(&mut self, message: &Message) {
        if self.last == Sequence(0) {
            self.first = message.sequence;
            self.earliest_ms = message.timestamp_ms;
        }
        self.last = message.sequence;
        self.earliest_ms = self.earliest_ms.min(message.timestamp_ms);
        self.latest_ms = self.latest_ms.max(message.timestamp_ms);
    }

    /// Whether there may be messages within bounds.
    pub(crate) fn meets(&self, bounds: &Bounds) -> bool {
        self.last != Sequence(0)
            && self.first.0 < bounds.sequence.end
            && bounds.sequence.start <= self.last.0
            && self.earliest_ms < bounds.time_ms.end
            && bounds.time_ms.start <= self.latest_ms
    }

    /// Whether there may be a message at a place.
    pub(crate) fn holds(&self, sequence: Sequence) -> bool {
        self.first <= sequence && sequence <= self.last
    }

    /// Whether there is any message, and all of them are at a place or before it.
    pub(crate) fn is_up_to(&self, sequence: Sequence) -> bool {
        self.last != Sequence(0) && self.last <= sequence
    }
}
