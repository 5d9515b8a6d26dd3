//! Damage: told at the start, set aside by salvage, answered around while serving.

use chat::port::{History, Messages, Search, Span};
use model::{Callbacks, Content, Conversation, Sequence, Uuid};
use std::path::PathBuf;

use super::*;
use crate::contract::sample::{content, device, logged_in, page, stored, text, texts};
use crate::embedded::{check_on, salvage_on};

fn phone() -> model::DeviceId {
    device(2, "phone")
}

fn name(number: usize) -> String {
    format!("<message number {number:04}>")
}

fn called_back(number: usize) -> Content {
    let callbacks = Callbacks {
        instant: number.is_multiple_of(2),
        offline: number.is_multiple_of(3),
    };
    Content {
        callbacks,
        ..content(1, 2, &name(number))
    }
}

/// An account that ended, and two hundred messages in a few batches, the last of which has 199; then a kill.
async fn killed(config: Config) -> (SimulatedDisk, Arc<TestClock>) {
    let (disk, clock) = (SimulatedDisk::immediate(), TestClock::new());
    let store = try_open(&disk, &clock, config.clone()).unwrap();
    logged_in(&store, &device(77, "phone")).await;
    store.forget(model::Uuid(77));
    store.commit(chat::port::Batch::default()).await.unwrap();
    stored(&store, [called_back(0)]).await;
    let rest: Vec<_> = (1..200).collect();
    for batch in rest.chunks(if config.segment_bytes == small().segment_bytes {
        20
    } else {
        199
    }) {
        stored(&store, batch.iter().map(|number| called_back(*number))).await;
    }
    (disk, clock)
}

/// The file that holds a message, and where its text is.
fn place_of(disk: &SimulatedDisk, number: usize) -> (PathBuf, usize) {
    let text = name(number);
    disk.files()
        .into_iter()
        .filter(|(path, _)| path.extension().is_some_and(|extension| extension == "log"))
        .find_map(|(path, bytes)| {
            let at = bytes
                .windows(text.len())
                .rposition(|window| window == text.as_bytes())?;
            Some((path, at))
        })
        .unwrap()
}

fn change(disk: &SimulatedDisk, path: &Path, change: impl FnOnce(&mut Vec<u8>)) {
    let mut bytes = disk.files().remove(path).unwrap();
    change(&mut bytes);
    disk.put(path, bytes);
}

fn usual() -> Config {
    Config::default()
}

#[tokio::test]
async fn a_changed_byte_in_the_last_batch_is_told_and_nothing_is_changed() {
    let (disk, clock) = killed(usual()).await;
    let (path, at) = place_of(&disk, 100);
    change(&disk, &path, |bytes| bytes[at + 5] ^= 1);
    let files = disk.files();
    let error = try_open(&disk, &clock, usual()).err().unwrap().to_string();
    assert!(error.contains(path.to_str().unwrap()), "{error}");
    assert!(error.contains("mimc doctor --salvage"), "{error}");
    assert_eq!(disk.files(), files);
}

#[tokio::test]
async fn a_write_that_was_cut_off_is_removed_wherever_it_ends() {
    let (disk, clock) = killed(usual()).await;
    let (path, at) = place_of(&disk, 199);
    let (_, before) = place_of(&disk, 198);
    let whole = disk.files()[&path].clone();
    for end in (before + 22..at + 22).chain([whole.len() - 1]) {
        let disk = SimulatedDisk::new();
        disk.put(&path, whole[..end].to_vec());
        let store = try_open(&disk, &clock, usual()).unwrap();
        let count = page(&store, &phone(), Sequence(0)).await.messages.len();
        assert_eq!(count, if end < at + name(199).len() { 199 } else { 200 });
        stored(&store, [content(1, 2, "after")]).await;
        drop(store);
        let store = try_open(&disk, &clock, usual()).unwrap();
        assert_eq!(
            page(&store, &phone(), Sequence(0)).await.messages.len(),
            count + 1
        );
    }
}

#[tokio::test]
async fn garbage_at_the_beginning_of_any_file_is_told_or_made_good() {
    let (disk, clock) = killed(small()).await;
    let store = opened(&disk, &clock);
    store.close().await.unwrap();
    drop(store);
    let sound = disk.files();
    assert!(sound.len() > 4);
    for path in sound.keys() {
        let disk = SimulatedDisk::new();
        for (path, bytes) in &sound {
            disk.put(path, bytes.clone());
        }
        change(&disk, path, |bytes| {
            bytes[..32].copy_from_slice(&[0x5a; 32]);
        });
        let files = disk.files();
        match try_open(&disk, &clock, small()) {
            Ok(store) => {
                let is_derived = !path.ends_with("log");
                assert!(is_derived, "{}", path.display());
                let all = page(&store, &phone(), Sequence(0)).await;
                assert_eq!(all.messages.len(), 200, "{}", path.display());
            }
            Err(error) => {
                assert!(
                    error.to_string().contains(path.to_str().unwrap()),
                    "{error}"
                );
                assert_eq!(disk.files(), files);
            }
        }
    }
}

