//! The product's words into the wire's, for the device that is bound to a connection.

use std::sync::Arc;

use bytes::{Bytes, BytesMut};
use chat::mailbox::Fleeting;
use chat::{Receipt, SendError, Session};
use model::{Account, App, Content, DeviceId, Message, Party, Target};
use wire::header::{CIPHER_NONE, CIPHER_RC4};
use wire::packet::compound::{self, CompoundStatus, CompoundWriter};
use wire::packet::packet_ack::{AckCode, AckedPacket};
use wire::{
    ClientHeader, DirFlag, Encode, MimcGroup, MimcUser, OnlineMessageAck, OutgoingPacket,
    P2pMessage, P2tMessage, PacketAck, PacketType, UcPacket, XmMsgKick, header,
};

use crate::connection::Peer;

/// Whom frames are sealed for.
pub(crate) struct Identity {
    pub(crate) device: DeviceId,
    account: Arc<Account>,
    /// As it was at the login; `None` if it is gone.
    app: Option<Arc<App>>,
}

impl Identity {
    pub(crate) fn new(session: &Session, app: Option<Arc<App>>) -> Self {
        Self {
            device: session.device().clone(),
            account: Arc::clone(&session.account),
            app,
        }
    }

    pub(crate) fn security_key(&self) -> &[u8] {
        &self.account.security_key.0
    }

    fn package(&self) -> &str {
        self.app.as_ref().map_or("", |app| &app.package)
    }

    /// Below 2^63, as every uuid of ours.
    pub(crate) fn uuid_on_wire(&self) -> i64 {
        self.device.uuid.0.cast_signed()
    }

    /// This device as packets name it.
    pub(crate) fn user(&self) -> MimcUser {
        let (account, device) = (&self.account, &self.device);
        let app_id = account.app_id.0;
        MimcUser::device(app_id, &account.name, device.uuid.0, &device.resource)
    }

    /// What a list takes besides its packets, in bytes.
    pub(crate) fn list_overhead(&self) -> usize {
        let names = 2 * self.device.resource.len() + self.package().len();
        compound::OVERHEAD_BYTES_MAX + names + HEADER_BYTES
    }

    /// What a message takes in a list, in bytes, at most.
    pub(crate) fn packet_len(&self, message: &Message) -> usize {
        packet_len_max(self.package(), message)
    }
}

/// A header without its resource, in bytes: numbers, names of the server and the command, the id.
const HEADER_BYTES: usize = 96;

/// A packet without its texts and its payload, in bytes: keys, lengths, ids, sequence, timestamp.
const PACKET_BYTES: usize = 128;

/// Seals frames for one device.
pub(crate) struct Sealer<'a> {
    peer: &'a mut Peer,
    identity: &'a Identity,
}

impl<'a> Sealer<'a> {
    pub(crate) fn new(peer: &'a mut Peer, identity: &'a Identity) -> Self {
        Self { peer, identity }
    }

    /// The answer to a message: its receipt, or why there is none.
    pub(crate) fn packet_ack(
        &mut self,
        packet_id: &str,
        receipt: Result<Receipt, SendError>,
        now_ms: u64,
        out: &mut BytesMut,
    ) {
        let acked = self.acked(packet_id);
        let ack = match receipt {
            Ok(Receipt {
                sequence,
                timestamp_ms,
            }) => PacketAck::accepted(acked, sequence.0.cast_signed(), timestamp_ms.cast_signed()),
            Err(error) => {
                PacketAck::refused(acked, now_ms.cast_signed(), code(error), &error.to_string())
            }
        };
        self.ack(&ack, out);
    }

    /// The answer to a message after the binding has ended.
    pub(crate) fn unbound_ack(&mut self, packet_id: &str, now_ms: u64, out: &mut BytesMut) {
        let acked = self.acked(packet_id);
        let now = now_ms.cast_signed();
        self.ack(
            &PacketAck::refused(acked, now, AckCode::Unbound, "not logged in"),
            out,
        );
    }

    fn acked<'b>(&'b self, packet_id: &'b str) -> AckedPacket<'b>
    where
        'a: 'b,
    {
        AckedPacket {
            packet_id,
            package: self.identity.package(),
            uuid: self.identity.device.uuid.0,
            resource: &self.identity.device.resource,
        }
    }

    fn ack(&mut self, ack: &PacketAck, out: &mut BytesMut) {
        self.secmsg(PacketType::PacketAck, ack.sequence, ack.timestamp, ack, out);
    }

