//! The index of a sealed segment in a file beside it.
//!
//! Pages of 4 KiB, each with its checksum. The first is the header:
//!
//! ```text
//! magic 8 | version u16 | 0 u16 | salt of the segment u32 | its first sequence u64
//! | its length u64 | its oldest message u64, its newest u64 | the lowest timestamp u64, the
//! highest u64 | for each table: rows u64, first page u64
//! ```
//!
//! Then the tables: conversations (key, two numbers, first entry, entries), sorted by key; entries
//! (sequence, timestamp, offset, length) by conversation, ascending; fingerprints (fingerprint,
//! offset, length), sorted; peers (key of an account, other account, newest stored message) by
//! account, the newest first; messages that want callbacks (sequence, offset, length), ascending;
//! the blocks of a Bloom filter over the keys of conversations, fingerprints and accounts.

mod filter;
mod history;
mod write;

use std::io;
use std::path::Path;
use std::sync::Arc;

use model::{Conversation, Sequence};

use super::super::disk::{Disk, DiskFile};
use super::super::segment::{Header, check_version};
use super::bloom::{BLOCK_BYTES, Budget, block_of, may_contain};
use super::table::{PAGE_BYTES, Pages, Table};
use super::{Entry, Extent, Place, key, numbers};
use crate::code::{Malformed, Put, Reader};
use crate::repeat::Fingerprint;
use filter::Filter;
pub(super) use write::write;

const MAGIC: [u8; 8] = *b"mimc-idx";
/// One that an older program wrote is made again.
const VERSION: u16 = 2;
const CONVERSATION_ROW: usize = 32;
const ENTRY_ROW: usize = 24;
const FINGERPRINT_ROW: usize = 16;
const PEER_ROW: usize = 24;
const CALL_ROW: usize = 16;
const TABLES: usize = 6;
const ROWS: [usize; TABLES] = [
    CONVERSATION_ROW,
    ENTRY_ROW,
    FINGERPRINT_ROW,
    PEER_ROW,
    CALL_ROW,
    BLOCK_BYTES,
];

/// See the module.
pub(crate) struct FileIndex {
    file: Arc<dyn DiskFile>,
    extent: Extent,
    conversations: Table,
    entries: Table,
    fingerprints: Table,
    peers: Table,
    calls: Table,
    blocks: Table,
    /// The filter's blocks, when there is memory for them.
    filter: Option<Filter>,
}

impl FileIndex {
    /// Opens the index of a segment; [`io::ErrorKind::InvalidData`] when it is not a sound one,
    /// [`io::ErrorKind::Unsupported`] when an older program wrote it.
    pub(crate) fn open(
        disk: &dyn Disk,
        path: &Path,
        header: &Header,
        len: u64,
        budget: &Arc<Budget>,
    ) -> io::Result<Self> {
        let file = disk.open(path)?;
        let mut pages = Pages::new(&*file);
        let first = pages.get(0)?;
        check_version(first, MAGIC, VERSION, path).map_err(invalid)?;
        if first.get(8..10) != Some(&VERSION.to_le_bytes()) {
            let what = "an older program wrote it";
            return Err(io::Error::new(io::ErrorKind::Unsupported, what));
        }
        let (extent, tables) = read_header(first, header, len).map_err(invalid)?;
        let (len, page) = (file.len()?, PAGE_BYTES as u64);
        let ends = tables.map(|table| table.end());
        if ends
            .iter()
            .any(|end| end.is_none_or(|end| end > len / page))
        {
            return Err(invalid("a table is outside of it"));
        }
        let [conversations, entries, fingerprints, peers, calls, blocks] = tables;
        if ends[TABLES - 1].map(|end| end * page) != Some(len) || blocks.rows == 0 {
            return Err(invalid("its length is wrong"));
        }
        let filter = Filter::load(&blocks, &mut pages, budget)?;
        Ok(Self {
            file,
            extent,
            conversations,
            entries,
            fingerprints,
            peers,
            calls,
            blocks,
            filter,
        })
    }

    /// How many messages there are.
    pub(crate) fn messages(&self) -> u64 {
        self.entries.rows
    }

    /// See [`super::Index::extent`].
    pub(crate) fn extent(&self) -> Extent {
        self.extent
    }

    /// See [`super::Index::entries_after`].
    pub(crate) fn entries_after(
        &self,
        conversation: Conversation,
        after: Sequence,
        max: usize,
        out: &mut Vec<Entry>,
    ) -> io::Result<bool> {
        let wanted = numbers(conversation);
        let mut pages = Pages::new(&*self.file);
        if !self.may_contain(&mut pages, key(wanted))? {
            return Ok(false);
        }
        let Some((first, count)) = self.find(&mut pages, wanted)? else {
            return Ok(false);
        };
        let end = first + count;
        let mut at = self.entry_after(&mut pages, first, end, after)?;
        let stop = end.min(at.saturating_add(max as u64));
        while at < stop {
            out.push(self.entry(&mut pages, at)?);
            at += 1;
        }
        Ok(stop < end)
    }

    /// See [`super::Index::sent`].
    pub(crate) fn sent(&self, wanted: Fingerprint, out: &mut Vec<Place>) -> io::Result<()> {
        let mut pages = Pages::new(&*self.file);
        if !self.may_contain(&mut pages, wanted.0)? {
            return Ok(());
        }
        let table = &self.fingerprints;
        let mut at = table.lower_bound(&mut pages, wanted.0)?;
        while at < table.rows {
            let mut row = Reader(table.get(&mut pages, at)?);
            if row.u64().map_err(invalid)? != wanted.0 {
                break;
            }
            out.push(place(&mut row).map_err(invalid)?);
            at += 1;
        }
        Ok(())
    }

