//! What is done beside serving: indexes of sealed segments, checkpoints, dropping what is old.

use std::io;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use chat::port::StoreError;
use model::Sequence;

use super::disk::is_full;
use super::index::{self, Index};
use super::log::Sealed;
use super::segment::Family;
use super::shared::Shared;
use crate::repeat::before_ms;
use crate::state::SHARDS;

/// How often the state is searched for what is too old, in milliseconds.
const PRUNE_MS: u64 = 3_600_000;

/// When what was done. Its lock lets one do it at a time.
#[derive(Default)]
pub(crate) struct Housekeeping {
    pruned_at_ms: u64,
}

impl Shared {
    /// Does what is due; see [`super::EmbeddedMessages::maintain`]. Blocks.
    pub(crate) fn maintain(&self) -> Result<(), StoreError> {
        let mut housekeeping = self.housekeeping.lock();
        self.is_called.store(false, Ordering::Relaxed);
        self.keep_house(&mut housekeeping)
    }

    /// Whether housekeeping should be called now. Once between two regular rounds, so that what
    /// fails is not tried again and again.
    pub(crate) fn calls_for_housekeeping(&self) -> bool {
        let unchecked = self.unchecked_bytes.load(Ordering::Relaxed);
        let is_due = unchecked > self.checkpoint_due_bytes.load(Ordering::Relaxed);
        (is_due || self.is_untidy.load(Ordering::Relaxed))
            && !self.is_called.swap(true, Ordering::Relaxed)
    }

    /// Does what is due, because it was called. Blocks.
    pub(crate) fn answer_call(&self) {
        let mut housekeeping = self.housekeeping.lock();
        if self.keep_house(&mut housekeeping).is_ok() {
            self.is_called.store(false, Ordering::Relaxed);
        }
    }

    fn keep_house(&self, housekeeping: &mut Housekeeping) -> Result<(), StoreError> {
        self.roll_old()?;
        self.tidy(housekeeping).map_err(|error| {
            tracing::warn!(%error, "housekeeping of the store failed; it is tried again");
            if is_full(&error) {
                StoreError::Full
            } else {
                StoreError::Unavailable(error.to_string())
            }
        })
    }

    /// Leaves everything such that the next start has little to do. Nothing is written after.
    pub(crate) fn close(&self) -> Result<(), StoreError> {
        self.commit(chat::port::Batch::default())?;
        self.maintain()?;
        let mut writer = self.writer.lock();
        for family in &mut writer.families {
            let Some(file) = &family.file else { continue };
            file.file.sync().map_err(unavailable)?;
            family.synced = family.len;
        }
        writer.stopped = Some("the store is closed".to_owned());
        drop(writer);
        let _housekeeping = self.housekeeping.lock();
        self.checkpoint([0, 0]).map_err(unavailable)?;
        Ok(())
    }

    fn tidy(&self, housekeeping: &mut Housekeeping) -> io::Result<()> {
        let now_ms = self.clock.now_ms();
        self.is_untidy.store(false, Ordering::Relaxed);
        self.write_indexes()?;
        if now_ms >= housekeeping.pruned_at_ms + PRUNE_MS {
            self.prune(now_ms);
            housekeeping.pruned_at_ms = now_ms;
        }
        let old = Family::ALL.map(|family| self.old_segments(family, now_ms));
        let is_any_old = old.iter().any(|count| *count > 0);
        let unchecked = self.unchecked_bytes.load(Ordering::Relaxed);
        let due = self.checkpoint_due_bytes.load(Ordering::Relaxed);
        if is_any_old || unchecked > due {
            self.checkpoint(old)?;
        }
        for (family, count) in Family::ALL.into_iter().zip(old) {
            self.drop_segments(family, count)?;
        }
        Ok(())
    }

    /// Writes the indexes that are only in memory.
    fn write_indexes(&self) -> io::Result<()> {
        for family in Family::ALL {
            let sealed = Arc::clone(&self.log.read().families[family.number()].sealed);
            for sealed in sealed.iter() {
                let index = sealed.index.read().clone();
                if let Index::Memory(index) = index {
                    self.write_index(sealed, &index)?;
                }
            }
        }
        Ok(())
    }

    fn write_index(&self, sealed: &Sealed, index: &index::MemoryIndex) -> io::Result<()> {
        let header = &sealed.file.header;
        let path = header.id.index_path(&self.dir);
        let written = index::write(&*self.disk, &path, index, header, sealed.len, &self.budget)?;
        *sealed.index.write() = Index::File(Arc::new(written));
        Ok(())
    }

    fn prune(&self, now_ms: u64) {
        for number in 0..SHARDS {
            self.state.write().prune_shard(number, now_ms);
        }
        self.state.write().prune_topics(now_ms);
    }

    /// How many of the first segments hold only what is too old.
    fn old_segments(&self, family: Family, now_ms: u64) -> usize {
        let retention_ms = self.retention_ms.load(Ordering::Relaxed);
        let kept_ms = family.kept_ms(retention_ms);
        let oldest = before_ms((now_ms + 1).saturating_sub(kept_ms));
        let log = self.log.read();
        let sealed = log.families[family.number()].sealed.iter();
        sealed
            .take_while(|sealed| sealed.newest() <= oldest)
            .count()
    }

    /// Drops so many of the first segments; a checkpoint has been taken after them. Names are
    /// synced one by one, so that never a later one goes before an earlier one.
    fn drop_segments(&self, family: Family, count: usize) -> io::Result<()> {
        if count == 0 {
            return Ok(());
        }
        let mut log = self.log.write();
        let family = &mut log.families[family.number()];
        let dropped: Vec<_> = family.sealed[..count].to_vec();
        family.sealed = Arc::new(family.sealed[count..].to_vec());
        drop(log);
        for sealed in dropped {
            let path = &sealed.file.path;
            self.disk.remove(path)?;
            super::disk::sync_parent(&*self.disk, path)?;
            self.disk
                .remove(&sealed.file.header.id.index_path(&self.dir))?;
            tracing::info!(file = %path.display(), "dropped: all in it is too old");
        }
        Ok(())
    }
}

impl Sealed {
    /// No message in it is newer. One without messages is as old as its beginning.
    pub(super) fn newest(&self) -> Sequence {
        self.index.read().last().max(self.file.header.id.first)
    }
}

fn unavailable(error: impl std::fmt::Display) -> StoreError {
    StoreError::Unavailable(error.to_string())
}
