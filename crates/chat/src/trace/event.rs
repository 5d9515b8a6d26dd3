//! What is remembered of a step, and its form in memory: one record of 24 bytes, or two.
//!
//! ```text
//! stored        sequence   | head | packetId     from | to | app
//! refused       app        | head | packetId     from | to | bytes, reason, kind of target
//! repeated      sequence   | head | 0
//! written       sequence   | head | uuid
//! acknowledged  cursor     | head | uuid
//! offline       sequence   | head | uuid
//! bound         0          | head | uuid
//! unbound       0          | head | uuid
//!
//! head          time in ms since 1970, 42 bits | kind, 4 bits | more, 18 bits
//! more          the device's key, cut to 18 bits; of a stored one: whether it is to a topic,
//!               and how long before it was accepted, 17 bits of ms
//! ```

use model::{AppId, Sequence, TopicId, Uuid};

use crate::send::SendError;
use crate::sending::{Addressee, DeviceKey, Sending, TextKey};

/// A part of the memory.
pub(super) type Slot = [u64; 3];
/// Its bytes.
pub(super) const SLOT_BYTES: usize = size_of::<Slot>();
/// Slots that one event takes.
pub(super) const SLOTS_MAX: usize = 2;

const MS_BITS: u32 = 42;
const KIND_BITS: u32 = 4;
const MORE_BITS: u32 = 18;
const MORE_MAX: u64 = (1 << MORE_BITS) - 1;
/// The rest of what is said of a stored one: in ms, two minutes and a little.
const DELAY_MS_MAX: u64 = MORE_MAX >> 1;

/// A device, as far as it is remembered: an account has few, so that a part of the key will do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Device {
    pub(super) uuid: Uuid,
    resource: u32,
}

impl Device {
    pub(super) fn of(key: DeviceKey) -> Self {
        Self::from_more(key.uuid, key.resource.0)
    }

    fn from_more(uuid: Uuid, more: u64) -> Self {
        let resource = u32::try_from(more & MORE_MAX).unwrap_or_default();
        Self { uuid, resource }
    }
}

/// Something that happened at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Event {
    Stored(Stored),
    Refused(Refused),
    Repeated(Sequence),
    Written(Sequence, Device),
    Acknowledged(Sequence, Device),
    Offline(Sequence, Uuid),
    Bound(Device),
    Unbound(Device),
}

/// A message became durable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Stored {
    pub(super) sequence: Sequence,
    pub(super) app_id: AppId,
    pub(super) packet: TextKey,
    pub(super) from: Uuid,
    pub(super) to: Addressee,
    /// How long before it was accepted, in milliseconds.
    pub(super) delay_ms: u64,
}

/// A message was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Refused {
    pub(super) app_id: AppId,
    pub(super) packet: TextKey,
    pub(super) from: Device,
    pub(super) to: Option<Addressee>,
    pub(super) bytes: u32,
    pub(super) why: SendError,
}

impl Refused {
    pub(super) fn new(sending: &Sending, why: SendError) -> Self {
        Self {
            app_id: sending.app_id,
            packet: sending.packet,
            from: Device::of(sending.from),
            to: sending.to,
            bytes: sending.bytes,
            why,
        }
    }
}

/// Reasons by their place; the memory is gone with the process, so places may change.
const REASONS: [SendError; 9] = [
    SendError::BadTarget,
    SendError::Forbidden,
    SendError::Blocked,
    SendError::NotMember,
    SendError::UnknownTopic,
    SendError::TooLarge,
    SendError::RateLimited,
    SendError::Busy,
    SendError::Unavailable,
];

const STORED: u64 = 1;
const REFUSED: u64 = 2;
const REPEATED: u64 = 3;
const WRITTEN: u64 = 4;
const ACKNOWLEDGED: u64 = 5;
const OFFLINE: u64 = 6;
const BOUND: u64 = 7;
const UNBOUND: u64 = 8;

/// An event as it is kept.
#[derive(Clone, Copy)]
pub(super) struct Record {
    slots: [Slot; SLOTS_MAX],
    count: usize,
}

