//! The messages of one conversation in the server's order, each once: what comes twice (live and
//! from history, or written here and in history) falls together.

use std::collections::HashSet;

use client::Receipt;

use crate::format::{Content, Frame};

/// Messages that are kept; of more the oldest go, and can be loaded again.
pub(crate) const ENTRIES_MAX: usize = 1_000;

/// A message that the server has.
#[derive(Clone, Debug)]
pub(crate) struct Stored {
    pub(crate) sequence: i64,
    pub(crate) timestamp_ms: i64,
    pub(crate) from: String,
    pub(crate) frame: Frame,
}

#[derive(Clone, Debug)]
pub(crate) struct Entry {
    /// Names it here, whatever becomes of it.
    pub(crate) key: u64,
    /// Its sequence; last of all while it is on its way; behind what was there when it failed.
    place: i64,
    pub(crate) state: State,
    pub(crate) from: String,
    pub(crate) frame: Frame,
}

/// What became of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum State {
    Sending,
    Stored { timestamp_ms: i64 },
    Failed { why: String },
}

#[derive(Debug, Default)]
pub(crate) struct Timeline {
    entries: Vec<Entry>,
    last_key: u64,
}

impl Timeline {
    /// A message that the server has; one that is here stays as it is.
    pub(crate) fn add(&mut self, message: Stored) {
        if self.has(message.sequence) {
            return;
        }
        let key = match self.position_of_own(&message.from, &message.frame.id) {
            Some(at) => self.entries.remove(at).key,
            None => self.next_key(),
        };
        self.insert(Entry {
            key,
            place: message.sequence,
            state: State::Stored {
                timestamp_ms: message.timestamp_ms,
            },
            from: message.from,
            frame: message.frame,
        });
    }

    /// A message of one's own that sets out.
    pub(crate) fn begin(&mut self, from: &str, frame: Frame) {
        let key = self.next_key();
        self.insert(Entry {
            key,
            place: i64::MAX,
            state: State::Sending,
            from: from.to_owned(),
            frame,
        });
    }

    /// A message of one's own has arrived, or will not.
    pub(crate) fn settle(&mut self, from: &str, id: &str, told: Result<Receipt, String>) {
        let Some(at) = self.position_of_own(from, id) else {
            return;
        };
        let mut entry = self.entries.remove(at);
        match told {
            Ok(receipt) if self.has(receipt.sequence) => return,
            Ok(receipt) => {
                entry.place = receipt.sequence;
                entry.state = State::Stored {
                    timestamp_ms: receipt.timestamp_ms,
                };
            }
            Err(why) => {
                entry.place = self.newest().unwrap_or_default();
                entry.state = State::Failed { why };
            }
        }
        self.insert(entry);
    }

    /// What there is to see: without signals, and without what its sender has taken back.
    pub(crate) fn shown(&self) -> Vec<Shown<'_>> {
        let recalled: HashSet<(&str, &str)> = self.entries.iter().filter_map(recalled).collect();
        let seen = self.entries.iter().filter(|one| one.is_shown());
        seen.map(|entry| Shown {
            entry,
            is_recalled: recalled.contains(&(&*entry.from, &*entry.frame.id)),
        })
        .collect()
    }

    /// The place of a message by its sender's id for it.
    pub(crate) fn sequence_of(&self, from: &str, id: &str) -> Option<i64> {
        let found = self.entries.iter().find(|one| one.is(from, id))?;
        found.sequence()
    }

    /// Of the newest message that the server has.
    pub(crate) fn newest(&self) -> Option<i64> {
        self.entries.iter().rev().find_map(Entry::sequence)
    }

    /// When the oldest message came that the server has.
    pub(crate) fn earliest_ms(&self) -> Option<i64> {
        self.entries.iter().find_map(Entry::timestamp_ms)
    }

    /// The place of the last message to see, 0 without one: the later, the further up in a list.
    pub(crate) fn activity(&self) -> i64 {
        let mut shown = self.entries.iter().rev().filter(|one| one.is_shown());
        shown.next().map_or(0, |last| last.place)
    }

    pub(crate) fn is_full(&self) -> bool {
        self.entries.len() >= ENTRIES_MAX
    }

    /// Whether some had to go.
    pub(crate) fn shorten(&mut self) -> bool {
        let excess = self.entries.len().saturating_sub(ENTRIES_MAX);
        self.entries.drain(..excess);
        excess > 0
    }

    fn next_key(&mut self) -> u64 {
        self.last_key += 1;
        self.last_key
    }

    fn insert(&mut self, entry: Entry) {
        let order = (entry.place, entry.key);
        let at = self
            .entries
            .partition_point(|other| (other.place, other.key) < order);
        self.entries.insert(at, entry);
    }

    fn has(&self, sequence: i64) -> bool {
        let first = self.entries.partition_point(|one| one.place < sequence);
        let there = self.entries[first..].iter();
        let mut there = there.take_while(|one| one.place == sequence);
        there.any(|one| one.sequence().is_some())
    }

    /// Where the message is that was written here and that the server may not have yet.
    fn position_of_own(&self, from: &str, id: &str) -> Option<usize> {
        let is_open = |one: &Entry| one.sequence().is_none() && one.is(from, id);
        self.entries.iter().rposition(is_open)
    }
}

