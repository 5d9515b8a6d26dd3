//! A server by script: it does what a test tells it to, frame by frame.

use std::net::SocketAddr;

use bytes::{Bytes, BytesMut};
use mimc_client::rest::Envelope;
use prost::Message;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use wire::header::{BIND, CIPHER_NONE, CIPHER_RC4, CONN, KICK, SECMSG};
use wire::packet::compound::{CompoundStatus, CompoundWriter};
use wire::{
    BodyCipher, ClientHeader, DirFlag, Incoming, MimcPacket, MimcUser, OutgoingPacket, P2pMessage,
    PacketAck, PacketType, SequenceAck, Version, XmMsgBind, XmMsgBindResp, XmMsgConn,
    XmMsgConnResp, XmMsgKick,
};

const UUID: u64 = 42;
const KEY: &[u8] = b"key";
const CHALLENGE: &str = "0123456789abcdef";

pub(crate) fn envelope(token: &str) -> Envelope {
    Envelope {
        app_id: 1,
        package: "com.example".to_owned(),
        account: "ann".to_owned(),
        uuid: UUID,
        security_key: "a2V5".into(),
        token: token.into(),
    }
}

pub(crate) struct Fake {
    listener: TcpListener,
}

impl Fake {
    pub(crate) async fn listen() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await;
        Self {
            listener: listener.expect("a port is free"),
        }
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.listener.local_addr().expect("it listens")
    }

    /// The next client, challenged.
    pub(crate) async fn accept(&self) -> Peer {
        let (stream, _) = self.listener.accept().await.expect("a client comes");
        let mut peer = Peer {
            stream,
            inbound: BytesMut::new(),
            cipher: None,
            resource: String::new(),
            ids: 0,
        };
        let (header, payload) = peer.expect(CONN).await;
        let conn = XmMsgConn::decode(payload).expect("a CONN");
        assert_eq!(conn.sdk(), 100);
        let answer = XmMsgConnResp::new(CHALLENGE, "");
        let header = ClientHeader::response_to(&header);
        peer.write(&header, &answer.encode_to_vec()).await;
        peer.cipher = Some(BodyCipher::new(CHALLENGE, conn.udid()));
        peer
    }
}

/// One client.
pub(crate) struct Peer {
    stream: TcpStream,
    inbound: BytesMut,
    cipher: Option<BodyCipher>,
    resource: String,
    ids: usize,
}

impl Peer {
    /// Answers BIND with yes; returns its token.
    pub(crate) async fn accept_login(&mut self) -> String {
        self.answer_bind(&XmMsgBindResp::accepted()).await
    }

    pub(crate) async fn refuse_login(&mut self, error_type: &str, reason: &str) {
        let answer = XmMsgBindResp::refused(error_type, reason, "");
        self.answer_bind(&answer).await;
    }

    async fn answer_bind(&mut self, answer: &XmMsgBindResp) -> String {
        let (header, payload) = self.expect(BIND).await;
        let bind = XmMsgBind::decode(payload).expect("a BIND");
        let text = wire::bind::BindText::of(&header, &bind, CHALLENGE, "a2V5");
        assert_eq!(bind.sig(), wire::bind::signature(&text));
        header.resource().clone_into(&mut self.resource);
        let header = ClientHeader::response_to(&header);
        self.write(&header, &answer.encode_to_vec()).await;
        bind.token().to_owned()
    }

    /// The packetIds of the next P2P messages.
    pub(crate) async fn messages(&mut self, count: usize) -> Vec<String> {
        let mut ids = Vec::new();
        while ids.len() < count {
            let packet = self.packet().await;
            assert_eq!(packet.kind(), Some(PacketType::P2pMessage));
            ids.push(packet.packet_id().to_owned());
        }
        ids
    }

    /// What is acknowledged by the packet that must come next.
    pub(crate) async fn sequence_ack(&mut self) -> i64 {
        let packet = self.packet().await;
        assert_eq!(packet.kind(), Some(PacketType::SequenceAck));
        let ack = SequenceAck::decode(packet.payload.expect("it has a payload"));
        ack.expect("a SEQUENCE_ACK").sequence()
    }

    pub(crate) async fn acknowledge(&mut self, packet_id: &str, sequence: i64) {
        let ack = PacketAck {
            packet_id: Some(packet_id.to_owned()),
            sequence: Some(sequence),
            timestamp: Some(7),
            code: Some(0),
            ..PacketAck::default()
        };
        self.send(PacketType::PacketAck, &ack).await;
    }

