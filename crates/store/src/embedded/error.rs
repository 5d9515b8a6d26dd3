//! Why a directory could not be opened: one line each that says what and where.

use std::io;
use std::path::{Path, PathBuf};

use thiserror::Error;

/// See the module. Nothing was changed on the disk.
#[derive(Debug, Error)]
pub enum OpenError {
    /// Another process has it.
    #[error("the data directory {} is in use by another process", dir.display())]
    InUse {
        /// Which directory.
        dir: PathBuf,
    },
    /// A file is not what was written.
    #[error(
        "{} is damaged at byte {offset}: {what}; {hint}",
        file.display()
    )]
    Damaged {
        /// Which file.
        file: PathBuf,
        /// Where in it.
        offset: u64,
        /// How it was noticed.
        what: String,
        /// What to do.
        hint: &'static str,
    },
    /// A newer program wrote it.
    #[error(
        "{} has format version {found}, this program knows up to {known}: use a newer mimc",
        file.display()
    )]
    Newer {
        /// Which file.
        file: PathBuf,
        /// Its version.
        found: u64,
        /// The newest that is known.
        known: u64,
    },
    /// Sequences are far ahead of the clock: it was set back, or had been wrong.
    #[error(
        "the newest message in {} is {ahead_ms} ms ahead of this machine's clock: set the clock, or accept it in the configuration",
        dir.display()
    )]
    ClockAhead {
        /// Which directory.
        dir: PathBuf,
        /// By how much, in milliseconds.
        ahead_ms: u64,
    },
    /// The system refused something.
    #[error("{}: {source}", path.display())]
    Io {
        /// Which file or directory.
        path: PathBuf,
        /// What it said.
        source: io::Error,
    },
    /// `SQLite` refused something.
    #[error("{}: {source}", file.display())]
    Sqlite {
        /// Which file.
        file: PathBuf,
        /// What it said.
        source: rusqlite::Error,
    },
}

impl OpenError {
    pub(crate) fn damaged(file: &Path, offset: u64, what: impl Into<String>) -> Self {
        Self::Damaged {
            file: file.to_owned(),
            offset,
            what: what.into(),
            hint: "`mimc doctor --salvage` sets the damaged part aside and keeps the rest",
        }
    }

    /// Of a file that only a backup can replace.
    pub(crate) fn lost(file: &Path, what: impl Into<String>) -> Self {
        Self::Damaged {
            file: file.to_owned(),
            offset: 0,
            what: what.into(),
            hint: "restore it from a backup",
        }
    }
}

/// Names the path that an I/O error is about.
pub(crate) trait At<T> {
    /// See the trait.
    fn at(self, path: &Path) -> Result<T, OpenError>;
}

impl<T> At<T> for io::Result<T> {
    fn at(self, path: &Path) -> Result<T, OpenError> {
        self.map_err(|source| OpenError::Io {
            path: path.to_owned(),
            source,
        })
    }
}
