//! The contracts, what goes together, and what is there after a restart.

#![allow(
    clippy::unused_async,
    reason = "other stores have to wait until they are made"
)]

use std::sync::Arc;

use chat::port::{
    Deliveries, Delivery, DeliveryKind, DeliveryStatus, Directory, ListAccounts, Memberships,
    Relations, TopicChange, TopicUpdate,
};
use model::{AccountName, AppId, Conversation, Sequence, Topic, TopicId, Uuid};
use rusqlite::{Connection, params};
use tempfile::TempDir;

use super::rows::accounts_query;
use super::{SqliteDeliveries, SqliteDirectory};
use crate::contract::sample::{account, app, party};
use crate::contract::{DirectorySubject, MembershipsSubject, RelationsSubject, TestClock};
use crate::embedded::{Config, check, open};

fn opened(dir: &TempDir) -> Arc<SqliteDirectory> {
    Arc::new(SqliteDirectory::open(&dir.path().join("mimc.db"), ()).unwrap())
}

mod upgrade;

mod directory {
    use super::*;

    async fn make() -> DirectorySubject {
        let dir = tempfile::tempdir().unwrap();
        DirectorySubject {
            store: opened(&dir),
            keep: Box::new(dir),
        }
    }

    crate::directory_contract!(make);
}

#[tokio::test]
async fn a_list_of_accounts_is_one_range_of_the_index() {
    let dir = tempfile::tempdir().unwrap();
    drop(opened(&dir));
    let connection = Connection::open(dir.path().join("mimc.db")).unwrap();
    let name = |text| Some(AccountName::new(text).unwrap());
    for (prefix, after, expected) in [
        ("", None, "(app_id=? AND name>?)"),
        ("a", None, "(app_id=? AND name>? AND name<?)"),
        ("a", name("ab"), "(app_id=? AND name>? AND name<?)"),
        ("", name("ab"), "(app_id=? AND name>?)"),
    ] {
        let wanted = ListAccounts {
            prefix: prefix.into(),
            after,
            limit: 9,
        };
        let (sql, from, end) = accounts_query(&wanted);
        let mut plan = connection
            .prepare(&format!("EXPLAIN QUERY PLAN {sql}"))
            .unwrap();
        let steps = plan
            .query_map(params![5, 9, from, end], |row| row.get(3))
            .unwrap();
        let steps: Vec<String> = steps.map(Result::unwrap).collect();
        assert_eq!(steps.len(), 1, "nothing is sorted: {steps:?}");
        assert!(
            steps[0].starts_with("SEARCH account USING INDEX"),
            "{steps:?}"
        );
        assert!(steps[0].ends_with(expected), "{steps:?}");
    }
}

mod memberships {
    use super::*;

    async fn make() -> MembershipsSubject {
        let dir = tempfile::tempdir().unwrap();
        MembershipsSubject {
            store: opened(&dir),
            keep: Box::new(dir),
        }
    }

    crate::memberships_contract!(make);
}

mod relations {
    use super::*;

    async fn make() -> RelationsSubject {
        let dir = tempfile::tempdir().unwrap();
        RelationsSubject {
            store: opened(&dir),
            keep: Box::new(dir),
        }
    }

    crate::relations_contract!(make);
}

mod deliveries {
    use webhook::contract::Subject;

    use super::*;

    async fn make() -> Subject {
        let dir = tempfile::tempdir().unwrap();
        let store = SqliteDeliveries::open(&dir.path().join("callbacks.db"), ()).unwrap();
        Subject {
            store: Arc::new(store),
            keep: Box::new(dir),
        }
    }

    webhook::deliveries_contract!(make);
}

/// A topic of an app with these members, the first of whom owns it.
fn created(id: u64, app_id: u64, members: &[u64]) -> TopicUpdate {
    let topic = Topic {
        id: TopicId(id),
        app_id: AppId(app_id),
        owner: party(members[0]),
        name: "n".to_owned(),
        bulletin: String::new(),
        extra: String::new(),
        created_at_ms: 1,
    };
    let members = members.iter().map(|uuid| party(*uuid)).collect();
    TopicUpdate {
        topic: TopicId(id),
        changes: vec![TopicChange::Create(topic), TopicChange::Join(members)],
    }
}

/// Two apps with an account, a topic and relations each.
async fn lived(store: &SqliteDirectory) {
    for id in [5, 6] {
        store.create_app(&app(id, id)).await.unwrap();
        let accounts = vec![account(id, "a", id), account(id, "b", id + 10)];
        store.create_accounts(accounts).await.unwrap();
        let updates = vec![created(id + 100, id, &[id, id + 10])];
        store.apply(updates, Sequence(id)).await.unwrap();
        let (one, other) = (Uuid(id), Uuid(id + 10));
        for (owner, peer) in [(one, other), (other, one)] {
            store.set_blocked(owner, peer, true).await.unwrap();
            let pair = Conversation::between(one, other);
            store.hide(owner, pair, Sequence(3)).await.unwrap();
        }
    }
}

