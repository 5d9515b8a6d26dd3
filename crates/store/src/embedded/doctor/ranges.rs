//! Which bytes of a segment are no records.

use std::io;
use std::ops::Range;

use super::super::log::SegmentFile;
use super::super::scan::{Scanner, next_sound, was_synced};
use super::super::segment::HEADER_BYTES;

/// The damaged ranges of a segment that must have this length; of the active one, which has none,
/// a write that was cut off is no damage, unless it is before what is `known` to be there.
pub(super) fn bad_ranges(
    file: &SegmentFile,
    len: Option<u64>,
    known: u64,
) -> io::Result<Vec<Range<u64>>> {
    let there = file.file.len()?;
    let end = len.map_or(there, |len| len.min(there));
    let salt = file.header.salt;
    let mut bad: Vec<Range<u64>> = Vec::new();
    let mut from = HEADER_BYTES;
    loop {
        let mut scanner = Scanner::new(&*file.file, salt, from, end);
        while scanner.next()?.is_some() {}
        let start = scanner.offset();
        if !scanner.is_bad() {
            break;
        }
        if len.is_none() && start >= known && !was_synced(&*file.file, salt, start, end)? {
            break;
        }
        let next = next_sound(&*file.file, salt, start, end)?.unwrap_or(end);
        match bad.last_mut() {
            // A record that is sound but makes no sense: one range with what was bad before it.
            Some(last) if last.end == start => last.end = next,
            _ => bad.push(start..next),
        }
        from = next;
        if from == end {
            break;
        }
    }
    // What must be there and is not.
    let wanted = len.unwrap_or(known);
    if end < wanted {
        match bad.last_mut() {
            Some(last) if last.end == end => last.end = wanted,
            _ => bad.push(end..wanted),
        }
    }
    Ok(bad)
}
