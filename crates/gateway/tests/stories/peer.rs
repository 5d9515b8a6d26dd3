//! A client, one explicit step at a time.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::{Bytes, BytesMut};
use model::Account;
use prost::Message as _;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use wire::bind::BindText;
use wire::{
    BodyCipher, ClientHeader, Compound, Incoming, MimcPacket, MimcUser, OutgoingPacket, P2pMessage,
    PacketAck, PacketType, SequenceAck, Version, XmMsgBind, XmMsgBindResp, XmMsgConn,
    XmMsgConnResp, XmMsgKick, header,
};

/// What frames go over: a socket, or memory.
pub(crate) trait Stream: AsyncRead + AsyncWrite + Unpin + Send {}
impl<S: AsyncRead + AsyncWrite + Unpin + Send> Stream for S {}

pub(crate) struct Peer {
    stream: Box<dyn Stream>,
    received: BytesMut,
    cipher: Option<BodyCipher>,
    challenge: String,
    account: Option<Account>,
    resource: String,
    ids: u32,
}

/// What the gateway says.
#[derive(Debug)]
pub(crate) enum Said {
    Pong,
    Bind(XmMsgBindResp),
    Kick(XmMsgKick),
    Ack(PacketAck),
    List(Vec<(u64, String)>),
    Packet,
    End,
}

impl Peer {
    pub(crate) async fn connect(stream: impl Stream + 'static, conn: XmMsgConn) -> Self {
        let mut peer = Self {
            stream: Box::new(stream),
            received: BytesMut::new(),
            cipher: None,
            challenge: String::new(),
            account: None,
            resource: String::new(),
            ids: 0,
        };
        let header = ClientHeader::from_client(header::CONN, 0, "", "c_0", 0);
        peer.write(&header, &conn.encode_to_vec()).await;
        let (_, payload) = peer.read().await.unwrap().unwrap();
        let answer = XmMsgConnResp::decode(payload).unwrap();
        answer.challenge().clone_into(&mut peer.challenge);
        peer.cipher = Some(BodyCipher::new(&peer.challenge, conn.udid()));
        peer
    }

    pub(crate) async fn bind(
        &mut self,
        account: &Account,
        token: &str,
        resource: &str,
    ) -> XmMsgBindResp {
        self.become_device(account, resource);
        let id = self.next_id();
        let header = self.header(header::BIND, &id, 0);
        let key = STANDARD.encode(account.security_key.0);
        let mut bind = XmMsgBind::new(token, "");
        bind.sig = Some(wire::bind::signature(&BindText::of(
            &header,
            &bind,
            &self.challenge,
            &key,
        )));
        self.write(&header, &bind.encode_to_vec()).await;
        match self.next().await {
            Said::Bind(answer) => answer,
            other => panic!("expected the answer to BIND, got {other:?}"),
        }
    }

    pub(crate) fn become_device(&mut self, account: &Account, resource: &str) {
        self.account = Some(account.clone());
        resource.clone_into(&mut self.resource);
    }

    pub(crate) async fn command(&mut self, cmd: &str) {
        let id = self.next_id();
        let header = self.header(cmd, &id, 0);
        self.write(&header, &[]).await;
    }

    pub(crate) async fn send(&mut self, to: &str, packet_id: &str, text: &str) {
        let packet = self.sealed(to, packet_id, text);
        self.write_raw(&packet).await;
    }

    /// The frame that [`send`](Self::send) writes.
    pub(crate) fn sealed(&mut self, to: &str, packet_id: &str, text: &str) -> Vec<u8> {
        let app_id = self.account().app_id.0;
        let to = MimcUser::account(app_id, to);
        let payload = Bytes::copy_from_slice(text.as_bytes());
        let message = P2pMessage::new(MimcUser::default(), to, payload, true, "");
        self.packet(PacketType::P2pMessage, packet_id, &message)
    }

    pub(crate) async fn acknowledge(&mut self, sequence: u64) {
        let account = self.account();
        let (uuid, app_id) = (account.uuid.0, account.app_id.0);
        let sequence = sequence.cast_signed();
        let ack = SequenceAck::new(uuid, &self.resource, sequence, app_id);
        let frame = self.packet(PacketType::SequenceAck, "", &ack);
        self.write_raw(&frame).await;
    }

    pub(crate) async fn pull(&mut self) {
        let account = self.account();
        let pull = wire::Pull::new(account.uuid.0, &self.resource, account.app_id.0);
        let frame = self.packet(PacketType::Pull, "", &pull);
        self.write_raw(&frame).await;
    }

