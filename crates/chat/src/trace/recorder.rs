//! Listens on the path of the messages, and keeps what it hears in the ring.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use model::{DeviceId, Message, Sequence, Target};
use parking_lot::Mutex;
use tokio::time::Instant;

use super::event::{Device, Event, Refused, Stored};
use super::ring::Ring;
use crate::port::{Clock, Observer, Story};
use crate::sending::{Addressee, DeviceKey, Sending};

/// Receivers of one message to a topic that are remembered as having been away. The others are
/// told from those that it was written to.
const OFFLINE_PER_MESSAGE_MAX: u32 = 100;

/// Remembers, and passes on what it hears.
pub(crate) struct Recorder {
    ring: Option<Arc<Ring>>,
    clock: Arc<dyn Clock>,
    started: Instant,
    /// When the last batch became durable, by the clock in ms and since the start in microseconds:
    /// what it stored is told right after.
    committed_ms: AtomicU64,
    committed_us: AtomicU64,
    /// The message whose receivers were told of last, and how many were away.
    offline: Mutex<(Sequence, u32)>,
    then: Arc<dyn Observer>,
}

impl Recorder {
    /// With so many bytes of memory, or none.
    pub(crate) fn new(bytes_max: usize, clock: Arc<dyn Clock>, then: Arc<dyn Observer>) -> Self {
        let ring = (bytes_max > 0).then(|| Ring::new(bytes_max, clock.now_ms()));
        Self {
            ring: ring.map(Arc::new),
            clock,
            started: Instant::now(),
            committed_ms: AtomicU64::default(),
            committed_us: AtomicU64::default(),
            offline: Mutex::default(),
            then,
        }
    }

    /// What is remembered.
    pub(crate) fn ring(&self) -> Option<Arc<Ring>> {
        self.ring.clone()
    }

    fn note(&self, ring: &Ring, story: Story<'_>) {
        let add = |uuid, event| ring.add(uuid, self.clock.now_ms(), [event]);
        match story {
            Story::Committed { .. } => {
                let since_start = self.microseconds(Instant::now());
                self.committed_us.store(since_start, Ordering::Relaxed);
                let now_ms = self.clock.now_ms();
                self.committed_ms.store(now_ms, Ordering::Relaxed);
            }
            Story::Stored(sending, message) => self.stored(ring, sending, message),
            Story::Repeated(sending, sequence) => {
                add(sending.from.uuid, Event::Repeated(sequence));
            }
            Story::Refused(sending, why) => {
                let refused = Refused::new(sending, why);
                add(sending.from.uuid, Event::Refused(refused));
            }
            Story::Written(device, list) => {
                let device = key(device);
                let written = list
                    .iter()
                    .map(|message| Event::Written(message.sequence, device));
                ring.add(device.uuid, self.clock.now_ms(), written);
            }
            Story::Acknowledged(device, cursor) => {
                let device = key(device);
                add(device.uuid, Event::Acknowledged(cursor, device));
            }
            Story::Offline(uuid, message) if self.is_to_be_remembered(message) => {
                add(uuid, Event::Offline(message.sequence, uuid));
            }
            Story::Bound(device) => add(device.uuid, Event::Bound(key(device))),
            Story::Unbound(device) => add(device.uuid, Event::Unbound(key(device))),
            Story::Offline(..)
            | Story::Accepted
            | Story::Answered { .. }
            | Story::Arrived { .. }
            | Story::LoginRefused
            | Story::Ignored => {}
        }
    }

    fn stored(&self, ring: &Ring, sending: &Sending, message: &Message) {
        let now_ms = self.committed_ms.load(Ordering::Relaxed);
        let committed = self.committed_us.load(Ordering::Relaxed);
        let took_us = committed.saturating_sub(self.microseconds(sending.since));
        let to = match &message.content.to {
            Target::Account(to) => Addressee::Account(to.uuid),
            Target::Topic(topic) => Addressee::Topic(*topic),
        };
        let stored = Stored {
            sequence: message.sequence,
            app_id: sending.app_id,
            packet: sending.packet,
            from: sending.from.uuid,
            to,
            delay_ms: took_us / 1_000,
        };
        ring.add(stored.from, now_ms, [Event::Stored(stored)]);
    }

    fn microseconds(&self, at: Instant) -> u64 {
        let since = at.saturating_duration_since(self.started);
        u64::try_from(since.as_micros()).unwrap_or(u64::MAX)
    }

    fn is_to_be_remembered(&self, message: &Message) -> bool {
        let mut offline = self.offline.lock();
        if offline.0 != message.sequence {
            *offline = (message.sequence, 0);
        }
        offline.1 += 1;
        offline.1 <= OFFLINE_PER_MESSAGE_MAX
    }
}

impl Observer for Recorder {
    fn observe(&self, story: Story<'_>) {
        if let Some(ring) = &self.ring {
            self.note(ring, story);
        }
        self.then.observe(story);
    }
}

fn key(device: &DeviceId) -> Device {
    Device::of(DeviceKey::of(device))
}
