//! What a start changes, once all is known to be sound.

use std::io;
use std::path::Path;
use std::sync::Arc;

use parking_lot::RwLock;

use super::super::disk::{Disk, DiskFile, is_full};
use super::super::error::{At, OpenError};
use super::super::index::{self, Budget, Index};
use super::super::log::{Active, FamilyLog, Log, Sealed, SegmentFile};
use super::super::rebuild::rebuilt_index;
use super::super::segment::LOG_DIR;
use super::super::writer::{FamilyWriter, Writer};
use super::{Recovered, RecoveredActive, RecoveredFamily, RecoveredSegment};
use crate::state::State;

/// At once.
const WRITTEN_AGAIN_BYTES: usize = 1 << 20;

impl Recovered {
    /// Cuts torn tails, syncs what is left, removes leftovers, makes missing indexes.
    pub(in super::super) fn repair(
        self,
        disk: &dyn Disk,
        dir: &Path,
        budget: &Arc<Budget>,
    ) -> Result<(State, Log, Writer), OpenError> {
        let log_dir = dir.join(LOG_DIR);
        disk.create_dir(&log_dir).at(&log_dir)?;
        for path in &self.leftovers {
            disk.remove(path).at(path)?;
        }
        // Where the stored family names a part of the queue's that is cut off, its own part goes
        // last: as long as it is there, the next start knows.
        for family in self.families.iter().rev() {
            if let Some(active) = &family.active {
                cut_and_sync(active).at(&active.file.path)?;
            }
        }
        let (mut log, mut writer) = (Log::default(), Writer::default());
        for (number, family) in self.families.into_iter().enumerate() {
            let (family, end) = repair_family(disk, dir, budget, family)?;
            log.families[number] = family;
            writer.families[number] = end;
        }
        disk.sync_dir(&log_dir).at(&log_dir)?;
        disk.sync_dir(dir).at(dir)?;
        Ok((self.state, log, writer))
    }
}

fn repair_family(
    disk: &dyn Disk,
    dir: &Path,
    budget: &Arc<Budget>,
    family: RecoveredFamily,
) -> Result<(FamilyLog, FamilyWriter), OpenError> {
    let mut sealed = Vec::with_capacity(family.sealed.len());
    for segment in family.sealed {
        sealed.push(Arc::new(with_index(disk, dir, budget, segment)?));
    }
    let mut log = FamilyLog {
        sealed: Arc::new(sealed),
        active: None,
    };
    let mut writer = FamilyWriter::default();
    if let Some(active) = family.active {
        writer = marked_end(&active).at(&active.file.path)?;
        log.active = Some(Active {
            file: active.file,
            index: active.index,
        });
    }
    Ok((log, writer))
}

fn with_index(
    disk: &dyn Disk,
    dir: &Path,
    budget: &Arc<Budget>,
    segment: RecoveredSegment,
) -> Result<Sealed, OpenError> {
    let RecoveredSegment { file, len, index } = segment;
    let index = match index {
        Some(index) => Index::File(Arc::new(index)),
        None => made_again(disk, dir, budget, &file, len)?,
    };
    Ok(Sealed {
        file,
        len,
        index: RwLock::new(index),
    })
}

fn made_again(
    disk: &dyn Disk,
    dir: &Path,
    budget: &Arc<Budget>,
    file: &SegmentFile,
    len: u64,
) -> Result<Index, OpenError> {
    let path = file.header.id.index_path(dir);
    let rebuilt = rebuilt_index(file, len).at(&file.path)?;
    match index::write(disk, &path, &rebuilt, &file.header, len, budget) {
        Err(error) if is_full(&error) => Ok(Index::Memory(Arc::new(rebuilt))),
        written => Ok(Index::File(Arc::new(written.at(&path)?))),
    }
}

/// What was written may be in the machine's memory only: after this the disk has it.
fn cut_and_sync(active: &RecoveredActive) -> io::Result<()> {
    let file = &active.file.file;
    if active.len < active.file_len {
        tracing::warn!(
            file = %active.file.path.display(), offset = active.len,
            bytes = active.file_len - active.len,
            "the last write was cut off; what is there of it was never acknowledged and is removed"
        );
        file.truncate(active.len)?;
    }
    match write_again(&**file, active.marked, active.len) {
        Err(error) if !is_full(&error) => return Err(error),
        _ => {}
    }
    file.sync()
}

/// Writes what may not be on the disk again as it is: after a sync that failed, the system takes it
/// for written, and another sync would say so.
fn write_again(file: &dyn DiskFile, mut from: u64, end: u64) -> io::Result<()> {
    let mut bytes = Vec::new();
    while from < end {
        let left = usize::try_from(end - from).unwrap_or(usize::MAX);
        bytes.resize(left.min(WRITTEN_AGAIN_BYTES), 0);
        file.read_at(&mut bytes, from)?;
        file.write_at(&bytes, from)?;
        from += bytes.len() as u64;
    }
    Ok(())
}

/// The end of a family, with a mark that says that the disk has everything before.
fn marked_end(active: &RecoveredActive) -> io::Result<FamilyWriter> {
    let mut writer = FamilyWriter::at(Arc::clone(&active.file), active.len);
    match writer.mark() {
        // What is there can be served; commits will say that the disk is full.
        Err(error) if !is_full(&error) => Err(error),
        _ => Ok(writer),
    }
}
