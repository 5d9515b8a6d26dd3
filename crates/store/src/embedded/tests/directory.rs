//! A whole data directory on the real disk, with the database in it.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use chat::port::{Directory, Messages};
use model::Sequence;

use super::*;
use crate::contract::sample::{account, app, content, device, stored, texts};
use crate::embedded::{check, salvage};

async fn lived(dir: &Path, clock: &Arc<TestClock>) -> Embedded {
    let store = open(dir, Arc::clone(clock) as Arc<dyn Clock>, small()).unwrap();
    store.directory.create_app(&app(5, 1)).await.unwrap();
    let accounts = (1..200).map(|uuid| account(5, &format!("a{uuid}"), uuid));
    store
        .directory
        .create_accounts(accounts.collect())
        .await
        .unwrap();
    for round in 0..10 {
        let contents = (0..9).map(|number| content(1, 2, &format!("{round}.{number}")));
        stored(&*store.messages, contents).await;
    }
    store
}

fn files(dir: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut files = BTreeMap::new();
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(self::files(&path));
        } else {
            files.insert(path.clone(), fs::read(&path).unwrap());
        }
    }
    files
}

fn reopened(dir: &Path, clock: &Arc<TestClock>) -> Result<Embedded, OpenError> {
    open(dir, Arc::clone(clock) as Arc<dyn Clock>, small())
}

fn garbage(bytes: &[u8]) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    bytes[..32].copy_from_slice(&b"\x00garbage".repeat(4));
    bytes
}

#[tokio::test]
async fn a_directory_is_opened_by_one_at_a_time() {
    let (dir, clock) = (tempfile::tempdir().unwrap(), TestClock::new());
    let store = lived(dir.path(), &clock).await;
    let error = reopened(dir.path(), &clock).err().unwrap().to_string();
    assert!(
        error.contains("in use") && error.contains(dir.path().to_str().unwrap()),
        "{error}"
    );
    assert!(salvage(dir.path()).is_err());
    store.close().await.unwrap();
    drop(store);
    reopened(dir.path(), &clock).unwrap();
}

#[tokio::test]
async fn a_clean_end_leaves_everything_and_no_wal() {
    let (dir, clock) = (tempfile::tempdir().unwrap(), TestClock::new());
    let store = lived(dir.path(), &clock).await;
    let key = store.directory.signing_key().await.unwrap();
    store.close().await.unwrap();
    drop(store);
    assert!(!dir.path().join("mimc.db-wal").exists());
    assert_eq!(check(dir.path(), true), []);
    let store = reopened(dir.path(), &clock).unwrap();
    assert_eq!(store.directory.signing_key().await.unwrap(), key);
    assert_eq!(store.directory.apps().await.unwrap(), [app(5, 1)]);
    assert_eq!(
        texts(&*store.messages, &device(2, "x"), Sequence(0))
            .await
            .len(),
        90
    );
}

#[tokio::test]
async fn what_a_kill_leaves_is_opened_again() {
    let (dir, clock) = (tempfile::tempdir().unwrap(), TestClock::new());
    let store = lived(dir.path(), &clock).await;
    let left = files(dir.path());
    let copy = tempfile::tempdir().unwrap();
    for (path, bytes) in left {
        let target = copy.path().join(path.strip_prefix(dir.path()).unwrap());
        fs::create_dir_all(target.parent().unwrap()).unwrap();
        fs::write(target, bytes).unwrap();
    }
    drop(store);
    let store = reopened(copy.path(), &clock).unwrap();
    assert!(
        store
            .directory
            .account_by_uuid(model::Uuid(199))
            .await
            .unwrap()
            .is_some()
    );
    assert_eq!(
        texts(&*store.messages, &device(2, "x"), Sequence(0))
            .await
            .len(),
        90
    );
    assert!(store.messages.last() > Sequence(0));
}

#[tokio::test]
async fn garbage_is_refused_and_no_byte_is_changed() {
    let (dir, clock) = (tempfile::tempdir().unwrap(), TestClock::new());
    lived(dir.path(), &clock).await.close().await.unwrap();
    let sound: Vec<_> = files(dir.path())
        .into_iter()
        .filter(|(_, bytes)| bytes.len() > 64)
        .collect();
    assert!(sound.len() > 4);
    for (path, bytes) in &sound {
        fs::write(path, garbage(bytes)).unwrap();
    }
    let before = files(dir.path());
    assert!(reopened(dir.path(), &clock).is_err());
    assert_eq!(files(dir.path()), before);
    for (path, bytes) in &sound {
        fs::write(path, bytes).unwrap();
    }

    let database = dir.path().join("mimc.db");
    fs::write(&database, garbage(&fs::read(&database).unwrap())).unwrap();
    let before = files(dir.path());
    let error = reopened(dir.path(), &clock).err().unwrap().to_string();
    assert!(error.contains("mimc.db is damaged"), "{error}");
    assert_eq!(files(dir.path()), before);
    assert_eq!(check(dir.path(), false).len(), 1);
}

#[tokio::test]
async fn a_newer_database_is_refused_with_both_versions() {
    let (dir, clock) = (tempfile::tempdir().unwrap(), TestClock::new());
    lived(dir.path(), &clock).await.close().await.unwrap();
    let database = dir.path().join("mimc.db");
    let mut bytes = fs::read(&database).unwrap();
    bytes[60..64].copy_from_slice(&7_u32.to_be_bytes());
    fs::write(&database, bytes).unwrap();
    let error = reopened(dir.path(), &clock).err().unwrap().to_string();
    assert!(
        error.contains("mimc.db has format version 7, this program knows up to 2"),
        "{error}"
    );
}

#[tokio::test]
async fn a_damaged_wal_is_no_empty_one() {
    let (dir, clock) = (tempfile::tempdir().unwrap(), TestClock::new());
    let store = lived(dir.path(), &clock).await;
    let wal = fs::read(dir.path().join("mimc.db-wal")).unwrap();
    assert!(!wal.is_empty());
    store.close().await.unwrap();
    drop(store);
    fs::write(dir.path().join("mimc.db-wal"), garbage(&wal)).unwrap();
    let error = reopened(dir.path(), &clock).err().unwrap().to_string();
    assert!(error.contains("mimc.db-wal is damaged"), "{error}");
}
