//! Messages that a person looks for, by what is in no index: a place alone, or a packetId.

use std::io;
use std::sync::Arc;

use chat::port::{Found, Search};
use memchr::memmem::Finder;
use model::{Message, Sequence};

use super::super::log::{Sealed, SegmentFile};
use super::super::record::Record;
use super::super::scan::{Scanner, next_sound};
use super::super::segment::{Family, HEADER_BYTES};
use super::super::shared::Shared;
use crate::repeat::is_meant;

/// A segment that is to be read through.
struct Part {
    /// Its newest message.
    last: Sequence,
    len: u64,
    file: Arc<SegmentFile>,
}

impl Shared {
    /// See [`chat::port::History::at`]. Blocks.
    pub(super) fn at(&self, sequence: Sequence) -> Option<Arc<Message>> {
        if sequence > self.state.read().last() {
            return None;
        }
        let at = |family| self.at_in(family, sequence);
        Family::ALL.into_iter().find_map(at)
    }

    fn at_in(&self, family: Family, sequence: Sequence) -> Option<Arc<Message>> {
        let log = self.log.read();
        let family = &log.families[family.number()];
        if let Some(active) = &family.active
            && active.index.extent().holds(sequence)
        {
            let file = Arc::clone(&active.file);
            drop(log);
            return self.scan_for(&file, sequence);
        }
        let sealed = Arc::clone(&family.sealed);
        drop(log);
        let holds = |sealed: &&Arc<Sealed>| sealed.index.read().extent().holds(sequence);
        let sealed = sealed.iter().rev().find(holds)?;
        let entry = self.ask(sealed, |index| index.at(sequence))?;
        self.read(&sealed.file, entry.place)
    }

    /// The active segment has no index by place, and what it has is not to be locked for long.
    fn scan_for(&self, file: &SegmentFile, sequence: Sequence) -> Option<Arc<Message>> {
        let mut found = None;
        let bytes = Finder::new(&sequence.0.to_le_bytes()).into_owned();
        self.scan(file, self.length(file)?, &bytes, |message| {
            let is_it = message.sequence == sequence;
            found = is_it.then(|| Arc::new(message));
            !is_it
        });
        found
    }

    /// See [`chat::port::History::sent_as`]. Blocks.
    pub(super) fn sent_as(&self, search: &Search) -> Found {
        let last = self.state.read().last();
        let mut parts = self.parts();
        parts.sort_by_key(|part| std::cmp::Reverse(part.last));
        let bytes = Finder::new(search.packet_id.as_bytes());
        let mut read = 0;
        let mut found = Found::default();
        for part in &parts {
            let newest = found.messages.first();
            if newest.is_some_and(|newest| newest.sequence > part.last) || read >= search.bytes {
                found.after = part.last;
                break;
            }
            read += part.len;
            self.scan(&part.file, part.len, &bytes, |message| {
                if message.sequence <= last && is_meant(search, &message) {
                    found.messages.push(Arc::new(message));
                }
                true
            });
            found
                .messages
                .sort_by_key(|message| std::cmp::Reverse(message.sequence));
        }
        // Of the other family there may be more.
        let after = found.after;
        found.messages.retain(|message| message.sequence > after);
        found.messages.truncate(search.limit);
        found
    }

    /// All segments that have messages.
    fn parts(&self) -> Vec<Part> {
        let log = self.log.read();
        let mut parts = Vec::new();
        for family in &log.families {
            let sealed = family.sealed.iter().map(|sealed| Part {
                last: sealed.index.read().last(),
                len: sealed.len,
                file: Arc::clone(&sealed.file),
            });
            parts.extend(sealed.filter(|part| part.last > Sequence(0)));
            if let Some(active) = &family.active {
                let file = Arc::clone(&active.file);
                let last = active.index.extent().last;
                let len = self.length(&file).unwrap_or_default();
                parts.push(Part { last, len, file });
            }
        }
        parts
    }

    /// What of a file can be read; the last batch may be on its way into it.
    fn length(&self, file: &SegmentFile) -> Option<u64> {
        file.file
            .len()
            .inspect_err(|error| self.note_damage(&file.path, 0, error))
            .ok()
    }

    /// Calls with the messages of a segment that have these bytes in them, for as long as more
    /// are wanted. What is damaged is passed over.
    fn scan(
        &self,
        file: &SegmentFile,
        len: u64,
        bytes: &Finder<'_>,
        mut visit: impl FnMut(Message) -> bool,
    ) {
        let salt = file.header.salt;
        let mut from = HEADER_BYTES;
        loop {
            let mut scanner = Scanner::new(&*file.file, salt, from, len);
            let read = messages(&mut scanner, bytes, &mut visit);
            let next = read.and_then(|is_more_wanted| {
                if !is_more_wanted || !scanner.is_bad() {
                    return Ok(None);
                }
                next_sound(&*file.file, salt, scanner.offset(), len)
            });
            match next {
                Ok(Some(next)) => from = next,
                Ok(None) => return,
                Err(error) => return self.note_damage(&file.path, scanner.offset(), &error),
            }
        }
    }
}

/// Whether more is wanted.
fn messages(
    scanner: &mut Scanner<'_>,
    bytes: &Finder<'_>,
    visit: &mut impl FnMut(Message) -> bool,
) -> io::Result<bool> {
    while let Some(record) = scanner.next_with(bytes)? {
        if let Record::Message(message) = record
            && !visit(message)
        {
            return Ok(false);
        }
    }
    Ok(true)
}
