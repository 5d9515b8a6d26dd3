//! The index of a sealed segment in a file beside it.
//!
//! Pages of 4 KiB, each with its checksum. The first is the header:
//!
//! ```text
//! magic 8 | version u16 | family u8 | 0 u8 | salt of the segment u32 | its first sequence u64
//! | its length u64 | its newest message u64 | for each table: rows u64, first page u64
//! ```
//!
//! Then the tables: conversations (key, two numbers, first entry, entries), sorted by key; entries
//! (sequence, timestamp, offset, length) by conversation, ascending; fingerprints (fingerprint,
//! offset, length), sorted; the blocks of a Bloom filter over the keys of both.

use std::io;
use std::path::Path;
use std::sync::Arc;

use model::{Conversation, Sequence};

use super::super::disk::{Disk, DiskFile, write_whole};
use super::super::segment::{Header, check_version};
use super::bloom::{BLOCK_BYTES, Budget, block_of, blocks, insert, may_contain};
use super::table::{PAGE_BYTES, Pages, Table, TableWriter, end_page};
use super::{Entry, MemoryIndex, Place, key, numbers};
use crate::code::{Malformed, Put, Reader};
use crate::repeat::Fingerprint;

const MAGIC: [u8; 8] = *b"mimc-idx";
const VERSION: u16 = 1;
const CONVERSATION_ROW: usize = 32;
const ENTRY_ROW: usize = 24;
const FINGERPRINT_ROW: usize = 16;
const ROWS: [usize; 4] = [CONVERSATION_ROW, ENTRY_ROW, FINGERPRINT_ROW, BLOCK_BYTES];

/// See the module.
pub(crate) struct FileIndex {
    file: Arc<dyn DiskFile>,
    last: Sequence,
    conversations: Table,
    entries: Table,
    fingerprints: Table,
    blocks: Table,
    /// The filter's blocks, when there is memory for them.
    filter: Option<Filter>,
}

struct Filter {
    bytes: Vec<u8>,
    budget: Arc<Budget>,
}

impl Drop for Filter {
    fn drop(&mut self) {
        self.budget.give(self.bytes.len() as u64);
    }
}

