//! Guarantees of [`Memberships`].

#![allow(missing_docs, reason = "the names are the sentences")]

use std::sync::Arc;

use chat::port::{Memberships, TopicChange, TopicUpdate};
use model::{AppId, Membership, Roster, Sequence, Topic, TopicId, Uuid};

use super::sample::party;

type Store = Arc<dyn Memberships>;

const APP: AppId = AppId(2_882_303_761_517_000_000);

fn topic(id: u64, owner: u64) -> Topic {
    Topic {
        id: TopicId(id),
        app_id: APP,
        owner: party(owner),
        name: format!("群 {id}"),
        bulletin: String::new(),
        extra: "{}".to_owned(),
        created_at_ms: 1_700_000_000_000,
    }
}

fn join(uuids: &[u64]) -> TopicChange {
    TopicChange::Join(uuids.iter().map(|uuid| party(*uuid)).collect())
}

fn leave(uuids: &[u64]) -> TopicChange {
    TopicChange::Leave(uuids.iter().map(|uuid| Uuid(*uuid)).collect())
}

fn update(id: u64, changes: impl Into<Vec<TopicChange>>) -> TopicUpdate {
    TopicUpdate {
        topic: TopicId(id),
        changes: changes.into(),
    }
}

/// Applies changes of one topic.
async fn change(store: &Store, id: u64, changes: impl Into<Vec<TopicChange>>, at: u64) {
    let updates = vec![update(id, changes)];
    store.apply(updates, Sequence(at)).await.unwrap();
}

/// Makes a topic of members, the first of whom owns it.
async fn create(store: &Store, id: u64, members: &[u64], at: u64) {
    let changes = [TopicChange::Create(topic(id, members[0])), join(members)];
    change(store, id, changes, at).await;
}

async fn roster(store: &Store, id: u64) -> Option<Roster> {
    store.roster(TopicId(id)).await.unwrap()
}

/// Uuids of present members and where they joined.
async fn present(store: &Store, id: u64) -> Vec<(u64, u64)> {
    let roster = roster(store, id).await.unwrap();
    let members = roster.members.iter();
    members
        .map(|member| (member.party.uuid.0, member.joined.0))
        .collect()
}

async fn members_at(store: &Store, id: u64, at: u64) -> Vec<u64> {
    let members = store.members_at(TopicId(id), Sequence(at)).await.unwrap();
    members.iter().map(|party| party.uuid.0).collect()
}

async fn times(store: &Store, uuid: u64, after: u64) -> Vec<Membership> {
    let mut times = store.of_account(Uuid(uuid), Sequence(after)).await.unwrap();
    times.sort_by_key(|time| (time.topic, time.joined));
    times
}

fn time(topic: u64, joined: u64, left: Option<u64>) -> Membership {
    Membership {
        topic: TopicId(topic),
        joined: Sequence(joined),
        left: left.map(Sequence),
    }
}

fn ids(topics: &[Topic]) -> Vec<u64> {
    topics.iter().map(|topic| topic.id.0).collect()
}

pub async fn a_topic_is_read_as_it_was_made(store: Store) {
    let id = 999_999_999_999_999_999;
    let made = Topic {
        name: "名".repeat(85),
        bulletin: "公告 'quoted' \"and\" \0 odd".to_owned(),
        extra: String::new(),
        ..topic(id, (1 << 63) - 1)
    };
    assert_eq!(roster(&store, id).await, None);
    change(&store, id, [TopicChange::Create(made.clone())], 10).await;
    let read = roster(&store, id).await.unwrap();
    assert_eq!((&read.topic, read.members.len()), (&made, 0));
    change(&store, id, [join(&[(1 << 63) - 1])], 11).await;
    let read = roster(&store, id).await.unwrap();
    assert_eq!(read.topic, made);
    assert_eq!(read.members[0].party, made.owner);
    assert_eq!(read.members[0].joined, Sequence(11));
}

pub async fn members_are_listed_in_join_order(store: Store) {
    create(&store, 7, &[3, 1, 2], 10).await;
    create(&store, 8, &[1, 9], 11).await;
    change(&store, 7, [join(&[5, 4])], 20).await;
    change(&store, 7, [leave(&[1, 99])], 30).await;
    let expected = [(3, 10), (2, 10), (5, 20), (4, 20)];
    assert_eq!(present(&store, 7).await, expected);
    change(&store, 7, [join(&[1])], 40).await;
    assert_eq!(present(&store, 7).await[4], (1, 40));
    assert_eq!(members_at(&store, 7, 41).await, [3, 2, 5, 4, 1]);
    assert_eq!(present(&store, 8).await, [(1, 11), (9, 11)]);
}

pub async fn an_owner_changes_and_the_order_stays(store: Store) {
    create(&store, 7, &[3, 1, 2], 10).await;
    let described = Topic {
        name: "n".to_owned(),
        bulletin: "b".to_owned(),
        extra: "e".to_owned(),
        ..topic(7, 2)
    };
    let changes = [TopicChange::Describe(described.clone()), leave(&[3])];
    change(&store, 7, changes, 20).await;
    assert_eq!(roster(&store, 7).await.unwrap().topic, described);
    assert_eq!(present(&store, 7).await, [(1, 10), (2, 10)]);
    assert_eq!(store.topics_of(Uuid(1)).await.unwrap(), [described]);
}

