//! The one writer: plans a batch, appends it, syncs it, makes it visible.
//!
//! One append and one sync per family that the batch touches. A batch that touches both is there in
//! full or not at all: the stored family is synced first and names what the queue's must hold (see
//! [`super::tail`]). Afterwards, unsynced, a mark says how far the disk had everything: by it a start
//! tells a write that was cut off from damage.

mod end;

use std::sync::Arc;
use std::sync::atomic::Ordering;

use chat::port::{Batch, Committed, StoreError};
use model::Sequence;

use super::disk::{is_full, sync_parent};
use super::index::{Index, MemoryIndex, Place};
use super::log::{Active, Sealed, SegmentFile};
use super::record::{JOINT_BYTES, Joint, put_change, put_joint, put_message};
use super::segment::{Family, HEADER_BYTES, Header, SegmentId};
use super::shared::{Shared, Written};
use crate::plan::Plan;
use crate::state::Unsaved;
pub(crate) use end::FamilyWriter;
use end::broken;

/// Where the log ends, and whether it may be written to.
#[derive(Default)]
pub(crate) struct Writer {
    pub(crate) families: [FamilyWriter; 2],
    /// Why nothing is written any more.
    pub(crate) stopped: Option<String>,
    /// Of the batch that is being written; kept for its room.
    written: Vec<Written>,
}

/// Room for a batch that is kept, in bytes; a larger one is given back.
const BUFFER_BYTES_MAX: usize = 4 << 20;

/// Where the ends of accounts are. Of two records at the same sequence a replay takes the queue's
/// first: here an end follows whatever was written before it.
const FAMILY_OF_ENDS: Family = Family::Stored;

/// Why a batch was not written.
enum Refusal {
    /// No space; the log is as it was.
    Full,
    /// The log may not be written to any more.
    Broken(String),
}

impl Shared {
    /// See [`chat::port::Messages::commit`]. Blocks.
    pub(crate) fn commit(&self, batch: Batch) -> Result<Committed, StoreError> {
        let mut writer = self.writer.lock();
        if let Some(reason) = &writer.stopped {
            return Err(StoreError::Unavailable(reason.clone()));
        }
        let now_ms = self.clock.now_ms();
        let lookups = self.look_up(&batch, now_ms);
        let (unsaved, plan, floor) = {
            let mut state = self.state.write();
            let floor = state.next_place(now_ms);
            let plan = Plan::of(batch, lookups, &state, now_ms);
            (state.take_unsaved(), plan, floor)
        };
        if plan.is_empty() && unsaved.is_empty() {
            return Ok(plan.into_committed());
        }
        match writer.write(self, &plan, &unsaved, floor) {
            Ok(()) => {
                self.publish(&plan, &writer.written);
                writer.mark();
                self.note_end(&writer);
                Ok(plan.into_committed())
            }
            Err(refusal) => {
                let mut state = self.state.write();
                state.put_back_unsaved(unsaved);
                // What was written may be there after the next start: nothing else has its places.
                state.raise_last(plan.last);
                drop(state);
                let error = writer.refused(refusal);
                self.note_end(&writer);
                Err(error)
            }
        }
    }

    /// For those who ask without waiting for the writer.
    fn note_end(&self, writer: &Writer) {
        if writer.stopped.is_some() {
            self.is_broken.store(true, Ordering::Relaxed);
        }
    }

    /// Makes a durable batch visible.
    fn publish(&self, plan: &Plan, written: &[Written]) {
        let mut log = self.log.write();
        for ((message, key), (family, place)) in plan.messages.iter().zip(written) {
            let active = &mut log.families[*family].active;
            let active = active.as_mut().expect("it was just written to");
            active.index.insert(message, *key, *place);
        }
        drop(log);
        let mut state = self.state.write();
        for (message, _) in &plan.messages {
            state.apply_message(message);
        }
        for change in &plan.devices.changes {
            state.apply_change(change);
        }
    }

