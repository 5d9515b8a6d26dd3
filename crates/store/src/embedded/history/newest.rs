//! The newest messages of a part of a conversation, and single ones.

use std::sync::Arc;

use chat::port::Span;
use model::{Conversation, Message, Sequence};

use super::super::index::{Bounds, Entry};
use super::super::log::{Active, Sealed, SegmentFile};
use super::super::segment::Family;
use super::super::shared::Shared;

/// How often damaged messages are made up for with older ones, for one answer.
const ROUNDS_MAX: usize = 4;

/// Where a message is.
type Located = (Entry, Arc<SegmentFile>);

impl Shared {
    /// See [`chat::port::History::newest`]. Blocks.
    pub(super) fn newest(
        &self,
        conversation: Conversation,
        span: Span,
        limit: usize,
    ) -> Vec<Arc<Message>> {
        let mut bounds = Bounds::of(span, self.state.read().last());
        let mut messages = Vec::new();
        for _ in 0..ROUNDS_MAX {
            let wanted = limit - messages.len();
            let located = self.locate(conversation, &bounds, wanted);
            let is_all = located.len() < wanted;
            if let Some((oldest, _)) = located.last() {
                bounds.sequence.end = oldest.sequence.0;
            }
            let read = |(entry, file): Located| self.read(&file, entry.place);
            messages.extend(located.into_iter().filter_map(read));
            if is_all || messages.len() == limit {
                break;
            }
        }
        messages.reverse();
        messages
    }

    /// See [`chat::port::History::head`]. Blocks.
    pub(super) fn head(&self, conversation: Conversation, after: Sequence) -> Option<Sequence> {
        let last = self.state.read().last();
        let from = Sequence(after.0.saturating_add(1));
        let span = Span::Sequence(from..Sequence(u64::MAX));
        let located = self.locate(conversation, &Bounds::of(span, last), 1);
        located.first().map(|(entry, _)| entry.sequence)
    }

    /// The newest stored messages within bounds, the newest first.
    fn locate(&self, conversation: Conversation, bounds: &Bounds, limit: usize) -> Vec<Located> {
        let (mut located, mut is_all) = (Vec::new(), false);
        let log = self.log.read();
        let family = &log.families[Family::Stored.number()];
        let sealed = Arc::clone(&family.sealed);
        if let Some(Active { file, index }) = &family.active {
            let mut entries = Vec::new();
            is_all = index.newest(conversation, bounds, limit, &mut entries);
            add(&mut located, entries, file);
        }
        drop(log);
        for sealed in sealed.iter().rev() {
            let room = limit - located.len();
            if is_all || room == 0 {
                break;
            }
            if !sealed.index.read().extent().meets(bounds) {
                continue;
            }
            let (entries, is_all_there) = self.ask(sealed, |index| {
                let mut entries = Vec::new();
                let is_all = index.newest(conversation, bounds, room, &mut entries)?;
                Ok((entries, is_all))
            });
            add(&mut located, entries, &sealed.file);
            is_all = is_all_there;
        }
        located
    }

    /// See [`chat::port::History::message`]. Blocks.
    pub(super) fn message_at(
        &self,
        conversation: Conversation,
        sequence: Sequence,
    ) -> Option<Arc<Message>> {
        if sequence > self.state.read().last() {
            return None;
        }
        let found = |family| self.find_in(family, conversation, sequence);
        let (entry, file) = Family::ALL.into_iter().find_map(found)?;
        self.read(&file, entry.place)
    }

    fn find_in(
        &self,
        family: Family,
        conversation: Conversation,
        sequence: Sequence,
    ) -> Option<Located> {
        let before = Sequence(sequence.0.checked_sub(1)?);
        let is_it = |entry: &Entry| entry.sequence == sequence;
        let log = self.log.read();
        let family = &log.families[family.number()];
        if let Some(active) = &family.active
            && active.index.extent().holds(sequence)
        {
            let mut entries = Vec::new();
            let index = &active.index;
            index.entries_after(conversation, before, 1, &mut entries);
            let entry = entries.into_iter().find(is_it)?;
            return Some((entry, Arc::clone(&active.file)));
        }
        let sealed = Arc::clone(&family.sealed);
        drop(log);
        let holds = |sealed: &&Arc<Sealed>| sealed.index.read().extent().holds(sequence);
        let sealed = sealed.iter().rev().find(holds)?;
        let entries = self.ask(sealed, |index| {
            let mut entries = Vec::new();
            index.entries_after(conversation, before, 1, &mut entries)?;
            Ok(entries)
        });
        let entry = entries.into_iter().find(is_it)?;
        Some((entry, Arc::clone(&sealed.file)))
    }
}

fn add(located: &mut Vec<Located>, entries: Vec<Entry>, file: &Arc<SegmentFile>) {
    let entries = entries.into_iter();
    located.extend(entries.map(|entry| (entry, Arc::clone(file))));
}
