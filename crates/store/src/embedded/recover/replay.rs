//! Applying the log after a checkpoint: both families, merged into the order they were written in.

use std::sync::Arc;

use super::super::checkpoint::Position;
use super::super::error::{At, OpenError};
use super::super::log::SegmentFile;
use super::super::record::Record;
use super::super::scan::Scanner;
use super::super::segment::HEADER_BYTES;
use super::{RecoveredFamily, bad_record};
use crate::state::State;

/// Applies all that is after these positions.
pub(super) fn replay(
    state: &mut State,
    families: &[RecoveredFamily; 2],
    positions: [Position; 2],
) -> Result<(), OpenError> {
    let [mut stored, mut queued] =
        [0, 1].map(|number| Stream::new(&families[number], positions[number]));
    let (mut next_stored, mut next_queued) = (stored.next()?, queued.next()?);
    loop {
        // Changes follow the messages of their batch and prefer the stored family: of two records
        // at the same sequence the queue's comes first.
        let is_queued_next = match (&next_stored, &next_queued) {
            (Some((stored, _)), Some((queued, _))) => queued <= stored,
            (None, None) => break,
            (stored, _) => stored.is_none(),
        };
        let record = if is_queued_next {
            std::mem::replace(&mut next_queued, queued.next()?)
        } else {
            std::mem::replace(&mut next_stored, stored.next()?)
        };
        match record {
            Some((_, Record::Message(message))) => state.apply_message(&message),
            Some((_, Record::Change { change, .. })) => state.apply_change(&change),
            _ => {}
        }
    }
    Ok(())
}

/// The messages and changes of one family after a position.
struct Stream<'a> {
    parts: Vec<(&'a Arc<SegmentFile>, u64, u64)>,
    current: Option<(&'a SegmentFile, Scanner<'a>)>,
}

impl<'a> Stream<'a> {
    fn new(family: &'a RecoveredFamily, position: Position) -> Self {
        let sealed = family
            .sealed
            .iter()
            .map(|sealed| (&sealed.file, sealed.len));
        let active = family
            .active
            .iter()
            .map(|active| (&active.file, active.len));
        let mut parts: Vec<_> = sealed
            .chain(active)
            .filter(|(file, _)| file.header.id.first >= position.first)
            .map(|(file, len)| {
                let is_first = file.header.id.first == position.first;
                let from = if is_first {
                    position.offset
                } else {
                    HEADER_BYTES
                };
                (file, from, len)
            })
            .collect();
        parts.reverse();
        Self {
            parts,
            current: None,
        }
    }

    /// The next record with the sequence that orders it.
    fn next(&mut self) -> Result<Option<(u64, Record)>, OpenError> {
        loop {
            let Some((file, scanner)) = &mut self.current else {
                let Some((file, from, end)) = self.parts.pop() else {
                    return Ok(None);
                };
                let scanner = Scanner::new(&*file.file, file.header.salt, from, end);
                self.current = Some((file, scanner));
                continue;
            };
            match scanner.next().at(&file.path)?.map(|scanned| scanned.record) {
                Some(Record::Message(message)) => {
                    return Ok(Some((message.sequence.0, Record::Message(message))));
                }
                Some(Record::Change { at, change }) => {
                    return Ok(Some((at.0, Record::Change { at, change })));
                }
                Some(_) => {}
                None if scanner.is_bad() => return Err(bad_record(file, scanner.offset())),
                None => self.current = None,
            }
        }
    }
}