fn count(dir: &TempDir, table: &str) -> u64 {
    let connection = Connection::open(dir.path().join("mimc.db")).unwrap();
    let count = connection.query_row(&format!("SELECT count(*) FROM {table}"), [], |row| {
        row.get::<_, i64>(0)
    });
    count.unwrap().cast_unsigned()
}

#[tokio::test]
async fn an_app_goes_with_its_topics_and_relations() {
    let dir = tempfile::tempdir().unwrap();
    let store = opened(&dir);
    lived(&store).await;
    store.delete_app(AppId(5)).await.unwrap();
    assert_eq!(store.roster(TopicId(105)).await.unwrap(), None);
    assert!(store.roster(TopicId(106)).await.unwrap().is_some());
    for (table, left) in [
        ("app", 1),
        ("account", 2),
        ("topic", 1),
        ("member", 2),
        ("blacklist", 2),
        ("hidden", 2),
    ] {
        assert_eq!(count(&dir, table), left, "{table}");
    }
    assert_eq!(store.last_boundary().await.unwrap(), Sequence(6));
}

#[tokio::test]
async fn an_account_goes_with_its_relations_in_both_directions() {
    let dir = tempfile::tempdir().unwrap();
    let store = opened(&dir);
    lived(&store).await;
    store.delete_account(Uuid(15)).await.unwrap();
    assert!(store.blocked(Uuid(5)).await.unwrap().is_empty());
    assert!(store.blocked(Uuid(15)).await.unwrap().is_empty());
    assert!(store.hidden(Uuid(15)).await.unwrap().is_empty());
    assert_eq!(store.hidden(Uuid(5)).await.unwrap().len(), 1);
    assert_eq!(store.blocked(Uuid(6)).await.unwrap(), [Uuid(16)]);
}

#[tokio::test]
async fn topics_and_relations_are_there_after_a_restart() {
    let dir = tempfile::tempdir().unwrap();
    let store = opened(&dir);
    lived(&store).await;
    let before = store.roster(TopicId(105)).await.unwrap();
    store.close().await.unwrap();
    let store = opened(&dir);
    assert!(before.is_some());
    assert_eq!(store.roster(TopicId(105)).await.unwrap(), before);
    assert_eq!(store.last_boundary().await.unwrap(), Sequence(6));
    assert_eq!(store.blocked(Uuid(5)).await.unwrap(), [Uuid(15)]);
    assert_eq!(store.hidden(Uuid(5)).await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_write_that_fails_takes_no_other_with_it() {
    let dir = tempfile::tempdir().unwrap();
    let store = opened(&dir);
    // Every fifth makes a topic that is there already.
    let calls = (0..100_u64).map(|number| {
        let store = Arc::clone(&store);
        let id = if number % 5 == 4 { number - 1 } else { number };
        tokio::spawn(async move {
            let updates = vec![created(id, 5, &[1, number + 2])];
            store.apply(updates, Sequence(number)).await.is_ok()
        })
    });
    let calls: Vec<_> = calls.collect();
    let mut made = 0;
    for call in calls {
        made += usize::from(call.await.unwrap());
    }
    assert_eq!(made, 80);
    assert_eq!(store.topics_of(Uuid(1)).await.unwrap().len(), 80);
    assert_eq!(store.list(AppId(5), None, 200).await.unwrap().len(), 80);
}

#[tokio::test]
async fn what_is_owed_is_there_after_a_restart() {
    let dir = tempfile::tempdir().unwrap();
    let clock = TestClock::new();
    let owed = Delivery {
        id: "cb_1".to_owned(),
        app_id: AppId(u64::MAX),
        kind: DeliveryKind::Offline,
        conversation: Conversation::Topic(TopicId(7)),
        sequence: Sequence(9),
        status: DeliveryStatus::Pending {
            next_at_ms: 5,
            failures: 3,
        },
        created_at_ms: 4,
        attempts: Vec::new(),
        receivers: vec![Uuid(1), Uuid(2)],
    };
    let store = open(dir.path(), Arc::clone(&clock) as _, Config::default()).unwrap();
    let taken = store.deliveries.take_in(Sequence(9), vec![owed.clone()]);
    taken.await.unwrap();
    store.close().await.unwrap();
    drop(store);
    let store = open(dir.path(), Arc::clone(&clock) as _, Config::default()).unwrap();
    assert_eq!(store.deliveries.position().await.unwrap(), Sequence(9));
    let due = store.deliveries.due(owed.app_id, 5, 10).await.unwrap();
    assert_eq!(due.deliveries, [owed]);
    store.close().await.unwrap();
    drop(store);

    let path = dir.path().join("callbacks.db");
    std::fs::write(&path, [7; 4096]).unwrap();
    assert!(open(dir.path(), clock, Config::default()).is_err());
    let findings = check(dir.path(), true);
    let files: Vec<_> = findings.iter().map(|finding| &finding.file).collect();
    assert_eq!(files, [&path]);
}
