//! The end of one family's log: appending, syncing, taking back.

use std::io;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use model::Sequence;

use super::super::log::SegmentFile;
use super::super::record::put_mark;
use super::super::segment::{Family, HEADER_BYTES};
use super::super::shared::{Shared, name_of};
use super::Refusal;

/// The end of one family's log.
#[derive(Default)]
pub(crate) struct FamilyWriter {
    pub(crate) file: Option<Arc<SegmentFile>>,
    /// Where the next record goes.
    pub(crate) len: u64,
    /// Up to here the disk has everything.
    pub(crate) synced: u64,
    /// What the batch adds; kept for its room.
    pub(super) buffer: Vec<u8>,
}

impl FamilyWriter {
    /// At the end of a segment that the disk has in full.
    pub(in super::super) fn at(file: Arc<SegmentFile>, len: u64) -> Self {
        Self {
            file: Some(file),
            len,
            synced: len,
            buffer: Vec::new(),
        }
    }

    /// Whether the next record belongs in a new segment that begins with this sequence.
    pub(super) fn is_to_roll(&self, family: Family, next: Sequence, shared: &Shared) -> bool {
        let Some(file) = &self.file else {
            return true;
        };
        let first = file.header.id.first;
        let age_ms = next.ms().saturating_sub(first.ms());
        let retention_ms = shared.retention_ms.load(Ordering::Relaxed);
        let is_long = self.len >= shared.config.segment_bytes;
        let is_old = self.len > HEADER_BYTES && age_ms >= family.segment_ms(retention_ms);
        next > first && (is_long || is_old || file.header.is_old())
    }

    pub(super) fn append(&mut self) -> io::Result<()> {
        match &self.file {
            Some(file) if !self.buffer.is_empty() => file.file.write_at(&self.buffer, self.len),
            _ => Ok(()),
        }
    }

    pub(super) fn sync(&self) -> Result<(), Refusal> {
        match &self.file {
            Some(file) if !self.buffer.is_empty() => file.file.sync().map_err(broken(file)),
            _ => Ok(()),
        }
    }

    /// The whole batch is on the disk: goes behind what it added, and says how much that is.
    pub(super) fn advance(&mut self) -> u64 {
        let bytes = self.buffer.len() as u64;
        if bytes > 0 {
            self.len += bytes;
            self.synced = self.len;
        }
        bytes
    }

    /// Takes back what was appended and not synced.
    pub(super) fn cut(&mut self) -> Result<(), Refusal> {
        if let Some(file) = &self.file
            && !self.buffer.is_empty()
        {
            file.file.truncate(self.len).map_err(broken(file))?;
            file.file.sync().map_err(broken(file))?;
        }
        Ok(())
    }

    pub(in super::super) fn mark(&mut self) -> io::Result<()> {
        let Some(file) = &self.file else {
            return Ok(());
        };
        self.buffer.clear();
        put_mark(&mut self.buffer, file.header.salt, self.len);
        file.file.write_at(&self.buffer, self.len)?;
        self.len += self.buffer.len() as u64;
        Ok(())
    }

    /// The segment that it is in.
    pub(super) fn first(&self) -> Sequence {
        self.file
            .as_ref()
            .map_or(Sequence(0), |file| file.header.id.first)
    }

    pub(super) fn salt(&self) -> u32 {
        self.file.as_ref().map_or(0, |file| file.header.salt)
    }

    pub(super) fn name(&self) -> String {
        self.file.as_deref().map(name_of).unwrap_or_default()
    }
}

/// What a failed sync of a file means.
pub(super) fn broken(file: &SegmentFile) -> impl FnOnce(io::Error) -> Refusal {
    let path = file.path.display().to_string();
    move |error| Refusal::Broken(format!("syncing {path} failed: {error}"))
}
