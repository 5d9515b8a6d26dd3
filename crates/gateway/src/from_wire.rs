//! The wire's words into the product's. Nothing a packet says of its sender is taken.

use chat::mailbox::OnlineAck;
use chat::{Outgoing, TopicMessage};
use model::{AppId, DeviceId, Resource, TopicId, Uuid};
use wire::{OnlineMessageAck, P2pMessage, P2tMessage};

/// A message for an account, as the client asks for it.
pub(crate) fn outgoing<'a>(packet_id: &'a str, message: &'a P2pMessage) -> Outgoing<'a> {
    let to = message.to.as_ref();
    Outgoing {
        // A client that names no app means its own.
        app_id: to.and_then(|to| to.app_id).filter(|id| *id != 0).map(AppId),
        to: to.map_or("", |to| to.app_account()),
        packet_id,
        payload: message.payload.clone().unwrap_or_default(),
        biz_type: message.biz_type(),
        is_stored: message.is_store(),
    }
}

/// A message for a topic, as the client asks for it; `None` when it names none.
pub(crate) fn topic_message<'a>(
    packet_id: &'a str,
    message: &'a P2tMessage,
) -> Option<TopicMessage<'a>> {
    let to = message.to.as_ref()?;
    Some(TopicMessage {
        app_id: to.app_id.filter(|id| *id != 0).map(AppId),
        to: TopicId(to.topic_id?),
        packet_id,
        payload: message.payload.clone().unwrap_or_default(),
        biz_type: message.biz_type(),
        is_stored: message.is_store(),
    })
}

/// The device that an online message's answer is for.
pub(crate) fn device(ack: &OnlineMessageAck) -> Option<DeviceId> {
    let resource = Resource::new(ack.resource()).ok()?;
    Some(DeviceId {
        uuid: Uuid(ack.uuid()),
        resource,
    })
}

/// What the answer says.
pub(crate) fn online_ack(ack: OnlineMessageAck) -> OnlineAck {
    OnlineAck {
        code: ack.code(),
        packet_id: ack.packet_id.unwrap_or_default(),
        error: ack.error_msg.unwrap_or_default(),
    }
}