    pub(crate) fn packet(
        &mut self,
        kind: PacketType,
        packet_id: &str,
        payload: &impl wire::Encode,
    ) -> Vec<u8> {
        let packet = OutgoingPacket {
            packet_id,
            package: "com.example",
            sequence: None,
            kind,
            payload,
            timestamp: None,
        };
        let id = self.next_id();
        let header = self.header(header::SECMSG, &id, 1);
        let key = self.account().security_key.0;
        let mut out = BytesMut::new();
        wire::seal_secmsg(
            Version::V6,
            &header,
            &packet,
            &key,
            self.cipher.as_ref(),
            &mut out,
        );
        out.to_vec()
    }

    /// The next thing the gateway says.
    pub(crate) async fn next(&mut self) -> Said {
        let Some(frame) = self.read().await else {
            return Said::End;
        };
        let Some((header, payload)) = frame else {
            return Said::Pong;
        };
        match header.cmd() {
            header::BIND => Said::Bind(XmMsgBindResp::decode(payload).unwrap()),
            header::KICK => Said::Kick(XmMsgKick::decode(payload).unwrap()),
            header::SECMSG => self.opened(&header, payload),
            other => panic!("unexpected {other}"),
        }
    }

    fn opened(&self, header: &ClientHeader, payload: BytesMut) -> Said {
        let payload = wire::open_secmsg(header, &self.account().security_key.0, payload);
        let packet = MimcPacket::decode(payload).unwrap();
        match packet.kind().unwrap() {
            PacketType::PacketAck => Said::Ack(PacketAck::decode(packet.payload.unwrap()).unwrap()),
            PacketType::Compound => {
                let list = Compound::decode(packet.payload.unwrap()).unwrap();
                Said::List(list.packets.into_iter().map(message).collect())
            }
            _ => Said::Packet,
        }
    }

    /// Bytes that have arrived and are no whole frame yet, or the error that ended the stream.
    pub(crate) async fn read_raw(&mut self) -> std::io::Result<usize> {
        self.stream.read_buf(&mut self.received).await
    }

    /// The length of the next frame, which is left where it is.
    pub(crate) async fn frame_len(&mut self) -> usize {
        loop {
            let len = wire::frame_len(&self.received, Some(Version::V6), usize::MAX / 2).unwrap();
            if let Some((_, len)) = len {
                return len;
            }
            assert_ne!(self.read_raw().await.unwrap(), 0);
        }
    }

    pub(crate) async fn ack(&mut self) -> PacketAck {
        match self.next().await {
            Said::Ack(ack) => ack,
            other => panic!("expected an ack, got {other:?}"),
        }
    }

    pub(crate) async fn list(&mut self) -> Vec<(u64, String)> {
        match self.next().await {
            Said::List(list) => list,
            other => panic!("expected a list, got {other:?}"),
        }
    }

    pub(crate) async fn pong(&mut self) {
        self.write_raw(&wire::BARE_PING).await;
        assert!(matches!(self.next().await, Said::Pong));
    }

    /// Asserts that the stream ends and nothing more is said.
    pub(crate) async fn ended(&mut self) {
        let said = self.next().await;
        assert!(matches!(said, Said::End), "expected the end, got {said:?}");
    }

    pub(crate) async fn write_raw(&mut self, bytes: &[u8]) {
        self.stream.write_all(bytes).await.unwrap();
    }

    async fn write(&mut self, header: &ClientHeader, payload: &[u8]) {
        let mut out = BytesMut::new();
        wire::seal(Version::V6, header, payload, self.cipher.as_ref(), &mut out);
        self.write_raw(&out).await;
    }

    /// `None` at the end of the stream, `Some(None)` for a bare frame.
    async fn read(&mut self) -> Option<Option<(ClientHeader, BytesMut)>> {
        loop {
            let len = wire::frame_len(&self.received, Some(Version::V6), usize::MAX / 2).unwrap();
            if let Some((_, len)) = len.filter(|(_, len)| self.received.len() >= *len) {
                let frame = self.received.split_to(len);
                return Some(match wire::open(frame, self.cipher.as_ref()).unwrap() {
                    Incoming::Bare => None,
                    Incoming::Packet { header, payload } => Some((header, payload)),
                });
            }
            if self.stream.read_buf(&mut self.received).await.unwrap() == 0 {
                return None;
            }
        }
    }

    fn header(&self, cmd: &str, id: &str, cipher: i32) -> ClientHeader {
        let uuid = self
            .account
            .as_ref()
            .map_or(0, |account| account.uuid.0.cast_signed());
        ClientHeader::from_client(cmd, uuid, &self.resource, id, cipher)
    }

    fn account(&self) -> &Account {
        self.account.as_ref().expect("the story logs in first")
    }

    fn next_id(&mut self) -> String {
        self.ids += 1;
        format!("c_{}", self.ids)
    }
}

fn message(packet: Bytes) -> (u64, String) {
    let packet = MimcPacket::decode(packet).unwrap();
    let sequence = packet.sequence().cast_unsigned();
    let message = P2pMessage::decode(packet.payload.unwrap()).unwrap();
    (
        sequence,
        String::from_utf8(message.payload().to_vec()).unwrap(),
    )
}
