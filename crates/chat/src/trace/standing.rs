//! Where the devices of an account are with respect to a message: the cursor proves that a device
//! acknowledged it, what is remembered says when.

use model::{AccountName, Party, Resource, Uuid};

use super::Receiver;
use super::event::Device;
use super::find::Traced;
use super::heard::{Heard, OfDevice};
use crate::Chat;
use crate::port::StoreError;
use crate::sending::{Addressee, DeviceKey};

/// An account that the message is for.
pub(super) struct Standing {
    pub(super) party: Party,
    pub(super) devices: Vec<DeviceStanding>,
}

/// One of its devices. Times are in milliseconds since 1970.
pub(super) struct DeviceStanding {
    pub(super) key: Device,
    /// `None`: it is remembered by what it did, and forgotten since.
    pub(super) resource: Option<Resource>,
    pub(super) is_online: bool,
    /// Its cursor has passed the message.
    pub(super) is_past: bool,
    /// It logged in for the first time after the message, and was not given it: it began where its
    /// account was.
    pub(super) began_later: bool,
    /// When the message was last written to it, if that is remembered.
    pub(super) written_ms: Option<u64>,
    /// When it acknowledged, if that is remembered.
    pub(super) acknowledged_ms: Option<u64>,
    /// When it went, if that is remembered.
    pub(super) unbound_ms: Option<u64>,
    /// When it was last seen, to the hour.
    pub(super) seen_ms: Option<u64>,
}

impl Chat {
    /// Whom the message is for, without its sender, and that in words.
    pub(super) async fn receivers(
        &self,
        traced: &Traced,
    ) -> Result<(Option<Receiver>, Vec<Party>), StoreError> {
        match traced.to {
            Addressee::Account(uuid) => {
                let receiver = match &traced.message {
                    Some(message) => match &message.content.to {
                        model::Target::Account(party) => Some(party.clone()),
                        model::Target::Topic(_) => None,
                    },
                    None => self.party(uuid).await?,
                };
                let parties = receiver.iter().cloned().collect();
                Ok((receiver.map(Receiver::Account), parties))
            }
            Addressee::Topic(id) => {
                let store = self.topics.store();
                let mut members = store.members_at(id, traced.sequence).await?;
                let receiver = Receiver::Topic {
                    id,
                    name: store.roster(id).await?.map(|roster| roster.topic.name),
                    members: members.len(),
                };
                members.retain(|party| party.uuid != traced.from);
                Ok((Some(receiver), members))
            }
        }
    }

    /// Whom a message was for that was refused.
    pub(super) async fn receiver_of(
        &self,
        to: Option<Addressee>,
    ) -> Result<Option<Receiver>, StoreError> {
        match to {
            None => Ok(None),
            Some(Addressee::Account(uuid)) => Ok(self.party(uuid).await?.map(Receiver::Account)),
            Some(Addressee::Topic(id)) => {
                let roster = self.topics.store().roster(id).await?;
                Ok(Some(Receiver::Topic {
                    id,
                    members: roster.as_ref().map_or(0, |roster| roster.members.len()),
                    name: roster.map(|roster| roster.topic.name),
                }))
            }
        }
    }

    /// The name of a device that is remembered.
    pub(super) fn resource(&self, device: Device) -> Option<Resource> {
        let seen = self.seen_devices(device.uuid).into_iter();
        let mut resources = seen.map(|seen| seen.resource);
        resources.find(|resource| key(device.uuid, resource) == device)
    }

    /// Where an account's devices are, but for the one that sent the message.
    pub(super) fn standing(
        &self,
        party: &Party,
        traced: &Traced,
        heard: &Heard,
        is_expired: bool,
    ) -> Standing {
        let uuid = party.uuid;
        let sender = traced.message.as_ref().map(|message| &message.content);
        let is_sender = |resource: &Resource| {
            sender.is_some_and(|content| {
                content.from.uuid == uuid && content.from_resource == *resource
            })
        };
        let mut devices = Vec::new();
        for seen in self.seen_devices(uuid) {
            if is_sender(&seen.resource) {
                continue;
            }
            let key = key(uuid, &seen.resource);
            let mut standing = DeviceStanding::remembered(key, heard);
            standing.resource = Some(seen.resource);
            standing.is_online = seen.is_online;
            if let Some(device) = seen.device {
                // What is older than the queue is passed over without being given.
                let was_given = !is_expired || !heard.is_complete || standing.written_ms.is_some();
                standing.is_past = device.cursor >= traced.sequence && was_given;
                standing.seen_ms = Some(device.seen_at_ms);
                standing.began_later = standing.is_past
                    && device.own_after >= traced.sequence
                    && standing.written_ms.is_none();
            }
            devices.push(standing);
        }
        for (key, _) in heard.devices(uuid) {
            let standing = DeviceStanding::remembered(key, heard);
            let is_known = devices.iter().any(|device| device.key == key);
            if !is_known && (standing.written_ms.is_some() || standing.acknowledged_ms.is_some()) {
                devices.push(standing);
            }
        }
        let party = party.clone();
        Standing { party, devices }
    }
}

impl Standing {
    pub(super) fn uuid(&self) -> Uuid {
        self.party.uuid
    }

    pub(super) fn name(&self) -> &AccountName {
        &self.party.account
    }
}

impl DeviceStanding {
    fn remembered(key: Device, heard: &Heard) -> Self {
        let of_device = heard.device(key);
        Self {
            key,
            resource: None,
            is_online: false,
            is_past: false,
            began_later: false,
            written_ms: of_device.and_then(|of_device| of_device.written_ms.last().copied()),
            acknowledged_ms: of_device.and_then(OfDevice::acknowledged_ms),
            unbound_ms: of_device.and_then(OfDevice::unbound_ms),
            seen_ms: None,
        }
    }

    /// Whether it certainly has the message. What is older than the queue may have been passed over
    /// without having been given.
    pub(super) fn has_it(&self, is_expired: bool) -> bool {
        self.acknowledged_ms.is_some() || (self.is_past && !is_expired)
    }
}

fn key(uuid: Uuid, resource: &Resource) -> Device {
    Device::of(DeviceKey::new(uuid, resource))
}
