//! Rows on their way: taken in, due, tried, decided.

#![allow(missing_docs, reason = "the names say it")]

use chat::port::{ATTEMPTS_KEPT_MAX, Decided, Deliveries, Delivery, DeliveryKind, DeliveryStatus};
use model::{Sequence, Uuid};

use super::{
    APP, OTHER_APP, attempt, due, ids, list, listed, named, pending, question, row, rows, take_in,
    tried,
};

pub async fn at_first_there_is_nothing(store: &dyn Deliveries) {
    assert_eq!(store.position().await.unwrap(), Sequence(0));
    assert_eq!(store.waiting().await.unwrap(), []);
    assert!(list(store, APP).await.is_empty());
    assert_eq!(
        store.due(APP, u64::MAX >> 1, 10).await.unwrap().next_at_ms,
        None
    );
}

pub async fn rows_and_position_are_taken_in_together(store: &dyn Deliveries) {
    store.take_in(Sequence(7), vec![]).await.unwrap();
    assert_eq!(store.position().await.unwrap(), Sequence(7));
    store.take_in(Sequence(9), rows(APP, 0..3)).await.unwrap();
    assert_eq!(store.position().await.unwrap(), Sequence(9));
    assert_eq!(due(store, 100).await, named([0, 1, 2]));
}

pub async fn the_position_never_moves_back(store: &dyn Deliveries) {
    store.take_in(Sequence(9), vec![]).await.unwrap();
    store.take_in(Sequence(7), rows(APP, 0..1)).await.unwrap();
    assert_eq!(store.position().await.unwrap(), Sequence(9));
    assert_eq!(listed(store, APP).await, named([0]));
}

pub async fn a_message_has_its_rows_once(store: &dyn Deliveries) {
    take_in(store, rows(APP, 0..1)).await;
    let again = Delivery {
        id: "cb_again".into(),
        ..row(APP, 0, 5)
    };
    let offline = Delivery {
        id: "cb_offline".into(),
        kind: DeliveryKind::Offline,
        ..row(APP, 0, 5)
    };
    take_in(store, vec![again, offline]).await;
    assert_eq!(listed(store, APP).await, ["cb_offline", "cb_0"]);
}

pub async fn a_row_is_read_as_it_was_given(store: &dyn Deliveries) {
    let mut decided = question(1, 0);
    decided.status = DeliveryStatus::Pending {
        next_at_ms: 42,
        failures: 2,
    };
    decided.receivers = vec![Uuid(u64::MAX >> 1), Uuid(3)];
    let mut given_up = row(APP, 0, 0);
    given_up.status = DeliveryStatus::Failed;
    given_up.attempts = vec![attempt(1), attempt(2)];
    given_up.attempts[1].http_status = None;
    take_in(store, vec![given_up.clone(), decided.clone()]).await;
    assert_eq!(list(store, APP).await, [decided.clone(), given_up]);
    assert_eq!(store.due(APP, 42, 1).await.unwrap().deliveries, [decided]);
}

pub async fn due_rows_come_by_their_time(store: &dyn Deliveries) {
    let times = [(0, 30), (1, 10), (2, 20), (3, 10), (4, 40)];
    take_in(
        store,
        times
            .map(|(number, at_ms)| row(APP, number, at_ms))
            .to_vec(),
    )
    .await;
    assert_eq!(due(store, 9).await, named([]));
    let come = store.due(APP, 30, 10).await.unwrap();
    assert_eq!(ids(&come.deliveries), named([1, 3, 2, 0]));
    assert_eq!(come.next_at_ms, Some(40));
    let some = store.due(APP, 30, 2).await.unwrap();
    assert_eq!(ids(&some.deliveries), named([1, 3]));
    assert_eq!(some.next_at_ms, Some(20));
    let all = store.due(APP, 40, 5).await.unwrap();
    assert_eq!((all.deliveries.len(), all.next_at_ms), (5, None));
}

pub async fn rows_of_other_apps_are_not_due(store: &dyn Deliveries) {
    take_in(
        store,
        vec![row(APP, 0, 50), row(OTHER_APP, 1, 20), row(APP, 2, 30)],
    )
    .await;
    let mut waiting = store.waiting().await.unwrap();
    waiting.sort_unstable();
    assert_eq!(waiting, [(APP, 30), (OTHER_APP, 20)]);
    assert_eq!(due(store, 50).await, named([2, 0]));
}

pub async fn an_attempt_is_added_and_the_status_follows(store: &dyn Deliveries) {
    take_in(store, rows(APP, 0..3)).await;
    let retried = DeliveryStatus::Pending {
        next_at_ms: 5_100,
        failures: 1,
    };
    let outcomes = vec![
        tried(0, 100, retried),
        tried(1, 101, DeliveryStatus::Delivered),
        tried(2, 102, DeliveryStatus::Failed),
    ];
    store.record(outcomes).await.unwrap();
    let rows = list(store, APP).await;
    let statuses: Vec<_> = rows.iter().rev().map(|row| row.status).collect();
    assert_eq!(
        statuses,
        [retried, DeliveryStatus::Delivered, DeliveryStatus::Failed]
    );
    assert_eq!(rows[0].attempts, [attempt(102)]);
    assert_eq!(due(store, 5_099).await, named([]));
    assert_eq!(due(store, 5_100).await, named([0]));
}

