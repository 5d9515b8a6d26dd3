//! Copies of a data directory: taken while a server runs or not, and put in place again.
//!
//! The newest checkpoint is copied first, then the log, which is only added to: as long as it was at
//! one moment, so that no batch is there by half. Whatever was acknowledged before is in it, and
//! the end of a write under way is cut off as after a loss of power. Then the small files, and last the databases, so that they know every account of the log;
//! a copy without `mimc.db` was not finished. A file that vanishes meanwhile, because it has become
//! too old, makes all of the log be copied again.

mod database;
mod files;
mod verify;

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use thiserror::Error;

use super::checkpoint;
use super::doctor::{Finding, check};
use super::error::{At, OpenError};
use super::lock::{DirLock, LOCK_FILE};
use super::segment::LOG_DIR;
use crate::sqlite::{DELIVERIES, DIRECTORY};
pub use database::Rows;
use files::Copier;

/// How often the log is copied before it is given up.
const ATTEMPTS_MAX: usize = 5;
/// How often is looked for a moment in which nothing is added: looks are much shorter than a sync.
const LOOKS_MAX: usize = 1000;

/// What was copied and is known to open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BackupReport {
    /// Files.
    pub files: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Messages in the log.
    pub messages: u64,
    /// Apps, accounts and topics.
    pub rows: Rows,
    /// Damage in the copy that does not keep it from opening: it was in the original.
    pub findings: Vec<Finding>,
}

/// What was put in place, in the same words.
pub type RestoreReport = BackupReport;

