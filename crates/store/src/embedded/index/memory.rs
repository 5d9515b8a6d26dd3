//! The index of the active segment.

use std::collections::HashMap;

use model::{Conversation, Message, Sequence, Uuid};

use super::{Bounds, Entry, Extent, Place};
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
    /// Ascending.
    pub(super) called_back: Vec<(Sequence, Place)>,
    /// With whom accounts exchanged stored messages.
    pub(super) peers: IdMap<Uuid, Vec<Uuid>>,
    extent: Extent,
}

impl MemoryIndex {
    /// Takes note of a message; they come ascending.
    pub(crate) fn insert(&mut self, message: &Message, key: Option<Fingerprint>, place: Place) {
        let conversation = message.content.conversation();
        let entries = self.conversations.entry(conversation).or_default();
        if let (true, true, Conversation::Pair(one, other)) =
            (entries.is_empty(), message.content.is_stored, conversation)
            && one != other
        {
            self.peers.entry(one).or_default().push(other);
            self.peers.entry(other).or_default().push(one);
        }
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
        let callbacks = message.content.callbacks;
        if callbacks.instant || callbacks.offline {
            self.called_back.push((message.sequence, place));
        }
        self.extent.add(message);
    }

    /// How many messages there are.
    pub(crate) fn messages(&self) -> u64 {
        let conversations = self.conversations.values();
        conversations.map(|entries| entries.len() as u64).sum()
    }

    /// Which messages there are.
    pub(crate) fn extent(&self) -> Extent {
        self.extent
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

    /// See [`super::Index::newest`].
    pub(crate) fn newest(
        &self,
        conversation: Conversation,
        bounds: &Bounds,
        max: usize,
        out: &mut Vec<Entry>,
    ) -> bool {
        let Some(entries) = self.conversations.get(&conversation) else {
            return false;
        };
        let end = entries.partition_point(|entry| bounds.ends_after(entry));
        let start = entries[..end].partition_point(|entry| !bounds.begins_before(entry));
        out.extend(entries[start..end].iter().rev().take(max));
        start > 0
    }

    /// The accounts that one exchanged stored messages with, with the newest up to a place, the
    /// newest first.
    pub(crate) fn peers(&self, uuid: Uuid, up_to: Sequence) -> Vec<(Uuid, Sequence)> {
        let peers = self.peers.get(&uuid).map_or(&[][..], Vec::as_slice);
        let heads = peers.iter().filter_map(|peer| {
            let entries = self
                .conversations
                .get(&Conversation::between(uuid, *peer))?;
            let end = entries.partition_point(|entry| entry.sequence <= up_to);
            Some((*peer, entries[..end].last()?.sequence))
        });
        let mut heads: Vec<_> = heads.collect();
        heads.sort_unstable_by_key(|(_, head)| std::cmp::Reverse(*head));
        heads
    }

    /// See [`super::Index::called_back`].
    pub(crate) fn called_back(
        &self,
        after: Sequence,
        max: usize,
        out: &mut Vec<(Sequence, Place)>,
    ) {
        let from = self.called_back.partition_point(|(at, _)| *at <= after);
        out.extend(self.called_back[from..].iter().take(max));
    }

    /// See [`super::Index::at`].
    pub(crate) fn at(&self, sequence: Sequence) -> Option<Entry> {
        let mut conversations = self.conversations.values();
        conversations.find_map(|entries| {
            let at = entries.binary_search_by_key(&sequence, |entry| entry.sequence);
            Some(entries[at.ok()?])
        })
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
