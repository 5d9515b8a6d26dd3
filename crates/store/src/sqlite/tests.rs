//! The contracts, and files of earlier versions.

#![allow(
    clippy::unused_async,
    reason = "other stores have to wait until they are made"
)]

use std::path::Path;
use std::sync::Arc;

use chat::port::{Directory, Memberships, Relations, TopicChange, TopicUpdate};
use model::{App, AppId, AppSettings, Conversation, SecretHash, Sequence, Topic, TopicId, Uuid};
use rusqlite::Connection;
use tempfile::TempDir;

use super::SqliteDirectory;
use crate::contract::sample::{account, app, party};
use crate::contract::{DirectorySubject, MembershipsSubject, RelationsSubject};

fn opened(dir: &TempDir) -> Arc<SqliteDirectory> {
    Arc::new(SqliteDirectory::open(&dir.path().join("mimc.db"), ()).unwrap())
}

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

/// What the first version wrote: the tables, an app and an account.
const VERSION_1: &str = "
    PRAGMA journal_mode = WAL;
    CREATE TABLE meta (
        key TEXT PRIMARY KEY, value BLOB NOT NULL
    ) WITHOUT ROWID, STRICT;
    CREATE TABLE app (
        id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, secret BLOB NOT NULL,
        callback_secret TEXT NOT NULL, name TEXT NOT NULL, package TEXT NOT NULL,
        is_banned INTEGER NOT NULL, token_epoch INTEGER NOT NULL,
        created_at_ms INTEGER NOT NULL, instant_callback TEXT, offline_callback TEXT,
        account_ttl_s INTEGER NOT NULL, topic_members_max INTEGER NOT NULL,
        payload_bytes_max INTEGER NOT NULL, retention_days INTEGER NOT NULL
    ) STRICT;
    CREATE TABLE account (
        uuid INTEGER PRIMARY KEY, app_id INTEGER NOT NULL, name TEXT NOT NULL,
        security_key BLOB NOT NULL, is_banned INTEGER NOT NULL, token_epoch INTEGER NOT NULL,
        created_at_ms INTEGER NOT NULL, UNIQUE (app_id, name)
    ) STRICT;
    INSERT INTO meta VALUES ('signing_key', zeroblob(32));
    INSERT INTO app VALUES (5, 'k', zeroblob(32), 'whsec_x', 'n', 'p', 0, 3, 20, NULL,
        'http://127.0.0.1/x', 60, 500, 15360, 183);
    INSERT INTO account VALUES (1, 5, '小明', zeroblob(16), 1, 2, 30);
    PRAGMA user_version = 1;
";

fn version_1(path: &Path, more: &str) {
    let connection = Connection::open(path).unwrap();
    connection.execute_batch(VERSION_1).unwrap();
    connection.execute_batch(more).unwrap();
}

fn version(path: &Path) -> u32 {
    let connection = Connection::open(path).unwrap();
    let version = connection.pragma_query_value(None, "user_version", |row| row.get(0));
    version.unwrap()
}

#[tokio::test]
async fn a_file_of_version_1_is_upgraded_with_all_that_is_in_it() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("mimc.db");
    version_1(&path, "");
    for _ in 0..2 {
        let store = opened(&dir);
        let expected = App {
            key: "k".to_owned(),
            secret: SecretHash([0; 32]),
            name: "n".to_owned(),
            package: "p".to_owned(),
            token_epoch: 3,
            settings: AppSettings {
                offline_callback: Some("http://127.0.0.1/x".to_owned()),
                account_ttl_s: 60,
                ..AppSettings::default()
            },
            ..app(5, 20)
        };
        assert_eq!(store.apps().await.unwrap(), [expected]);
        assert_eq!(store.signing_key().await.unwrap(), [0; 32]);
        let account = store.account_by_uuid(Uuid(1)).await.unwrap().unwrap();
        assert_eq!((&*account.name, account.token_epoch), ("小明", 2));
        let due = store.created_until(AppId(5), 30, 10).await.unwrap();
        assert_eq!(due, [account]);
        store.close().await.unwrap();
        assert_eq!(version(&path), 2);
    }
    let store = opened(&dir);
    let updates = vec![created(7, 5, &[1, 2])];
    store.apply(updates, Sequence(10)).await.unwrap();
    assert_eq!(store.topics_of(Uuid(2)).await.unwrap().len(), 1);
}

#[tokio::test]
async fn an_upgrade_that_fails_leaves_the_file_as_it_was() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("mimc.db");
    version_1(&path, "CREATE TABLE hidden (in_the_way INTEGER)");
    assert!(SqliteDirectory::open(&path, ()).is_err());
    assert_eq!(version(&path), 1);
    let connection = Connection::open(&path).unwrap();
    let tables = connection.query_row(
        "SELECT group_concat(name, ' ') FROM
             (SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name)",
        [],
        |row| row.get::<_, String>(0),
    );
    assert_eq!(tables.unwrap(), "account app hidden meta");
    connection.execute("DROP TABLE hidden", []).unwrap();
    drop(connection);
    let store = opened(&dir);
    assert_eq!(store.apps().await.unwrap().len(), 1);
}
