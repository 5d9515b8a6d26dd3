//! Many damages of every kind of file of the log: told with file and place, and whatever they did not
//! touch can be read. `MIMC_SEEDS=5000 cargo test --release -p store damages` tries so many of each.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::PathBuf;

use chat::port::{History, Messages, Span};
use model::{Callbacks, Content, Conversation, Device, Message, Resource, Sequence, Uuid};

use super::seeds::{Dice, Seeds};
use super::*;
use crate::contract::sample::{content, device, logged_in, page, repeated, stored, text};
use crate::embedded::scan::Scanner;
use crate::embedded::segment::{HEADER_BYTES, Header, SegmentId};
use crate::embedded::{Finding, check_on, salvage_on};

const MESSAGES: usize = 240;
/// Of each kind of file, when nobody says how many.
const DAMAGES: u64 = 120;

fn message(number: usize) -> Content {
    Content {
        is_stored: !number.is_multiple_of(3),
        callbacks: Callbacks {
            instant: number.is_multiple_of(4),
            offline: number.is_multiple_of(5),
        },
        ..content(1, 2, &format!("<message number {number:04}>"))
    }
}

/// All that a store answers.
#[derive(Debug, PartialEq)]
struct Answers {
    queue: Vec<Message>,
    history: Vec<Message>,
    called_back: Vec<Message>,
    devices: Vec<(Resource, Device)>,
    peers: Vec<(Uuid, Sequence)>,
}

async fn answers(store: &EmbeddedMessages) -> Answers {
    let owned =
        |messages: Vec<Arc<Message>>| messages.iter().map(|it| Message::clone(it)).collect();
    let pair = Conversation::between(Uuid(1), Uuid(2));
    let all = Span::Time(0..u64::MAX);
    Answers {
        queue: owned(page(store, &device(2, "fresh"), Sequence(0)).await.messages),
        history: owned(store.newest(pair, all, 10_000).await.unwrap()),
        called_back: owned(store.after(Sequence(0), 10_000).await.unwrap().0),
        devices: store.devices(Uuid(2)),
        peers: store.peers(Uuid(2), Sequence(0), 10).await.unwrap(),
    }
}

/// Segments of both families, their indexes, checkpoints; ended in order.
async fn lived() -> (BTreeMap<PathBuf, Vec<u8>>, Arc<TestClock>, Answers) {
    let (disk, clock) = (SimulatedDisk::immediate(), TestClock::new());
    let store = opened(&disk, &clock);
    logged_in(&store, &device(2, "phone")).await;
    let numbers: Vec<_> = (0..MESSAGES).collect();
    for (round, numbers) in numbers.chunks(6).enumerate() {
        let sent = stored(&store, numbers.iter().map(|number| message(*number))).await;
        store.acknowledge(&device(2, "phone"), sent[0].sequence);
        if round == 20 {
            let _housekeeping = store.shared.housekeeping.lock();
            store.shared.checkpoint([0, 0]).unwrap();
        }
    }
    let answers = answers(&store).await;
    store.close().await.unwrap();
    (disk.files(), clock, answers)
}

/// Changes some bytes; where, or nothing when it is as it was.
pub(super) fn damage(bytes: &mut Vec<u8>, dice: &mut Dice) -> Option<Range<usize>> {
    let len = bytes.len() as u64;
    let at = usize::try_from(dice.roll(len)).unwrap();
    match dice.roll(3) {
        0 => {
            bytes[at] ^= 1 << dice.roll(8);
            Some(at..at + 1)
        }
        1 => {
            let cut = at..bytes.len();
            bytes.truncate(at);
            Some(cut)
        }
        _ => {
            let end = bytes
                .len()
                .min(at + 1 + usize::try_from(dice.roll(1_000)).unwrap());
            let mut changed = (at..end).filter(|place| bytes[*place] != 0);
            let first = changed.next()?;
            let last = changed.next_back().unwrap_or(first);
            bytes[first..=last].fill(0);
            Some(first..last + 1)
        }
    }
}

/// The messages of a segment of which a byte is in the range.
fn touched(path: &Path, bytes: &[u8], range: &Range<usize>) -> Vec<Sequence> {
    let Some(id) = SegmentId::parse(path.file_name().unwrap().to_str().unwrap(), "log") else {
        return Vec::new();
    };
    let header = Header::decode(bytes, id, path).unwrap();
    let disk = SimulatedDisk::immediate();
    disk.put(path, bytes.to_vec());
    let file = disk.open(path).unwrap();
    let mut scanner = Scanner::new(&*file, header.salt, HEADER_BYTES, bytes.len() as u64);
    let mut touched = Vec::new();
    while let Some(scanned) = scanner.next().unwrap() {
        let start = usize::try_from(scanned.offset).unwrap();
        if let super::super::record::Record::Message(message) = scanned.record
            && start < range.end
            && range.start < start + scanned.len
        {
            touched.push(message.sequence);
        }
    }
    touched
}

