//! What commits, readers and housekeeping have in common.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use chat::port::{Batch, Clock};
use model::Message;
use parking_lot::{Mutex, RwLock};

use super::Config;
use super::disk::Disk;
use super::housekeeping::Housekeeping;
use super::index::{Budget, Index, Place};
use super::lock::DirLock;
use super::log::{Log, Sealed, SegmentFile};
use super::rebuild::rebuilt_index;
use super::writer::Writer;
use crate::plan::Lookup;
use crate::repeat::{fingerprint, remembered_after};
use crate::state::State;

/// See the module. Locks are taken in the order housekeeping, writer, and then one of state and
/// log.
pub(crate) struct Shared {
    pub(crate) disk: Arc<dyn Disk>,
    pub(crate) dir: PathBuf,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) config: Config,
    pub(crate) state: RwLock<State>,
    pub(crate) log: RwLock<Log>,
    pub(crate) writer: Mutex<Writer>,
    pub(crate) housekeeping: Mutex<Housekeeping>,
    pub(crate) budget: Arc<Budget>,
    /// Damaged places that were answered around.
    pub(crate) damages: AtomicU64,
    /// A write has failed: nothing is stored until the next start.
    pub(crate) is_broken: AtomicBool,
    /// Something is waiting for housekeeping.
    pub(crate) is_untidy: AtomicBool,
    /// Housekeeping has been called between two regular rounds.
    pub(crate) is_called: AtomicBool,
    /// Written since the last checkpoint.
    pub(crate) unchecked_bytes: AtomicU64,
    /// How much of that makes another one due.
    pub(crate) checkpoint_due_bytes: AtomicU64,
    /// See [`super::Config::retention_ms`].
    pub(crate) retention_ms: AtomicU64,
    pub(crate) _lock: Option<Arc<DirLock>>,
}

impl Shared {
    /// Looks for each message of a batch among those of the last 7 days.
    pub(crate) fn look_up(&self, batch: &Batch, now_ms: u64) -> Vec<Lookup> {
        let after = remembered_after(now_ms);
        let log = self.log.read();
        let mut places = Vec::new();
        let mut find = |content, key| {
            for family in &log.families {
                if let Some(active) = &family.active {
                    places.clear();
                    active.index.sent(key, &mut places);
                    let found =
                        active
                            .file
                            .find_same(&places, content, after, |file, offset, error| {
                                self.note_damage(&file.path, offset, error);
                            });
                    if found.is_some() {
                        return found;
                    }
                }
                for sealed in family.sealed.iter().rev() {
                    if sealed.newest() <= after {
                        break;
                    }
                    let index = sealed.index.read().clone();
                    places.clear();
                    if let Err(error) = index.sent(key, &mut places) {
                        self.index_failed(sealed, &error);
                    }
                    let found =
                        sealed
                            .file
                            .find_same(&places, content, after, |file, offset, error| {
                                self.note_damage(&file.path, offset, error);
                            });
                    if found.is_some() {
                        return found;
                    }
                }
            }
            None
        };
        batch
            .entries
            .iter()
            .map(|entry| {
                let key = fingerprint(&entry.content);
                let found = key.and_then(|key| find(&entry.content, key));
                Lookup { key, found }
            })
            .collect()
    }

    /// Logs and counts damage that was met while serving, and is answered around.
    pub(crate) fn note_damage(&self, file: &Path, offset: u64, error: &io::Error) {
        self.damages.fetch_add(1, Ordering::Relaxed);
        tracing::error!(
            file = %file.display(), offset, %error,
            "damage in the store; what was there is left out, `mimc doctor --deep` finds all of it"
        );
    }

    /// Asks the index of a sealed segment, which is made again if it is damaged.
    pub(crate) fn ask<T: Default>(
        &self,
        sealed: &Sealed,
        mut read: impl FnMut(&Index) -> io::Result<T>,
    ) -> T {
        let mut attempt = || {
            let index = sealed.index.read().clone();
            read(&index)
        };
        attempt()
            .or_else(|error| {
                self.index_failed(sealed, &error);
                attempt()
            })
            .unwrap_or_default()
    }

    /// A message, unless what is there is damaged.
    pub(crate) fn read(&self, file: &SegmentFile, place: Place) -> Option<Arc<Message>> {
        match file.message(place) {
            Ok(message) => Some(Arc::new(message)),
            Err(error) => {
                self.note_damage(&file.path, place.offset.into(), &error);
                None
            }
        }
    }

    /// Makes an index that cannot be read again from its segment, in memory for now.
    pub(crate) fn index_failed(&self, sealed: &Sealed, error: &io::Error) {
        let path = sealed.file.header.id.index_path(&self.dir);
        self.note_damage(&path, 0, error);
        match rebuilt_index(&sealed.file, sealed.len) {
            Ok(index) => {
                *sealed.index.write() = Index::Memory(Arc::new(index));
                self.is_untidy.store(true, Ordering::Relaxed);
            }
            Err(error) => self.note_damage(&sealed.file.path, 0, &error),
        }
    }
}

/// Where a message of a plan was written.
pub(crate) type Written = (usize, Place);

/// Names a segment for a log line.
pub(crate) fn name_of(file: &SegmentFile) -> String {
    file.path.display().to_string()
}
