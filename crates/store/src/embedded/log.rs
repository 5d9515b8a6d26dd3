//! The log as readers see it: for each family the sealed segments, and the active one.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use bytes::Bytes;
use model::{Content, Message, Sequence};
use parking_lot::RwLock;

use super::disk::DiskFile;
use super::index::{Index, MemoryIndex, Place};
use super::record::{Record, read};
use super::segment::Header;
use crate::plan::Found;
use crate::repeat::is_same;

/// A segment's file.
pub(crate) struct SegmentFile {
    /// What it begins with.
    pub(crate) header: Header,
    /// Where it is.
    pub(crate) path: PathBuf,
    /// It, open.
    pub(crate) file: Arc<dyn DiskFile>,
}

/// A segment that nothing is added to any more.
pub(crate) struct Sealed {
    /// The records.
    pub(crate) file: Arc<SegmentFile>,
    /// How long it became.
    pub(crate) len: u64,
    /// Changes from memory to file once that is written.
    pub(crate) index: RwLock<Index>,
}

/// The segment that is added to.
pub(crate) struct Active {
    /// The records.
    pub(crate) file: Arc<SegmentFile>,
    /// Those of them that are committed.
    pub(crate) index: MemoryIndex,
}

/// One family.
#[derive(Default)]
pub(crate) struct FamilyLog {
    /// The oldest first; replaced as a whole, so that a reader's copy stays as it is.
    pub(crate) sealed: Arc<Vec<Arc<Sealed>>>,
    /// None before the first record.
    pub(crate) active: Option<Active>,
}

/// Both families, by [`super::segment::Family::number`].
#[derive(Default)]
pub(crate) struct Log {
    /// See the type.
    pub(crate) families: [FamilyLog; 2],
}

impl SegmentFile {
    /// Reads a message; [`io::ErrorKind::InvalidData`] when there is no sound one.
    pub(crate) fn message(&self, place: Place) -> io::Result<Message> {
        let len = usize::try_from(place.len).map_err(io::Error::other)?;
        let mut bytes = vec![0; len];
        self.file.read_at(&mut bytes, place.offset.into())?;
        match read(&Bytes::from(bytes), self.header.salt) {
            Ok(Record::Message(message)) => Ok(message),
            _ => Err(io::Error::new(
                io::ErrorKind::InvalidData,
                "the message that was here is damaged",
            )),
        }
    }

    /// Looks among these places for a message that was sent again, the newest first.
    pub(crate) fn find_same(
        &self,
        places: &[Place],
        content: &Content,
        after: Sequence,
        mut damaged: impl FnMut(&Self, u64, &io::Error),
    ) -> Option<Found> {
        for place in places {
            match self.message(*place) {
                Ok(message) if message.sequence > after && is_same(&message.content, content) => {
                    return Some((message.sequence, message.timestamp_ms));
                }
                Ok(_) => {}
                Err(error) => damaged(self, place.offset.into(), &error),
            }
        }
        None
    }
}
