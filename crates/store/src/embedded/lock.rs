//! One process at a time has a data directory.

use std::fs::{File, TryLockError};
use std::path::Path;

use super::disk::for_owner;
use super::error::{At, OpenError};

/// The name of the file that is locked. It stays; only the lock on it counts.
pub(crate) const LOCK_FILE: &str = "LOCK";

/// Held for as long as it lives; the system releases it with the process, however that ends.
pub(crate) struct DirLock {
    _file: File,
}

impl DirLock {
    /// Takes the lock, or says that another process has it.
    pub(crate) fn take(dir: &Path) -> Result<Self, OpenError> {
        let path = dir.join(LOCK_FILE);
        let mut options = for_owner();
        options.write(true).create(true).truncate(false);
        let file = options.open(&path).at(&path)?;
        match file.try_lock() {
            Ok(()) => Ok(Self { _file: file }),
            Err(TryLockError::WouldBlock) => Err(OpenError::InUse {
                dir: dir.to_owned(),
            }),
            Err(TryLockError::Error(source)) => Err(OpenError::Io { path, source }),
        }
    }
}
