//! Directories that an earlier version wrote.

use std::path::PathBuf;

use chat::port::{History, Span};
use model::{Callbacks, Content, Conversation, Sequence, Uuid};

use super::*;
use crate::contract::sample::{content, device, stored, texts};
use crate::embedded::check_on;
use crate::embedded::segment::{HEADER_BYTES, Header, SegmentId};

/// The version that a file of ours begins with.
fn version(bytes: &[u8]) -> u16 {
    u16::from_le_bytes([bytes[8], bytes[9]])
}

fn id_of(path: &Path) -> Option<SegmentId> {
    SegmentId::parse(path.file_name()?.to_str()?, "log")
}

/// Makes version 1 of all files: their records had the same form, but for what was not yet there.
fn age(disk: &SimulatedDisk) {
    for (path, mut bytes) in disk.files() {
        if let Some(id) = id_of(&path) {
            let header = Header::decode(&bytes, id, &path).unwrap();
            let header = Header {
                version: 1,
                ..header
            };
            let len = usize::try_from(HEADER_BYTES).unwrap();
            bytes[..len].copy_from_slice(&header.encode());
        } else if path.extension().is_some_and(|it| it == "idx") {
            bytes[8] = 1;
            let crc = crc32c::crc32c(&bytes[..4092]);
            bytes[4092..4096].copy_from_slice(&crc.to_le_bytes());
        }
        disk.put(&path, bytes);
    }
}

fn versions(disk: &SimulatedDisk, extension: &str) -> Vec<(PathBuf, u16)> {
    let files = disk.files().into_iter();
    let files = files.filter(|(path, _)| path.extension().is_some_and(|it| it == extension));
    files.map(|(path, bytes)| (path, version(&bytes))).collect()
}

#[tokio::test]
async fn a_log_of_version_1_is_read_and_nothing_is_added_to_its_segments() {
    let (disk, clock) = (SimulatedDisk::new(), TestClock::new());
    let store = opened(&disk, &clock);
    let names: Vec<_> = (0..100).map(|number| format!("{number:03}")).collect();
    for text in &names {
        let is_stored = !text.ends_with('7');
        stored(
            &store,
            [Content {
                is_stored,
                ..content(1, 2, text)
            }],
        )
        .await;
    }
    store.close().await.unwrap();
    drop(store);
    age(&disk);
    let (logs, indexes) = (versions(&disk, "log"), versions(&disk, "idx"));
    assert!(logs.len() > 4 && indexes.len() > 2);
    assert!(
        logs.iter()
            .chain(&indexes)
            .all(|(_, version)| *version == 1)
    );
    let sizes: Vec<_> = disk.files().into_iter().collect();

    assert_eq!(check_on(&disk, dir(), true), []);
    let store = opened(&disk, &clock);
    let phone = device(2, "phone");
    assert_eq!(texts(&store, &phone, Sequence(0)).await, names);
    let pair = Conversation::between(Uuid(1), Uuid(2));
    let all = || Span::Time(0..u64::MAX);
    assert_eq!(store.newest(pair, all(), 1000).await.unwrap().len(), 90);
    let newest = store.newest(pair, all(), 1).await.unwrap()[0].sequence;
    let peers = store.peers(Uuid(2), Sequence(0), 10).await.unwrap();
    assert_eq!(peers, [(Uuid(1), newest)]);
    assert!(store.after(Sequence(0), 10).await.unwrap().0.is_empty());
    assert!(
        versions(&disk, "idx")
            .iter()
            .all(|(_, version)| *version == 2)
    );

    for is_stored in [true, false] {
        let callbacks = Callbacks {
            instant: true,
            offline: false,
        };
        let content = Content {
            is_stored,
            callbacks,
            ..content(1, 2, "new")
        };
        let text = if is_stored { "new" } else { "newer" };
        let packet_id = text.into();
        stored(
            &store,
            [Content {
                packet_id,
                ..content
            }],
        )
        .await;
    }
    assert_eq!(store.after(Sequence(0), 10).await.unwrap().0.len(), 2);
    drop(store);
    let now = disk.files();
    for (path, before) in sizes {
        if id_of(&path).is_some() {
            let added = now[&path].len() - before.len();
            assert!(added <= 2 * 17, "only marks: {added} bytes");
        }
    }
    let new = versions(&disk, "log");
    let new = new.iter().filter(|(_, version)| *version == 3);
    assert_eq!(new.count(), 2);
    let store = opened(&disk, &clock);
    assert_eq!(texts(&store, &phone, Sequence(0)).await.len(), 102);
}