    pub(crate) async fn refuse(&mut self, packet_id: &str, code: i32) {
        let ack = PacketAck {
            packet_id: Some(packet_id.to_owned()),
            error_msg: Some("no".to_owned()),
            code: Some(code),
            ..PacketAck::default()
        };
        self.send(PacketType::PacketAck, &ack).await;
    }

    /// One list with these messages for the device.
    pub(crate) async fn deliver(&mut self, sequences: &[i64]) {
        let resource = self.resource.clone();
        self.deliver_to(&resource, sequences).await;
    }

    pub(crate) async fn deliver_to(&mut self, resource: &str, sequences: &[i64]) {
        let from = MimcUser::device(1, "ben", 43, "phone");
        let to = MimcUser::account(1, "ann");
        let message = P2pMessage::new(from, to, Bytes::from_static(b"hi"), true, "");
        let packets: Vec<Bytes> = sequences
            .iter()
            .map(|sequence| {
                let packet = OutgoingPacket {
                    packet_id: &sequence.to_string(),
                    package: "com.example",
                    sequence: Some(*sequence),
                    kind: PacketType::P2pMessage,
                    payload: &message,
                    timestamp: Some(7),
                };
                packet.to_bytes()
            })
            .collect();
        let list = CompoundWriter {
            uuid: UUID,
            resource,
            max_sequence: sequences[sequences.len() - 1],
            min_sequence: sequences[0],
            packets: &packets,
            status: CompoundStatus::Normal,
        };
        self.send(PacketType::Compound, &list).await;
    }

    pub(crate) async fn kick(&mut self, reason: &str, desc: &str) {
        let kick = XmMsgKick {
            r#type: Some("wait".to_owned()),
            reason: Some(reason.to_owned()),
            desc: Some(desc.to_owned()),
        };
        let header = self.header(KICK, CIPHER_NONE);
        self.write(&header, &kick.encode_to_vec()).await;
    }

    /// The next command.
    pub(crate) async fn command(&mut self) -> String {
        let (header, _) = self.next().await.expect("a command comes");
        header.cmd().to_owned()
    }

    /// The next frame with a body; `None` at the end.
    pub(crate) async fn next(&mut self) -> Option<(ClientHeader, BytesMut)> {
        loop {
            let len = wire::frame_len(&self.inbound, None, wire::BODY_BYTES_MAX);
            match len.expect("the client writes frames") {
                Some((_, len)) if len <= self.inbound.len() => {
                    let frame = self.inbound.split_to(len);
                    match wire::open(frame, self.cipher.as_ref()).expect("a good frame") {
                        Incoming::Packet { header, payload } => return Some((header, payload)),
                        Incoming::Bare => {}
                    }
                }
                _ => match self.stream.read_buf(&mut self.inbound).await {
                    Ok(0) | Err(_) => return None,
                    Ok(_) => {}
                },
            }
        }
    }

    async fn packet(&mut self) -> MimcPacket {
        let (header, payload) = self.expect(SECMSG).await;
        assert!(header.is_encrypted());
        MimcPacket::decode(wire::open_secmsg(&header, KEY, payload)).expect("a packet")
    }

    async fn expect(&mut self, command: &str) -> (ClientHeader, BytesMut) {
        let (header, payload) = self.next().await.expect("a frame comes");
        assert_eq!(header.cmd(), command);
        (header, payload)
    }

    async fn send(&mut self, kind: PacketType, payload: &impl wire::Encode) {
        let header = self.header(SECMSG, CIPHER_RC4);
        let packet = OutgoingPacket {
            packet_id: "",
            package: "",
            sequence: None,
            kind,
            payload,
            timestamp: None,
        };
        let (cipher, mut out) = (self.cipher.as_ref(), BytesMut::new());
        wire::seal_secmsg(Version::V6, &header, &packet, KEY, cipher, &mut out);
        self.stream.write_all(&out).await.expect("the client reads");
    }

    async fn write(&mut self, header: &ClientHeader, payload: &[u8]) {
        let mut out = BytesMut::new();
        wire::seal(Version::V6, header, payload, self.cipher.as_ref(), &mut out);
        self.stream.write_all(&out).await.expect("the client reads");
    }

    fn header(&mut self, command: &str, cipher: i32) -> ClientHeader {
        self.ids += 1;
        let (uuid, id) = (UUID.cast_signed(), format!("s-{}", self.ids));
        let resource = Some(self.resource.as_str());
        ClientHeader::from_server(
            command,
            Some(uuid),
            resource,
            &id,
            DirFlag::ScOneway,
            cipher,
        )
    }
}