    /// One list of messages, ascending, all P2P or all P2T.
    pub(crate) fn list(&mut self, messages: &[Arc<Message>], out: &mut BytesMut) {
        let (Some(first), Some(last)) = (messages.first(), messages.last()) else {
            return;
        };
        let packets: Vec<Bytes> = messages
            .iter()
            .map(|message| {
                with_packet(self.identity.package(), message, |packet| packet.to_bytes())
            })
            .collect();
        let max_sequence = last.sequence.0.cast_signed();
        let compound = CompoundWriter {
            uuid: self.identity.device.uuid.0,
            resource: &self.identity.device.resource,
            max_sequence,
            min_sequence: first.sequence.0.cast_signed(),
            packets: &packets,
            status: CompoundStatus::Normal,
        };
        let timestamp = Some(last.timestamp_ms.cast_signed());
        self.secmsg(
            PacketType::Compound,
            Some(max_sequence),
            timestamp,
            &compound,
            out,
        );
    }

    /// Something for devices that are online.
    pub(crate) fn fleeting(&mut self, fleeting: &Fleeting, now_ms: u64, out: &mut BytesMut) {
        let timestamp = Some(now_ms.cast_signed());
        match fleeting {
            Fleeting::Message(content) => {
                let Target::Account(to) = &content.to else {
                    return;
                };
                let message = p2p(content, to);
                let kind = PacketType::OnlineMessage;
                self.packet(&content.packet_id, kind, None, timestamp, &message, out);
            }
            Fleeting::Acknowledgement(ack) => {
                let device = &self.identity.device;
                let answer = OnlineMessageAck {
                    code: Some(ack.code),
                    error_msg: Some(ack.error.clone()),
                    ..OnlineMessageAck::arrived(&ack.packet_id, device.uuid.0, &device.resource)
                };
                self.secmsg(PacketType::OnlineMessageAck, None, timestamp, &answer, out);
            }
        }
    }

    /// A packet of unlimited groups.
    pub(crate) fn unlimited(&mut self, packet: &UcPacket, now_ms: u64, out: &mut BytesMut) {
        let timestamp = Some(now_ms.cast_signed());
        self.secmsg(PacketType::UcPacket, None, timestamp, packet, out);
    }

    /// The end of the binding.
    pub(crate) fn kick(&mut self, kick: &XmMsgKick, out: &mut BytesMut) {
        let id = self.peer.next_header_id();
        let header = self.header(header::KICK, &id, CIPHER_NONE);
        let cipher = self.peer.cipher.as_ref();
        let write = |out: &mut BytesMut| kick.write_to(out);
        wire::seal_with(
            self.peer.version,
            &header,
            kick.written_len(),
            write,
            cipher,
            out,
        );
    }

    /// A packet of ours, named by its header's id.
    fn secmsg(
        &mut self,
        kind: PacketType,
        sequence: Option<i64>,
        timestamp: Option<i64>,
        payload: &impl Encode,
        out: &mut BytesMut,
    ) {
        let packet_id = self.peer.next_header_id();
        self.packet(&packet_id, kind, sequence, timestamp, payload, out);
    }

    fn packet(
        &mut self,
        packet_id: &str,
        kind: PacketType,
        sequence: Option<i64>,
        timestamp: Option<i64>,
        payload: &impl Encode,
        out: &mut BytesMut,
    ) {
        let package = self.identity.package();
        let packet = OutgoingPacket {
            packet_id,
            package,
            sequence,
            kind,
            payload,
            timestamp,
        };
        let id = self.peer.next_header_id();
        let header = self.header(header::SECMSG, &id, CIPHER_RC4);
        let key = self.identity.security_key();
        let cipher = self.peer.cipher.as_ref();
        wire::seal_secmsg(self.peer.version, &header, &packet, key, cipher, out);
    }

    fn header(&self, cmd: &str, id: &str, cipher: i32) -> ClientHeader {
        let uuid = Some(self.identity.uuid_on_wire());
        let resource = Some(&*self.identity.device.resource);
        ClientHeader::from_server(cmd, uuid, resource, id, DirFlag::ScOneway, cipher)
    }
}

impl Peer {
    /// Never given before, on this connection or another: it keys a cipher.
    fn next_header_id(&mut self) -> String {
        self.header_ids += 1;
        format!("{}_{}", self.challenge, self.header_ids)
    }
}

/// Known without building the packet, which copies the texts.
fn packet_len_max(package: &str, message: &Message) -> usize {
    let content = &message.content;
    let to = match &content.to {
        Target::Account(to) => to.account.len(),
        Target::Topic(_) => 0,
    };
    let names = content.from.account.len() + content.from_resource.len() + to;
    let tags = package.len() + content.packet_id.len() + content.biz_type.len();
    PACKET_BYTES + names + tags + content.payload.len()
}

