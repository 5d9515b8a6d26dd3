//! Messages that a person looks for, by what is in no index: a place alone, or a packetId.

use std::io;
use std::sync::Arc;

use chat::port::{Found, Search};
use memchr::memmem::Finder;
use model::{Message, Sequence};

use super::super::log::{Active, Sealed, SegmentFile};
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
    /// Nothing is on its way into it.
    is_sealed: bool,
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
            let part = self.active_part(active);
            drop(log);
            return self.scan_for(&part, sequence);
        }
        let sealed = Arc::clone(&family.sealed);
        drop(log);
        let holds = |sealed: &&Arc<Sealed>| sealed.index.read().extent().holds(sequence);
        let sealed = sealed.iter().rev().find(holds)?;
        let entry = self.ask(sealed, |index| index.at(sequence))?;
        self.read(&sealed.file, entry.place)
    }

    /// The active segment has no index by place, and what it has is not to be locked for long.
    fn scan_for(&self, part: &Part, sequence: Sequence) -> Option<Arc<Message>> {
        let mut found = None;
        let bytes = Finder::new(&sequence.0.to_le_bytes()).into_owned();
        self.scan(part, &bytes, |message| {
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
            self.scan(part, &bytes, |message| {
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
                is_sealed: true,
            });
            parts.extend(sealed.filter(|part| part.last > Sequence(0)));
            parts.extend(
                family
                    .active
                    .as_ref()
                    .map(|active| self.active_part(active)),
            );
        }
        parts
    }

    /// What of the active segment can be read; the last batch may be on its way into it.
    fn active_part(&self, active: &Active) -> Part {
        let file = Arc::clone(&active.file);
        let len = file.file.len();
        let len = len.inspect_err(|error| self.note_damage(&file.path, 0, error));
        Part {
            last: active.index.extent().last,
            len: len.unwrap_or_default(),
            file,
            is_sealed: false,
        }
    }

    /// Calls with the messages of a segment that have these bytes in them, for as long as more
    /// are wanted. What is damaged is told and passed over.
    fn scan(&self, part: &Part, bytes: &Finder<'_>, mut visit: impl FnMut(Message) -> bool) {
        let Part { len, file, .. } = part;
        let salt = file.header.salt;
        let mut from = HEADER_BYTES;
        loop {
            let mut scanner = Scanner::new(&*file.file, salt, from, *len);
            let read = messages(&mut scanner, bytes, &mut visit);
            let bad = scanner.offset();
            let next = match read {
                Ok(is_more_wanted) if is_more_wanted && scanner.is_bad() => {
                    next_sound(&*file.file, salt, bad, *len)
                }
                Ok(_) => return,
                Err(error) => Err(error),
            };
            match next {
                // The end of the active segment may be half of a batch.
                Ok(None) if !part.is_sealed => return,
                Ok(next) => {
                    let error = io::Error::new(io::ErrorKind::InvalidData, "no sound record");
                    self.note_damage(&file.path, bad, &error);
                    match next {
                        Some(next) => from = next,
                        None => return,
                    }
                }
                Err(error) => return self.note_damage(&file.path, bad, &error),
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