    /// Ends active segments that have become old, though nothing is to be written.
    pub(super) fn roll_old(&self) -> Result<(), StoreError> {
        let mut writer = self.writer.lock();
        if writer.stopped.is_some() {
            return Ok(());
        }
        let first = self.state.read().next_place(self.clock.now_ms());
        for family in Family::ALL {
            let end = &mut writer.families[family.number()];
            if end.file.is_some() && end.is_to_roll(family, first, self) {
                let begun = self.begin_segment(end, SegmentId { family, first });
                if let Err(refusal) = begun {
                    let error = writer.refused(refusal);
                    self.note_end(&writer);
                    return Err(error);
                }
            }
        }
        Ok(())
    }

    /// Begins the segment that comes next. The one before must be on the disk in full, since the
    /// new header says how long it is.
    fn begin_segment(&self, writer: &mut FamilyWriter, id: SegmentId) -> Result<(), Refusal> {
        let (previous, previous_len) = match &writer.file {
            Some(file) => {
                file.file.sync().map_err(broken(file))?;
                (file.header.id.first, writer.len)
            }
            None => (Sequence(0), 0),
        };
        let header = Header::new(id, salt()?, previous, previous_len);
        let file = Arc::new(self.create(header)?);
        let mut log = self.log.write();
        let family = &mut log.families[id.family.number()];
        if let Some(active) = family.active.take() {
            let mut sealed = Vec::clone(&family.sealed);
            sealed.push(Arc::new(Sealed {
                file: active.file,
                len: previous_len,
                index: parking_lot::RwLock::new(Index::Memory(Arc::new(active.index))),
            }));
            family.sealed = Arc::new(sealed);
            self.is_untidy.store(true, Ordering::Relaxed);
        }
        family.active = Some(Active {
            file: Arc::clone(&file),
            index: MemoryIndex::default(),
        });
        writer.file = Some(file);
        writer.len = HEADER_BYTES;
        writer.synced = HEADER_BYTES;
        Ok(())
    }

    fn create(&self, header: Header) -> Result<SegmentFile, Refusal> {
        let path = header.id.log_path(&self.dir);
        let unfinished = path.with_extension(super::disk::UNFINISHED);
        let written = self.disk.create(&unfinished).and_then(|file| {
            file.write_at(&header.encode(), 0)?;
            file.sync()?;
            Ok(file)
        });
        let broken =
            |error: std::io::Error| Refusal::Broken(format!("{}: {error}", path.display()));
        let file = match written {
            Err(error) if is_full(&error) => return Err(Refusal::Full),
            written => written.map_err(broken)?,
        };
        self.disk.rename(&unfinished, &path).map_err(broken)?;
        sync_parent(&*self.disk, &path).map_err(broken)?;
        Ok(SegmentFile { header, path, file })
    }
}

impl Writer {
    /// Makes a plan durable, and what was unsaved. What was written is in `self.written`.
    fn write(
        &mut self,
        shared: &Shared,
        plan: &Plan,
        unsaved: &Unsaved,
        floor: Sequence,
    ) -> Result<(), Refusal> {
        for family in Family::ALL {
            let writer = &mut self.families[family.number()];
            writer.buffer.clear();
            if is_touched(family, plan, unsaved) && writer.is_to_roll(family, floor, shared) {
                let id = SegmentId {
                    family,
                    first: floor,
                };
                shared.begin_segment(writer, id)?;
            }
        }
        self.encode(plan, unsaved)?;
        self.persist()?;
        for writer in &mut self.families {
            let bytes = writer.advance();
            shared.unchecked_bytes.fetch_add(bytes, Ordering::Relaxed);
        }
        Ok(())
    }

    fn encode(&mut self, plan: &Plan, unsaved: &Unsaved) -> Result<(), Refusal> {
        self.written.clear();
        let is_joint = Family::ALL.map(|family| is_touched(family, plan, unsaved)) == [true; 2];
        if is_joint {
            let stored = &mut self.families[Family::Stored.number()];
            stored.buffer.resize(JOINT_BYTES, 0);
        }
        let writer = &mut self.families[FAMILY_OF_ENDS.number()];
        let salt = writer.salt();
        for ended in &unsaved.ended {
            put_change(&mut writer.buffer, salt, unsaved.at, ended);
        }
        for (message, _) in &plan.messages {
            let number = Family::of(&message.content).number();
            let writer = &mut self.families[number];
            let start = writer.buffer.len();
            let salt = writer.salt();
            put_message(&mut writer.buffer, salt, message);
            let place = Place {
                offset: small(writer.len + start as u64)?,
                len: small((writer.buffer.len() - start) as u64)?,
            };
            self.written.push((number, place));
        }
        let family = family_of_changes(plan);
        let writer = &mut self.families[family.number()];
        let salt = writer.salt();
        for change in unsaved.moved.iter().chain(&plan.devices.changes) {
            put_change(&mut writer.buffer, salt, plan.last, change);
        }
        if is_joint {
            self.join()?;
        }
        Ok(())
    }

