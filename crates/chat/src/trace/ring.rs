//! The newest events, in a memory of a fixed size: the oldest are forgotten for new ones.
//!
//! It is made of chunks. Each shard adds to its own open one, under its own lock, which is held for
//! a few nanoseconds; a full one joins the others, and the oldest of them becomes the next open
//! one. Nothing is allocated before it is filled, and nothing once all is. Whoever asks reads all
//! of it, which takes milliseconds and happens when a person wants to know something.

use std::collections::VecDeque;
use std::sync::Arc;

use model::Uuid;
use parking_lot::Mutex;

use super::event::{Event, Record, SLOT_BYTES, SLOTS_MAX, Slot, events};

/// Open chunks: so many tasks add at the same time.
const SHARDS: usize = 16;
/// Slots of a chunk, which is 16 KiB then; a small memory has smaller ones.
const CHUNK_SLOTS_MAX: usize = 680;
/// Chunks for each open one, at least.
const CHUNKS_PER_SHARD_MIN: usize = 4;

/// The smallest memory that is one, in bytes.
pub const TRACE_BYTES_MIN: usize = SHARDS * CHUNKS_PER_SHARD_MIN * SLOTS_MAX * SLOT_BYTES;

/// See the module.
pub(crate) struct Ring {
    open: [Mutex<Chunk>; SHARDS],
    full: Mutex<Full>,
    chunk_slots: usize,
    /// Full ones at most.
    chunks_max: usize,
    started_ms: u64,
}

#[derive(Clone, Default)]
struct Chunk {
    /// 0 before its first event.
    id: u64,
    slots: Vec<Slot>,
    /// Of its newest event, in milliseconds since 1970.
    newest_ms: u64,
}

#[derive(Default)]
struct Full {
    /// The oldest first.
    chunks: VecDeque<Arc<Chunk>>,
    ids: u64,
    forgotten_ms: u64,
}

impl Ring {
    /// An empty one of at most so many bytes, from now on; less than [`TRACE_BYTES_MIN`] is taken
    /// for that.
    pub(super) fn new(bytes_max: usize, now_ms: u64) -> Self {
        let slots = bytes_max.max(TRACE_BYTES_MIN) / SLOT_BYTES;
        let chunk_slots = (slots / (SHARDS * CHUNKS_PER_SHARD_MIN)).min(CHUNK_SLOTS_MAX);
        Self {
            open: std::array::from_fn(|_| Mutex::default()),
            full: Mutex::default(),
            chunk_slots,
            chunks_max: slots / chunk_slots - SHARDS,
            started_ms: now_ms,
        }
    }

    /// Adds events that happened to an account, at a time in milliseconds since 1970.
    pub(super) fn add(&self, uuid: Uuid, at_ms: u64, events: impl IntoIterator<Item = Event>) {
        let shard = usize::try_from(uuid.0 % SHARDS as u64).unwrap_or_default();
        let mut open = self.open[shard].lock();
        for event in events {
            let record = Record::new(at_ms, event);
            let slots = record.slots();
            if open.id == 0 || open.slots.len() + slots.len() > self.chunk_slots {
                self.turn(&mut open);
            }
            open.slots.extend_from_slice(slots);
            open.newest_ms = open.newest_ms.max(at_ms);
        }
    }

    /// Replaces an open chunk by an empty one.
    fn turn(&self, open: &mut Chunk) {
        let mut full = self.full.lock();
        let oldest = if full.chunks.len() < self.chunks_max {
            None
        } else {
            full.chunks.pop_front()
        };
        if let Some(oldest) = &oldest {
            full.forgotten_ms = full.forgotten_ms.max(oldest.newest_ms);
        }
        full.ids += 1;
        // One that is just being read is left to its reader.
        let mut slots = match oldest.map(Arc::try_unwrap) {
            Some(Ok(oldest)) => oldest.slots,
            _ => Vec::with_capacity(self.chunk_slots),
        };
        slots.clear();
        let next = Chunk {
            id: full.ids,
            slots,
            newest_ms: 0,
        };
        let filled = std::mem::replace(open, next);
        if filled.id != 0 {
            full.chunks.push_back(Arc::new(filled));
        }
    }

    /// Calls with every event and its time, in no order but that of each account. Takes
    /// milliseconds; nobody who adds waits for it.
    pub(super) fn read(&self, mut visit: impl FnMut(u64, Event)) {
        let open: Vec<_> = self.open.iter().map(|open| open.lock().clone()).collect();
        let full: Vec<_> = self.full.lock().chunks.iter().cloned().collect();
        for chunk in &full {
            events(&chunk.slots).for_each(|(at_ms, event)| visit(at_ms, event));
        }
        for chunk in &open {
            // It may have joined the others after it was copied.
            if full.iter().all(|other| other.id != chunk.id) {
                events(&chunk.slots).for_each(|(at_ms, event)| visit(at_ms, event));
            }
        }
    }

