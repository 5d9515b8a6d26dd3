//! What each command does on a connection, in the order the protocol allows.

use bytes::{Bytes, BytesMut};
use chat::SendError;
use chat::port::Story;
use chat::send::Receipted;
use model::Sequence;
use prost::Message as _;
use wire::{
    ClientHeader, ClientKind, Incoming, KickCause, MimcPacket, OnlineMessageAck, P2pMessage,
    P2tMessage, PacketType, SequenceAck, Version, XmMsgConn, XmMsgConnResp, header,
};

use crate::connection::{Awaited, Close, Connection, Peer};
use crate::from_wire;
use crate::link::{LinkError, Stream};

/// What CONN answers as the name of this front end. Clients keep it and ask for nothing with it.
const HOST: &str = "mimc";

/// What a frame asks for that may have to wait for the store.
pub(crate) enum Slow {
    Bind(Box<ClientHeader>, BytesMut),
    Message(String, Box<P2pMessage>),
    TopicMessage(String, Box<P2tMessage>),
    OnlineMessage(String, Box<P2pMessage>),
    OnlineMessageAck(Box<OnlineMessageAck>),
}

impl<S: Stream> Connection<S> {
    /// Does what a frame asks for, or says what of it remains to be done.
    pub(crate) fn take(&mut self, frame: BytesMut) -> Result<Option<Slow>, Close> {
        let cipher = self.peer.as_ref().and_then(|peer| peer.cipher.as_ref());
        let opened = wire::open(frame, cipher).map_err(LinkError::from)?;
        let Incoming::Packet { header, payload } = opened else {
            return self.bare_ping().map(|()| None);
        };
        if self.peer.is_none() {
            return self.conn(&header, &payload).map(|()| None);
        }
        match header.cmd() {
            header::CONN => return Err(Close::OutOfOrder),
            header::BIND => return Ok(Some(Slow::Bind(Box::new(header), payload))),
            header::PING => self.ping(&header)?,
            header::UBND => self.unbind()?,
            header::SECMSG => return Ok(self.secmsg(&header, payload)),
            _ => self.ignore(),
        }
        Ok(None)
    }

    pub(crate) async fn take_slowly(&mut self, slow: Slow) -> Result<(), Close> {
        match slow {
            Slow::Bind(header, payload) => return self.bind(&header, payload).await,
            Slow::Message(packet_id, message) => self.message(packet_id, &message).await,
            Slow::TopicMessage(packet_id, message) => {
                self.topic_message(packet_id, &message).await;
            }
            Slow::OnlineMessage(packet_id, message) => {
                self.online_message(&packet_id, &message).await;
            }
            Slow::OnlineMessageAck(ack) => self.online_message_ack(*ack).await,
        }
        Ok(())
    }

    fn conn(&mut self, header: &ClientHeader, payload: &[u8]) -> Result<(), Close> {
        if header.cmd() != header::CONN {
            return Err(Close::OutOfOrder);
        }
        let conn = XmMsgConn::decode(payload).map_err(|_| Close::OutOfOrder)?;
        let version = self.link.version().ok_or(Close::OutOfOrder)?;
        let challenge = chat::secret::alphanumeric();
        let answer = XmMsgConnResp::new(&challenge, HOST).encode_to_vec();
        let header = ClientHeader::response_to(header);
        self.link
            .push(|out| wire::seal(version, &header, &answer, None, out));
        let kind = ClientKind::of(&conn);
        let cipher =
            (version == Version::V6).then(|| wire::BodyCipher::new(&challenge, conn.udid()));
        if kind == ClientKind::CSharp {
            self.link.write_frames_alone();
        }
        self.peer = Some(Box::new(Peer {
            version,
            kind,
            challenge,
            cipher,
            header_ids: 0,
        }));
        Ok(())
    }

