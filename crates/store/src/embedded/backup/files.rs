//! Copying files so that they survive a loss of power, for their owner only.

use std::fs::{self, DirBuilder, File};
use std::io::{self, Read as _};
use std::os::unix::fs::DirBuilderExt as _;
use std::path::Path;

use super::super::disk::{UNFINISHED, for_owner};
use super::super::error::{At, OpenError};
use super::is_gone;

/// Copies files and counts them.
#[derive(Default)]
pub(super) struct Copier {
    pub(super) files: u64,
    pub(super) bytes: u64,
}

impl Copier {
    /// Copies what a file holds now. False when it is not there any more.
    pub(super) fn copy(&mut self, from: &Path, to: &Path) -> Result<bool, OpenError> {
        self.copy_up_to(from, to, u64::MAX)
    }

    /// The same of its first bytes only.
    pub(super) fn copy_up_to(
        &mut self,
        from: &Path,
        to: &Path,
        len_max: u64,
    ) -> Result<bool, OpenError> {
        let source = match File::open(from) {
            Err(error) if is_gone(&error) => return Ok(false),
            opened => opened.at(from)?,
        };
        let len = source.metadata().at(from)?.len().min(len_max);
        let target = for_owner().write(true).create_new(true).open(to);
        let mut target = target.at(to)?;
        let copied = io::copy(&mut source.take(len), &mut target).at(to)?;
        target.sync_all().at(to)?;
        self.note(copied);
        Ok(true)
    }

    /// Counts a file of so many bytes.
    pub(super) fn note(&mut self, bytes: u64) {
        self.files += 1;
        self.bytes += bytes;
    }
}

/// Makes a directory for its owner only, unless it is there.
pub(super) fn make_dir(dir: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(dir)
}

/// Returns when the names in a directory will survive a loss of power.
pub(super) fn sync_dir(dir: &Path) -> io::Result<()> {
    File::open(dir)?.sync_all()
}

/// The regular files of a directory, sorted; none if there is no such directory.
pub(super) fn names(dir: &Path) -> io::Result<Vec<String>> {
    let entries = match fs::read_dir(dir) {
        Err(error) if is_gone(&error) => return Ok(Vec::new()),
        entries => entries?,
    };
    let mut names = Vec::new();
    for entry in entries {
        let entry = entry?;
        let is_file = entry.file_type().is_ok_and(|it| it.is_file());
        if is_file && let Ok(name) = entry.file_name().into_string() {
            names.push(name);
        }
    }
    names.sort_unstable();
    Ok(names)
}

/// Whether somebody is still writing it, or was.
pub(super) fn is_unfinished(name: &str) -> bool {
    Path::new(name)
        .extension()
        .is_some_and(|extension| extension == UNFINISHED)
}