    /// Everything from then on is remembered, in milliseconds since 1970.
    pub(super) fn since_ms(&self) -> u64 {
        let forgotten_ms = self.full.lock().forgotten_ms;
        self.started_ms.max(forgotten_ms.saturating_add(1))
    }

    /// What is taken of the memory, in bytes.
    #[cfg(test)]
    fn bytes(&self) -> usize {
        let open = self.open.iter().map(|open| open.lock().slots.capacity());
        let full = self.full.lock();
        let full = full.chunks.iter().map(|chunk| chunk.slots.capacity());
        open.chain(full).sum::<usize>() * SLOT_BYTES
    }
}

#[cfg(test)]
mod tests {
    use model::Sequence;

    use super::*;

    fn sequences(ring: &Ring) -> Vec<u64> {
        let mut sequences = Vec::new();
        ring.read(|_, event| match event {
            Event::Repeated(sequence) => sequences.push(sequence.0),
            other => panic!("{other:?}"),
        });
        sequences.sort_unstable();
        sequences
    }

    fn add(ring: &Ring, number: u64) {
        ring.add(Uuid(number), number, [Event::Repeated(Sequence(number))]);
    }

    #[test]
    fn it_takes_memory_as_it_fills_and_never_more_than_it_may() {
        for bytes_max in [TRACE_BYTES_MIN, 100_000, 1 << 20] {
            let ring = Ring::new(bytes_max, 1);
            assert_eq!(ring.bytes(), 0);
            let mut most = 0;
            for number in 0..200_000 {
                add(&ring, number);
                most = most.max(if number % 100 == 0 { ring.bytes() } else { 0 });
            }
            assert!(most <= bytes_max, "{most} of {bytes_max}");
            assert!(most > bytes_max / 2, "{most} of {bytes_max}");
        }
    }

    #[test]
    fn the_oldest_are_forgotten_and_it_knows_up_to_when() {
        let ring = Ring::new(100_000, 1);
        let mut since_ms = 1;
        for number in 1..=20_000 {
            add(&ring, number);
            if number == 1_000 {
                assert_eq!(ring.since_ms(), 1);
                assert_eq!(sequences(&ring).len(), 1_000);
            }
            assert!(ring.since_ms() >= since_ms);
            since_ms = ring.since_ms();
        }
        let sequences = sequences(&ring);
        let remembered: Vec<_> = (since_ms..=20_000).collect();
        assert!(remembered.len() > 2_000, "{}", remembered.len());
        assert!(sequences.ends_with(&remembered));
    }

    #[test]
    fn a_busy_account_does_not_have_its_own_events_forgotten_sooner() {
        let ring = Ring::new(100_000, 1);
        for number in 1..=20_000 {
            ring.add(Uuid(3), number, [Event::Repeated(Sequence(number))]);
        }
        assert!(sequences(&ring).len() > 100_000 / SLOT_BYTES / 2);
    }

    #[test]
    fn an_event_of_two_slots_is_never_cut() {
        let ring = Ring::new(TRACE_BYTES_MIN, 1);
        let stored = |number| {
            Event::Stored(super::super::event::Stored {
                sequence: Sequence(number),
                app_id: model::AppId(1),
                packet: crate::sending::TextKey(2),
                from: Uuid(3),
                to: crate::sending::Addressee::Account(Uuid(4)),
                delay_ms: 0,
            })
        };
        for number in 1..1_000 {
            ring.add(
                Uuid(1),
                number,
                [Event::Repeated(Sequence(number)), stored(number)],
            );
            let mut newest = 0;
            ring.read(|at_ms, event| {
                if let Event::Stored(found) = event {
                    assert_eq!((found.sequence.0, found.from), (at_ms, Uuid(3)));
                    newest = newest.max(at_ms);
                }
            });
            assert_eq!(newest, number);
        }
    }

    #[test]
    fn it_is_read_whole_while_others_add() {
        let ring = Ring::new(1 << 20, 1);
        std::thread::scope(|scope| {
            for task in 0..4 {
                let ring = &ring;
                scope.spawn(move || {
                    for number in 0..5_000 {
                        add(ring, task * 5_000 + number);
                    }
                });
            }
            for _ in 0..100 {
                let read = sequences(&ring);
                assert!(
                    read.windows(2).all(|pair| pair[0] < pair[1]),
                    "no event twice"
                );
            }
        });
        assert_eq!(sequences(&ring), (0..20_000).collect::<Vec<_>>());
    }
}
