//! What is kept in memory of one account.

use model::limits::DEVICE_UNSEEN_MS_MAX;
use model::{Device, Resource, Sequence, Uuid};

use super::Change;
use crate::hash::IdMap;

/// A device that was seen again is saved for that alone only after this time, in milliseconds.
const SEEN_STEP_MS: u64 = 3_600_000;

/// See the module.
#[derive(Clone, Default)]
pub(crate) struct Account {
    /// The highest sequence any of its devices acknowledged: where a new one starts.
    pub(super) watermark: Sequence,
    pub(super) devices: Vec<(Resource, Device)>,
    /// Newest message of each conversation with news, by the other side.
    pub(super) heads: IdMap<Uuid, Sequence>,
}

impl Account {
    pub(super) fn raise_head(&mut self, peer: Uuid, to: Sequence) {
        let head = self.heads.entry(peer).or_default();
        *head = to.max(*head);
    }

    pub(super) fn head(&self, peer: Uuid) -> Option<Sequence> {
        self.heads.get(&peer).copied()
    }

    pub(super) fn peers_after(&self, after: Sequence) -> impl Iterator<Item = Uuid> {
        self.heads
            .iter()
            .filter(move |(_, head)| **head > after)
            .map(|(peer, _)| *peer)
    }

    pub(super) fn device(&self, resource: &Resource, now_ms: u64) -> Option<Device> {
        self.any_device(resource)
            .filter(|device| is_remembered(device, now_ms))
    }

    /// Even one that has not been seen for too long.
    pub(super) fn any_device(&self, resource: &Resource) -> Option<Device> {
        let (_, device) = self.devices.iter().find(|(known, _)| known == resource)?;
        Some(*device)
    }

    pub(super) fn remembered(&self, now_ms: u64) -> impl Iterator<Item = (Resource, Device)> {
        self.devices
            .iter()
            .filter(move |(_, device)| is_remembered(device, now_ms))
            .cloned()
    }

    /// Whether there is something to be saved.
    pub(super) fn acknowledge(&mut self, resource: &Resource, to: Sequence, now_ms: u64) -> bool {
        let found = self.devices.iter_mut().find(|(known, _)| known == resource);
        let Some((_, device)) = found else {
            return false;
        };
        if !is_remembered(device, now_ms) {
            return false;
        }
        let has_moved = to > device.cursor;
        let is_seen_anew = now_ms >= device.seen_at_ms + SEEN_STEP_MS;
        device.cursor = device.cursor.max(to);
        if has_moved || is_seen_anew {
            device.seen_at_ms = device.seen_at_ms.max(now_ms);
        }
        self.watermark = self.watermark.max(to);
        has_moved || is_seen_anew
    }

    pub(super) fn apply(&mut self, change: &Change) {
        match change {
            Change::New { id, device } => {
                self.devices.retain(|(known, _)| *known != id.resource);
                // Most accounts have one device: no room for more until there are more.
                self.devices.reserve_exact(1);
                self.devices.push((id.resource.clone(), *device));
            }
            Change::Moved { id, device } => self.move_to(&id.resource, device),
            Change::Forgotten { id } => self.devices.retain(|(known, _)| *known != id.resource),
            Change::Ended { .. } => *self = Self::default(),
        }
    }

    fn move_to(&mut self, resource: &Resource, to: &Device) {
        self.watermark = self.watermark.max(to.cursor);
        let found = self.devices.iter_mut().find(|(known, _)| known == resource);
        if let Some((_, device)) = found {
            device.cursor = device.cursor.max(to.cursor);
            device.seen_at_ms = device.seen_at_ms.max(to.seen_at_ms);
        }
    }

    /// Tells of each head that goes.
    pub(super) fn prune(
        &mut self,
        young_after: Sequence,
        now_ms: u64,
        mut forget: impl FnMut(Uuid, Sequence),
    ) {
        self.devices
            .retain(|(_, device)| is_remembered(device, now_ms));
        self.heads.retain(|peer, head| {
            let is_young = *head > young_after;
            if !is_young {
                forget(*peer, *head);
            }
            is_young
        });
        if self.heads.len() < self.heads.capacity() / 4 {
            self.heads.shrink_to_fit();
        }
    }

    /// Whether nothing would be lost without it: an old watermark hides nothing that is queued.
    pub(super) fn is_nothing(&self, young_after: Sequence) -> bool {
        self.devices.is_empty() && self.heads.is_empty() && self.watermark <= young_after
    }
}

pub(super) fn is_remembered(device: &Device, now_ms: u64) -> bool {
    now_ms <= device.seen_at_ms.saturating_add(DEVICE_UNSEEN_MS_MAX)
}