impl FileIndex {
    /// Opens the index of a segment; [`io::ErrorKind::InvalidData`] when it is not a sound one.
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
        let (last, [conversations, entries, fingerprints, blocks]) =
            read_header(first, header, len).map_err(invalid)?;
        let end = blocks.page + blocks.pages();
        if file.len()? != end * PAGE_BYTES as u64 || blocks.rows == 0 {
            return Err(invalid("its length is wrong"));
        }
        let filter = Filter::load(&blocks, &mut pages, budget)?;
        Ok(Self {
            file,
            last,
            conversations,
            entries,
            fingerprints,
            blocks,
            filter,
        })
    }

    /// See [`super::Index::last`].
    pub(crate) fn last(&self) -> Sequence {
        self.last
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

impl Filter {
    fn load(
        blocks: &Table,
        pages: &mut Pages<'_>,
        budget: &Arc<Budget>,
    ) -> io::Result<Option<Self>> {
        let count = usize::try_from(blocks.rows).map_err(invalid)?;
        let len = count * BLOCK_BYTES;
        if !budget.take(len as u64) {
            return Ok(None);
        }
        // Gives back what was taken, even when a page cannot be read.
        let mut filter = Self {
            bytes: vec![0; len],
            budget: Arc::clone(budget),
        };
        for (number, block) in (0..).zip(filter.bytes.chunks_exact_mut(BLOCK_BYTES)) {
            block.copy_from_slice(blocks.get(pages, number)?);
        }
        Ok(Some(filter))
    }

    fn block(&self, number: u64) -> &[u8] {
        let number = usize::try_from(number).unwrap_or_default();
        &self.bytes[number * BLOCK_BYTES..][..BLOCK_BYTES]
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

/// Writes the file.
pub(super) fn write(
    disk: &dyn Disk,
    path: &Path,
    index: &MemoryIndex,
    header: &Header,
    len: u64,
) -> io::Result<()> {
    let mut conversations: Vec<_> = index
        .conversations
        .iter()
        .map(|(conversation, entries)| (numbers(*conversation), entries))
        .collect();
    conversations.sort_unstable_by_key(|(numbers, _)| (key(*numbers), *numbers));
    let mut sent: Vec<_> = index
        .sent
        .iter()
        .map(|(key, place)| (*key, *place))
        .collect();
    sent.extend_from_slice(&index.sent_before);
    sent.sort_unstable_by_key(|(key, place)| (*key, std::cmp::Reverse(place.offset)));

    // The header's page is filled in when the tables have their places.
    let mut out = vec![0; PAGE_BYTES];
    let tables = [
        put_conversations(&mut out, &conversations),
        put_entries(&mut out, &conversations),
        put_fingerprints(&mut out, &sent),
        put_filter(&mut out, &conversations, &sent),
    ];
    let first = header_page(index, header, len, &tables);
    out[..PAGE_BYTES].copy_from_slice(&first);
    write_whole(disk, path, &out)?;
    Ok(())
}

fn put_conversations(out: &mut Vec<u8>, conversations: &[([u64; 2], &Vec<Entry>)]) -> Table {
    let mut table = TableWriter::new(out, CONVERSATION_ROW);
    let mut first = 0;
    for (numbers, entries) in conversations {
        let count = u32::try_from(entries.len()).expect("a segment has less than 4 GiB");
        table.push(|out| {
            out.put_u64(key(*numbers));
            out.put_u64(numbers[0]);
            out.put_u64(numbers[1]);
            out.put_u32(first);
            out.put_u32(count);
        });
        first += count;
    }
    table.finish()
}

fn put_entries(out: &mut Vec<u8>, conversations: &[([u64; 2], &Vec<Entry>)]) -> Table {
    let mut table = TableWriter::new(out, ENTRY_ROW);
    for entry in conversations.iter().flat_map(|(_, entries)| *entries) {
        table.push(|out| {
            out.put_u64(entry.sequence.0);
            out.put_u64(entry.timestamp_ms);
            put_place(out, entry.place);
        });
    }
    table.finish()
}

fn put_fingerprints(out: &mut Vec<u8>, sent: &[(Fingerprint, Place)]) -> Table {
    let mut table = TableWriter::new(out, FINGERPRINT_ROW);
    for (key, place) in sent {
        table.push(|out| {
            out.put_u64(key.0);
            put_place(out, *place);
        });
    }
    table.finish()
}

fn put_filter(
    out: &mut Vec<u8>,
    conversations: &[([u64; 2], &Vec<Entry>)],
    sent: &[(Fingerprint, Place)],
) -> Table {
    let count = blocks(conversations.len() + sent.len());
    let mut filter = vec![0; count * BLOCK_BYTES];
    let keys = conversations.iter().map(|(numbers, _)| key(*numbers));
    for key in keys.chain(sent.iter().map(|(key, _)| key.0)) {
        let number = usize::try_from(block_of(key, count as u64)).unwrap_or_default();
        insert(&mut filter[number * BLOCK_BYTES..][..BLOCK_BYTES], key);
    }
    let mut table = TableWriter::new(out, BLOCK_BYTES);
    for block in filter.chunks_exact(BLOCK_BYTES) {
        table.push(|out| out.extend_from_slice(block));
    }
    table.finish()
}

fn header_page(index: &MemoryIndex, header: &Header, len: u64, tables: &[Table; 4]) -> Vec<u8> {
    let mut out = Vec::with_capacity(PAGE_BYTES);
    out.extend_from_slice(&MAGIC);
    out.put_u16(VERSION);
    out.put_u16(0);
    put_identity(&mut out, header, len);
    out.put_u64(index.last().0);
    for table in tables {
        out.put_u64(table.rows);
        out.put_u64(table.page);
    }
    end_page(&mut out, 0);
    out
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
) -> Result<(Sequence, [Table; 4]), Malformed> {
    let mut reader = Reader(page);
    reader.bytes(12)?;
    let mut identity = Vec::new();
    put_identity(&mut identity, header, len);
    if reader.bytes(identity.len())? != identity {
        return Err(Malformed);
    }
    let last = Sequence(reader.u64()?);
    let mut tables = ROWS.map(|row| Table {
        row,
        rows: 0,
        page: 0,
    });
    for table in &mut tables {
        table.rows = reader.u64()?;
        table.page = reader.u64()?;
    }
    Ok((last, tables))
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