/// A message as it is drawn.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shown<'a> {
    pub(crate) entry: &'a Entry,
    pub(crate) is_recalled: bool,
}

impl Entry {
    /// `None` while the server does not have it.
    pub(crate) fn sequence(&self) -> Option<i64> {
        matches!(self.state, State::Stored { .. }).then_some(self.place)
    }

    /// In milliseconds since 1970; `None` while the server does not have it.
    pub(crate) fn timestamp_ms(&self) -> Option<i64> {
        match self.state {
            State::Stored { timestamp_ms } => Some(timestamp_ms),
            State::Sending | State::Failed { .. } => None,
        }
    }

    pub(crate) fn is_shown(&self) -> bool {
        self.frame.content.is_shown()
    }

    /// An empty id names nothing.
    fn is(&self, from: &str, id: &str) -> bool {
        !id.is_empty() && self.frame.id == id && self.from == from
    }
}

/// Only the sender of a message can take it back.
fn recalled(entry: &Entry) -> Option<(&str, &str)> {
    match &entry.frame.content {
        Content::Recall { of } if !of.is_empty() => Some((&entry.from, of)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(id: &str, text: &str) -> Frame {
        Frame {
            id: id.to_owned(),
            content: Content::Text(text.to_owned()),
        }
    }

    fn stored(sequence: i64, from: &str, frame: Frame) -> Stored {
        Stored {
            sequence,
            timestamp_ms: sequence * 10,
            from: from.to_owned(),
            frame,
        }
    }

    fn receipt(sequence: i64) -> Receipt {
        Receipt {
            sequence,
            timestamp_ms: sequence * 10,
        }
    }

    fn texts(timeline: &Timeline) -> Vec<String> {
        let shown = timeline.shown();
        let text = |one: &Shown| one.entry.frame.content.to_string();
        shown.iter().map(text).collect()
    }

    #[test]
    fn messages_stand_in_the_order_of_the_server_and_once() {
        let mut timeline = Timeline::default();
        timeline.add(stored(5, "ben", frame("b", "five")));
        timeline.add(stored(2, "ben", frame("", "two")));
        timeline.add(stored(5, "ben", frame("b", "five")));
        // Without an id it is another.
        timeline.add(stored(7, "ben", frame("", "two")));
        assert_eq!(texts(&timeline), ["two", "five", "two"]);
        assert_eq!(
            (timeline.earliest_ms(), timeline.newest()),
            (Some(20), Some(7))
        );
    }

    #[test]
    fn a_message_on_its_way_stands_last_and_keeps_its_key_when_it_has_arrived() {
        let mut timeline = Timeline::default();
        timeline.begin("ann", frame("a", "mine"));
        let key = timeline.shown()[0].entry.key;
        timeline.add(stored(5, "ben", frame("b", "theirs")));
        assert_eq!(texts(&timeline), ["theirs", "mine"]);
        timeline.settle("ann", "a", Ok(receipt(4)));
        assert_eq!(texts(&timeline), ["mine", "theirs"]);
        let mine = timeline.shown()[0];
        assert_eq!((mine.entry.key, mine.entry.sequence()), (key, Some(4)));
    }

    #[test]
    fn a_message_that_is_in_history_before_its_receipt_comes_is_one() {
        let mut timeline = Timeline::default();
        timeline.begin("ann", frame("a", "mine"));
        timeline.add(stored(4, "ann", frame("a", "mine")));
        timeline.settle("ann", "a", Ok(receipt(4)));
        assert_eq!(texts(&timeline), ["mine"]);
        assert_eq!(timeline.sequence_of("ann", "a"), Some(4));
    }

    #[test]
    fn what_failed_stays_where_it_was_said() {
        let mut timeline = Timeline::default();
        timeline.add(stored(5, "ben", frame("b", "before")));
        timeline.begin("ann", frame("a", "mine"));
        timeline.settle("ann", "a", Err("blocked".to_owned()));
        timeline.add(stored(6, "ben", frame("c", "after")));
        assert_eq!(texts(&timeline), ["before", "mine", "after"]);
        assert_eq!(timeline.newest(), Some(6));
    }

    #[test]
    fn only_its_sender_takes_a_message_back() {
        let mut timeline = Timeline::default();
        timeline.add(stored(1, "ben", frame("b", "oops")));
        let recall = |id: &str| Frame {
            id: id.to_owned(),
            content: Content::Recall { of: "b".to_owned() },
        };
        timeline.add(stored(2, "ann", recall("r")));
        assert!(!timeline.shown()[0].is_recalled);
        timeline.add(stored(3, "ben", recall("s")));
        assert_eq!(timeline.shown().len(), 1);
        assert!(timeline.shown()[0].is_recalled);
    }

    #[test]
    fn of_too_many_messages_the_oldest_go() {
        let mut timeline = Timeline::default();
        let max = i64::try_from(ENTRIES_MAX).unwrap();
        for sequence in 1..=max {
            timeline.add(stored(sequence, "ben", frame("", "x")));
        }
        assert!(timeline.is_full() && !timeline.shorten());
        timeline.add(stored(max + 1, "ben", frame("", "x")));
        assert!(timeline.shorten() && timeline.is_full());
        assert_eq!(timeline.earliest_ms(), Some(20));
    }
}
