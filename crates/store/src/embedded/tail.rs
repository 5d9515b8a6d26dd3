//! Where an active segment ends, and whether the last batch that is in both families is whole.
//!
//! The stored family's part of such a batch begins with a record that names the queue's part, which
//! is written once the disk has the first. So after a crash either both parts are there in full,
//! or the batch was never acknowledged and both are cut off: of one sender's messages never a later
//! one without an earlier one.

use std::io;

use super::checkpoint::Position;
use super::log::SegmentFile;
use super::record::{Joint, Record};
use super::scan::{Scanned, Scanner};
use super::segment::{Family, HEADER_BYTES};

/// The end of an active segment.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Tail {
    /// Up to here all records are sound.
    pub(crate) len: u64,
    /// Up to here, a mark says, the disk has everything.
    pub(crate) marked: u64,
    /// The last batch that is in both families, and where it begins.
    pub(crate) joint: Option<(u64, Joint)>,
}

impl Tail {
    /// Reads a segment up to an offset, or to the first place that is no record.
    pub(crate) fn read(
        file: &SegmentFile,
        end: u64,
        mut note: impl FnMut(&Scanned),
    ) -> io::Result<Self> {
        let mut scanner = Scanner::new(&*file.file, file.header.salt, HEADER_BYTES, end);
        let (mut marked, mut joint) = (HEADER_BYTES, None);
        while let Some(scanned) = scanner.next()? {
            match scanned.record {
                Record::Mark(offset) => marked = offset,
                Record::Joint(found) => joint = Some((scanned.offset, found)),
                _ => note(&scanned),
            }
        }
        Ok(Self {
            len: scanner.offset(),
            marked,
            joint,
        })
    }
}

/// What the ends of both families say of the last batch that is in both.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// There is none, or it is whole.
    Whole,
    /// It was cut off: it is nothing before these offsets, by [`Family::number`].
    CutOff([u64; 2]),
    /// It was whole once: this family must be sound up to there.
    Damaged(Family, u64),
}

/// Judges by both active segments, and what a checkpoint knows to be on the disk.
pub(crate) fn judge(ends: [Option<(&SegmentFile, Tail)>; 2], positions: [Position; 2]) -> Verdict {
    let [Some((file, stored)), Some((queue_file, queue))] = ends else {
        return Verdict::Whole;
    };
    let Some((start, joint)) = stored.joint else {
        return Verdict::Whole;
    };
    let end = start + u64::from(joint.bytes);
    let (from, to) = (u64::from(joint.from), u64::from(joint.to));
    let first = queue_file.header.id.first;
    if first < joint.segment {
        // It was salvaged: there is nothing to compare with.
        return Verdict::Whole;
    }
    // The next segment begins when all before it is whole.
    let (has_begun, is_there) = if first == joint.segment {
        (queue.len > from, queue.len >= to)
    } else {
        (true, true)
    };
    if stored.len < end {
        // The queue's part is begun when the disk has this one.
        return if has_begun {
            Verdict::Damaged(Family::Stored, end)
        } else {
            Verdict::CutOff([start, queue.len])
        };
    }
    // Something comes after a batch only when both parts are there.
    let position = positions[Family::Stored.number()];
    let is_known = position.first == file.header.id.first && position.offset >= end;
    if is_there {
        Verdict::Whole
    } else if stored.len > end || is_known {
        Verdict::Damaged(Family::Queue, to)
    } else {
        Verdict::CutOff([start, queue.len.min(from)])
    }
}
