//! A disk that loses power, runs full, or fails.

use std::collections::HashSet;

use chat::port::{Batch, Messages, StoreError};
use model::{Content, Sequence};

use super::seeds::{Dice, Seeds};
use super::*;
use crate::contract::sample::{batch, content, device, login, texts};

/// Lives through several losses of power and checks after each that what was acknowledged is
/// there, once, in order.
async fn survive(seed: u64) {
    let mut dice = Dice::of(seed);
    let (mut disk, clock) = (SimulatedDisk::new(), TestClock::new());
    let (mut acked, mut sent, mut number) = (Vec::new(), Vec::new(), 0);
    let mut cursor = Sequence(0);
    for _ in 0..4 {
        let segment_bytes = 500 + dice.roll(4000);
        let store = try_open(
            &disk,
            &clock,
            Config {
                segment_bytes,
                ..Config::default()
            },
        )
        .unwrap_or_else(|error| panic!("seed {seed}: {error}"));
        let got = texts(&store, &device(2, "fresh"), Sequence(0)).await;
        check(seed, &got, &acked, &sent);
        let known = store.shared.state.read().device(&device(2, "phone"), 0);
        assert!(
            known.is_none_or(|known| known.cursor <= cursor),
            "seed {seed}"
        );

        let calm = dice.roll(25);
        for _ in 0..calm {
            let texts: Vec<_> = (0..=dice.roll(5))
                .map(|_| {
                    number += 1;
                    format!("{number:05}")
                })
                .collect();
            let contents: Vec<_> = texts
                .iter()
                .map(|text| Content {
                    is_stored: dice.roll(3) > 0,
                    payload: text.clone().into_bytes().into(),
                    ..content(1 + dice.roll(1), 2, text)
                })
                .collect();
            sent.extend(texts.clone());
            store.shared.commit(batch(contents)).unwrap();
            acked.extend(texts);
            step(&store, &mut dice, &mut cursor);
            clock.advance(dice.roll(3));
        }
        // The power fails in the middle of one more commit.
        if dice.roll(2) == 0 {
            number += 1;
            let text = format!("{number:05}");
            sent.push(text.clone());
            disk.fail_syncs(true);
            let queued = Content {
                is_stored: false,
                ..content(1, 2, &format!("{text}q"))
            };
            sent.push(format!("{text}q"));
            let refused = store.shared.commit(batch([content(1, 2, &text), queued]));
            assert!(
                matches!(refused, Err(StoreError::Unavailable(_))),
                "seed {seed}"
            );
        }
        disk = disk.after_power_loss(&mut |below| dice.roll(below));
    }
}

/// Something else that a store does.
fn step(store: &EmbeddedMessages, dice: &mut Dice, cursor: &mut Sequence) {
    match dice.roll(8) {
        0 => store.shared.maintain().unwrap(),
        1 => {
            store.shared.commit(login(device(2, "phone"))).unwrap();
        }
        2 => {
            let last = store.shared.state.read().last();
            store
                .shared
                .state
                .write()
                .acknowledge(&device(2, "phone"), last, 0);
            *cursor = last;
        }
        3 => {
            store.shared.commit(Batch::default()).unwrap();
        }
        4 => {
            let _housekeeping = store.shared.housekeeping.lock();
            store.shared.checkpoint([0, 0]).unwrap();
        }
        _ => {}
    }
}

fn check(seed: u64, got: &[String], acked: &[String], sent: &[String]) {
    let there: HashSet<_> = got.iter().collect();
    assert_eq!(
        there.len(),
        got.len(),
        "seed {seed}: a message is there twice"
    );
    let lost: Vec<_> = acked.iter().filter(|text| !there.contains(text)).collect();
    assert!(lost.is_empty(), "seed {seed}: lost {lost:?}");
    assert!(got.is_sorted(), "seed {seed}: order");
    assert!(
        got.iter().all(|text| sent.contains(text)),
        "seed {seed}: never sent"
    );
}