    fn bare_ping(&mut self) -> Result<(), Close> {
        if self.peer.is_none() {
            return Err(Close::OutOfOrder);
        }
        self.link
            .push(|out| out.extend_from_slice(&wire::BARE_PING));
        Ok(())
    }

    fn ping(&mut self, request: &ClientHeader) -> Result<(), Close> {
        match self.peer.as_ref().map(|peer| peer.version) {
            Some(Version::V6) => self.bare_ping(),
            Some(Version::V5) => {
                self.respond(request, &[]);
                Ok(())
            }
            None => Err(Close::OutOfOrder),
        }
    }

    fn unbind(&mut self) -> Result<(), Close> {
        if self.session().is_none() {
            return Err(Close::Finished);
        }
        self.kick(KickCause::Logout)
    }

    /// Queues the answer to a request, in the name of the binding if there is one.
    pub(crate) fn respond(&mut self, request: &ClientHeader, payload: &[u8]) {
        let Some(peer) = &self.peer else { return };
        let mut header = ClientHeader::response_to(request);
        if let Some(binding) = &self.binding {
            let identity = &binding.identity;
            header = header.of_binding(identity.uuid_on_wire(), &identity.device.resource);
        }
        let cipher = peer.cipher.as_ref();
        self.link
            .push(|out| wire::seal(peer.version, &header, payload, cipher, out));
    }

    fn secmsg(&mut self, header: &ClientHeader, payload: BytesMut) -> Option<Slow> {
        let Some(binding) = &self.binding else {
            self.ignore();
            return None;
        };
        let payload = wire::open_secmsg(header, binding.identity.security_key(), payload);
        let Ok(packet) = MimcPacket::decode(payload.clone()) else {
            self.refuse_unreadable(&payload);
            return None;
        };
        let kind = packet.kind();
        let packet_id = packet.packet_id.unwrap_or_default();
        let payload = packet.payload.unwrap_or_default();
        match kind {
            Some(PacketType::P2pMessage) => return self.p2p_message(packet_id, payload),
            Some(PacketType::P2tMessage) => return self.p2t_message(packet_id, payload),
            Some(PacketType::OnlineMessage) => {
                let message = P2pMessage::decode(payload).ok()?;
                return Some(Slow::OnlineMessage(packet_id, Box::new(message)));
            }
            Some(PacketType::OnlineMessageAck) => {
                let ack = OnlineMessageAck::decode(payload).ok()?;
                return Some(Slow::OnlineMessageAck(Box::new(ack)));
            }
            Some(PacketType::SequenceAck) => self.sequence_ack(payload),
            Some(PacketType::Pull) => self.refuse_list(),
            Some(PacketType::UcPacket) => self.unlimited(packet_id, payload),
            _ => self.ignore(),
        }
        None
    }

    /// A packet that cannot be decoded is answered all the same where its client would wait.
    fn refuse_unreadable(&mut self, packet: &[u8]) {
        match wire::salvage(packet) {
            Some((packet_id, kind)) if is_acknowledged(kind) => {
                self.refuse(packet_id, SendError::BadTarget);
            }
            _ => self.ignore(),
        }
    }

    fn p2p_message(&mut self, packet_id: String, payload: Bytes) -> Option<Slow> {
        let Ok(message) = P2pMessage::decode(payload) else {
            self.refuse(packet_id, SendError::BadTarget);
            return None;
        };
        let Some(session) = self.session() else {
            self.refuse_unbound(&packet_id);
            return None;
        };
        match session.send_now(&from_wire::outgoing(&packet_id, &message)) {
            Some(sent) => self.await_receipt(packet_id, sent),
            None => return Some(Slow::Message(packet_id, Box::new(message))),
        }
        None
    }

