//! What each command does on a connection, in the order the protocol allows.

use bytes::BytesMut;
use prost::Message as _;
use wire::{
    ClientHeader, ClientKind, Incoming, KickCause, MimcPacket, PacketType, Version, XmMsgConn,
    XmMsgConnResp, header,
};

use crate::connection::{Awaited, Close, Connection, Peer};
use crate::from_wire;
use crate::link::{LinkError, Stream};
use chat::SendError;
use chat::port::Story;

/// What CONN answers as the name of this front end. Clients keep it and ask for nothing with it.
const HOST: &str = "mimc";

impl<S: Stream> Connection<S> {
    pub(crate) async fn take(&mut self, frame: BytesMut) -> Result<(), Close> {
        let cipher = self.peer.as_ref().and_then(|peer| peer.cipher.as_ref());
        let opened = wire::open(frame, cipher).map_err(LinkError::from)?;
        let Incoming::Packet { header, payload } = opened else {
            return self.bare_ping();
        };
        if self.peer.is_none() {
            return self.conn(&header, &payload);
        }
        match header.cmd() {
            header::CONN => Err(Close::OutOfOrder),
            header::BIND => Box::pin(self.bind(header, payload)).await,
            header::PING => self.ping(&header),
            header::UBND => self.unbind(),
            header::SECMSG => {
                self.secmsg(&header, payload).await;
                Ok(())
            }
            _ => {
                self.ignore();
                Ok(())
            }
        }
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

    async fn secmsg(&mut self, header: &ClientHeader, payload: BytesMut) {
        let Some(binding) = &self.binding else {
            return self.ignore();
        };
        let payload = wire::open_secmsg(header, &binding.identity.security_key.0, payload);
        let Ok(packet) = MimcPacket::decode(payload.clone()) else {
            return match wire::salvage(&payload) {
                Some((packet_id, kind)) if is_acknowledged(kind) => {
                    self.refuse(packet_id, SendError::BadTarget);
                }
                _ => self.ignore(),
            };
        };
        match packet.kind() {
            Some(PacketType::P2pMessage) => self.p2p_message(packet).await,
            Some(PacketType::P2tMessage) => self.refuse(
                packet.packet_id.unwrap_or_default(),
                SendError::UnknownTopic,
            ),
            Some(PacketType::SequenceAck) => self.sequence_ack(&packet),
            Some(PacketType::Pull) => self.pull(),
            Some(PacketType::UcPacket) => self.unlimited(packet),
            Some(PacketType::OnlineMessage) => self.online_message(&packet).await,
            Some(PacketType::OnlineMessageAck) => self.online_message_ack(&packet).await,
            _ => self.ignore(),
        }
    }

    async fn p2p_message(&mut self, packet: MimcPacket) {
        let packet_id = packet.packet_id.unwrap_or_default();
        let Ok(message) = wire::P2pMessage::decode(packet.payload.unwrap_or_default()) else {
            return self.refuse(packet_id, SendError::BadTarget);
        };
        let Some(session) = self.session() else {
            return self.refuse_unbound(&packet_id);
        };
        let awaited = match session
            .send(from_wire::outgoing(&packet_id, &message))
            .await
        {
            Ok(receipted) => Awaited::Receipt(receipted),
            Err(error) => Awaited::Refusal(error),
        };
        self.await_receipt(packet_id, awaited);
    }

    fn await_receipt(&mut self, packet_id: String, awaited: Awaited) {
        if let Some(binding) = &mut self.binding {
            binding.receipts.push_back((packet_id, awaited));
        }
    }

    /// Refuses a message, in its turn.
    pub(crate) fn refuse(&mut self, packet_id: String, error: SendError) {
        if self.session().is_none() {
            return self.refuse_unbound(&packet_id);
        }
        self.await_receipt(packet_id, Awaited::Refusal(error));
    }

    /// Without an answer the Go client would wait for ever, even after its binding has ended.
    fn refuse_unbound(&mut self, packet_id: &str) {
        let now_ms = self.gateway.chat.clock.now_ms();
        self.seal(|sealer, out| sealer.unbound_ack(packet_id, now_ms, out));
    }

    fn sequence_ack(&mut self, packet: &MimcPacket) {
        let payload = packet.payload.clone().unwrap_or_default();
        let Ok(ack) = wire::SequenceAck::decode(payload) else {
            return self.ignore();
        };
        let Some(session) = self.session() else {
            return self.ignore();
        };
        let device = session.device();
        let is_own = ack.uuid() == device.uuid.0 && ack.resource() == &*device.resource;
        match u64::try_from(ack.sequence()) {
            Ok(sequence) if is_own => {
                session.acknowledge(model::Sequence(sequence));
            }
            _ => self.ignore(),
        }
    }

    fn pull(&mut self) {
        let Some(session) = self.session() else {
            return self.ignore();
        };
        session.refuse();
    }

    async fn online_message(&mut self, packet: &MimcPacket) {
        let payload = packet.payload.clone().unwrap_or_default();
        let Ok(message) = wire::P2pMessage::decode(payload) else {
            return self.ignore();
        };
        let Some(session) = self.session() else {
            return self.ignore();
        };
        let to = message.to.as_ref().and_then(|to| to.resource.as_deref());
        let to_resource = to.filter(|resource| !resource.is_empty());
        let outgoing = from_wire::outgoing(packet.packet_id(), &message);
        Box::pin(session.send_online(outgoing, to_resource)).await;
    }

    async fn online_message_ack(&mut self, packet: &MimcPacket) {
        let payload = packet.payload.clone().unwrap_or_default();
        let Ok(ack) = wire::OnlineMessageAck::decode(payload) else {
            return self.ignore();
        };
        let (Some(to), Some(session)) = (from_wire::device(&ack), self.session()) else {
            return self.ignore();
        };
        Box::pin(session.acknowledge_online(&to, from_wire::online_ack(ack))).await;
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