impl Record {
    pub(super) fn new(at_ms: u64, event: Event) -> Self {
        let head = |kind, more| head(at_ms, kind, more);
        let of_device = |number: u64, kind, device: Device| {
            Self::one([number, head(kind, device.resource.into()), device.uuid.0])
        };
        match event {
            Event::Stored(stored) => {
                let (is_topic, to) = addressee_to_number(stored.to);
                let more = stored.delay_ms.min(DELAY_MS_MAX) << 1 | u64::from(is_topic);
                let first = [stored.sequence.0, head(STORED, more), stored.packet.0];
                Self::two(first, [stored.from.0, to, stored.app_id.0])
            }
            Event::Refused(refused) => {
                let (kind, to) = match refused.to.map(addressee_to_number) {
                    None => (0, 0),
                    Some((is_topic, to)) => (1 + u64::from(is_topic), to),
                };
                let reason = REASONS.iter().position(|reason| *reason == refused.why);
                let reason = reason.unwrap_or_default() as u64;
                let more = refused.from.resource.into();
                let first = [refused.app_id.0, head(REFUSED, more), refused.packet.0];
                let last = u64::from(refused.bytes) | reason << 32 | kind << 40;
                Self::two(first, [refused.from.uuid.0, to, last])
            }
            Event::Repeated(sequence) => Self::one([sequence.0, head(REPEATED, 0), 0]),
            Event::Written(sequence, device) => of_device(sequence.0, WRITTEN, device),
            Event::Acknowledged(cursor, device) => of_device(cursor.0, ACKNOWLEDGED, device),
            Event::Offline(sequence, uuid) => Self::one([sequence.0, head(OFFLINE, 0), uuid.0]),
            Event::Bound(device) => of_device(0, BOUND, device),
            Event::Unbound(device) => of_device(0, UNBOUND, device),
        }
    }

    fn one(slot: Slot) -> Self {
        Self {
            slots: [slot, [0; 3]],
            count: 1,
        }
    }

    fn two(first: Slot, second: Slot) -> Self {
        Self {
            slots: [first, second],
            count: 2,
        }
    }

    pub(super) fn slots(&self) -> &[Slot] {
        &self.slots[..self.count]
    }
}

/// The events of a part of the memory, each with its time. It holds whole events.
pub(super) fn events(mut slots: &[Slot]) -> impl Iterator<Item = (u64, Event)> {
    std::iter::from_fn(move || {
        let (count, at_ms, event) = read(slots)?;
        slots = &slots[count..];
        Some((at_ms, event))
    })
}

fn read(slots: &[Slot]) -> Option<(usize, u64, Event)> {
    let [number, head, last] = *slots.first()?;
    let at_ms = head >> (KIND_BITS + MORE_BITS);
    let more = head & MORE_MAX;
    let device = Device::from_more(Uuid(last), more);
    let sequence = Sequence(number);
    let event = match head >> MORE_BITS & ((1 << KIND_BITS) - 1) {
        STORED => {
            let [from, to, app_id] = *slots.get(1)?;
            Event::Stored(Stored {
                sequence,
                app_id: AppId(app_id),
                packet: TextKey(last),
                from: Uuid(from),
                to: addressee(more & 1 == 1, to),
                delay_ms: more >> 1,
            })
        }
        REFUSED => {
            let [from, to, rest] = *slots.get(1)?;
            let reason = usize::try_from(rest >> 32 & 0xff).ok()?;
            let kind = rest >> 40;
            Event::Refused(Refused {
                app_id: AppId(number),
                packet: TextKey(last),
                from: Device::from_more(Uuid(from), more),
                to: (kind > 0).then(|| addressee(kind == 2, to)),
                bytes: u32::try_from(rest & u64::from(u32::MAX)).ok()?,
                why: *REASONS.get(reason)?,
            })
        }
        REPEATED => Event::Repeated(sequence),
        WRITTEN => Event::Written(sequence, device),
        ACKNOWLEDGED => Event::Acknowledged(sequence, device),
        OFFLINE => Event::Offline(sequence, Uuid(last)),
        BOUND => Event::Bound(device),
        UNBOUND => Event::Unbound(device),
        _ => return None,
    };
    let count = match event {
        Event::Stored(_) | Event::Refused(_) => 2,
        _ => 1,
    };
    Some((count, at_ms, event))
}