#[tokio::test]
async fn what_was_acknowledged_survives_every_loss_of_power() {
    for seed in Seeds::of("what_was_acknowledged_survives") {
        survive(seed).await;
    }
}

#[tokio::test]
async fn a_full_disk_refuses_and_serves_again_when_there_is_space() {
    for space in (0..700).step_by(7) {
        let (disk, clock) = (SimulatedDisk::new(), TestClock::new());
        let store = opened(&disk, &clock);
        store.shared.commit(batch([content(1, 2, "a")])).unwrap();
        store.shared.commit(login(device(2, "phone"))).unwrap();
        store.shared.state.write().acknowledge(
            &device(2, "phone"),
            Sequence(u64::MAX),
            clock.now_ms(),
        );
        disk.limit_space(Some(space));
        let more = || {
            let queued = Content {
                is_stored: false,
                ..content(1, 2, "c")
            };
            batch([content(1, 2, "b"), queued])
        };
        let first = store.shared.commit(more());
        assert!(first.is_ok() || matches!(first, Err(StoreError::Full)));
        if first.is_err() {
            assert!(store.shared.state.read().has_unsaved());
            assert!(!store.is_read_only());
            assert_eq!(texts(&store, &device(2, "x"), Sequence(0)).await, ["a"]);
        }
        disk.limit_space(None);
        if first.is_err() {
            store.shared.commit(more()).unwrap();
        }
        assert_eq!(
            texts(&store, &device(2, "x"), Sequence(0)).await,
            ["a", "b", "c"]
        );
        drop(store);
        let store = opened(&disk, &clock);
        assert_eq!(
            texts(&store, &device(2, "x"), Sequence(0)).await,
            ["a", "b", "c"]
        );
    }
}

#[tokio::test]
async fn after_a_failed_sync_or_write_nothing_is_stored_until_a_restart() {
    type Fail = fn(&SimulatedDisk, bool);
    let fails: [Fail; 2] = [SimulatedDisk::fail_syncs, SimulatedDisk::fail_writes];
    for fail in fails {
        let (disk, clock) = (SimulatedDisk::new(), TestClock::new());
        let store = opened(&disk, &clock);
        store.shared.commit(batch([content(1, 2, "a")])).unwrap();
        assert!(!store.is_read_only());
        fail(&disk, true);
        let refused = store.shared.commit(batch([content(1, 2, "b")]));
        assert!(matches!(refused, Err(StoreError::Unavailable(_))));
        fail(&disk, false);
        assert!(store.is_read_only());
        let refused = store.shared.commit(batch([content(1, 2, "c")]));
        assert!(matches!(refused, Err(StoreError::Unavailable(_))));
        assert_eq!(texts(&store, &device(2, "x"), Sequence(0)).await, ["a"]);
        drop(store);
        let store = opened(&disk, &clock);
        assert!(!store.is_read_only());
        store.shared.commit(batch([content(1, 2, "d")])).unwrap();
        let got = texts(&store, &device(2, "x"), Sequence(0)).await;
        assert!(got == ["a", "d"] || got == ["a", "b", "d"], "{got:?}");
    }
}

#[tokio::test]
async fn nothing_has_the_place_of_what_could_not_be_synced() {
    let (disk, clock) = (SimulatedDisk::new(), TestClock::new());
    let store = opened(&disk, &clock);
    store
        .commit(batch([content(1, 2, "before")]))
        .await
        .unwrap();
    disk.fail_syncs(true);
    let refused = store.commit(batch([content(1, 2, "unsure")])).await;
    assert!(matches!(refused, Err(StoreError::Unavailable(_))));
    // A topic can still be changed.
    let place = store.take_place();
    drop(store);
    disk.fail_syncs(false);
    let store = opened(&disk, &clock);
    assert_eq!(texts(&store, &device(2, "x"), Sequence(0)).await.len(), 2);
    assert!(store.last() < place, "{:?} {place:?}", store.last());
}
