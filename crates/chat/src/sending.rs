//! An attempt to send, as those who listen are told of it: who, to whom, under which packetId.
//! Nothing of what is said, and no text at all: one is made for every message, and many are kept.

use std::hash::BuildHasher as _;

use foldhash::fast::FixedState;
use model::{Account, AppId, Content, DeviceId, Resource, Target, TopicId, Uuid};
use tokio::time::Instant;

/// Stands for a text in memory. Equal texts have equal keys; different ones almost surely differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TextKey(pub(crate) u64);

impl TextKey {
    /// Of a packetId or a resource. The same within a process only.
    pub fn of(text: &str) -> Self {
        Self(FixedState::default().hash_one(text))
    }
}

/// A device without its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct DeviceKey {
    /// The account.
    pub uuid: Uuid,
    /// Which of its devices.
    pub resource: TextKey,
}

impl DeviceKey {
    /// Of a device.
    pub fn of(device: &DeviceId) -> Self {
        Self::new(device.uuid, &device.resource)
    }

    pub(crate) fn new(uuid: Uuid, resource: &Resource) -> Self {
        Self {
            uuid,
            resource: TextKey::of(resource),
        }
    }
}

/// Whom a message is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Addressee {
    /// All devices of an account.
    Account(Uuid),
    /// The members of a topic.
    Topic(TopicId),
}

/// See the module.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sending {
    /// The app of both ends.
    pub app_id: AppId,
    /// The device that sends.
    pub from: DeviceKey,
    /// Whom it is for, where that is known.
    pub to: Option<Addressee>,
    /// The sender's packetId.
    pub packet: TextKey,
    /// Payload in bytes.
    pub bytes: u32,
    /// When it was taken from its sender.
    pub since: Instant,
}

impl Sending {
    /// Of a message that is on its way to the store.
    pub(crate) fn of(content: &Content) -> Self {
        let to = match &content.to {
            Target::Account(to) => Addressee::Account(to.uuid),
            Target::Topic(topic) => Addressee::Topic(*topic),
        };
        Self {
            app_id: content.app_id,
            from: DeviceKey::new(content.from.uuid, &content.from_resource),
            to: Some(to),
            packet: TextKey::of(&content.packet_id),
            bytes: bytes(content.payload.len()),
            since: Instant::now(),
        }
    }

    /// Of one that got no further than its sender. Nothing is known of its target.
    pub(crate) fn unaddressed(
        from: &Account,
        resource: &Resource,
        packet_id: &str,
        payload: usize,
    ) -> Self {
        Self {
            app_id: from.app_id,
            from: DeviceKey::new(from.uuid, resource),
            to: None,
            packet: TextKey::of(packet_id),
            bytes: bytes(payload),
            since: Instant::now(),
        }
    }
}

fn bytes(payload: usize) -> u32 {
    u32::try_from(payload).unwrap_or(u32::MAX)
}
