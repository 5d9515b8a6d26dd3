//! Devices that come and go: what a first login changes.

use std::collections::HashMap;

use chat::port::NewDevice;
use model::limits::DEVICES_PER_ACCOUNT_MAX;
use model::{Device, DeviceId, Resource, Sequence, Uuid};

use super::account::{Account, is_remembered};

/// Something that happened to a device, or to all of an account. In this form it is written to the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Change {
    /// It is remembered from now on, as given, whatever was known of it.
    New {
        /// Which.
        id: DeviceId,
        /// How it begins.
        device: Device,
    },
    /// It acknowledged or was seen; never moves it back.
    Moved {
        /// Which.
        id: DeviceId,
        /// Where it is.
        device: Device,
    },
    /// It is not remembered any more.
    Forgotten {
        /// Which.
        id: DeviceId,
    },
    /// The whole account is gone.
    Ended {
        /// Which.
        uuid: Uuid,
    },
}

impl Change {
    /// Whose.
    pub(crate) fn uuid(&self) -> Uuid {
        match self {
            Self::New { id, .. } | Self::Moved { id, .. } | Self::Forgotten { id } => id.uuid,
            Self::Ended { uuid } => *uuid,
        }
    }
}

/// What a batch does to devices.
#[derive(Debug, Default)]
pub(crate) struct DevicePlan {
    /// To be made durable and applied, in this order.
    pub(crate) changes: Vec<Change>,
    /// The answer, one per device of the batch.
    pub(crate) devices: Vec<Device>,
}

/// Plans on copies of the accounts, so that nothing changes before it is durable.
pub(super) fn plan<'a>(
    account: impl Fn(Uuid) -> Option<&'a Account>,
    wanted: &[NewDevice],
    last: Sequence,
    now_ms: u64,
) -> DevicePlan {
    let mut copies: HashMap<Uuid, Account> = HashMap::new();
    let mut plan = DevicePlan::default();
    for new in wanted {
        let uuid = new.device.uuid;
        let copy = copies
            .entry(uuid)
            .or_insert_with(|| account(uuid).map(Account::devices_only).unwrap_or_default());
        let from = plan.changes.len();
        let device = remember(copy, new, last, now_ms, &mut plan.changes);
        plan.devices.push(device);
        for change in &plan.changes[from..] {
            copy.apply(change);
        }
    }
    plan
}

fn remember(
    account: &Account,
    new: &NewDevice,
    last: Sequence,
    now_ms: u64,
    changes: &mut Vec<Change>,
) -> Device {
    let id = new.device.clone();
    if let Some(known) = account.device(&id.resource, now_ms) {
        let device = Device {
            seen_at_ms: known.seen_at_ms.max(now_ms),
            ..known
        };
        changes.push(Change::Moved { id, device });
        return device;
    }
    for resource in evicted(account, new, now_ms) {
        let uuid = id.uuid;
        let id = DeviceId { uuid, resource };
        changes.push(Change::Forgotten { id });
    }
    let device = Device {
        cursor: account.watermark,
        own_after: last,
        seen_at_ms: now_ms,
    };
    changes.push(Change::New { id, device });
    device
}

/// Who has to go for a new device: those unseen for too long, and then the longest unseen while
/// there are too many. A bound one never goes; accounts with more bound devices than the maximum
/// keep them all, since sessions have a maximum of their own.
fn evicted(account: &Account, new: &NewDevice, now_ms: u64) -> Vec<Resource> {
    let others = || {
        let others = account.devices.iter();
        others.filter(|(resource, _)| *resource != new.device.resource)
    };
    let too_many = (others().count() + 1).saturating_sub(DEVICES_PER_ACCOUNT_MAX);
    let mut unseen: Vec<_> = others()
        .filter(|(resource, _)| !new.bound.contains(resource))
        .collect();
    unseen.sort_by_key(|(resource, device)| (device.seen_at_ms, resource));
    unseen
        .into_iter()
        .enumerate()
        .filter(|(place, (_, device))| *place < too_many || !is_remembered(device, now_ms))
        .map(|(_, (resource, _))| resource.clone())
        .collect()
}

impl Account {
    fn devices_only(&self) -> Self {
        Self {
            watermark: self.watermark,
            devices: self.devices.clone(),
            ..Self::default()
        }
    }
}
