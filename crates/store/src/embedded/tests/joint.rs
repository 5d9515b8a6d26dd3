//! Batches that are in both families: whole, or not there, or damaged and told.

use std::path::PathBuf;

use chat::port::StoreError;
use model::{Content, Sequence};

use super::*;
use crate::contract::sample::{batch, content, device, logged_in, stored, texts};
use crate::embedded::{check_on, salvage_on};

fn queued(text: &str) -> Content {
    Content {
        is_stored: false,
        ..content(1, 2, text)
    }
}

/// One sender's batch.
fn mixed() -> [Content; 4] {
    [
        content(1, 2, "c"),
        queued("d"),
        content(1, 2, "e"),
        queued("f"),
    ]
}

fn log_of(disk: &SimulatedDisk, family: &str) -> (PathBuf, Vec<u8>) {
    let mut files = disk.files().into_iter();
    files
        .find(|(path, _)| path.to_str().unwrap().contains(family))
        .unwrap()
}

/// A disk with the first bytes of both logs.
fn cut(disk: &SimulatedDisk, lens: [usize; 2]) -> SimulatedDisk {
    let copy = SimulatedDisk::new();
    for (family, len) in ["stored", "queue"].into_iter().zip(lens) {
        let (path, mut bytes) = log_of(disk, family);
        bytes.truncate(len);
        copy.put(&path, bytes);
    }
    copy
}

fn lens(disk: &SimulatedDisk) -> [usize; 2] {
    ["stored", "queue"].map(|family| log_of(disk, family).1.len())
}

async fn kept(disk: &SimulatedDisk, clock: &Arc<TestClock>) -> Vec<String> {
    let store = try_open(disk, clock, Config::default()).unwrap();
    texts(&store, &device(2, "fresh"), Sequence(0)).await
}

/// Both logs before and after the mixed batch, without the marks behind it.
async fn lived() -> (SimulatedDisk, Arc<TestClock>, [usize; 2], [usize; 2]) {
    const MARK: usize = 17;
    let (disk, clock) = (SimulatedDisk::new(), TestClock::new());
    let store = try_open(&disk, &clock, Config::default()).unwrap();
    stored(&store, [content(1, 2, "a")]).await;
    stored(&store, [queued("b")]).await;
    let before = lens(&disk);
    stored(&store, mixed()).await;
    let after = lens(&disk).map(|len| len - MARK);
    (disk, clock, before, after)
}

#[tokio::test]
async fn a_batch_of_which_a_part_is_missing_is_gone_and_sent_again_in_its_order() {
    let (disk, clock, before, after) = lived().await;
    let stored_ends = (before[0]..=after[0]).map(|end| [end, before[1]]);
    let queue_ends = (before[1]..after[1]).map(|end| [after[0], end]);
    for ends in stored_ends.chain(queue_ends) {
        let disk = cut(&disk, ends);
        assert_eq!(kept(&disk, &clock).await, ["a", "b"], "{ends:?}");
        let store = try_open(&disk, &clock, Config::default()).unwrap();
        stored(&store, mixed()).await;
        drop(store);
        let all = ["a", "b", "c", "d", "e", "f"];
        assert_eq!(kept(&disk, &clock).await, all, "{ends:?}");
        assert_eq!(check_on(&disk, dir(), true), [], "{ends:?}");
    }
    let whole = cut(&disk, after);
    assert_eq!(kept(&whole, &clock).await.len(), 6);
}

#[tokio::test]
async fn a_part_that_is_missing_after_the_batch_was_whole_is_damage() {
    let (disk, clock, before, after) = lived().await;
    let [stored_len, queue_len] = lens(&disk);
    let queue_ends = (before[1]..after[1])
        .step_by(7)
        .map(|end| [stored_len, end]);
    let stored_ends = (before[0] + 29..after[0]).step_by(7);
    let stored_ends = stored_ends.map(|end| [end, queue_len]);
    for (ends, family) in queue_ends
        .map(|ends| (ends, "queue"))
        .chain(stored_ends.map(|ends| (ends, "stored")))
    {
        let disk = cut(&disk, ends);
        let files = disk.files();
        let error = try_open(&disk, &clock, Config::default()).err().unwrap();
        let error = error.to_string();
        assert!(
            error.contains(family) && error.contains("--salvage"),
            "{ends:?}: {error}"
        );
        assert_eq!(disk.files(), files);
        let findings = check_on(&disk, dir(), false);
        assert!(
            findings[0].file.to_str().unwrap().contains(family),
            "{findings:?}"
        );
        assert!(!salvage_on(&disk, dir()).unwrap().is_empty());
        assert_eq!(check_on(&disk, dir(), true), [], "{ends:?}");
        let kept = kept(&disk, &clock).await;
        let others = if family == "queue" {
            ["a", "b", "c", "e"]
        } else {
            ["a", "b", "d", "f"]
        };
        assert!(
            others
                .iter()
                .all(|text| kept.iter().any(|kept| kept == text)),
            "{ends:?}: {kept:?}"
        );
    }
}

#[tokio::test]
async fn a_batch_that_was_refused_half_written_is_nowhere_after_a_restart() {
    for changes in 0..3 {
        let (disk, clock) = (SimulatedDisk::new(), TestClock::new());
        let store = try_open(&disk, &clock, Config::default()).unwrap();
        stored(&store, [content(1, 2, "a")]).await;
        stored(&store, [queued("b")]).await;
        // The stored part, its sync, the queue's part, its sync.
        disk.stop_after(Some(changes));
        let refused = store.shared.commit(batch(mixed()));
        assert!(matches!(refused, Err(StoreError::Unavailable(_))));
        drop(store);
        disk.stop_after(None);
        assert_eq!(kept(&disk, &clock).await, ["a", "b"], "{changes}");
    }
}

#[tokio::test]
async fn a_batch_whose_last_sync_failed_is_sent_again_and_there_once_after_any_loss_of_power() {
    for is_lost in [true, false] {
        let (disk, clock) = (SimulatedDisk::new(), TestClock::new());
        let store = try_open(&disk, &clock, Config::default()).unwrap();
        logged_in(&store, &device(2, "phone")).await;
        stored(&store, [queued("b")]).await;
        disk.fail_syncs(true);
        let refused = store.shared.commit(batch([content(1, 2, "c")]));
        assert!(matches!(refused, Err(StoreError::Unavailable(_))));
        drop(store);
        disk.fail_syncs(false);
        // What the system forgot is still to be read after a restart of the program alone.
        let store = try_open(&disk, &clock, Config::default()).unwrap();
        let again = store.shared.commit(batch([content(1, 2, "c")])).unwrap();
        assert!(matches!(
            again.outcomes[0],
            chat::port::Outcome::Repeated { .. }
        ));
        drop(store);
        let disk = if is_lost {
            disk.after_power_loss(&mut |_| 1)
        } else {
            disk
        };
        assert_eq!(kept(&disk, &clock).await, ["b", "c"]);
    }
}
