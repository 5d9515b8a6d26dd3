//! A file, its version and its tables.

use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};

use rusqlite::{Connection, OpenFlags};

use crate::embedded::OpenError;
use crate::embedded::disk::make_for_owner;

/// What a file is like.
pub(crate) struct Schema {
    /// Its name in the data directory.
    pub(crate) file: &'static str,
    /// What leads from each version to the next, from an empty file on. Steps that a release has
    /// are never changed.
    pub(super) steps: &'static [&'static str],
    /// What there is after the last step.
    pub(crate) tables: &'static [&'static str],
}

impl Schema {
    /// `PRAGMA user_version` after the last step.
    fn version(&self) -> u32 {
        u32::try_from(self.steps.len()).unwrap_or(u32::MAX)
    }
}

const MAGIC: &[u8; 16] = b"SQLite format 3\0";
/// What a WAL begins with; the last bit tells the byte order of its checksums.
const WAL_MAGIC: u32 = 0x377f_0682;

/// Checks a file that may be there, without changing anything. Whether there is one.
pub(crate) fn check_header(path: &Path, schema: &Schema) -> Result<bool, OpenError> {
    let Some(header) = first_bytes::<64>(path)? else {
        return Ok(false);
    };
    // An empty file is what a start leaves that was killed at once.
    if header.is_empty() {
        return Ok(false);
    }
    if !header.starts_with(MAGIC) {
        return Err(OpenError::lost(path, "it is not an SQLite database"));
    }
    check_wal(&wal_of(path))?;
    let version = header.get(60..64).and_then(|bytes| bytes.first_chunk());
    let version = version.map_or(0, |bytes| u32::from_be_bytes(*bytes));
    check_version(path, version, schema)?;
    Ok(true)
}

/// `SQLite` takes a log with a bad beginning for an empty one, and what is in it would be lost.
fn check_wal(path: &Path) -> Result<(), OpenError> {
    let Some(header) = first_bytes::<4>(path)? else {
        return Ok(());
    };
    let magic = header.first_chunk().map(|bytes| u32::from_be_bytes(*bytes));
    match magic {
        // Zeros are what a loss of power may leave of a log that had just been begun.
        None | Some(0) => Ok(()),
        Some(magic) if magic & !1 == WAL_MAGIC => Ok(()),
        Some(_) => Err(OpenError::lost(
            path,
            "it is not the log of an SQLite database",
        )),
    }
}

fn wal_of(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push("-wal");
    name.into()
}

fn first_bytes<const N: u64>(path: &Path) -> Result<Option<Vec<u8>>, OpenError> {
    let io = |source| OpenError::Io {
        path: path.to_owned(),
        source,
    };
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(io(error)),
    };
    let mut bytes = Vec::new();
    file.take(N).read_to_end(&mut bytes).map_err(io)?;
    Ok(Some(bytes))
}

fn check_version(path: &Path, found: u32, schema: &Schema) -> Result<(), OpenError> {
    if found > schema.version() {
        return Err(OpenError::Newer {
            file: path.to_owned(),
            found: found.into(),
            known: schema.version().into(),
        });
    }
    Ok(())
}

/// Opens the file for the writer. One that is new or of an earlier version becomes one of ours.
pub(super) fn open(path: &Path, schema: &Schema) -> Result<Connection, OpenError> {
    check_header(path, schema)?;
    make_for_owner(path).map_err(|source| OpenError::Io {
        path: path.to_owned(),
        source,
    })?;
    let failed = |error| sqlite_error(path, error);
    let mut connection = Connection::open(path).map_err(failed)?;
    // The version may be newer than the header says, when it is still in the WAL.
    let version = connection
        .pragma_query_value(None, "user_version", |row| row.get(0))
        .map_err(failed)?;
    check_version(path, version, schema)?;
    configure(&connection).map_err(failed)?;
    upgrade(&mut connection, version, schema).map_err(failed)?;
    check_tables(&connection, schema).map_err(failed)?;
    Ok(connection)
}

/// Opens it for readers.
pub(super) fn open_reader(path: &Path) -> Result<Connection, OpenError> {
    let connection = Connection::open(path).and_then(|connection| {
        configure(&connection)?;
        connection.pragma_update(None, "query_only", true)?;
        Ok(connection)
    });
    connection.map_err(|error| sqlite_error(path, error))
}

fn configure(connection: &Connection) -> rusqlite::Result<()> {
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    // A damaged page is told when it is read, rather than answered from.
    connection.pragma_update(None, "cell_size_check", true)?;
    connection.busy_timeout(std::time::Duration::from_secs(5))?;
    connection.set_prepared_statement_cache_capacity(64);
    Ok(())
}

/// All that is missing, or nothing.
fn upgrade(connection: &mut Connection, version: u32, schema: &Schema) -> rusqlite::Result<()> {
    if version == schema.version() {
        return Ok(());
    }
    let transaction = connection.transaction()?;
    for step in schema.steps.iter().skip(version as usize) {
        transaction.execute_batch(step)?;
    }
    transaction.pragma_update(None, "user_version", schema.version())?;
    transaction.commit()
}

/// Reads a little of each table: damage in their first pages is told at the start.
fn check_tables(connection: &Connection, schema: &Schema) -> rusqlite::Result<()> {
    for table in schema.tables {
        let query = format!("SELECT count(*) FROM (SELECT * FROM {table} LIMIT 1)");
        connection.query_row(&query, [], |_| Ok(()))?;
    }
    Ok(())
}

/// What `SQLite` itself finds wrong.
pub(crate) fn integrity_problems(path: &Path) -> rusqlite::Result<Vec<String>> {
    let connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    connection.pragma_update(None, "cell_size_check", true)?;
    let mut statement = connection.prepare("PRAGMA integrity_check")?;
    let rows = statement.query_map([], |row| row.get::<_, String>(0))?;
    let lines = rows.collect::<rusqlite::Result<Vec<_>>>()?;
    Ok(lines.into_iter().filter(|line| line != "ok").collect())
}

fn sqlite_error(path: &Path, source: rusqlite::Error) -> OpenError {
    use rusqlite::ErrorCode::{DatabaseCorrupt, NotADatabase};
    match source.sqlite_error_code() {
        Some(DatabaseCorrupt | NotADatabase) => OpenError::lost(path, source.to_string()),
        _ => OpenError::Sqlite {
            file: path.to_owned(),
            source,
        },
    }
}