    fn p2t_message(&mut self, packet_id: String, payload: Bytes) -> Option<Slow> {
        let Ok(message) = P2tMessage::decode(payload) else {
            self.refuse(packet_id, SendError::BadTarget);
            return None;
        };
        let Some(session) = self.session() else {
            self.refuse_unbound(&packet_id);
            return None;
        };
        let Some(outgoing) = from_wire::topic_message(&packet_id, &message) else {
            self.refuse(packet_id, SendError::BadTarget);
            return None;
        };
        match session.send_to_topic_now(&outgoing) {
            Some(sent) => self.await_receipt(packet_id, sent),
            None => return Some(Slow::TopicMessage(packet_id, Box::new(message))),
        }
        None
    }

    async fn topic_message(&mut self, packet_id: String, message: &P2tMessage) {
        let Some(session) = self.session() else {
            return self.refuse_unbound(&packet_id);
        };
        let sent = match from_wire::topic_message(&packet_id, message) {
            Some(outgoing) => session.send_to_topic(outgoing).await,
            None => Err(SendError::BadTarget),
        };
        self.await_receipt(packet_id, sent);
    }

    async fn message(&mut self, packet_id: String, message: &P2pMessage) {
        let Some(session) = self.session() else {
            return self.refuse_unbound(&packet_id);
        };
        let sent = session.send(from_wire::outgoing(&packet_id, message)).await;
        self.await_receipt(packet_id, sent);
    }

    fn await_receipt(&mut self, packet_id: String, sent: Result<Receipted, SendError>) {
        let awaited = match sent {
            Ok(receipted) => Awaited::Receipt(receipted),
            Err(error) => Awaited::Refusal(error),
        };
        if let Some(binding) = &mut self.binding {
            binding.receipts.push_back((packet_id, awaited));
        }
    }

    /// Refuses a message, in its turn.
    pub(crate) fn refuse(&mut self, packet_id: String, error: SendError) {
        let Some(session) = self.session() else {
            return self.refuse_unbound(&packet_id);
        };
        session.note_refusal(&packet_id, error);
        self.await_receipt(packet_id, Err(error));
    }

    /// Without an answer the Go client would wait for ever, even after its binding has ended.
    fn refuse_unbound(&mut self, packet_id: &str) {
        let now_ms = self.gateway.chat.clock.now_ms();
        self.seal(|sealer, out| sealer.unbound_ack(packet_id, now_ms, out));
    }

    fn sequence_ack(&mut self, payload: Bytes) {
        let Ok(ack) = SequenceAck::decode(payload) else {
            return self.ignore();
        };
        let Some(session) = self.session() else {
            return self.ignore();
        };
        let device = session.device();
        let is_own = ack.uuid() == device.uuid.0 && ack.resource() == &*device.resource;
        match u64::try_from(ack.sequence()) {
            Ok(sequence) if is_own => session.acknowledge(Sequence(sequence)),
            _ => self.ignore(),
        }
    }

    /// PULL: the client refused a list, or wants to be sure.
    fn refuse_list(&mut self) {
        match self.session() {
            Some(session) => session.refuse(),
            None => self.ignore(),
        }
    }

    async fn online_message(&mut self, packet_id: &str, message: &P2pMessage) {
        let Some(session) = self.session() else {
            return self.ignore();
        };
        let to = message.to.as_ref().and_then(|to| to.resource.as_deref());
        let to_resource = to.filter(|resource| !resource.is_empty());
        session
            .send_online(from_wire::outgoing(packet_id, message), to_resource)
            .await;
    }

    async fn online_message_ack(&mut self, ack: OnlineMessageAck) {
        let (Some(to), Some(session)) = (from_wire::device(&ack), self.session()) else {
            return self.ignore();
        };
        session
            .acknowledge_online(&to, from_wire::online_ack(ack))
            .await;
    }

    pub(crate) fn ignore(&self) {
        self.gateway.observer.observe(Story::Ignored);
    }
}

/// Packets that a client must not be left without an answer to.
fn is_acknowledged(kind: PacketType) -> bool {
    matches!(
        kind,
        PacketType::P2pMessage | PacketType::P2tMessage | PacketType::UcPacket
    )
}
