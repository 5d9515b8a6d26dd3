//! Copies of a directory, taken while it is written to.

use std::fs;
use std::path::PathBuf;

use chat::port::{Directory, History, Messages, Span};
use model::limits::DAY_MS;
use model::{Content, Conversation, Sequence, Uuid};

use super::*;
use crate::contract::sample::{account, app, content, device, logged_in, page, stored, text};

struct Dirs {
    _root: tempfile::TempDir,
    data: PathBuf,
    copy: PathBuf,
    restored: PathBuf,
}

fn dirs() -> Dirs {
    let root = tempfile::tempdir().unwrap();
    let [data, copy, restored] = ["data", "copy", "restored"].map(|name| root.path().join(name));
    Dirs {
        _root: root,
        data,
        copy,
        restored,
    }
}

async fn texts_of(store: &Embedded) -> Vec<String> {
    let page = page(&*store.messages, &device(2, "phone"), Sequence(0)).await;
    page.messages.iter().map(|message| text(message)).collect()
}

async fn history_of(store: &Embedded) -> Vec<String> {
    let pair = Conversation::between(Uuid(1), Uuid(2));
    let all = Span::Time(0..u64::MAX);
    let read = store.messages.newest(pair, all, 100_000).await.unwrap();
    read.iter().map(|message| text(message)).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_acknowledged_before_is_in_a_copy_taken_while_more_is_written() {
    let (dirs, clock) = (dirs(), TestClock::new());
    let store = Arc::new(open(&dirs.data, Arc::<TestClock>::clone(&clock), small()).unwrap());
    store.directory.create_app(&app(5, 1)).await.unwrap();
    for number in 0..40 {
        stored(&*store.messages, [content(1, 2, &format!("{number:05}"))]).await;
    }
    // What is seven days old is dropped while it is copied.
    let (writer, time) = (Arc::clone(&store), Arc::clone(&clock));
    let (stop, mut stopped) = tokio::sync::oneshot::channel::<()>();
    let writing = tokio::spawn(async move {
        let mut number = 40;
        while stopped.try_recv().is_err() {
            let text = format!("{number:05}");
            let is_stored = number % 3 > 0;
            let content = Content {
                is_stored,
                ..content(1, 2, &text)
            };
            stored(&*writer.messages, [content]).await;
            time.advance(DAY_MS / 20);
            if number % 7 == 0 {
                writer.messages.maintain().await.unwrap();
            }
            number += 1;
        }
    });
    for round in 0..6 {
        let acked = texts_of(&store).await;
        let copy = dirs.copy.join(round.to_string());
        let data = dirs.data.clone();
        let target = copy.clone();
        let copied = tokio::task::spawn_blocking(move || backup(&data, &target));
        let report = copied.await.unwrap().unwrap();
        assert!(report.messages >= acked.len() as u64);
        assert_eq!(report.findings, []);
        assert_eq!(report.rows.apps, 1);
        let copied = open(&copy, Arc::<TestClock>::clone(&clock), small()).unwrap();
        let now = texts_of(&copied).await;
        let oldest = now.first().cloned().unwrap_or_default();
        let lost = acked.iter().filter(|text| !now.contains(text));
        let lost: Vec<_> = lost.filter(|text| **text > oldest).collect();
        assert!(lost.is_empty(), "{lost:?}");
        assert!(now.is_sorted());
    }
    stop.send(()).unwrap();
    writing.await.unwrap();
}

#[tokio::test]
async fn a_restored_directory_answers_as_the_one_that_was_copied() {
    let (dirs, clock) = (dirs(), TestClock::new());
    let store = open(&dirs.data, Arc::<TestClock>::clone(&clock), small()).unwrap();
    store.directory.create_app(&app(5, 1)).await.unwrap();
    let accounts = vec![account(5, "a", 1)];
    store.directory.create_accounts(accounts).await.unwrap();
    let phone = device(2, "phone");
    logged_in(&*store.messages, &phone).await;
    for number in 0..100 {
        stored(&*store.messages, [content(1, 2, &number.to_string())]).await;
        clock.advance(number);
    }
    store.messages.maintain().await.unwrap();
    stored(&*store.messages, [content(2, 1, "newest")]).await;
    fs::write(dirs.data.join("admin.token"), "secret\n").unwrap();
    fs::write(dirs.data.join("half.unfinished"), "x").unwrap();
    let expected = (texts_of(&store).await, history_of(&store).await);
    let last = store.messages.last();

    let report = backup(&dirs.data, &dirs.copy).unwrap();
    assert_eq!(report.messages, 101);
    let rows = Rows {
        apps: 1,
        accounts: 1,
        topics: 0,
    };
    assert_eq!(report.rows, rows);
    store.close().await.unwrap();
    let closed = backup(&dirs.data, &dirs.data.with_extension("closed")).unwrap();
    assert_eq!(closed.messages, 101);

    let restored = restore(&dirs.copy, &dirs.restored).unwrap();
    assert_eq!(restored, report);
    assert!(!dirs.restored.join("half.unfinished").exists());
    let token = fs::read_to_string(dirs.restored.join("admin.token")).unwrap();
    assert_eq!(token, "secret\n");
    let store = open(&dirs.restored, Arc::<TestClock>::clone(&clock), small()).unwrap();
    assert_eq!((texts_of(&store).await, history_of(&store).await), expected);
    assert_eq!(store.messages.last(), last);
    assert!(store.messages.device(&phone).is_some());
    assert_eq!(store.directory.apps().await.unwrap(), [app(5, 1)]);
}

#[tokio::test]
async fn nothing_is_written_where_something_is_and_nothing_half_is_restored() {
    let (dirs, clock) = (dirs(), TestClock::new());
    assert!(matches!(
        backup(&dirs.data, &dirs.copy),
        Err(BackupError::NoStore { .. })
    ));
    let store = open(&dirs.data, clock, small()).unwrap();
    for number in 0..100 {
        stored(&*store.messages, [content(1, 2, &number.to_string())]).await;
    }
    store.close().await.unwrap();
    fs::create_dir_all(&dirs.copy).unwrap();
    fs::write(dirs.copy.join("x"), "mine").unwrap();
    assert!(matches!(
        backup(&dirs.data, &dirs.copy),
        Err(BackupError::NotEmpty { .. })
    ));
    fs::remove_file(dirs.copy.join("x")).unwrap();
    backup(&dirs.data, &dirs.copy).unwrap();
    assert!(matches!(
        restore(&dirs.copy, &dirs.data),
        Err(BackupError::NotEmpty { .. })
    ));

    let log = dirs.copy.join("log");
    let mut segments: Vec<_> = fs::read_dir(&log).unwrap().collect();
    segments.retain(|entry| {
        let path = entry.as_ref().unwrap().path();
        path.extension().is_some_and(|it| it == "log")
    });
    fs::remove_file(segments[0].as_ref().unwrap().path()).unwrap();
    let error = restore(&dirs.copy, &dirs.restored).unwrap_err().to_string();
    assert!(error.contains("missing"), "{error}");
    let left: Vec<_> = fs::read_dir(&dirs.restored).unwrap().collect();
    assert_eq!(left.len(), 1, "the lock alone: {left:?}");
    fs::remove_file(dirs.copy.join("mimc.db")).unwrap();
    assert!(matches!(
        restore(&dirs.copy, &dirs.restored),
        Err(BackupError::NoStore { .. })
    ));
}