    fn may_contain(&self, pages: &mut Pages<'_>, key: u64) -> io::Result<bool> {
        let number = block_of(key, self.blocks.rows);
        let block = match &self.filter {
            Some(filter) => filter.block(number),
            None => self.blocks.get(pages, number)?,
        };
        Ok(may_contain(block, key))
    }

    /// The first entry of a conversation and how many it has.
    fn find(&self, pages: &mut Pages<'_>, wanted: [u64; 2]) -> io::Result<Option<(u64, u64)>> {
        let table = &self.conversations;
        let mut at = table.lower_bound(pages, key(wanted))?;
        while at < table.rows {
            let row = table.get(pages, at)?;
            let (found_key, found, range) = conversation(row).map_err(invalid)?;
            if found_key != key(wanted) {
                break;
            }
            if found == wanted {
                return Ok(Some(range));
            }
            at += 1;
        }
        Ok(None)
    }

    /// The first of these entries that is after a sequence.
    fn entry_after(
        &self,
        pages: &mut Pages<'_>,
        mut low: u64,
        mut high: u64,
        after: Sequence,
    ) -> io::Result<u64> {
        while low < high {
            let middle = u64::midpoint(low, high);
            if self.entry(pages, middle)?.sequence <= after {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        Ok(low)
    }

    fn entry(&self, pages: &mut Pages<'_>, number: u64) -> io::Result<Entry> {
        if number >= self.entries.rows {
            return Err(invalid("an entry is missing"));
        }
        let mut row = Reader(self.entries.get(pages, number)?);
        entry(&mut row).map_err(invalid)
    }
}

/// Reads every page of an index file; [`io::ErrorKind::InvalidData`] when one is damaged.
pub(crate) fn check_pages(disk: &dyn Disk, path: &Path) -> io::Result<()> {
    let file = disk.open(path)?;
    let mut pages = Pages::new(&*file);
    for number in 0..file.len()?.div_ceil(PAGE_BYTES as u64) {
        pages.get(number)?;
    }
    Ok(())
}

/// Bytes as an index file of a segment: a header that begins right, and right checksums.
#[cfg(feature = "properties")]
pub(crate) fn sealed_for_properties(header: &Header, len: u64, bytes: &[u8]) -> Vec<u8> {
    let mut rows = Vec::new();
    rows.extend_from_slice(&MAGIC);
    rows.put_u16(VERSION);
    rows.put_u16(0);
    put_identity(&mut rows, header, len);
    rows.extend_from_slice(bytes);
    let mut out = Vec::new();
    for page in rows.chunks(super::table::PAGE_ROOM) {
        let start = out.len();
        out.extend_from_slice(page);
        super::table::end_page(&mut out, start);
    }
    out
}

/// What [`sealed_for_properties`] makes a file of.
#[cfg(feature = "properties")]
pub(crate) fn opened_for_properties(header: &Header, file: &[u8]) -> Vec<u8> {
    let mut identity = Vec::new();
    put_identity(&mut identity, header, 0);
    let pages = file.chunks(PAGE_BYTES);
    let mut bytes: Vec<_> = pages
        .flat_map(|page| &page[..PAGE_BYTES - 4])
        .copied()
        .collect();
    bytes.drain(..12 + identity.len());
    bytes
}

/// What says that an index belongs to a segment.
fn put_identity(out: &mut Vec<u8>, header: &Header, len: u64) {
    out.put_u32(header.salt);
    out.put_u64(header.id.first.0);
    out.put_u64(len);
}

fn read_header(
    page: &[u8],
    header: &Header,
    len: u64,
) -> Result<(Extent, [Table; TABLES]), Malformed> {
    let mut reader = Reader(page);
    reader.bytes(12)?;
    let mut identity = Vec::new();
    put_identity(&mut identity, header, len);
    if reader.bytes(identity.len())? != identity {
        return Err(Malformed);
    }
    let extent = Extent {
        first: Sequence(reader.u64()?),
        last: Sequence(reader.u64()?),
        earliest_ms: reader.u64()?,
        latest_ms: reader.u64()?,
    };
    let mut tables = ROWS.map(|row| Table {
        row,
        rows: 0,
        page: 0,
    });
    for table in &mut tables {
        table.rows = reader.u64()?;
        table.page = reader.u64()?;
    }
    Ok((extent, tables))
}

type ConversationRow = (u64, [u64; 2], (u64, u64));

fn conversation(row: &[u8]) -> Result<ConversationRow, Malformed> {
    let mut row = Reader(row);
    let key = row.u64()?;
    let numbers = [row.u64()?, row.u64()?];
    Ok((key, numbers, (row.u32()?.into(), row.u32()?.into())))
}

fn entry(row: &mut Reader<'_>) -> Result<Entry, Malformed> {
    Ok(Entry {
        sequence: Sequence(row.u64()?),
        timestamp_ms: row.u64()?,
        place: place(row)?,
    })
}

fn put_place(out: &mut Vec<u8>, place: Place) {
    out.put_u32(place.offset);
    out.put_u32(place.len);
}

fn place(row: &mut Reader<'_>) -> Result<Place, Malformed> {
    Ok(Place {
        offset: row.u32()?,
        len: row.u32()?,
    })
}

fn invalid(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, error)
}
