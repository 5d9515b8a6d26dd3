//! What comes to a session, decoded.

use bytes::Bytes;
use prost::Message as _;
use wire::{
    Compound, MimcPacket, MimcUser, OnlineMessageAck, P2pMessage, P2tMessage, PacketAck,
    PacketType, XmMsgKick,
};

use crate::connection::{ConnectionError, bad_server};
use crate::event::KickReason;
use crate::message::{Device, Message, OnlineAck, OnlineMessage, Receipt, SendRefused, Target};

/// One thing that the server sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Arrival {
    /// What became of a message of ours.
    Ack(Ack),
    /// Messages for this device.
    List(List),
    /// A message that is not kept.
    OnlineMessage(OnlineMessage),
    /// Another device's answer to one of ours.
    OnlineAck(OnlineAck),
    /// The answer to a ping.
    Pong,
    /// The session is over; the server closes.
    Kick(KickReason),
    /// Something that this client has no use for.
    Other,
}

/// What became of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ack {
    /// Of the message.
    pub packet_id: String,
    /// Its place, or why it has none.
    pub outcome: Result<Receipt, SendRefused>,
}

/// Messages that are acknowledged together, by the sequence of the last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct List {
    /// Ascending, at least one.
    pub messages: Vec<Message>,
    /// Of the last.
    pub max_sequence: i64,
}

pub(crate) fn kick(payload: &[u8]) -> Result<Arrival, ConnectionError> {
    let kick = XmMsgKick::decode(payload).map_err(bad_server)?;
    Ok(Arrival::Kick(KickReason::from_wire(
        kick.reason(),
        kick.desc(),
    )))
}

/// An application packet for the device that is bound here.
pub(crate) fn packet(bytes: Bytes, uuid: u64, resource: &str) -> Result<Arrival, ConnectionError> {
    let packet = MimcPacket::decode(bytes).map_err(bad_server)?;
    let kind = packet.kind();
    let payload = packet.payload.clone().unwrap_or_default();
    match kind {
        Some(PacketType::PacketAck) => ack(payload),
        Some(PacketType::Compound) => list(payload, uuid, resource),
        Some(PacketType::OnlineMessage) => online_message(packet, payload),
        Some(PacketType::OnlineMessageAck) => online_ack(payload),
        _ => Ok(Arrival::Other),
    }
}

fn ack(payload: Bytes) -> Result<Arrival, ConnectionError> {
    let ack = PacketAck::decode(payload).map_err(bad_server)?;
    let outcome = match ack.code() {
        0 => Ok(Receipt {
            sequence: ack.sequence(),
            timestamp_ms: ack.timestamp(),
        }),
        code => Err(SendRefused {
            code,
            text: ack.error_msg.unwrap_or_default(),
        }),
    };
    let packet_id = ack.packet_id.unwrap_or_default();
    Ok(Arrival::Ack(Ack { packet_id, outcome }))
}

fn list(payload: Bytes, uuid: u64, resource: &str) -> Result<Arrival, ConnectionError> {
    let list = Compound::decode(payload).map_err(bad_server)?;
    if list.uuid() != uuid || list.resource() != resource {
        let whose = format!("{}/{}", list.uuid(), list.resource());
        return Err(bad_server(format!(
            "a list for {whose} came to {uuid}/{resource}"
        )));
    }
    let max_sequence = list.max_sequence();
    let messages = list.packets.into_iter().map(message);
    let messages = messages.collect::<Result<Vec<_>, _>>()?;
    if messages.last().map(|last| last.sequence) != Some(max_sequence) {
        return Err(bad_server("a list that does not end with its maxSequence"));
    }
    if !messages.is_sorted_by(|a, b| a.sequence < b.sequence) {
        return Err(bad_server("a list that is not ascending"));
    }
    Ok(Arrival::List(List {
        messages,
        max_sequence,
    }))
}

fn message(bytes: Bytes) -> Result<Message, ConnectionError> {
    let packet = MimcPacket::decode(bytes).map_err(bad_server)?;
    let (sequence, timestamp_ms) = (packet.sequence(), packet.timestamp());
    let kind = packet.kind();
    let payload = packet.payload.unwrap_or_default();
    let (from, to, payload, biz_type) = match kind {
        Some(PacketType::P2pMessage) => {
            let inner = P2pMessage::decode(payload).map_err(bad_server)?;
            let to = inner.to.unwrap_or_default().app_account.unwrap_or_default();
            (
                inner.from,
                Target::Account(to),
                inner.payload,
                inner.biz_type,
            )
        }
        Some(PacketType::P2tMessage) => {
            let inner = P2tMessage::decode(payload).map_err(bad_server)?;
            let to = inner.to.unwrap_or_default().topic_id();
            (inner.from, Target::Topic(to), inner.payload, inner.biz_type)
        }
        _ => return Err(bad_server("a list with something else than messages")),
    };
    Ok(Message {
        sequence,
        timestamp_ms,
        packet_id: packet.packet_id.unwrap_or_default(),
        from: device(from.unwrap_or_default()),
        to,
        payload: payload.unwrap_or_default(),
        biz_type: biz_type.unwrap_or_default(),
    })
}

fn online_message(packet: MimcPacket, payload: Bytes) -> Result<Arrival, ConnectionError> {
    let inner = P2pMessage::decode(payload).map_err(bad_server)?;
    let from = inner.from.unwrap_or_default();
    Ok(Arrival::OnlineMessage(OnlineMessage {
        packet_id: packet.packet_id.unwrap_or_default(),
        from_uuid: from.uuid(),
        from: device(from),
        payload: inner.payload.unwrap_or_default(),
        biz_type: inner.biz_type.unwrap_or_default(),
    }))
}

fn online_ack(payload: Bytes) -> Result<Arrival, ConnectionError> {
    let ack = OnlineMessageAck::decode(payload).map_err(bad_server)?;
    Ok(Arrival::OnlineAck(OnlineAck {
        code: ack.code(),
        packet_id: ack.packet_id.unwrap_or_default(),
        text: ack.error_msg.unwrap_or_default(),
    }))
}

fn device(user: MimcUser) -> Device {
    Device {
        account: user.app_account.unwrap_or_default(),
        resource: user.resource.unwrap_or_default(),
    }
}