pub async fn a_change_takes_effect_at_its_place(store: Store) {
    create(&store, 7, &[1, 2], 10).await;
    change(&store, 7, [leave(&[2]), join(&[3])], 20).await;
    for (at, members) in [
        (9, &[][..]),
        (11, &[1, 2]),
        (19, &[1, 2]),
        (21, &[1, 3]),
        (u64::MAX >> 1, &[1, 3]),
    ] {
        assert_eq!(members_at(&store, 7, at).await, members, "at {at}");
    }
    assert!(members_at(&store, 6, 11).await.is_empty());
}

pub async fn joining_again_begins_a_second_time(store: Store) {
    create(&store, 7, &[1, 2, 3], 10).await;
    change(&store, 7, [leave(&[2])], 20).await;
    change(&store, 7, [join(&[2])], 30).await;
    let both = [time(7, 10, Some(20)), time(7, 30, None)];
    assert_eq!(times(&store, 2, 0).await, both);
    assert!(members_at(&store, 7, 15).await.contains(&2));
    assert!(!members_at(&store, 7, 25).await.contains(&2));
    assert_eq!(present(&store, 7).await, [(1, 10), (3, 10), (2, 30)]);
    // All at one place: nothing is said between.
    change(&store, 7, [leave(&[2]), join(&[2])], 40).await;
    let third = [both[0], time(7, 30, Some(40)), time(7, 40, None)];
    assert_eq!(times(&store, 2, 0).await, third);
    assert_eq!(members_at(&store, 7, 41).await, [1, 3, 2]);
}

pub async fn a_dismissed_topic_is_gone_and_its_members_are_remembered(store: Store) {
    create(&store, 7, &[1, 2], 10).await;
    create(&store, 8, &[1], 11).await;
    change(&store, 7, [leave(&[2])], 15).await;
    change(&store, 7, [TopicChange::Dismiss], 20).await;
    assert_eq!(roster(&store, 7).await, None);
    assert_eq!(ids(&store.topics_of(Uuid(1)).await.unwrap()), [8]);
    assert_eq!(ids(&store.list(APP, None, 10).await.unwrap()), [8]);
    assert_eq!(members_at(&store, 7, 19).await, [1]);
    assert!(members_at(&store, 7, 21).await.is_empty());
    let all = [time(7, 10, Some(20)), time(8, 11, None)];
    assert_eq!(times(&store, 1, 0).await, all);
    assert_eq!(times(&store, 2, 0).await, [time(7, 10, Some(15))]);
}

pub async fn changes_are_made_together_or_not_at_all(store: Store) {
    create(&store, 7, &[1, 2], 10).await;
    create(&store, 8, &[1], 11).await;
    change(&store, 8, [TopicChange::Dismiss], 12).await;
    let before = roster(&store, 7).await;
    for impossible in [
        update(9, [join(&[1])]),
        update(8, [join(&[1])]),
        update(8, [TopicChange::Describe(topic(8, 1))]),
        update(7, [TopicChange::Create(topic(7, 1))]),
        update(8, [TopicChange::Create(topic(8, 1))]),
        update(7, [join(&[2])]),
    ] {
        let updates = vec![
            update(7, [leave(&[1]), join(&[5])]),
            update(6, [TopicChange::Create(topic(6, 1)), join(&[1])]),
            impossible,
        ];
        assert!(store.apply(updates, Sequence(20)).await.is_err());
        assert_eq!(roster(&store, 7).await, before);
        assert_eq!(roster(&store, 6).await, None);
        assert_eq!(times(&store, 1, 12).await, [time(7, 10, None)]);
        assert_eq!(store.last_boundary().await.unwrap(), Sequence(12));
    }
    let updates = vec![
        update(7, [leave(&[1]), join(&[5])]),
        update(6, [TopicChange::Create(topic(6, 1)), join(&[1])]),
    ];
    store.apply(updates, Sequence(20)).await.unwrap();
    assert_eq!(present(&store, 7).await, [(2, 10), (5, 20)]);
    assert_eq!(present(&store, 6).await, [(1, 20)]);
}

pub async fn the_last_boundary_is_the_highest(store: Store) {
    assert_eq!(store.last_boundary().await.unwrap(), Sequence(0));
    create(&store, 7, &[1, 2], 10).await;
    assert_eq!(store.last_boundary().await.unwrap(), Sequence(10));
    let highest = (1 << 63) - 1;
    change(&store, 7, [TopicChange::Describe(topic(7, 2))], highest).await;
    change(&store, 7, [leave(&[1])], 30).await;
    assert_eq!(store.last_boundary().await.unwrap(), Sequence(highest));
    store.prune(Sequence(highest)).await.unwrap();
    assert_eq!(store.last_boundary().await.unwrap(), Sequence(highest));
}

