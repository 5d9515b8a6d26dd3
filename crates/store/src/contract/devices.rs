//! Guarantees about devices and their cursors.

#![allow(missing_docs, reason = "the names are the sentences")]

use chat::port::{Batch, Clock, Messages, NewDevice};
use model::limits::{DEVICE_UNSEEN_MS_MAX, DEVICES_PER_ACCOUNT_MAX};
use model::{Device, DeviceId, Resource, Sequence};

use super::TestClock;
use super::sample::{batch, content, device, logged_in, stored};

pub async fn a_new_device_starts_where_its_account_is(store: &dyn Messages, clock: &TestClock) {
    let phone = device(2, "phone");
    assert_eq!(store.device(&phone), None);
    let messages = stored(store, [content(1, 2, "a"), content(1, 2, "b")]).await;
    let first = Device {
        cursor: Sequence(0),
        own_after: messages[1].sequence,
        seen_at_ms: clock.now_ms(),
    };
    assert_eq!(logged_in(store, &phone).await, first);
    assert_eq!(store.device(&phone), Some(first));
    store.acknowledge(&phone, messages[0].sequence);

    let second = logged_in(store, &device(2, "tablet")).await;
    assert_eq!(second.cursor, messages[0].sequence);
    let stranger = logged_in(store, &device(3, "phone")).await;
    assert_eq!(stranger.cursor, Sequence(0));

    let mut known = store.devices(phone.uuid);
    known.sort_by(|one, other| one.0.cmp(&other.0));
    let names: Vec<_> = known.iter().map(|(resource, _)| &**resource).collect();
    assert_eq!(names, ["phone", "tablet"]);
}

pub async fn a_known_device_keeps_its_place(store: &dyn Messages, clock: &TestClock) {
    let phone = device(2, "phone");
    let first = logged_in(store, &phone).await;
    let message = stored(store, [content(1, 2, "a")]).await.remove(0);
    store.acknowledge(&phone, message.sequence);
    clock.advance(1000);
    let again = logged_in(store, &phone).await;
    assert_eq!(again.cursor, message.sequence);
    assert_eq!(again.own_after, first.own_after);
    assert_eq!(again.seen_at_ms, clock.now_ms());
    assert_eq!(store.device(&phone), Some(again));
}

pub async fn devices_come_after_the_messages_of_their_batch(store: &dyn Messages, _: &TestClock) {
    let twice = NewDevice {
        device: device(1, "phone"),
        bound: Vec::new(),
    };
    let batch = Batch {
        devices: vec![twice.clone(), twice],
        ..batch([content(1, 2, "a")])
    };
    let committed = store.commit(batch).await.unwrap();
    assert_eq!(committed.devices[0].own_after, store.last());
    assert_eq!(committed.devices[0], committed.devices[1]);
    assert_eq!(store.devices(device(1, "phone").uuid).len(), 1);
}

pub async fn a_cursor_moves_forward_and_never_back(store: &dyn Messages, clock: &TestClock) {
    let phone = device(2, "phone");
    logged_in(store, &phone).await;
    let messages = stored(store, [content(1, 2, "a"), content(1, 2, "b")]).await;
    clock.advance(7);
    store.acknowledge(&phone, messages[1].sequence);
    store.acknowledge(&phone, messages[0].sequence);
    let now = store.device(&phone).unwrap();
    assert_eq!(now.cursor, messages[1].sequence);
    assert_eq!(now.seen_at_ms, clock.now_ms());
    // What is not there yet cannot have been acknowledged.
    store.acknowledge(&phone, Sequence(u64::MAX));
    assert_eq!(store.device(&phone).unwrap().cursor, store.last());
}

pub async fn an_unknown_device_acknowledges_nothing(store: &dyn Messages, _: &TestClock) {
    let message = stored(store, [content(1, 2, "a")]).await.remove(0);
    store.acknowledge(&device(2, "phone"), message.sequence);
    assert_eq!(store.device(&device(2, "phone")), None);
    assert!(!store.has_unsaved_cursors());
    assert_eq!(
        logged_in(store, &device(2, "tablet")).await.cursor,
        Sequence(0)
    );
}

pub async fn moved_cursors_are_unsaved_until_the_next_commit(store: &dyn Messages, _: &TestClock) {
    let phone = device(2, "phone");
    logged_in(store, &phone).await;
    let message = stored(store, [content(1, 2, "a")]).await.remove(0);
    assert!(!store.has_unsaved_cursors());
    store.acknowledge(&phone, message.sequence);
    assert!(store.has_unsaved_cursors());
    store.commit(Batch::default()).await.unwrap();
    assert!(!store.has_unsaved_cursors());
    store.acknowledge(&phone, message.sequence);
    assert!(!store.has_unsaved_cursors());
}

pub async fn an_unseen_device_is_forgotten_after_thirty_days(
    store: &dyn Messages,
    clock: &TestClock,
) {
    let (phone, tablet) = (device(2, "phone"), device(2, "tablet"));
    logged_in(store, &phone).await;
    let tablet_first = logged_in(store, &tablet).await;
    let message = stored(store, [content(1, 2, "a")]).await.remove(0);
    clock.advance(DEVICE_UNSEEN_MS_MAX);
    assert!(store.device(&tablet).is_some());
    store.acknowledge(&phone, message.sequence);
    clock.advance(1);
    assert_eq!(store.device(&tablet), None);
    assert_eq!(store.devices(phone.uuid).len(), 1);
    store.acknowledge(&tablet, message.sequence);
    assert_eq!(store.device(&tablet), None);
    let anew = logged_in(store, &tablet).await;
    assert_eq!(anew.cursor, message.sequence);
    assert_ne!(anew.own_after, tablet_first.own_after);
}

pub async fn the_longest_unseen_device_goes_first_and_a_bound_one_never(
    store: &dyn Messages,
    clock: &TestClock,
) {
    let numbered = |number: usize| device(2, &format!("r{number:03}"));
    for number in 0..DEVICES_PER_ACCOUNT_MAX {
        clock.advance(1);
        logged_in(store, &numbered(number)).await;
    }
    clock.advance(1);
    logged_in(store, &numbered(1)).await;
    assert_eq!(
        store.devices(numbered(0).uuid).len(),
        DEVICES_PER_ACCOUNT_MAX
    );

    // 0 is bound and 1 has been seen just now: 2 goes, then 3.
    let bound = vec![Resource::new("r000").unwrap()];
    let next = |number| NewDevice {
        device: numbered(number),
        bound: bound.clone(),
    };
    let devices = vec![
        next(DEVICES_PER_ACCOUNT_MAX),
        next(DEVICES_PER_ACCOUNT_MAX + 1),
    ];
    let entries = Vec::new();
    store.commit(Batch { entries, devices }).await.unwrap();
    let is_known = |device: DeviceId| store.device(&device).is_some();
    let gone: Vec<_> = (0..DEVICES_PER_ACCOUNT_MAX + 2)
        .filter(|at| !is_known(numbered(*at)))
        .collect();
    assert_eq!(gone, [2, 3]);
    assert_eq!(
        store.devices(numbered(0).uuid).len(),
        DEVICES_PER_ACCOUNT_MAX
    );
}
