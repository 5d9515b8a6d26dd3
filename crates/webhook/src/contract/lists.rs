//! Rows as they are seen, replayed, cleared and forgotten.

#![allow(missing_docs, reason = "the names say it")]

use chat::port::{
    Deliveries, Delivery, DeliveryCursor, DeliveryKind, DeliveryStatus, ListDeliveries,
};

use super::{
    APP, OTHER_APP, attempt, due, ids, list, listed, named, pending, question, row, rows, take_in,
    tried,
};

pub async fn a_backlog_is_counted_no_further_than_asked(store: &dyn Deliveries) {
    assert_eq!(store.backlog(9).await.unwrap(), 0);
    take_in(store, rows(APP, 0..3)).await;
    take_in(store, rows(OTHER_APP, 3..5)).await;
    take_in(store, vec![question(5, 30)]).await;
    let done = tried(0, 7, DeliveryStatus::Delivered);
    store.record(vec![done]).await.unwrap();
    for (count_max, expected) in [(9, 4), (4, 4), (3, 3), (1, 1), (0, 0)] {
        assert_eq!(store.backlog(count_max).await.unwrap(), expected);
    }
}

pub async fn one_row_is_found_by_its_id(store: &dyn Deliveries) {
    take_in(store, vec![row(APP, 0, 9), question(1, 30)]).await;
    let found = store.delivery(APP, "cb_0").await.unwrap();
    assert_eq!(found, Some(row(APP, 0, 9)));
    for (app_id, id) in [(OTHER_APP, "cb_0"), (APP, "cb_1"), (APP, "cb_9")] {
        assert_eq!(store.delivery(app_id, id).await.unwrap(), None, "{id}");
    }
}

pub async fn a_list_begins_with_the_newest(store: &dyn Deliveries) {
    let offline = Delivery {
        id: "cb_offline".into(),
        kind: DeliveryKind::Offline,
        ..row(APP, 1, 5)
    };
    take_in(
        store,
        vec![row(APP, 0, 9), row(APP, 1, 8), offline, row(APP, 2, 7)],
    )
    .await;
    take_in(store, rows(OTHER_APP, 3..4)).await;
    assert_eq!(
        listed(store, APP).await,
        ["cb_2", "cb_offline", "cb_1", "cb_0"]
    );
}

pub async fn undecided_rows_are_not_listed(store: &dyn Deliveries) {
    take_in(store, vec![row(APP, 0, 9), question(1, 30)]).await;
    assert_eq!(listed(store, APP).await, named([0]));
    assert!(!store.replay(APP, "cb_1", 5).await.unwrap());
}

pub async fn pages_together_are_the_whole_list(store: &dyn Deliveries) {
    take_in(store, rows(APP, 0..7)).await;
    let mut wanted = ListDeliveries {
        only_failed: false,
        after: None,
        limit: 3,
    };
    let mut sizes = Vec::new();
    let mut all = Vec::new();
    loop {
        let page = store.list(APP, wanted).await.unwrap();
        sizes.push(page.deliveries.len());
        all.extend(page.deliveries);
        wanted.after = page.next;
        if wanted.after.is_none() {
            break;
        }
    }
    assert_eq!(sizes, [3, 3, 1]);
    assert_eq!(ids(&all), named([6, 5, 4, 3, 2, 1, 0]));
    let row_that_is_gone = DeliveryCursor {
        sequence: row(APP, 3, 0).sequence,
        kind: DeliveryKind::Offline,
    };
    wanted.after = Some(row_that_is_gone);
    let page = store.list(APP, wanted).await.unwrap();
    assert_eq!(ids(&page.deliveries), named([3, 2, 1]));
}

pub async fn failed_ones_can_be_listed_alone(store: &dyn Deliveries) {
    take_in(store, rows(APP, 0..5)).await;
    let failed = [1, 3, 4].map(|number| tried(number, 7, DeliveryStatus::Failed));
    store.record(failed.to_vec()).await.unwrap();
    let mut wanted = ListDeliveries {
        only_failed: true,
        after: None,
        limit: 2,
    };
    let first = store.list(APP, wanted).await.unwrap();
    assert_eq!(ids(&first.deliveries), named([4, 3]));
    wanted.after = first.next;
    let last = store.list(APP, wanted).await.unwrap();
    assert_eq!((ids(&last.deliveries), last.next), (named([1]), None));
}

pub async fn a_replayed_row_is_pending_without_failures(store: &dyn Deliveries) {
    take_in(store, rows(APP, 0..3)).await;
    let retried = DeliveryStatus::Pending {
        next_at_ms: 30_000,
        failures: 2,
    };
    let outcomes = vec![
        tried(0, 7, DeliveryStatus::Failed),
        tried(1, 7, DeliveryStatus::Delivered),
        tried(2, 7, retried),
    ];
    store.record(outcomes).await.unwrap();
    for id in named([0, 1, 2]) {
        assert!(store.replay(APP, &id, 50).await.unwrap());
    }
    for row in list(store, APP).await {
        assert_eq!((row.status, row.attempts), (pending(50), vec![attempt(7)]));
    }
    assert_eq!(due(store, 50).await, named([0, 1, 2]));
}

