use proptest::prelude::*;

use super::*;
use crate::contract::sample::{content, device, to_topic};

const SALT: u32 = 0x1234_5678;

fn written(put: impl FnOnce(&mut Vec<u8>)) -> Bytes {
    let mut bytes = Vec::new();
    put(&mut bytes);
    bytes.into()
}

fn bytes_of(record: &Record) -> Bytes {
    written(|out| match record {
        Record::Message(message) => put_message(out, SALT, message),
        Record::Change { at, change } => put_change(out, SALT, *at, change),
        Record::Mark(offset) => put_mark(out, SALT, *offset),
        Record::Hole => put_holes(out, SALT, 100),
        Record::Joint(joint) => put_joint(out, SALT, *joint),
    })
}

prop_compose! {
    fn messages()(
        sequence: u64,
        timestamp_ms: u64,
        is_topic: bool,
        is_stored: bool,
        uuid: u64,
        name in "[^,\\p{Cc}]{1,30}",
        texts in ("[^\\p{Cc}]{1,60}", ".{0,60}", ".{0,60}"),
        callbacks: (bool, bool),
        payload: Vec<u8>,
    ) -> Record {
        let base = if is_topic { to_topic(uuid, 9, "") } else { content(uuid, 9, "") };
        let content = Content {
            from: Party { uuid: Uuid(uuid), account: AccountName::new(&name).unwrap() },
            from_resource: Resource::new(&texts.0).unwrap(),
            packet_id: texts.1.into(),
            biz_type: texts.2.into(),
            payload: payload.into(),
            is_stored,
            callbacks: Callbacks { instant: callbacks.0, offline: callbacks.1 },
            ..base
        };
        Record::Message(Message { sequence: Sequence(sequence), timestamp_ms, content })
    }
}

prop_compose! {
    fn changes()(at: u64, uuid: u64, resource in "[^\\p{Cc}]{1,60}", numbers: [u64; 3], kind in 0..4) -> Record {
        let id = device(uuid, &resource);
        let device = Device {
            cursor: Sequence(numbers[0]),
            own_after: Sequence(numbers[1]),
            seen_at_ms: numbers[2],
        };
        let change = match kind {
            0 => Change::New { id, device },
            1 => Change::Moved { id, device },
            2 => Change::Forgotten { id },
            _ => Change::Ended { uuid: id.uuid },
        };
        Record::Change { at: Sequence(at), change }
    }
}

fn records() -> impl Strategy<Value = Record> {
    prop_oneof![
        messages(),
        changes(),
        any::<u64>().prop_map(Record::Mark),
        any::<(u32, u64, u32, u32)>().prop_map(|(bytes, segment, from, to)| {
            let segment = Sequence(segment);
            Record::Joint(Joint {
                bytes,
                segment,
                from,
                to,
            })
        }),
        Just(Record::Hole)
    ]
}

proptest! {
    #[test]
    fn a_record_is_read_as_it_was_written(record in records()) {
        prop_assert_eq!(read(&bytes_of(&record), SALT), Ok(record));
    }

    #[test]
    fn a_record_that_was_cut_anywhere_is_none(record in records()) {
        let bytes = bytes_of(&record);
        for end in 0..bytes.len() {
            prop_assert_eq!(sound_length(&bytes[..end], SALT), None);
            prop_assert_eq!(read(&bytes.slice(..end), SALT), Err(Malformed));
        }
    }

    #[test]
    fn a_changed_bit_is_noticed(record in records(), place: prop::sample::Index, bit in 0..8_u8) {
        let mut bytes = bytes_of(&record).to_vec();
        let place = place.index(bytes.len());
        bytes[place] ^= 1_u8 << bit;
        prop_assert_eq!(read(&bytes.into(), SALT), Err(Malformed));
    }

    #[test]
    fn random_bytes_never_panic(bytes: Vec<u8>, kind in 0..10_u8) {
        let mut body = vec![kind];
        body.extend(bytes);
        let body = Bytes::from(body);
        let _ = decode(&body);
        let _ = read(&body, SALT);
    }
}

#[test]
fn a_record_of_another_segment_is_none() {
    let bytes = bytes_of(&Record::Mark(5));
    assert_eq!(read(&bytes, SALT + 1), Err(Malformed));
}

#[test]
fn holes_fill_exactly_their_bytes() {
    let most = FRAME_BYTES + BODY_BYTES_MAX;
    for bytes in [9, 10, 100, most, most + 1, most + 8, most + 9, 5 * most + 3] {
        let holes = written(|out| put_holes(out, SALT, bytes));
        assert_eq!(holes.len(), bytes);
        let mut rest = holes;
        while !rest.is_empty() {
            let length = sound_length(&rest, SALT).unwrap();
            assert_eq!(read(&rest.split_to(length), SALT), Ok(Record::Hole));
        }
    }
}

#[test]
fn a_message_costs_little_more_than_its_texts() {
    let content = Content {
        packet_id: "aGVsbG8gd29ybGQ-12345".into(),
        from_resource: Resource::new("mimc_go_1a2b3c4d").unwrap(),
        ..content(1, 2, &"x".repeat(200))
    };
    let message = Message {
        sequence: Sequence::at_ms(1_700_000_000_000),
        timestamp_ms: 1_700_000_000_000,
        content,
    };
    let bytes = written(|out| put_message(out, SALT, &message));
    assert!(bytes.len() <= 200 + 120, "{} bytes", bytes.len());
}
