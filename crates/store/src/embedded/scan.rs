//! Reading a segment from a place onward, record by record, and judging where it ends.

use std::io;

use bytes::{Bytes, BytesMut};
use memchr::memmem::Finder;

use super::disk::DiskFile;
use super::record::{
    BODY_BYTES_MAX, FRAME_BYTES, MARK_BYTES, Record, decode, put_mark, sound_length,
};

/// Read at once.
const CHUNK_BYTES: usize = 1 << 20;

/// A record and its place.
pub(crate) struct Scanned {
    /// Where it begins.
    pub(crate) offset: u64,
    /// Its bytes with the frame.
    pub(crate) len: usize,
    /// What it is.
    pub(crate) record: Record,
}

/// Reads records in order.
pub(crate) struct Scanner<'a> {
    file: &'a dyn DiskFile,
    salt: u32,
    /// Where the next record begins.
    offset: u64,
    end: u64,
    buffer: BytesMut,
}

impl<'a> Scanner<'a> {
    /// From one offset to another.
    pub(crate) fn new(file: &'a dyn DiskFile, salt: u32, from: u64, end: u64) -> Self {
        Self {
            file,
            salt,
            offset: from,
            end,
            buffer: BytesMut::new(),
        }
    }

    /// Where the next record begins; after the last one, or before the first bad one.
    pub(crate) fn offset(&self) -> u64 {
        self.offset
    }

    /// Whether it stopped before the end: what is there is no record.
    pub(crate) fn is_bad(&self) -> bool {
        self.offset < self.end
    }

    /// The next record that has these bytes in it, unless there is none before the end or a bad
    /// one. Others are only checked, which is much quicker than to decode them.
    pub(crate) fn next_with(&mut self, bytes: &Finder<'_>) -> io::Result<Option<Record>> {
        while let Some(record) = self.next_bytes()? {
            if bytes.find(&record).is_none() {
                self.offset += record.len() as u64;
                continue;
            }
            let Ok(decoded) = decode(&record.slice(FRAME_BYTES..)) else {
                return Ok(None);
            };
            self.offset += record.len() as u64;
            return Ok(Some(decoded));
        }
        Ok(None)
    }

    /// The next record, unless there is none or it is bad.
    pub(crate) fn next(&mut self) -> io::Result<Option<Scanned>> {
        let Some(bytes) = self.next_bytes()? else {
            return Ok(None);
        };
        let Ok(record) = decode(&bytes.slice(FRAME_BYTES..)) else {
            return Ok(None);
        };
        let scanned = Scanned {
            offset: self.offset,
            len: bytes.len(),
            record,
        };
        self.offset += bytes.len() as u64;
        Ok(Some(scanned))
    }

    fn next_bytes(&mut self) -> io::Result<Option<Bytes>> {
        if self.buffer.len() < FRAME_BYTES + BODY_BYTES_MAX {
            self.fill()?;
        }
        let Some(length) = sound_length(&self.buffer, self.salt) else {
            return Ok(None);
        };
        Ok(Some(self.buffer.split_to(length).freeze()))
    }

    fn fill(&mut self) -> io::Result<()> {
        let from = self.offset + self.buffer.len() as u64;
        let left = usize::try_from(self.end.saturating_sub(from)).unwrap_or(usize::MAX);
        let start = self.buffer.len();
        self.buffer.resize(start + left.min(CHUNK_BYTES), 0);
        self.file.read_at(&mut self.buffer[start..], from)
    }
}

/// Whether something after a bad place proves that it was on the disk once: a mark that was
/// written later. Without one the bad place is where a write was cut off.
pub(crate) fn was_synced(file: &dyn DiskFile, salt: u32, bad: u64, end: u64) -> io::Result<bool> {
    let mut mark = Vec::with_capacity(MARK_BYTES);
    let found = find(file, bad + 1, end, |offset, bytes| {
        // The length and kind of a mark, before its checksum is looked at.
        if bytes.get(4..9) != Some(&[9, 0, 0, 0, 5]) {
            return false;
        }
        mark.clear();
        put_mark(&mut mark, salt, offset);
        bytes.starts_with(&mark)
    })?;
    Ok(found.is_some())
}

/// Where the next sound record after a bad place begins.
pub(crate) fn next_sound(
    file: &dyn DiskFile,
    salt: u32,
    bad: u64,
    end: u64,
) -> io::Result<Option<u64>> {
    find(file, bad + 1, end, |_, bytes| {
        sound_length(bytes, salt).is_some()
    })
}

/// The first offset for which the test holds. It is given what follows there, up to the longest
/// record.
fn find(
    file: &dyn DiskFile,
    mut from: u64,
    end: u64,
    mut test: impl FnMut(u64, &[u8]) -> bool,
) -> io::Result<Option<u64>> {
    const WINDOW: usize = FRAME_BYTES + BODY_BYTES_MAX;
    let mut buffer = Vec::new();
    while from < end {
        let left = usize::try_from(end - from).unwrap_or(usize::MAX);
        buffer.resize(left.min(CHUNK_BYTES + WINDOW), 0);
        file.read_at(&mut buffer, from)?;
        let starts = left.min(CHUNK_BYTES);
        for start in 0..starts {
            let stop = buffer.len().min(start + WINDOW);
            if test(from + start as u64, &buffer[start..stop]) {
                return Ok(Some(from + start as u64));
            }
        }
        from += starts as u64;
    }
    Ok(None)
}
