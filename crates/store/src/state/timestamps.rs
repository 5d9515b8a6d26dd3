//! The newest timestamp of each conversation, in next to no memory.
//!
//! A timestamp is nearly always the millisecond of its sequence, which is known as the
//! conversation's head; only others are kept. Of conversations without a head one number is kept:
//! the highest timestamp that was forgotten. It is below every clock but one that was set back by
//! a week, and then rather too high than too low.

use model::{Conversation, Sequence};

use crate::hash::IdMap;

/// See the module.
#[derive(Default)]
pub(crate) struct Timestamps {
    pub(super) odd: IdMap<Conversation, u64>,
    pub(super) forgotten_max: u64,
}

impl Timestamps {
    /// Takes note of a conversation's newest message.
    pub(crate) fn note(
        &mut self,
        conversation: Conversation,
        sequence: Sequence,
        timestamp_ms: u64,
    ) {
        if timestamp_ms == sequence.ms() {
            self.odd.remove(&conversation);
        } else {
            self.odd.insert(conversation, timestamp_ms);
        }
    }

    /// The newest timestamp of a conversation with this head, or a later one.
    pub(crate) fn previous(&self, conversation: &Conversation, head: Option<Sequence>) -> u64 {
        match head {
            Some(head) => self.of(conversation, head),
            None => self.forgotten_max,
        }
    }

    /// The head will not be known any more.
    pub(crate) fn forget(&mut self, conversation: &Conversation, head: Sequence) {
        self.forgotten_max = self.forgotten_max.max(self.of(conversation, head));
        self.odd.remove(conversation);
    }

    fn of(&self, conversation: &Conversation, head: Sequence) -> u64 {
        self.odd
            .get(conversation)
            .copied()
            .unwrap_or_else(|| head.ms())
    }
}
