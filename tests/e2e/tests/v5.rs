//! Frames of V5, those of web clients, over TCP: with TLS and without.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::{Bytes, BytesMut};
use client::Stream;
use client::rest::Envelope;
use e2e::{Certificate, Server, within};
use prost::Message as _;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use wire::bind::BindText;
use wire::header::{BIND, CIPHER_NONE, CIPHER_RC4, CONN, SECMSG};
use wire::{
    ClientHeader, Compound, Incoming, MimcPacket, MimcUser, OutgoingPacket, P2pMessage, PacketAck,
    PacketType, Version, XmMsgBind, XmMsgBindResp, XmMsgConn, XmMsgConnResp,
};

const RESOURCE: &str = "v5";

/// A client, step by step.
struct Peer {
    stream: Stream,
    received: BytesMut,
    envelope: Envelope,
}

impl Peer {
    async fn log_in(server: &Server, account: &str) -> Self {
        let mut peer = Self {
            stream: server.gateway().connect().await.unwrap(),
            received: BytesMut::new(),
            envelope: server.rest().token(&server.app(), account).await.unwrap(),
        };
        let conn = XmMsgConn::own("udid").encode_to_vec();
        peer.write(&peer.header(CONN, "1", CIPHER_NONE), &conn)
            .await;
        let (_, answer) = peer.read().await;
        let answer = XmMsgConnResp::decode(answer).unwrap();
        let header = peer.header(BIND, "2", CIPHER_NONE);
        let mut bind = XmMsgBind::new(peer.envelope.token.expose(), "");
        let key = peer.envelope.security_key.expose();
        let text = BindText::of(&header, &bind, answer.challenge(), key);
        bind.sig = Some(wire::bind::signature(&text));
        peer.write(&header, &bind.encode_to_vec()).await;
        let (_, answer) = peer.read().await;
        assert!(XmMsgBindResp::decode(answer).unwrap().result());
        peer
    }

    async fn send(&mut self, to: &str, text: &str) {
        let to = MimcUser::account(self.envelope.app_id, to);
        let payload = Bytes::copy_from_slice(text.as_bytes());
        let packet = OutgoingPacket {
            packet_id: "p1",
            package: &self.envelope.package,
            sequence: None,
            kind: PacketType::P2pMessage,
            payload: &P2pMessage::new(MimcUser::default(), to, payload, true, ""),
            timestamp: None,
        };
        let header = self.header(SECMSG, "3", CIPHER_RC4);
        let mut frame = BytesMut::new();
        wire::seal_secmsg(Version::V5, &header, &packet, &self.key(), None, &mut frame);
        self.stream.write_all(&frame).await.unwrap();
        self.stream.flush().await.unwrap();
    }

    async fn packet(&mut self) -> MimcPacket {
        let (header, payload) = self.read().await;
        assert_eq!(header.cmd(), SECMSG);
        MimcPacket::decode(wire::open_secmsg(&header, &self.key(), payload)).unwrap()
    }

    async fn write(&mut self, header: &ClientHeader, payload: &[u8]) {
        let mut frame = BytesMut::new();
        wire::seal(Version::V5, header, payload, None, &mut frame);
        self.stream.write_all(&frame).await.unwrap();
        self.stream.flush().await.unwrap();
    }

    async fn read(&mut self) -> (ClientHeader, BytesMut) {
        loop {
            let cap = wire::BODY_BYTES_MAX;
            let found = wire::frame_len(&self.received, Some(Version::V5), cap).unwrap();
            if let Some((_, len)) = found.filter(|(_, len)| *len <= self.received.len()) {
                let frame = self.received.split_to(len);
                match wire::open(frame, None).unwrap() {
                    Incoming::Packet { header, payload } => return (header, payload),
                    Incoming::Bare => panic!("a bare frame, which V5 has not"),
                }
            }
            let read = self.stream.read_buf(&mut self.received);
            assert_ne!(within("a frame", read).await.unwrap(), 0);
        }
    }

    fn header(&self, cmd: &str, id: &str, cipher: i32) -> ClientHeader {
        let uuid = self.envelope.uuid.cast_signed();
        ClientHeader::from_client(cmd, uuid, RESOURCE, id, cipher)
    }

    fn key(&self) -> Vec<u8> {
        STANDARD
            .decode(self.envelope.security_key.expose())
            .unwrap()
    }
}

async fn talks(server: &Server) {
    let mut ann = Peer::log_in(server, "ann").await;
    let mut ben = Peer::log_in(server, "ben").await;
    ann.send("ben", "in V5").await;
    let ack = PacketAck::decode(ann.packet().await.payload.unwrap()).unwrap();
    assert_eq!((ack.packet_id(), ack.code()), ("p1", 0));
    let list = Compound::decode(ben.packet().await.payload.unwrap()).unwrap();
    let inner = MimcPacket::decode(list.packets[0].clone()).unwrap();
    let message = P2pMessage::decode(inner.payload.unwrap()).unwrap();
    assert_eq!(message.payload(), b"in V5");
}

#[tokio::test]
async fn it_is_spoken_over_tcp() {
    talks(&Server::start().await).await;
}

#[tokio::test]
async fn it_is_spoken_over_tls() {
    talks(&Server::start_tls(Certificate::new(), &[]).await).await;
}