pub async fn a_row_of_another_app_is_not_replayed(store: &dyn Deliveries) {
    take_in(store, rows(APP, 0..1)).await;
    store
        .record(vec![tried(0, 7, DeliveryStatus::Failed)])
        .await
        .unwrap();
    assert!(!store.replay(OTHER_APP, "cb_0", 50).await.unwrap());
    assert!(!store.replay(APP, "cb_1", 50).await.unwrap());
    assert_eq!(store.replay_failed(OTHER_APP, 50).await.unwrap(), 0);
    assert_eq!(list(store, APP).await[0].status, DeliveryStatus::Failed);
}

pub async fn all_failed_ones_are_replayed_at_once(store: &dyn Deliveries) {
    take_in(store, rows(APP, 0..4)).await;
    let outcomes = vec![
        tried(0, 7, DeliveryStatus::Failed),
        tried(1, 7, DeliveryStatus::Delivered),
        tried(2, 7, DeliveryStatus::Failed),
    ];
    store.record(outcomes).await.unwrap();
    assert_eq!(store.replay_failed(APP, 50).await.unwrap(), 2);
    assert_eq!(due(store, 50).await, named([0, 2]));
    assert_eq!(store.replay_failed(APP, 60).await.unwrap(), 0);
}

pub async fn clearing_drops_what_is_open_of_its_kind(store: &dyn Deliveries) {
    let mut offline = question(3, 0);
    offline.status = pending(5);
    take_in(store, rows(APP, 0..3)).await;
    take_in(store, vec![offline, question(4, 30)]).await;
    take_in(store, rows(OTHER_APP, 5..6)).await;
    let outcomes = vec![
        tried(0, 7, DeliveryStatus::Failed),
        tried(1, 7, DeliveryStatus::Delivered),
    ];
    store.record(outcomes).await.unwrap();
    assert_eq!(store.clear(APP, DeliveryKind::Instant).await.unwrap(), 1);
    assert_eq!(listed(store, APP).await, named([3, 1, 0]));
    assert_eq!(store.clear(APP, DeliveryKind::Offline).await.unwrap(), 2);
    assert_eq!(listed(store, APP).await, named([1, 0]));
    assert_eq!(store.undecided(100, 10).await.unwrap().deliveries, []);
    assert_eq!(listed(store, OTHER_APP).await, named([5]));
}

pub async fn a_forgotten_app_has_no_rows(store: &dyn Deliveries) {
    take_in(store, rows(APP, 0..3)).await;
    take_in(store, vec![question(3, 30)]).await;
    take_in(store, rows(OTHER_APP, 4..5)).await;
    store
        .record(vec![tried(0, 7, DeliveryStatus::Failed)])
        .await
        .unwrap();
    store.forget(APP).await.unwrap();
    assert!(list(store, APP).await.is_empty());
    assert_eq!(store.undecided(100, 10).await.unwrap().deliveries, []);
    assert_eq!(store.waiting().await.unwrap(), [(OTHER_APP, 100)]);
}

pub async fn old_rows_are_pruned_when_they_are_finished(store: &dyn Deliveries) {
    take_in(store, rows(APP, 0..4)).await;
    take_in(store, vec![question(4, 30)]).await;
    let outcomes = vec![
        tried(0, 50_000, DeliveryStatus::Failed),
        tried(1, 50_001, DeliveryStatus::Failed),
        tried(2, 49_999, DeliveryStatus::Delivered),
    ];
    store.record(outcomes).await.unwrap();
    assert_eq!(store.prune(50_000, 10).await.unwrap(), 1);
    assert_eq!(listed(store, APP).await, named([3, 1, 0]));
    assert_eq!(store.prune(u64::MAX >> 1, 10).await.unwrap(), 2);
    assert_eq!(listed(store, APP).await, named([3]));
    assert_eq!(store.undecided(100, 10).await.unwrap().deliveries.len(), 1);
}

pub async fn success_pushes_out_no_failure(store: &dyn Deliveries) {
    take_in(store, rows(APP, 0..8)).await;
    take_in(store, rows(OTHER_APP, 8..9)).await;
    let failed = [0, 1, 2].map(|number| tried(number, 7, DeliveryStatus::Failed));
    let delivered = [3, 4, 5, 6, 8].map(|number| tried(number, 7, DeliveryStatus::Delivered));
    store
        .record([&failed[..], &delivered[..]].concat())
        .await
        .unwrap();
    assert_eq!(store.prune(0, 2).await.unwrap(), 3);
    assert_eq!(listed(store, APP).await, named([7, 6, 5, 2, 1]));
    assert_eq!(listed(store, OTHER_APP).await, named([8]));
}