pub async fn the_oldest_attempts_are_dropped(store: &dyn Deliveries) {
    take_in(store, rows(APP, 0..1)).await;
    let count = u64::try_from(ATTEMPTS_KEPT_MAX).unwrap() + 2;
    for at_ms in 0..count {
        store
            .record(vec![tried(0, at_ms, pending(at_ms))])
            .await
            .unwrap();
    }
    let kept = &list(store, APP).await[0].attempts;
    assert_eq!(kept.len(), ATTEMPTS_KEPT_MAX);
    assert_eq!((kept[0].at_ms, kept[kept.len() - 1].at_ms), (2, count - 1));
}

pub async fn what_came_of_a_row_that_is_gone_is_ignored(store: &dyn Deliveries) {
    take_in(store, rows(APP, 0..2)).await;
    store.clear(APP, DeliveryKind::Instant).await.unwrap();
    store.record(vec![tried(0, 1, pending(1))]).await.unwrap();
    let decided = Decided {
        id: "cb_1".into(),
        receivers: vec![Uuid(1)],
        next_at_ms: 1,
    };
    store.decide(vec![decided]).await.unwrap();
    assert!(list(store, APP).await.is_empty());
}

pub async fn undecided_rows_come_by_their_time(store: &dyn Deliveries) {
    let other = Delivery {
        app_id: OTHER_APP,
        ..question(1, 10)
    };
    take_in(
        store,
        vec![question(0, 30), other, question(2, 20), row(APP, 3, 5)],
    )
    .await;
    let come = store.undecided(20, 10).await.unwrap();
    assert_eq!(ids(&come.deliveries), named([1, 2]));
    assert_eq!(come.next_at_ms, Some(30));
    let one = store.undecided(20, 1).await.unwrap();
    assert_eq!(
        (ids(&one.deliveries), one.next_at_ms),
        (named([1]), Some(20))
    );
    assert_eq!(due(store, 100).await, named([3]));
}

pub async fn what_is_due_too_late_is_brought_forward(store: &dyn Deliveries) {
    let rows = vec![
        row(APP, 0, 30),
        row(APP, 1, 31),
        question(2, 31),
        question(3, 30),
    ];
    take_in(store, rows).await;
    let failed = tried(
        1,
        1,
        DeliveryStatus::Pending {
            next_at_ms: 90,
            failures: 2,
        },
    );
    store.record(vec![failed]).await.unwrap();
    let given_up = row(APP, 4, 80);
    take_in(store, vec![given_up]).await;
    store
        .record(vec![tried(4, 1, DeliveryStatus::Failed)])
        .await
        .unwrap();
    store.bring_forward(30, 20).await.unwrap();
    let come = store.due(APP, 20, 10).await.unwrap();
    assert_eq!(
        (ids(&come.deliveries), come.next_at_ms),
        (named([1]), Some(30))
    );
    let status = DeliveryStatus::Pending {
        next_at_ms: 20,
        failures: 2,
    };
    assert_eq!(
        come.deliveries[0].status, status,
        "its failures still count"
    );
    let open = store.undecided(20, 10).await.unwrap();
    assert_eq!(
        (ids(&open.deliveries), open.next_at_ms),
        (named([2]), Some(30))
    );
}

pub async fn a_decided_row_is_pending_or_gone(store: &dyn Deliveries) {
    take_in(store, vec![question(0, 30), question(1, 30)]).await;
    let answer = |number: u64, receivers| Decided {
        id: format!("cb_{number}"),
        receivers,
        next_at_ms: 25,
    };
    let receivers = vec![Uuid(8), Uuid(7)];
    let decided = vec![answer(0, receivers.clone()), answer(1, vec![])];
    store.decide(decided).await.unwrap();
    let rows = list(store, APP).await;
    assert_eq!(ids(&rows), named([0]));
    assert_eq!(
        (&rows[0].receivers, rows[0].status),
        (&receivers, pending(25))
    );
    assert_eq!(store.undecided(100, 10).await.unwrap().deliveries, []);
    assert_eq!(due(store, 25).await, named([0]));
}

pub async fn a_row_is_decided_once(store: &dyn Deliveries) {
    take_in(store, vec![question(0, 30)]).await;
    for receivers in [vec![Uuid(8)], vec![Uuid(9)], vec![]] {
        let decided = Decided {
            id: "cb_0".into(),
            receivers,
            next_at_ms: 25,
        };
        store.decide(vec![decided]).await.unwrap();
    }
    assert_eq!(list(store, APP).await[0].receivers, [Uuid(8)]);
}