/// What is there is as it was, and only what was touched is missing.
fn compare(what: &str, got: &[Message], sound: &[Message], touched: &[Sequence]) {
    let mut rest = got.iter().peekable();
    for message in sound {
        if rest.next_if(|got| *got == message).is_none() {
            let sequence = message.sequence;
            assert!(
                touched.contains(&sequence),
                "{what}: lost {}",
                text(message)
            );
        }
    }
    assert_eq!(rest.next(), None, "{what}");
}

/// Whether something says that this file is damaged, at a place that can be.
fn is_told(findings: &[Finding], path: &Path, len: usize) -> bool {
    let mut of_file = findings.iter().filter(|finding| finding.file == path);
    of_file.any(|finding| finding.offset <= len as u64)
}

/// Files of one kind, by how their names begin and end, damaged one after the other.
async fn all_told(test: &'static str, prefix: &str, extension: &str) {
    let (sound, clock, before) = lived().await;
    let is_meant = |path: &&PathBuf| {
        let is_named = |name: &std::ffi::OsStr| name.to_str().unwrap().starts_with(prefix);
        path.file_name().is_some_and(is_named) && path.extension().unwrap_or_default() == extension
    };
    let paths: Vec<_> = sound.keys().filter(is_meant).collect();
    assert!(!paths.is_empty());
    for seed in Seeds::at_least(test, DAMAGES) {
        let mut dice = Dice::of(seed);
        let path = paths[usize::try_from(dice.roll(paths.len() as u64)).unwrap()];
        let mut bytes = sound[path].clone();
        let Some(range) = damage(&mut bytes, &mut dice) else {
            continue;
        };
        let what = format!("seed {seed}: {} at {range:?}", path.display());
        let touched = touched(path, &sound[path], &range);
        let disk = SimulatedDisk::immediate();
        for (path, bytes) in &sound {
            disk.put(path, bytes.clone());
        }
        disk.put(path, bytes);
        let damaged = disk.files();

        let findings = check_on(&disk, dir(), true);
        assert!(
            is_told(&findings, path, sound[path].len()),
            "{what}: {findings:?}"
        );
        assert_eq!(disk.files(), damaged, "{what}: a check changes nothing");
        match try_open(&disk, &clock, small()) {
            // It is answered around while serving.
            Ok(store) => {
                let now = answers(&store).await;
                compare(&what, &now.queue, &before.queue, &touched);
                compare(&what, &now.history, &before.history, &touched);
                compare(&what, &now.called_back, &before.called_back, &touched);
                assert_eq!(now.devices, before.devices, "{what}");
                assert!(now.queue == before.queue || store.damages() > 0, "{what}");
            }
            Err(error) => {
                assert!(
                    error.to_string().contains(path.to_str().unwrap()),
                    "{what}: {error}"
                );
                assert_eq!(
                    disk.files(),
                    damaged,
                    "{what}: a refused start changes nothing"
                );
            }
        }

        let disk = SimulatedDisk::immediate();
        for (path, bytes) in &damaged {
            disk.put(path, bytes.clone());
        }
        salvage_on(&disk, dir()).unwrap();
        let store =
            try_open(&disk, &clock, small()).unwrap_or_else(|error| panic!("{what}: {error}"));
        assert_eq!(check_on(&disk, dir(), true), [], "{what}");
        let now = answers(&store).await;
        compare(&what, &now.queue, &before.queue, &touched);
        compare(&what, &now.history, &before.history, &touched);
        compare(&what, &now.called_back, &before.called_back, &touched);
        let number = usize::try_from(dice.roll(MESSAGES as u64)).unwrap();
        let again = store
            .commit(crate::contract::sample::batch([message(number)]))
            .await;
        let first = &before.queue[number];
        match repeated(&again.unwrap().outcomes[0]) {
            Some((sequence, _)) => assert_eq!(sequence, first.sequence, "{what}"),
            None => assert!(touched.contains(&first.sequence), "{what}: stored twice"),
        }
    }
}

#[tokio::test]
async fn damages_of_the_stored_log_are_told() {
    all_told("damages_of_the_stored_log", "stored-", "log").await;
}

#[tokio::test]
async fn damages_of_the_queue_log_are_told() {
    all_told("damages_of_the_queue_log", "queue-", "log").await;
}

#[tokio::test]
async fn damages_of_indexes_are_told() {
    all_told("damages_of_indexes", "", "idx").await;
}

#[tokio::test]
async fn damages_of_checkpoints_are_told() {
    all_told("damages_of_checkpoints", "checkpoint-", "").await;
}
