//! The index of the active segment.

use std::collections::HashMap;

use model::{Conversation, Message, Sequence};

use super::{Entry, Place};
use crate::hash::IdMap;
use crate::repeat::Fingerprint;

/// See the module.
#[derive(Default)]
pub(crate) struct MemoryIndex {
    pub(super) conversations: IdMap<Conversation, Vec<Entry>>,
    /// The newest with each fingerprint.
    pub(super) sent: HashMap<Fingerprint, Place>,
    /// Others with the same: sent again after 7 days, or alike by accident.
    pub(super) sent_before: Vec<(Fingerprint, Place)>,
    pub(super) messages: u64,
    last: Sequence,
}

impl MemoryIndex {
    /// Takes note of a message; they come ascending.
    pub(crate) fn insert(&mut self, message: &Message, key: Option<Fingerprint>, place: Place) {
        let entries = self
            .conversations
            .entry(message.content.conversation())
            .or_default();
        // Most conversations have few messages in a segment.
        if entries.len() == entries.capacity() {
            entries.reserve_exact(entries.len().max(1));
        }
        entries.push(Entry {
            sequence: message.sequence,
            timestamp_ms: message.timestamp_ms,
            place,
        });
        if let Some(key) = key
            && let Some(before) = self.sent.insert(key, place)
        {
            self.sent_before.push((key, before));
        }
        self.messages += 1;
        self.last = message.sequence;
    }

    /// The newest message.
    pub(crate) fn last(&self) -> Sequence {
        self.last
    }

    /// See [`super::Index::entries_after`].
    pub(crate) fn entries_after(
        &self,
        conversation: Conversation,
        after: Sequence,
        max: usize,
        out: &mut Vec<Entry>,
    ) -> bool {
        let Some(entries) = self.conversations.get(&conversation) else {
            return false;
        };
        let from = entries.partition_point(|entry| entry.sequence <= after);
        let rest = &entries[from..];
        out.extend_from_slice(&rest[..rest.len().min(max)]);
        rest.len() > max
    }

    /// See [`super::Index::sent`].
    pub(crate) fn sent(&self, key: Fingerprint, out: &mut Vec<Place>) {
        let Some(newest) = self.sent.get(&key) else {
            return;
        };
        out.push(*newest);
        let before = self.sent_before.iter().rev();
        out.extend(
            before
                .filter(|(known, _)| *known == key)
                .map(|(_, place)| *place),
        );
    }
}