/// Why there is no copy. Nothing is left of what was copied so far.
#[derive(Debug, Error)]
pub enum BackupError {
    /// There is nothing to copy, or it was not finished.
    #[error("there is no whole store in {}", dir.display())]
    NoStore {
        /// Which directory.
        dir: PathBuf,
    },
    /// Something is there already.
    #[error("{} is not empty", dir.display())]
    NotEmpty {
        /// Which directory.
        dir: PathBuf,
    },
    /// Files were removed again and again while they were copied.
    #[error("the files in {} change too fast to be copied: try again", dir.display())]
    Unsteady {
        /// Which directory.
        dir: PathBuf,
    },
    /// A file could not be read or written, or is damaged.
    #[error(transparent)]
    Failed(#[from] OpenError),
}

/// Why nothing was put in place.
pub type RestoreError = BackupError;

/// Copies a data directory, whether a server has it or not, into one that is empty or not there.
/// All that was acknowledged before is in the copy, which is durable and has been opened for a
/// test. Blocks.
pub fn backup(data_dir: &Path, to: &Path) -> Result<BackupReport, BackupError> {
    check_source(data_dir)?;
    make_empty(to)?;
    copy_or_clear(data_dir, to)
}

/// Puts a copy in place as a data directory that is empty or not there, which no server gets
/// before it is whole. Blocks.
pub fn restore(from: &Path, data_dir: &Path) -> Result<RestoreReport, RestoreError> {
    check_source(from)?;
    make_empty(data_dir)?;
    let _lock = DirLock::take(data_dir)?;
    copy_or_clear(from, data_dir)
}

fn check_source(dir: &Path) -> Result<(), BackupError> {
    let there = dir.join(DIRECTORY.file).try_exists();
    if there.at(dir)? {
        return Ok(());
    }
    let dir = dir.to_owned();
    Err(BackupError::NoStore { dir })
}

/// Makes a directory, unless an empty one is there.
fn make_empty(dir: &Path) -> Result<(), BackupError> {
    files::make_dir(dir).at(dir)?;
    if entries(dir).at(dir)?.is_empty() {
        return Ok(());
    }
    let dir = dir.to_owned();
    Err(BackupError::NotEmpty { dir })
}

/// What is in a directory, but for the lock.
fn entries(dir: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut paths = Vec::new();
    for entry in fs::read_dir(dir)? {
        let entry = entry?;
        if entry.file_name() != LOCK_FILE {
            paths.push(entry.path());
        }
    }
    Ok(paths)
}

fn copy_or_clear(from: &Path, to: &Path) -> Result<BackupReport, BackupError> {
    copy(from, to).inspect_err(|_| {
        if let Err(error) = clear(to) {
            tracing::warn!(dir = %to.display(), %error, "what was copied so far is still there");
        }
    })
}

fn clear(dir: &Path) -> std::io::Result<()> {
    for path in entries(dir)? {
        if path.is_dir() {
            fs::remove_dir_all(path)?;
        } else {
            fs::remove_file(path)?;
        }
    }
    Ok(())
}

fn copy(from: &Path, to: &Path) -> Result<BackupReport, BackupError> {
    let (mut copier, messages) = copy_log(from, to)?;
    for name in small_files(from).at(from)? {
        copier.copy(&from.join(&name), &to.join(&name))?;
    }
    for file in [DELIVERIES.file, DIRECTORY.file] {
        let (source, target) = (from.join(file), to.join(file));
        if source.try_exists().at(&source)? {
            copier.note(database::copy(&source, &target)?);
        }
    }
    files::sync_dir(to).at(to)?;
    Ok(BackupReport {
        files: copier.files,
        bytes: copier.bytes,
        messages,
        rows: database::count(&to.join(DIRECTORY.file))?,
        findings: check(to, true),
    })
}

/// Copies checkpoint and log until they fit together, and counts the messages.
fn copy_log(from: &Path, to: &Path) -> Result<(Copier, u64), BackupError> {
    let mut problem = None;
    for _ in 0..ATTEMPTS_MAX {
        clear(to).at(to)?;
        let mut copier = Copier::default();
        if !try_copy_log(&mut copier, from, to)? {
            continue;
        }
        match verify::messages(to) {
            Ok(messages) => return Ok((copier, messages)),
            // It may have been copied in the middle of a change; the same again is damage.
            Err(error) if problem.is_some() => return Err(error.into()),
            Err(error) => problem = Some(error),
        }
    }
    let dir = from.to_owned();
    Err(BackupError::Unsteady { dir })
}

/// False when a file vanished meanwhile.
fn try_copy_log(copier: &mut Copier, from: &Path, to: &Path) -> Result<bool, OpenError> {
    if let Some(name) = newest_checkpoint(from).at(from)?
        && !copier.copy(&from.join(&name), &to.join(&name))?
    {
        return Ok(false);
    }
    let (source, target) = (from.join(LOG_DIR), to.join(LOG_DIR));
    files::make_dir(&target).at(&target)?;
    let Some(log) = log_at_a_moment(&source).at(&source)? else {
        return Ok(false);
    };
    for (name, len) in log {
        if !copier.copy_up_to(&source.join(&name), &target.join(&name), len)? {
            return Ok(false);
        }
    }
    files::sync_dir(&target).at(&target)?;
    files::sync_dir(to).at(to)?;
    Ok(true)
}

/// The files of the log, and how long each is. None when one vanished, or it never stood still.
fn log_at_a_moment(dir: &Path) -> std::io::Result<Option<Vec<(String, u64)>>> {
    let mut before = None;
    for _ in 0..LOOKS_MAX {
        let now = match lens(dir) {
            Err(error) if is_gone(&error) => return Ok(None),
            lens => lens?,
        };
        // Nothing was added between the two looks: this is how all of it was then.
        if before.as_ref() == Some(&now) {
            return Ok(Some(now));
        }
        before = Some(now);
    }
    Ok(None)
}

fn lens(dir: &Path) -> std::io::Result<Vec<(String, u64)>> {
    let mut names = files::names(dir)?;
    names.retain(|name| !files::is_unfinished(name));
    let lens = names.into_iter().map(|name| {
        let len = fs::metadata(dir.join(&name))?.len();
        Ok((name, len))
    });
    lens.collect()
}

fn newest_checkpoint(dir: &Path) -> std::io::Result<Option<String>> {
    let names = files::names(dir)?.into_iter();
    let checkpoints = names.filter(|name| checkpoint::parse_name(name).is_some());
    Ok(checkpoints.max())
}

/// Everything beside log, checkpoints and databases.
fn small_files(dir: &Path) -> std::io::Result<Vec<String>> {
    let is_database = |name: &str| {
        let mut databases = [DELIVERIES.file, DIRECTORY.file].into_iter();
        databases.any(|file| name.starts_with(file))
    };
    let mut names = files::names(dir)?;
    names.retain(|name| {
        let is_lock = name == LOCK_FILE;
        let is_checkpoint = checkpoint::parse_name(name).is_some();
        !is_lock && !is_checkpoint && !is_database(name) && !files::is_unfinished(name)
    });
    Ok(names)
}

/// Whether an error says that a file is not there.
fn is_gone(error: &std::io::Error) -> bool {
    error.kind() == ErrorKind::NotFound
}
