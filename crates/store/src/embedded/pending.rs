//! Reading a device's queue: the messages of its conversations, merged by sequence. Which have news
//! is known in memory, of pairs and of topics: others cost nothing.

use std::io;
use std::sync::Arc;

use chat::port::{Page, Wanted};
use model::{Conversation, DeviceId, Sequence};

use super::index::Entry;
use super::log::{FamilyLog, Sealed, SegmentFile};
use super::shared::Shared;
use crate::page::{PageBuilder, Viewer};
use crate::state::{Stretch, queued_after};

/// At least so many entries of a conversation are looked at together.
const ENTRIES_MIN: usize = 16;
/// And at most.
const ENTRIES_MAX: usize = 256;

/// Entries of one family, and how far they are all there are.
struct Gathered {
    entries: Vec<(Entry, Arc<SegmentFile>)>,
    reached: Sequence,
}

/// One family as it was at a moment.
struct Snapshot {
    sealed: Arc<Vec<Arc<Sealed>>>,
    active: Option<(Arc<SegmentFile>, Vec<Entry>, Option<Sequence>)>,
}

impl Shared {
    /// See [`chat::port::Messages::pending`]. Blocks.
    pub(crate) fn pending(&self, device: &DeviceId, wanted: &Wanted<'_>) -> Page {
        let now_ms = self.clock.now_ms();
        let young_after = queued_after(now_ms);
        let state = self.state.read();
        let last = wanted.up_to.min(state.last());
        let mut stretches = state.stretches(device.uuid, wanted, young_after);
        let viewer = Viewer::new(device, state.device(device, now_ms));
        drop(state);

        let mut position = wanted.after.max(young_after);
        let mut page = PageBuilder::new(wanted.limit);
        while !stretches.is_empty() && position < last && !page.is_full() {
            let max = page.room().clamp(ENTRIES_MIN, ENTRIES_MAX);
            let (entries, reached) = self.gather(&stretches, position, last, max);
            for (entry, file) in entries {
                let message = self.read(&file, entry.place);
                if let Some(message) = message.filter(|message| viewer.sees(message)) {
                    page.push(message);
                }
                if page.is_full() {
                    break;
                }
            }
            position = reached;
            stretches.retain(|stretch| stretch.up_to > position);
        }
        page.finish(wanted.after, wanted.up_to)
    }

    /// Entries after a position in order, and up to which sequence they are all there are.
    fn gather(
        &self,
        stretches: &[Stretch],
        after: Sequence,
        last: Sequence,
        max: usize,
    ) -> (Vec<(Entry, Arc<SegmentFile>)>, Sequence) {
        let log = self.log.read();
        let snapshots =
            [0, 1].map(|number| Snapshot::of(&log.families[number], stretches, after, max));
        drop(log);
        let [mut stored, queued] =
            snapshots.map(|snapshot| self.gather_family(snapshot, stretches, after, last, max));
        // What is just being published may be in the index already.
        let reached = stored.reached.min(queued.reached).min(last);
        stored.entries.extend(queued.entries);
        stored
            .entries
            .retain(|(entry, _)| entry.sequence <= reached);
        stored
            .entries
            .sort_unstable_by_key(|(entry, _)| entry.sequence);
        (stored.entries, reached)
    }

    fn gather_family(
        &self,
        snapshot: Snapshot,
        stretches: &[Stretch],
        after: Sequence,
        last: Sequence,
        max: usize,
    ) -> Gathered {
        let mut gathered = Gathered {
            entries: Vec::new(),
            reached: last,
        };
        for sealed in snapshot.sealed.iter() {
            let newest = sealed.index.read().last();
            if newest <= after {
                continue;
            }
            let (entries, cut) = self.entries_of(sealed, stretches, after, max);
            gathered.add(&sealed.file, entries);
            if let Some(cut) = cut {
                gathered.reached = cut;
                return gathered;
            }
            if gathered.entries.len() >= max {
                gathered.reached = newest;
                return gathered;
            }
        }
        if let Some((file, entries, cut)) = snapshot.active {
            gathered.add(&file, entries);
            gathered.reached = cut.unwrap_or(last);
        }
        gathered
    }

    /// The same from the index of a sealed segment.
    fn entries_of(
        &self,
        sealed: &Sealed,
        stretches: &[Stretch],
        after: Sequence,
        max: usize,
    ) -> (Vec<Entry>, Option<Sequence>) {
        self.ask(sealed, |index| {
            entries_after(stretches, after, max, |conversation, after, entries| {
                index.entries_after(conversation, after, max, entries)
            })
        })
    }
}

impl Snapshot {
    fn of(family: &FamilyLog, stretches: &[Stretch], after: Sequence, max: usize) -> Self {
        let active = family.active.as_ref().and_then(|active| {
            let read = entries_after(stretches, after, max, |conversation, after, entries| {
                let index = &active.index;
                Ok(index.entries_after(conversation, after, max, entries))
            });
            let (entries, cut) = read.ok()?;
            Some((Arc::clone(&active.file), entries, cut))
        });
        Self {
            sealed: Arc::clone(&family.sealed),
            active,
        }
    }
}

impl Gathered {
    fn add(&mut self, file: &Arc<SegmentFile>, entries: Vec<Entry>) {
        let entries = entries.into_iter();
        self.entries
            .extend(entries.map(|entry| (entry, Arc::clone(file))));
    }
}

/// Entries of all stretches after a place, and where they are cut: if one has more than `max`,
/// those of the others beyond its last one are not all there are before its next.
fn entries_after(
    stretches: &[Stretch],
    after: Sequence,
    max: usize,
    mut read: impl FnMut(Conversation, Sequence, &mut Vec<Entry>) -> io::Result<bool>,
) -> io::Result<(Vec<Entry>, Option<Sequence>)> {
    let (mut entries, mut cut) = (Vec::new(), None);
    for stretch in stretches {
        let from = entries.len();
        let mut has_more = read(stretch.conversation, after.max(stretch.after), &mut entries)?;
        let within = entries[from..].partition_point(|entry| entry.sequence <= stretch.up_to);
        if from + within < entries.len() {
            entries.truncate(from + within);
            has_more = false;
        }
        if let Some(newest) = entries.last().filter(|_| has_more) {
            let newest = newest.sequence;
            cut = Some(cut.map_or(newest, |cut: Sequence| cut.min(newest)));
        }
        if entries.len() > max.max(1) * 64 {
            trim(&mut entries, &mut cut, max);
        }
    }
    Ok((entries, cut))
}

/// Keeps the first entries of very many.
fn trim(entries: &mut Vec<Entry>, cut: &mut Option<Sequence>, max: usize) {
    let (_, newest, _) = entries.select_nth_unstable_by_key(max, |entry| entry.sequence);
    let newest = newest.sequence;
    entries.retain(|entry| entry.sequence <= newest);
    *cut = Some(cut.map_or(newest, |cut| cut.min(newest)));
}
