//! What holds of whatever the files of a data directory contain, behind checksums that are right:
//! those of a file are made here, so that what is read after them is tried, too.

use std::path::Path;
use std::sync::Arc;

use bytes::Bytes;
use model::{Callbacks, Content, Conversation, Device, Message, Sequence, TopicId, Uuid};

use super::checkpoint;
use super::disk::{Disk as _, SimulatedDisk, write_whole};
use super::index::{
    self, Bounds, Budget, FileIndex, MemoryIndex, Place, opened_for_properties,
    sealed_for_properties,
};
use super::record::{self, Joint, Record};
use super::segment::{Family, Header, SegmentId};
use crate::code::Put as _;
use crate::contract::sample::{content, device, to_topic};
use crate::repeat::Fingerprint;
use crate::state::{Change, SHARDS, State};

const SALT: u32 = 0x1234_5678;
/// Of what a question may answer.
const ROWS_MAX: usize = 100;
const FILTER_BYTES_MAX: u64 = 1 << 20;

/// Bytes of which the properties have something to say, by their names.
///
/// # Panics
///
/// When there is no memory for them.
pub fn seeds() -> Vec<(&'static str, Vec<u8>)> {
    let mut bodies = Vec::new();
    let texts = ["", "hello", "你好 👋"];
    let mut messages = Vec::new();
    for (number, text) in (1..).zip(texts) {
        let to_topic = to_topic(number, 9, text);
        for content in [content(number, number + 1, text), to_topic] {
            let sequence = Sequence(number * 100 + messages.len() as u64);
            let content = Content {
                callbacks: Callbacks {
                    instant: true,
                    offline: number % 2 == 0,
                },
                ..content
            };
            messages.push(Message {
                sequence,
                timestamp_ms: 1000 + number,
                content,
            });
        }
    }
    for message in &messages {
        let mut body = Vec::new();
        record::put_message(&mut body, SALT, message);
        bodies.push(("record", body));
    }
    let id = device(7, "desk");
    let device = Device {
        cursor: Sequence(5),
        own_after: Sequence(6),
        seen_at_ms: 7,
    };
    for change in [
        Change::New {
            id: id.clone(),
            device,
        },
        Change::Moved {
            id: id.clone(),
            device,
        },
        Change::Ended { uuid: id.uuid },
        Change::Forgotten { id },
    ] {
        let mut body = Vec::new();
        record::put_change(&mut body, SALT, Sequence(9), &change);
        bodies.push(("record", body));
    }
    let joint = Joint {
        bytes: 100,
        segment: Sequence(3),
        from: 44,
        to: 300,
    };
    let mut body = Vec::new();
    record::put_joint(&mut body, SALT, joint);
    bodies.push(("record", body));
    for (_, body) in &mut bodies {
        body.drain(..record::FRAME_BYTES);
    }
    bodies.push(("index", index_seed(&messages)));
    let mut state = State::new();
    for message in &messages {
        state.apply_message(message);
    }
    let mut living = Vec::new();
    for shard in 0..SHARDS {
        state.dump_shard(shard, Sequence(1), &mut living);
    }
    state.dump_rest(Sequence(1), &mut living);
    bodies.push(("checkpoint", living));
    bodies
}

fn index_seed(messages: &[Message]) -> Vec<u8> {
    let mut rows = MemoryIndex::default();
    for (offset, message) in (0..).zip(messages) {
        let place = Place { offset, len: 100 };
        rows.insert(message, Some(Fingerprint(u64::from(offset))), place);
    }
    let disk = SimulatedDisk::default();
    let path = Path::new("index");
    let budget = Arc::new(Budget::new(FILTER_BYTES_MAX));
    let written = index::write(&disk, path, &rows, &header(), 0, &budget);
    written.expect("a simulated disk has room");
    let file = disk.open(path).expect("it was written");
    let mut bytes = vec![0; usize::try_from(file.len().unwrap_or(0)).unwrap_or(0)];
    file.read_at(&mut bytes, 0).expect("it has this length");
    opened_for_properties(&header(), &bytes)
}

fn header() -> Header {
    Header {
        version: 2,
        id: SegmentId {
            family: Family::Stored,
            first: Sequence(1),
        },
        salt: SALT,
        previous: Sequence(0),
        previous_len: 0,
    }
}

/// A body that is a record is written as one that is read as the same.
///
/// # Panics
///
/// When it is not.
pub fn record(bytes: &[u8]) {
    let body = Bytes::copy_from_slice(bytes);
    let Ok(found) = record::decode(&body) else {
        return;
    };
    let mut written = Vec::new();
    match &found {
        Record::Message(message) => record::put_message(&mut written, SALT, message),
        Record::Change { at, change } => record::put_change(&mut written, SALT, *at, change),
        Record::Mark(offset) => record::put_mark(&mut written, SALT, *offset),
        Record::Hole => record::put_holes(&mut written, SALT, bytes.len() + record::FRAME_BYTES),
        Record::Joint(joint) => record::put_joint(&mut written, SALT, *joint),
    }
    if written.len() <= record::FRAME_BYTES + record::BODY_BYTES_MAX {
        assert_eq!(record::read(&written.into(), SALT), Ok(found));
    }
}

/// An index file is refused, or each question is answered within bounds, or with an error.
///
/// # Panics
///
/// When a question is not.
pub fn index(bytes: &[u8]) {
    let disk = SimulatedDisk::default();
    let path = Path::new("index");
    let header = header();
    let len = bytes.len() as u64;
    let file = sealed_for_properties(&header, len, bytes);
    write_whole(&disk, path, &file).expect("a simulated disk has room");
    let budget = Arc::new(Budget::new(FILTER_BYTES_MAX));
    let Ok(index) = FileIndex::open(&disk, path, &header, len, &budget) else {
        return;
    };
    let bounds = Bounds {
        sequence: 0..u64::MAX,
        time_ms: 0..u64::MAX,
    };
    for number in [0, 1, 7, u64::MAX] {
        let topic = Conversation::Topic(TopicId(number));
        let pair = Conversation::Pair(Uuid(number), Uuid(number));
        for conversation in [topic, pair] {
            let mut entries = Vec::new();
            let _ = index.entries_after(conversation, Sequence(0), ROWS_MAX, &mut entries);
            assert!(entries.len() <= ROWS_MAX);
            entries.clear();
            let _ = index.newest(conversation, &bounds, ROWS_MAX, &mut entries);
            assert!(entries.len() <= ROWS_MAX);
        }
        let _ = index.sent(Fingerprint(number), &mut Vec::new());
        let _ = index.peers(Uuid(number), |_, _| true);
        let mut called_back = Vec::new();
        let _ = index.called_back(Sequence(number), ROWS_MAX, &mut called_back);
        assert!(called_back.len() <= ROWS_MAX);
    }
}

/// A checkpoint is read or refused.
///
/// # Panics
///
/// When it is neither.
pub fn checkpoint(bytes: &[u8]) {
    let disk = SimulatedDisk::default();
    let path = Path::new("checkpoint-0000000000000001");
    let mut file = checkpoint::encode_head(Sequence(1), Default::default());
    file.extend_from_slice(bytes);
    file.put_u32(crc32c::crc32c(&file));
    write_whole(&disk, path, &file).expect("a simulated disk has room");
    let _ = checkpoint::read(&disk, path);
    assert!(disk.remove(path).is_ok());
}
