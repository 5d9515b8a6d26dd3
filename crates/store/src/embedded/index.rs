//! The index of a segment: where the messages of a conversation are, those with a fingerprint, those
//! that want callbacks, and with whom an account talked. The active segment's is in memory; a
//! sealed one's is a file that can be made again.

mod bloom;
mod bounds;
mod file;
mod memory;
mod table;

use std::io;
use std::path::Path;
use std::sync::Arc;

pub(crate) use bloom::Budget;
pub(crate) use bounds::{Bounds, Extent};
pub(crate) use file::{FileIndex, check_pages};
#[cfg(feature = "properties")]
pub(crate) use file::{opened_for_properties, sealed_for_properties};
pub(crate) use memory::MemoryIndex;
use model::{Conversation, Sequence, TopicId, Uuid};

use super::disk::Disk;
use super::segment::Header;
use crate::repeat::Fingerprint;

/// A record in a segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    /// Where it begins.
    pub(crate) offset: u32,
    /// Its bytes with the frame.
    pub(crate) len: u32,
}

/// A message of a conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    /// Its sequence.
    pub(crate) sequence: Sequence,
    /// Its timestamp in milliseconds.
    pub(crate) timestamp_ms: u64,
    /// Where it is.
    pub(crate) place: Place,
}

/// The index of a sealed segment.
#[derive(Clone)]
pub(crate) enum Index {
    /// Not written yet.
    Memory(Arc<MemoryIndex>),
    /// Written.
    File(Arc<FileIndex>),
}

impl Index {
    /// Which messages the segment has.
    pub(crate) fn extent(&self) -> Extent {
        match self {
            Self::Memory(index) => index.extent(),
            Self::File(index) => index.extent(),
        }
    }

    /// The newest message of the segment.
    pub(crate) fn last(&self) -> Sequence {
        self.extent().last
    }

    /// Appends a conversation's entries after a sequence, at most `max`. Whether there are more.
    pub(crate) fn entries_after(
        &self,
        conversation: Conversation,
        after: Sequence,
        max: usize,
        out: &mut Vec<Entry>,
    ) -> io::Result<bool> {
        match self {
            Self::Memory(index) => Ok(index.entries_after(conversation, after, max, out)),
            Self::File(index) => index.entries_after(conversation, after, max, out),
        }
    }

    /// Appends the newest entries of a conversation within bounds, at most `max`, the newest first.
    /// Whether older segments have none.
    pub(crate) fn newest(
        &self,
        conversation: Conversation,
        bounds: &Bounds,
        max: usize,
        out: &mut Vec<Entry>,
    ) -> io::Result<bool> {
        match self {
            Self::Memory(index) => Ok(index.newest(conversation, bounds, max, out)),
            Self::File(index) => index.newest(conversation, bounds, max, out),
        }
    }

    /// Calls with each account that one exchanged stored messages with and the newest of them, the
    /// newest first, for as long as it wants more.
    pub(crate) fn peers(
        &self,
        uuid: Uuid,
        mut more: impl FnMut(Uuid, Sequence) -> bool,
    ) -> io::Result<()> {
        match self {
            Self::Memory(index) => {
                let peers = index.peers(uuid, Sequence(u64::MAX));
                peers.into_iter().all(|(peer, head)| more(peer, head));
                Ok(())
            }
            Self::File(index) => index.peers(uuid, more),
        }
    }

    /// Appends messages after a sequence that want callbacks, at most `max`, ascending.
    pub(crate) fn called_back(
        &self,
        after: Sequence,
        max: usize,
        out: &mut Vec<(Sequence, Place)>,
    ) -> io::Result<()> {
        match self {
            Self::Memory(index) => {
                index.called_back(after, max, out);
                Ok(())
            }
            Self::File(index) => index.called_back(after, max, out),
        }
    }

    /// The message at a place. Looks at all of them.
    pub(crate) fn at(&self, sequence: Sequence) -> io::Result<Option<Entry>> {
        match self {
            Self::Memory(index) => Ok(index.at(sequence)),
            Self::File(index) => index.at(sequence),
        }
    }

    /// Appends the places of messages with this fingerprint.
    pub(crate) fn sent(&self, key: Fingerprint, out: &mut Vec<Place>) -> io::Result<()> {
        match self {
            Self::Memory(index) => {
                index.sent(key, out);
                Ok(())
            }
            Self::File(index) => index.sent(key, out),
        }
    }
}

/// Writes an index to its file and opens that.
pub(crate) fn write(
    disk: &dyn Disk,
    path: &Path,
    index: &MemoryIndex,
    header: &Header,
    len: u64,
    budget: &Arc<Budget>,
) -> io::Result<FileIndex> {
    file::write(disk, path, index, header, len)?;
    FileIndex::open(disk, path, header, len, budget)
}

/// A conversation as two numbers. The top bit, which no uuid has, tells a topic.
fn numbers(conversation: Conversation) -> [u64; 2] {
    match conversation {
        Conversation::Pair(Uuid(one), Uuid(other)) => [one, other],
        Conversation::Topic(TopicId(topic)) => [1 << 63, topic],
    }
}

/// The key of a conversation in files: the finalizer of splitmix64 over both numbers. Kept for
/// ever: files are sorted by it.
fn key([one, other]: [u64; 2]) -> u64 {
    mix(mix(one).wrapping_add(other))
}

/// The key of an account in files, for its peers.
fn account_key(uuid: Uuid) -> u64 {
    mix(uuid.0)
}

fn mix(value: u64) -> u64 {
    let value = value.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    value ^ (value >> 31)
}
