//! Many damages of the databases. `SQLite` keeps no checksums of its pages: what breaks the form of a
//! page, an index or a type is told; a value that became another one of its type, in a column that no
//! index has, is not. `MIMC_SEEDS=5000 cargo test --release -p store databases -- --nocapture` tries so
//! many of each and says how many were not told.

use std::fs;

use chat::port::Directory;
use rusqlite::{Connection, OpenFlags};

use super::damages::damage;
use super::seeds::{Dice, Seeds};
use super::*;
use crate::contract::sample::{account, app, content, stored};
use crate::embedded::{Finding, check};
use crate::sqlite::{DELIVERIES, DIRECTORY};

/// Of each database, when nobody says how many.
const DAMAGES: u64 = 60;

/// Both databases with some pages each, and messages; ended in order.
async fn lived(dir: &Path) {
    let clock = TestClock::new();
    let store = open(dir, Arc::clone(&clock) as Arc<dyn Clock>, small()).unwrap();
    store.directory.create_app(&app(5, 1)).await.unwrap();
    let accounts = (1..300).map(|uuid| account(5, &format!("account-{uuid}"), uuid));
    let accounts = accounts.collect();
    store.directory.create_accounts(accounts).await.unwrap();
    stored(&*store.messages, [content(1, 2, "a")]).await;
    store.close().await.unwrap();
    drop(store);
    let connection = Connection::open(dir.join(DELIVERIES.file)).unwrap();
    for number in 0..300 {
        let row = format!(
            "INSERT INTO delivery VALUES (5, {number}, 1, 'id-{number}', 1, 2, {}, 7, 0, 8, 9, x'01', x'02')",
            number % 4
        );
        connection.execute(&row, []).unwrap();
    }
    connection.close().unwrap();
}

/// All rows of all tables.
fn rows(path: &Path, tables: &[&str]) -> rusqlite::Result<Vec<String>> {
    let connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    connection.pragma_update(None, "cell_size_check", true)?;
    let mut all = Vec::new();
    for table in tables {
        let mut statement = connection.prepare(&format!("SELECT * FROM {table}"))?;
        let columns = statement.column_count();
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let values = (0..columns).map(|column| row.get_ref(column));
            let values = values.collect::<rusqlite::Result<Vec<_>>>()?;
            all.push(format!("{table} {values:?}"));
        }
    }
    Ok(all)
}

fn is_told(findings: &[Finding], path: &Path) -> bool {
    findings.iter().any(|finding| finding.file == path)
}

/// How many of the damages changed a value and were not told, and how many there were.
async fn damaged(test: &'static str, file: &str, tables: &[&str]) -> (u64, u64) {
    let dir = tempfile::tempdir().unwrap();
    lived(dir.path()).await;
    let path = dir.path().join(file);
    assert_eq!(check(dir.path(), true), []);
    let sound = fs::read(&path).unwrap();
    let before = rows(&path, tables).unwrap();
    let (mut silent, mut all) = (0, 0);
    for seed in Seeds::at_least(test, DAMAGES) {
        let mut dice = Dice::of(seed);
        let mut bytes = sound.clone();
        let Some(range) = damage(&mut bytes, &mut dice) else {
            continue;
        };
        all += 1;
        let is_cut = bytes.len() < sound.len();
        fs::write(&path, &bytes).unwrap();
        let findings = check(dir.path(), true);
        assert_eq!(fs::read(&path).unwrap(), bytes, "a check changes nothing");
        if is_told(&findings, &path) {
            continue;
        }
        let what = format!("seed {seed}: {file} at {range:?}");
        let now = rows(&path, tables).unwrap_or_else(|error| panic!("{what}: {error}"));
        if now != before {
            silent += 1;
            assert!(!is_cut, "{what}: what is cut off is told");
            assert_eq!(
                now.len(),
                before.len(),
                "{what}: no row goes or comes untold"
            );
        }
    }
    println!("{file}: {silent} of {all} damages changed a value and were not told");
    (silent, all)
}

#[tokio::test]
async fn damages_of_the_directory_are_told_but_for_values() {
    let tables = DIRECTORY.tables;
    let (silent, all) = damaged("damages_of_the_directory", DIRECTORY.file, tables).await;
    assert!(silent < all);
}

#[tokio::test]
async fn damages_of_the_callbacks_are_told_but_for_values() {
    let tables = DELIVERIES.tables;
    let (silent, all) = damaged("damages_of_the_callbacks", DELIVERIES.file, tables).await;
    assert!(silent < all);
}

#[tokio::test]
async fn a_directory_that_is_empty_or_gone_is_told_when_there_are_messages() {
    let dir = tempfile::tempdir().unwrap();
    lived(dir.path()).await;
    let path = dir.path().join(DIRECTORY.file);
    for is_there in [true, false] {
        if is_there {
            fs::write(&path, b"").unwrap();
        } else {
            fs::remove_file(&path).unwrap();
        }
        let clock = TestClock::new();
        let error = open(dir.path(), clock, small()).err().unwrap().to_string();
        assert!(error.contains("mimc.db is damaged"), "{error}");
        assert!(error.contains("restore it from a backup"), "{error}");
        assert!(is_told(&check(dir.path(), false), &path));
        assert_eq!(path.exists(), is_there);
    }
}
