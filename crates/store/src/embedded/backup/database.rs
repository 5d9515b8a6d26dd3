//! Copying a database of `SQLite` while others write to it.

use std::fs::{self, File};
use std::path::Path;
use std::time::Duration;

use rusqlite::backup::Backup;
use rusqlite::{Connection, OpenFlags};

use super::super::disk::{UNFINISHED, make_for_owner};
use super::super::error::{At, OpenError};

/// How long it waits when the database is locked before it asks again.
const PAUSE: Duration = Duration::from_millis(100);

/// How many there are of what the database holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rows {
    /// Apps.
    pub apps: u64,
    /// Accounts.
    pub accounts: u64,
    /// Topics.
    pub topics: u64,
}

/// Copies a database as it is at one moment: one file without a WAL, durable once it has its name
/// and the directory is synced. Its bytes.
pub(super) fn copy(from: &Path, to: &Path) -> Result<u64, OpenError> {
    let unfinished = to.with_extension(UNFINISHED);
    make_for_owner(&unfinished).at(&unfinished)?;
    copy_pages(from, &unfinished).map_err(|source| OpenError::Sqlite {
        file: from.to_owned(),
        source,
    })?;
    let file = File::open(&unfinished).at(&unfinished)?;
    file.sync_all().at(&unfinished)?;
    let bytes = file.metadata().at(&unfinished)?.len();
    fs::rename(&unfinished, to).at(to)?;
    Ok(bytes)
}

fn copy_pages(from: &Path, to: &Path) -> rusqlite::Result<()> {
    let source = Connection::open_with_flags(from, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    let mut target = Connection::open(to)?;
    // All pages in one step are those of one transaction, however much is written meanwhile.
    Backup::new(&source, &mut target)?.run_to_completion(i32::MAX, PAUSE, None)?;
    target.pragma_update(None, "journal_mode", "DELETE")?;
    target.close().map_err(|(_, error)| error)
}

/// Counts what is in a copy of `mimc.db`.
pub(super) fn count(path: &Path) -> Result<Rows, OpenError> {
    count_rows(path).map_err(|source| OpenError::Sqlite {
        file: path.to_owned(),
        source,
    })
}

fn count_rows(path: &Path) -> rusqlite::Result<Rows> {
    let connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    let count = |table| -> rusqlite::Result<u64> {
        let query = format!("SELECT count(*) FROM {table}");
        let count = connection.query_row(&query, [], |row| row.get::<_, i64>(0))?;
        Ok(count.cast_unsigned())
    };
    Ok(Rows {
        apps: count("app")?,
        accounts: count("account")?,
        topics: count("topic")?,
    })
}