    /// Says in the stored family's part what the queue's is.
    fn join(&mut self) -> Result<(), Refusal> {
        let [stored, queue] = &mut self.families;
        let joint = Joint {
            bytes: small(stored.buffer.len() as u64)?,
            segment: queue.first(),
            from: small(queue.len)?,
            to: small(queue.len + queue.buffer.len() as u64)?,
        };
        let mut record = Vec::with_capacity(JOINT_BYTES);
        put_joint(&mut record, stored.salt(), joint);
        stored.buffer[..JOINT_BYTES].copy_from_slice(&record);
        Ok(())
    }

    /// Appends to both families and syncs, the one that names the other's part first. Without
    /// space there is nothing of the batch in either.
    fn persist(&mut self) -> Result<(), Refusal> {
        for number in 0..self.families.len() {
            let Err(error) = self.families[number].append() else {
                self.families[number].sync()?;
                continue;
            };
            if !is_full(&error) {
                let reason = format!("writing {} failed: {error}", self.families[number].name());
                return Err(Refusal::Broken(reason));
            }
            // What is named goes first: as long as the name is there, a start misses it.
            for writer in self.families[..=number].iter_mut().rev() {
                writer.cut()?;
            }
            return Err(Refusal::Full);
        }
        Ok(())
    }

    /// Says, unsynced, how far the disk has everything.
    fn mark(&mut self) {
        for writer in &mut self.families {
            if writer.buffer.is_empty() {
                continue;
            }
            if let Err(error) = writer.mark() {
                // The batch is safe; only what comes after it cannot be written.
                if !is_full(&error) {
                    let reason = format!("writing {} failed: {error}", writer.name());
                    self.stopped = Some(stop(&reason));
                    return;
                }
            }
            if writer.buffer.capacity() > BUFFER_BYTES_MAX {
                writer.buffer = Vec::new();
            }
        }
    }

    fn refused(&mut self, refusal: Refusal) -> StoreError {
        match refusal {
            Refusal::Full => {
                tracing::warn!("no space left in the data directory; nothing was stored");
                StoreError::Full
            }
            Refusal::Broken(reason) => {
                let reason = stop(&reason);
                self.stopped = Some(reason.clone());
                StoreError::Unavailable(reason)
            }
        }
    }
}

/// Changes ride along with the messages; alone they go where messages usually do.
fn family_of_changes(plan: &Plan) -> Family {
    let is_for_queue_only = !plan.messages.is_empty()
        && plan
            .messages
            .iter()
            .all(|(message, _)| !message.content.is_stored);
    if is_for_queue_only {
        Family::Queue
    } else {
        Family::Stored
    }
}

fn is_touched(family: Family, plan: &Plan, unsaved: &Unsaved) -> bool {
    let has_changes = !unsaved.moved.is_empty() || !plan.devices.changes.is_empty();
    let has_ends = !unsaved.ended.is_empty();
    let mut messages = plan.messages.iter();
    (has_changes && family_of_changes(plan) == family)
        || (has_ends && family == FAMILY_OF_ENDS)
        || messages.any(|(message, _)| Family::of(&message.content) == family)
}

fn small(number: u64) -> Result<u32, Refusal> {
    u32::try_from(number).map_err(|_| Refusal::Broken("a segment would exceed 4 GiB".to_owned()))
}

fn salt() -> Result<u32, Refusal> {
    let mut salt = [0; 4];
    match chat::secret::fill(&mut salt) {
        Ok(()) => Ok(u32::from_ne_bytes(salt)),
        Err(error) => Err(Refusal::Broken(format!("no randomness: {error}"))),
    }
}

/// Says once that nothing will be written any more.
fn stop(reason: &str) -> String {
    tracing::error!(reason, "the store is read-only until it is restarted");
    format!("the store is read-only until it is restarted: {reason}")
}
