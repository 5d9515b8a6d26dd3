//! Making an index again from its segment.

use std::io;

use super::index::{MemoryIndex, Place};
use super::log::SegmentFile;
use super::record::Record;
use super::scan::{Scanned, Scanner};
use super::segment::HEADER_BYTES;
use crate::repeat::fingerprint;

/// The index of a whole segment. Damaged places are stepped over: what they held cannot be found.
pub(crate) fn rebuilt_index(file: &SegmentFile, len: u64) -> io::Result<MemoryIndex> {
    let mut index = MemoryIndex::default();
    let mut from = HEADER_BYTES;
    loop {
        let mut scanner = Scanner::new(&*file.file, file.header.salt, from, len);
        while let Some(scanned) = scanner.next()? {
            note(&mut index, &scanned);
        }
        if !scanner.is_bad() {
            return Ok(index);
        }
        let (salt, bad) = (file.header.salt, scanner.offset());
        match super::scan::next_sound(&*file.file, salt, bad, len)? {
            Some(next) => from = next,
            None => return Ok(index),
        }
    }
}

/// Takes note of what a scanner found.
pub(crate) fn note(index: &mut MemoryIndex, scanned: &Scanned) {
    let Record::Message(message) = &scanned.record else {
        return;
    };
    let (Ok(offset), Ok(len)) = (u32::try_from(scanned.offset), u32::try_from(scanned.len)) else {
        return;
    };
    let place = Place { offset, len };
    index.insert(message, fingerprint(&message.content), place);
}
