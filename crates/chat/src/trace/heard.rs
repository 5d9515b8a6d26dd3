//! All that is remembered of one message, and of when its ends came and went.

use std::collections::{HashMap, HashSet};

use model::{Sequence, Uuid};

use super::event::{Device, Event, Refused};
use super::find::{Traced, read};
use crate::Chat;
use crate::sending::TextKey;

/// See the module. Times are in milliseconds since 1970.
#[derive(Default)]
pub(super) struct Heard {
    /// When it became durable, and how long before it was accepted.
    pub(super) stored: Option<(u64, u64)>,
    /// When it was refused, before or after; the oldest first.
    pub(super) refused: Vec<(u64, Refused)>,
    /// When it was sent again, ascending.
    pub(super) repeated: Vec<u64>,
    /// Who had no session when it was handed out, and when that was.
    pub(super) offline: HashMap<Uuid, u64>,
    devices: HashMap<Uuid, HashMap<Device, OfDevice>>,
    /// Whether nothing of it was forgotten.
    pub(super) is_complete: bool,
}

/// What is remembered of a device. All times ascend.
#[derive(Default)]
pub(super) struct OfDevice {
    /// When the message was written to it.
    pub(super) written_ms: Vec<u64>,
    /// When it first acknowledged the message, or something after it.
    acknowledged_ms: Option<u64>,
    /// When it came (true) and went.
    presence: Vec<(u64, bool)>,
}

/// What of all that is remembered belongs to the message.
struct Wanted {
    sequence: Sequence,
    packet: Option<TextKey>,
    ends: HashSet<Uuid>,
    from: Uuid,
}

impl Chat {
    /// What is remembered of a message to these accounts.
    pub(super) async fn hear(&self, traced: &Traced, mut ends: HashSet<Uuid>) -> Heard {
        let Some(ring) = &self.remembered else {
            return Heard::default();
        };
        ends.insert(traced.from);
        let wanted = Wanted {
            sequence: traced.sequence,
            packet: traced.packet,
            ends,
            from: traced.from,
        };
        let add = move |heard: &mut Heard, at_ms, event| heard.add(&wanted, at_ms, event);
        let mut heard: Heard = read(Some(ring.clone()), add).await;
        heard.refused.sort_by_key(|(at_ms, _)| *at_ms);
        heard.repeated.sort_unstable();
        let accepted = heard
            .stored
            .map(|(at_ms, delay_ms)| at_ms - delay_ms.min(at_ms));
        heard.is_complete = accepted.is_some_and(|at_ms| at_ms >= ring.since_ms());
        heard
    }
}

impl Heard {
    fn add(&mut self, wanted: &Wanted, at_ms: u64, event: Event) {
        match event {
            Event::Stored(stored) if stored.sequence == wanted.sequence => {
                self.stored = Some((at_ms, stored.delay_ms));
            }
            Event::Refused(refused) => {
                let is_meant = Some(refused.packet) == wanted.packet;
                if is_meant && refused.from.uuid == wanted.from {
                    self.refused.push((at_ms, refused));
                }
            }
            Event::Repeated(sequence) if sequence == wanted.sequence => self.repeated.push(at_ms),
            Event::Offline(sequence, uuid) if sequence == wanted.sequence => {
                self.offline.insert(uuid, at_ms);
            }
            Event::Written(sequence, device) if sequence == wanted.sequence => {
                self.device_mut(device).written_ms.push(at_ms);
            }
            Event::Acknowledged(cursor, device)
                if cursor >= wanted.sequence && wanted.ends.contains(&device.uuid) =>
            {
                self.device_mut(device).acknowledged_ms.get_or_insert(at_ms);
            }
            Event::Bound(device) if wanted.ends.contains(&device.uuid) => {
                self.device_mut(device).presence.push((at_ms, true));
            }
            Event::Unbound(device) if wanted.ends.contains(&device.uuid) => {
                self.device_mut(device).presence.push((at_ms, false));
            }
            _ => {}
        }
    }

    fn device_mut(&mut self, device: Device) -> &mut OfDevice {
        let devices = self.devices.entry(device.uuid).or_default();
        devices.entry(device).or_default()
    }

    /// The devices of an account, as far as they are remembered.
    pub(super) fn devices(&self, uuid: Uuid) -> impl Iterator<Item = (Device, &OfDevice)> {
        let devices = self.devices.get(&uuid).into_iter().flatten();
        devices.map(|(device, of_device)| (*device, of_device))
    }

    /// What is remembered of a device.
    pub(super) fn device(&self, device: Device) -> Option<&OfDevice> {
        self.devices.get(&device.uuid)?.get(&device)
    }
}

impl OfDevice {
    /// When it acknowledged the message, where it is remembered that it was written to it: else the
    /// first acknowledgement that is remembered may not have been the first, or have been of what
    /// came after a message that was not given.
    pub(super) fn acknowledged_ms(&self) -> Option<u64> {
        let written_ms = self.written_ms.first()?;
        self.acknowledged_ms.filter(|at_ms| at_ms >= written_ms)
    }

    /// When it last came before a time.
    pub(super) fn bound_ms(&self, before_ms: u64) -> Option<u64> {
        let mut newest_first = self.presence.iter().rev();
        let login = newest_first.find(|(at_ms, has_come)| *has_come && *at_ms <= before_ms);
        login.map(|(at_ms, _)| *at_ms)
    }

    /// When it went, unless it has come again.
    pub(super) fn unbound_ms(&self) -> Option<u64> {
        let (at_ms, has_come) = *self.presence.last()?;
        (!has_come).then_some(at_ms)
    }
}