#[tokio::test]
async fn no_changed_byte_is_served_and_salvage_keeps_the_rest() {
    let (disk, clock) = killed(small()).await;
    let store = opened(&disk, &clock);
    store.close().await.unwrap();
    drop(store);
    let sound = disk.files();
    let all: Vec<_> = (0..200).map(name).collect();
    let mut number = 0_usize;
    for (path, bytes) in &sound {
        for at in (0..bytes.len()).step_by(61) {
            number += 1;
            let disk = SimulatedDisk::new();
            for (path, bytes) in &sound {
                disk.put(path, bytes.clone());
            }
            change(&disk, path, |bytes| {
                if number.is_multiple_of(5) {
                    bytes.truncate(at);
                } else {
                    bytes[at] ^= 0x40;
                }
            });
            if let Ok(store) = try_open(&disk, &clock, small()) {
                let got = texts(&store, &phone(), Sequence(0)).await;
                assert!(is_subsequence(&got, &all), "{} at {at}", path.display());
                continue;
            }
            let findings = check_on(&disk, dir(), true);
            assert!(!findings.is_empty(), "{} at {at}", path.display());
            let salvaged = salvage_on(&disk, dir()).unwrap();
            assert!(!salvaged.is_empty(), "{} at {at}", path.display());
            let store = try_open(&disk, &clock, small()).unwrap();
            assert_eq!(check_on(&disk, dir(), true), []);
            let got = texts(&store, &phone(), Sequence(0)).await;
            assert!(is_subsequence(&got, &all), "{} at {at}", path.display());
            if !number.is_multiple_of(5) {
                assert!(
                    got.len() >= 199,
                    "{} at {at}: {}",
                    path.display(),
                    got.len()
                );
            }
        }
    }
}

fn is_subsequence(some: &[String], all: &[String]) -> bool {
    let mut all = all.iter();
    some.iter().all(|one| all.any(|other| one == other))
}

#[tokio::test]
async fn damage_that_is_met_while_serving_is_answered_around_and_counted() {
    let (disk, clock) = killed(usual()).await;
    let store = try_open(&disk, &clock, usual()).unwrap();
    let (path, at) = place_of(&disk, 100);
    let file = disk.open(&path).unwrap();
    file.write_at(b"ZZZ", at as u64).unwrap();
    let got = texts(&store, &phone(), Sequence(0)).await;
    assert_eq!(got.len(), 199);
    assert!(!got.contains(&name(100)));
    assert_eq!(store.damages(), 1);
    // A history is made up for with what is older; callbacks go on behind it.
    let pair = Conversation::between(Uuid(1), Uuid(2));
    let all = Span::Time(0..u64::MAX);
    let newest = store.newest(pair, all, 150).await.unwrap();
    assert_eq!(newest.len(), 150);
    assert_eq!(text(&newest[0]), name(49));
    let (called, reached) = store.after(Sequence(0), 1000).await.unwrap();
    assert_eq!((called.len(), reached), (132, store.last()));
    assert_eq!(store.damages(), 3);
}

#[tokio::test]
async fn damage_that_is_met_while_searching_is_passed_over_and_counted() {
    // In the active segment, and in one that is sealed.
    for config in [usual(), small()] {
        let (disk, clock) = killed(config.clone()).await;
        let store = try_open(&disk, &clock, config).unwrap();
        let search = |packet_id: &str| Search {
            app_id: content(1, 2, "").app_id,
            packet_id: packet_id.into(),
            from: None,
            limit: 10,
            bytes: u64::MAX,
        };
        let sought = Content {
            packet_id: "sought".into(),
            ..content(1, 2, "sought")
        };
        stored(&store, [sought]).await;
        let (path, at) = place_of(&disk, 100);
        let file = disk.open(&path).unwrap();
        file.write_at(b"ZZZ", at as u64).unwrap();
        let found = store.sent_as(search("sought")).await.unwrap();
        assert_eq!(found.messages.len(), 1);
        let damages = store.damages();
        let found = store.sent_as(search("never sent")).await.unwrap();
        assert_eq!(found.messages.len(), 0);
        assert_eq!(store.damages(), damages + 1);
    }
}

#[tokio::test]
async fn a_damaged_index_is_made_again_while_serving() {
    let (disk, clock) = killed(small()).await;
    let store = opened(&disk, &clock);
    stored(&store, [content(1, 2, "x")]).await;
    store.maintain().await.unwrap();
    let is_index = |path: &&PathBuf| path.extension().is_some_and(|extension| extension == "idx");
    let files = disk.files();
    let path = files.keys().find(is_index).unwrap();
    disk.open(path)
        .unwrap()
        .write_at(&[0x5a; 8192], 4096)
        .unwrap();
    assert_eq!(
        page(&store, &phone(), Sequence(0)).await.messages.len(),
        201
    );
    assert_eq!(store.damages(), 1);
    store.maintain().await.unwrap();
    assert_eq!(check_on(&disk, dir(), true), []);
    let newest = stored(&store, [content(1, 2, "y")]).await[0].sequence;
    assert_eq!(store.last(), newest);
}

#[tokio::test]
async fn a_missing_segment_is_told() {
    let (disk, clock) = killed(small()).await;
    let store = opened(&disk, &clock);
    for text in ["x", "y", "z"] {
        stored(
            &store,
            (0..30).map(|number| content(1, 2, &format!("{text}{number}"))),
        )
        .await;
    }
    drop(store);
    let files = disk.files();
    let segments: Vec<_> = files
        .keys()
        .filter(|path| path.extension().is_some_and(|it| it == "log"))
        .collect();
    assert!(segments.len() >= 3);
    for missing in &segments[..segments.len() - 1] {
        let disk = SimulatedDisk::new();
        for (path, bytes) in files.iter().filter(|(path, _)| path != missing) {
            disk.put(path, bytes.clone());
        }
        let error = try_open(&disk, &clock, small()).err().unwrap().to_string();
        assert!(
            error.contains(missing.to_str().unwrap()) && error.contains("missing"),
            "{error}"
        );
    }
}
