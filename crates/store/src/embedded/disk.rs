//! The seam between the log and the disk. Tests and simulation put another disk behind it, which
//! loses what was not synced.

mod real;
mod simulated;

use std::io;
use std::path::Path;
use std::sync::Arc;

pub use real::RealDisk;
pub(crate) use real::{for_owner, make_for_owner};
pub use simulated::SimulatedDisk;

/// Names and directories.
pub trait Disk: Send + Sync + 'static {
    /// Whether calls wait for a device: then they are made on threads of their own. Those of a
    /// simulation are made where they are asked for, so that a run is the same every time.
    fn waits(&self) -> bool {
        true
    }

    /// Opens a file that is there, to read and write.
    fn open(&self, path: &Path) -> io::Result<Arc<dyn DiskFile>>;

    /// Makes an empty file, in place of one that may be there.
    fn create(&self, path: &Path) -> io::Result<Arc<dyn DiskFile>>;

    /// Names of the files in a directory, sorted; none if there is no such directory.
    fn list(&self, dir: &Path) -> io::Result<Vec<String>>;

    /// Makes a directory and those above it, unless they are there.
    fn create_dir(&self, dir: &Path) -> io::Result<()>;

    /// Gives a file another name, in place of one that may have it.
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()>;

    /// Removes a file.
    fn remove(&self, path: &Path) -> io::Result<()>;

    /// Returns when the names in a directory will survive a loss of power.
    fn sync_dir(&self, dir: &Path) -> io::Result<()>;
}

/// An open file.
#[expect(clippy::len_without_is_empty, reason = "nobody asks")]
pub trait DiskFile: Send + Sync + 'static {
    /// Its bytes.
    fn len(&self) -> io::Result<u64>;

    /// Fills the buffer; an error when the file ends before.
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<()>;

    /// Writes all of it, or fails with part of it written.
    fn write_at(&self, bytes: &[u8], offset: u64) -> io::Result<()>;

    /// Cuts it, or extends it with zeros.
    fn truncate(&self, len: u64) -> io::Result<()>;

    /// Returns when all that was written will survive a loss of power.
    fn sync(&self) -> io::Result<()>;
}

/// Whether an error means that there is no space.
pub(crate) fn is_full(error: &io::Error) -> bool {
    use io::ErrorKind::{FileTooLarge, QuotaExceeded, StorageFull};
    matches!(error.kind(), StorageFull | QuotaExceeded | FileTooLarge)
}

/// Writes a whole file so that it is either there with all its bytes or not at all.
pub(crate) fn write_whole(
    disk: &dyn Disk,
    path: &Path,
    bytes: &[u8],
) -> io::Result<Arc<dyn DiskFile>> {
    let unfinished = path.with_extension(UNFINISHED);
    let file = disk.create(&unfinished)?;
    file.write_at(bytes, 0)?;
    file.sync()?;
    disk.rename(&unfinished, path)?;
    sync_parent(disk, path)?;
    Ok(file)
}

/// Syncs the directory that a file is in.
pub(crate) fn sync_parent(disk: &dyn Disk, path: &Path) -> io::Result<()> {
    path.parent().map_or(Ok(()), |dir| disk.sync_dir(dir))
}

/// The extension of files that were not finished; a start removes them.
pub(crate) const UNFINISHED: &str = "unfinished";
