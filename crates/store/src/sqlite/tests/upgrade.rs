//! Files of earlier versions.

use std::path::Path;

use chat::port::{Directory, Memberships};
use model::{App, AppId, AppSettings, SecretHash, Sequence, Uuid};
use rusqlite::Connection;

use super::{created, opened};
use crate::contract::sample::app;
use crate::sqlite::SqliteDirectory;

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