fn head(at_ms: u64, kind: u64, more: u64) -> u64 {
    let at_ms = at_ms & ((1 << MS_BITS) - 1);
    (at_ms << KIND_BITS | kind) << MORE_BITS | (more & MORE_MAX)
}

fn addressee_to_number(to: Addressee) -> (bool, u64) {
    match to {
        Addressee::Account(uuid) => (false, uuid.0),
        Addressee::Topic(topic) => (true, topic.0),
    }
}

fn addressee(is_topic: bool, number: u64) -> Addressee {
    if is_topic {
        Addressee::Topic(TopicId(number))
    } else {
        Addressee::Account(Uuid(number))
    }
}

#[cfg(test)]
mod tests {
    use model::Resource;

    use super::*;

    #[test]
    fn every_event_survives_the_memory_with_its_time() {
        let resource = Resource::new("phone").unwrap();
        let device = Device::of(DeviceKey::new(Uuid(7), &resource));
        let stored = |to| {
            Event::Stored(Stored {
                sequence: Sequence(170_000_000_000_000_001),
                app_id: AppId(2_882_303_761_000_000_001),
                packet: TextKey::of("p_1"),
                from: Uuid(1 << 52),
                to,
                delay_ms: 12,
            })
        };
        let mut expected = vec![
            stored(Addressee::Account(Uuid(5))),
            stored(Addressee::Topic(TopicId(98_765_432_101_234_567))),
            Event::Repeated(Sequence(3)),
            Event::Written(Sequence(4), device),
            Event::Acknowledged(Sequence(5), device),
            Event::Offline(Sequence(6), Uuid(9)),
            Event::Bound(device),
            Event::Unbound(device),
        ];
        for why in REASONS {
            for to in [
                None,
                Some(Addressee::Account(Uuid(5))),
                Some(Addressee::Topic(TopicId(6))),
            ] {
                expected.push(Event::Refused(Refused {
                    app_id: AppId(1),
                    packet: TextKey::of(""),
                    from: device,
                    to,
                    bytes: u32::MAX,
                    why,
                }));
            }
        }
        let now_ms = 1_900_000_000_123;
        let mut slots = Vec::new();
        for event in &expected {
            slots.extend_from_slice(Record::new(now_ms, *event).slots());
        }
        let read: Vec<_> = events(&slots).collect();
        assert!(read.iter().all(|(at_ms, _)| *at_ms == now_ms));
        let read: Vec<_> = read.into_iter().map(|(_, event)| event).collect();
        assert_eq!(read, expected);
    }

    #[test]
    fn a_delay_beyond_two_minutes_is_two_minutes() {
        let stored = Stored {
            sequence: Sequence(1),
            app_id: AppId(1),
            packet: TextKey(1),
            from: Uuid(1),
            to: Addressee::Account(Uuid(2)),
            delay_ms: u64::MAX,
        };
        let record = Record::new(5, Event::Stored(stored));
        let read = events(record.slots()).next();
        let delay_ms = DELAY_MS_MAX;
        assert_eq!(
            read,
            Some((5, Event::Stored(Stored { delay_ms, ..stored })))
        );
    }

    #[test]
    fn a_half_of_an_event_is_no_event() {
        let refused = Event::Refused(Refused {
            app_id: AppId(1),
            packet: TextKey(2),
            from: Device::from_more(Uuid(3), 4),
            to: None,
            bytes: 5,
            why: SendError::Busy,
        });
        let record = Record::new(5, refused);
        assert_eq!(events(&record.slots()[..1]).next(), None);
        assert_eq!(events(&[[0; 3]]).next(), None);
    }
}
