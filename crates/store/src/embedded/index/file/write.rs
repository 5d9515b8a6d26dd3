//! Writing the file: tables, then the header that says where they are.

use std::io;
use std::path::Path;

use super::super::super::disk::{Disk, write_whole};
use super::super::super::segment::Header;
use super::super::bloom::{BLOCK_BYTES, block_of, blocks, insert};
use super::super::table::{PAGE_BYTES, Table, TableWriter, end_page};
use super::super::{Entry, MemoryIndex, Place, account_key, key, numbers};
use super::{
    CALL_ROW, CONVERSATION_ROW, ENTRY_ROW, FINGERPRINT_ROW, MAGIC, PEER_ROW, TABLES, VERSION,
    put_identity, put_place,
};
use model::{Sequence, Uuid};

use crate::code::Put;
use crate::repeat::Fingerprint;

/// Writes the file.
pub(in super::super) fn write(
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

    let mut accounts: Vec<_> = index.peers.keys().copied().collect();
    accounts.sort_unstable_by_key(|uuid| account_key(*uuid));

    // The header's page is filled in when the tables have their places.
    let mut out = vec![0; PAGE_BYTES];
    let tables = [
        put_conversations(&mut out, &conversations),
        put_entries(&mut out, &conversations),
        put_fingerprints(&mut out, &sent),
        put_peers(&mut out, index, &accounts),
        put_calls(&mut out, &index.called_back),
        put_filter(&mut out, &conversations, &sent, &accounts),
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

fn put_peers(out: &mut Vec<u8>, index: &MemoryIndex, accounts: &[Uuid]) -> Table {
    let mut table = TableWriter::new(out, PEER_ROW);
    for uuid in accounts {
        for (peer, head) in index.peers(*uuid, Sequence(u64::MAX)) {
            table.push(|out| {
                out.put_u64(account_key(*uuid));
                out.put_u64(peer.0);
                out.put_u64(head.0);
            });
        }
    }
    table.finish()
}

fn put_calls(out: &mut Vec<u8>, calls: &[(Sequence, Place)]) -> Table {
    let mut table = TableWriter::new(out, CALL_ROW);
    for (sequence, place) in calls {
        table.push(|out| {
            out.put_u64(sequence.0);
            put_place(out, *place);
        });
    }
    table.finish()
}

fn put_filter(
    out: &mut Vec<u8>,
    conversations: &[([u64; 2], &Vec<Entry>)],
    sent: &[(Fingerprint, Place)],
    accounts: &[Uuid],
) -> Table {
    let count = blocks(conversations.len() + sent.len() + accounts.len());
    let mut filter = vec![0; count * BLOCK_BYTES];
    let keys = conversations.iter().map(|(numbers, _)| key(*numbers));
    let sent = sent.iter().map(|(key, _)| key.0);
    let accounts = accounts.iter().map(|uuid| account_key(*uuid));
    for key in keys.chain(sent).chain(accounts) {
        let number = usize::try_from(block_of(key, count as u64)).unwrap_or_default();
        insert(&mut filter[number * BLOCK_BYTES..][..BLOCK_BYTES], key);
    }
    let mut table = TableWriter::new(out, BLOCK_BYTES);
    for block in filter.chunks_exact(BLOCK_BYTES) {
        table.push(|out| out.extend_from_slice(block));
    }
    table.finish()
}

fn header_page(
    index: &MemoryIndex,
    header: &Header,
    len: u64,
    tables: &[Table; TABLES],
) -> Vec<u8> {
    let mut out = Vec::with_capacity(PAGE_BYTES);
    out.extend_from_slice(&MAGIC);
    out.put_u16(VERSION);
    out.put_u16(0);
    put_identity(&mut out, header, len);
    let extent = index.extent();
    out.put_u64(extent.first.0);
    out.put_u64(extent.last.0);
    out.put_u64(extent.earliest_ms);
    out.put_u64(extent.latest_ms);
    for table in tables {
        out.put_u64(table.rows);
        out.put_u64(table.page);
    }
    end_page(&mut out, 0);
    out
}