/// Calls with the packet of a message, which borrows from it.
fn with_packet<T>(package: &str, message: &Message, act: impl FnOnce(Packet<'_>) -> T) -> T {
    let content = &message.content;
    let (kind, payload) = match &content.to {
        Target::Account(to) => (PacketType::P2pMessage, Payload::P2p(p2p(content, to))),
        Target::Topic(topic) => {
            let group = MimcGroup::new(content.app_id.0, topic.0);
            (PacketType::P2tMessage, Payload::P2t(p2t(content, group)))
        }
    };
    act(OutgoingPacket {
        packet_id: &content.packet_id,
        package,
        sequence: Some(message.sequence.0.cast_signed()),
        kind,
        payload: &payload,
        timestamp: Some(message.timestamp_ms.cast_signed()),
    })
}

type Packet<'a> = OutgoingPacket<'a, Payload>;

enum Payload {
    P2p(P2pMessage),
    P2t(P2tMessage),
}

impl Encode for Payload {
    fn written_len(&self) -> usize {
        match self {
            Self::P2p(message) => message.written_len(),
            Self::P2t(message) => message.written_len(),
        }
    }

    fn write_to(&self, out: &mut BytesMut) {
        match self {
            Self::P2p(message) => message.write_to(out),
            Self::P2t(message) => message.write_to(out),
        }
    }
}

fn p2p(content: &Content, to: &Party) -> P2pMessage {
    let to = MimcUser {
        uuid: Some(to.uuid.0),
        ..MimcUser::account(content.app_id.0, &to.account)
    };
    let mut message = P2pMessage::new(
        sender(content),
        to,
        content.payload.clone(),
        content.is_stored,
        "",
    );
    message.biz_type = biz_type(content);
    message
}

fn p2t(content: &Content, to: MimcGroup) -> P2tMessage {
    let mut message = P2tMessage::new(
        sender(content),
        to,
        content.payload.clone(),
        content.is_stored,
        "",
    );
    message.biz_type = biz_type(content);
    message
}

fn sender(content: &Content) -> MimcUser {
    let from = &content.from;
    MimcUser::device(
        content.app_id.0,
        &from.account,
        from.uuid.0,
        &content.from_resource,
    )
}

fn biz_type(content: &Content) -> Option<String> {
    (!content.biz_type.is_empty()).then(|| content.biz_type.to_string())
}

fn code(error: SendError) -> AckCode {
    match error {
        SendError::BadTarget => AckCode::BadRequest,
        SendError::Forbidden | SendError::Blocked | SendError::NotMember => AckCode::Forbidden,
        SendError::UnknownTopic => AckCode::NotFound,
        SendError::TooLarge => AckCode::TooLarge,
        SendError::RateLimited => AckCode::RateLimited,
        SendError::Busy => AckCode::Busy,
        SendError::Unavailable => AckCode::Internal,
    }
}

#[cfg(test)]
mod tests {
    use model::{AccountName, AppId, Callbacks, Resource, Sequence, TopicId, Uuid};

    use super::*;

    fn party(number: u64, name: &str) -> Party {
        Party {
            uuid: Uuid(number),
            account: AccountName::new(name).unwrap(),
        }
    }

    #[test]
    fn a_packet_is_never_longer_than_it_is_taken_for_and_hardly_shorter() {
        let long = u64::MAX >> 1;
        let targets = |number| {
            [
                Target::Account(party(number, "bob")),
                Target::Topic(TopicId(number)),
            ]
        };
        for (number, bytes) in [(1, 0), (long, 0), (long, 200), (long, 60_000)] {
            for to in targets(number) {
                let content = Content {
                    app_id: AppId(number),
                    from: party(number, "alice"),
                    from_resource: Resource::new("desk").unwrap(),
                    to,
                    packet_id: "x".repeat(bytes.min(100)).into(),
                    payload: vec![7; bytes].into(),
                    biz_type: "text".into(),
                    is_stored: true,
                    callbacks: Callbacks::default(),
                };
                let message = Message {
                    sequence: Sequence(number),
                    timestamp_ms: number,
                    content,
                };
                let is = with_packet("package", &message, |packet| packet.written_len());
                let at_most = packet_len_max("package", &message);
                assert!((is..is + PACKET_BYTES).contains(&at_most), "{is} {at_most}");
            }
        }
    }
}