pub async fn topics_of_an_account_are_in_join_order(store: Store) {
    assert!(store.topics_of(Uuid(1)).await.unwrap().is_empty());
    for (id, at) in [(9, 10), (7, 20), (8, 30)] {
        create(&store, id, &[2], at).await;
    }
    for (id, at) in [(8, 40), (9, 41), (7, 42)] {
        change(&store, id, [join(&[1])], at).await;
    }
    assert_eq!(ids(&store.topics_of(Uuid(1)).await.unwrap()), [8, 9, 7]);
    change(&store, 8, [leave(&[1])], 50).await;
    assert_eq!(ids(&store.topics_of(Uuid(1)).await.unwrap()), [9, 7]);
    change(&store, 8, [join(&[1])], 60).await;
    assert_eq!(ids(&store.topics_of(Uuid(1)).await.unwrap()), [9, 7, 8]);
    assert_eq!(ids(&store.topics_of(Uuid(2)).await.unwrap()), [9, 7, 8]);
    let read = store.topics_of(Uuid(2)).await.unwrap();
    assert_eq!(read[0], topic(9, 2));
}

pub async fn times_that_ended_are_found_after_a_place(store: Store) {
    for (id, left) in [(7, Some(20)), (8, Some(30)), (9, None)] {
        create(&store, id, &[2, 1], 10).await;
        if let Some(left) = left {
            change(&store, id, [leave(&[1])], left).await;
        }
    }
    let all = [
        time(7, 10, Some(20)),
        time(8, 10, Some(30)),
        time(9, 10, None),
    ];
    assert_eq!(times(&store, 1, 0).await, all);
    assert_eq!(times(&store, 1, 19).await, all);
    assert_eq!(times(&store, 1, 20).await, all[1..]);
    assert_eq!(times(&store, 1, u64::MAX).await, all[2..]);
    assert!(times(&store, 5, 0).await.is_empty());
}

pub async fn topics_are_listed_in_pages(store: Store) {
    for id in [5, 3, 999_999_999_999_999_999, 1, 4] {
        create(&store, id, &[1], 10).await;
    }
    let elsewhere = Topic {
        app_id: AppId(u64::MAX),
        ..topic(2, 1)
    };
    change(&store, 2, [TopicChange::Create(elsewhere.clone())], 11).await;
    let page = async |after: Option<u64>, limit| {
        let page = store.list(APP, after.map(TopicId), limit).await.unwrap();
        ids(&page)
    };
    let last = 999_999_999_999_999_999;
    assert_eq!(page(None, 10).await, [1, 3, 4, 5, last]);
    assert_eq!(page(None, 2).await, [1, 3]);
    assert_eq!(page(Some(3), 2).await, [4, 5]);
    assert_eq!(page(Some(5), 2).await, [last]);
    assert!(page(Some(last), 2).await.is_empty());
    assert!(page(Some(u64::MAX), 2).await.is_empty());
    let other = store.list(AppId(u64::MAX), None, 10).await.unwrap();
    assert_eq!(other, [elsewhere]);
}

pub async fn topics_have_sizes(store: Store) {
    create(&store, 7, &[1, 2, 3], 10).await;
    create(&store, 8, &[1], 11).await;
    change(&store, 7, [leave(&[2])], 20).await;
    create(&store, 9, &[4, 5], 21).await;
    change(&store, 9, [TopicChange::Dismiss], 25).await;
    let sizes = store.sizes([8, 7, 9, 6].map(TopicId).to_vec()).await;
    assert_eq!(sizes.unwrap(), [1, 2, 0, 0]);
}

pub async fn what_ended_before_a_place_is_forgotten(store: Store) {
    create(&store, 7, &[1, 2, 3], 10).await;
    create(&store, 8, &[1, 2], 11).await;
    change(&store, 7, [leave(&[2])], 20).await;
    change(&store, 7, [leave(&[3])], 30).await;
    change(&store, 8, [TopicChange::Dismiss], 25).await;

    store.prune(Sequence(20)).await.unwrap();
    assert_eq!(times(&store, 2, 0).await.len(), 2);
    store.prune(Sequence(21)).await.unwrap();
    assert_eq!(times(&store, 2, 0).await, [time(8, 11, Some(25))]);
    assert_eq!(members_at(&store, 8, 12).await, [1, 2]);
    let again = update(8, [TopicChange::Create(topic(8, 1))]);
    let refused = store.apply(vec![again.clone()], Sequence(31)).await;
    assert!(refused.is_err(), "its members are remembered");

    store.prune(Sequence(26)).await.unwrap();
    assert!(times(&store, 2, 0).await.is_empty());
    assert_eq!(times(&store, 3, 0).await, [time(7, 10, Some(30))]);
    store.apply(vec![again], Sequence(31)).await.unwrap();

    store.prune(Sequence(u64::MAX)).await.unwrap();
    assert_eq!(present(&store, 7).await, [(1, 10)]);
    assert_eq!(times(&store, 1, 0).await, [time(7, 10, None)]);
    let empty = roster(&store, 8).await.unwrap();
    assert!(empty.members.is_empty(), "only dismissed topics go");
}
