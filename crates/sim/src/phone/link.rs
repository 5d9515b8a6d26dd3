//! A device's end of a connection: frames in and out, one account's ciphers.

use std::future::poll_fn;
use std::io;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::{Buf as _, Bytes, BytesMut};
use model::Account;
use prost::Message as _;
use tokio::io::{AsyncReadExt as _, AsyncWrite as _};
use tokio::time::timeout;
use wire::bind::BindText;
use wire::{
    BodyCipher, ClientHeader, Encode, Incoming, MimcPacket, OutgoingPacket, PacketType, Version,
    XmMsgBind, XmMsgBindResp, XmMsgConn, XmMsgConnResp, header,
};

use crate::network::End;

/// How long an answer to CONN or BIND is waited for.
const ANSWER_WAIT: Duration = Duration::from_secs(10);

/// See the module.
pub(super) struct Link {
    end: End,
    inbound: BytesMut,
    outbound: BytesMut,
    cipher: Option<BodyCipher>,
    account: Account,
    package: String,
    resource: String,
    ids: u64,
}

/// What the server said.
pub(super) enum Said {
    Pong,
    Packet(MimcPacket),
    Kick(String),
    Other,
}

impl Link {
    /// Connects and logs in; an error says why not.
    pub(super) async fn bind(
        end: End,
        conn: &XmMsgConn,
        account: Account,
        package: &str,
        token: &str,
        resource: &str,
    ) -> Result<Self, String> {
        let mut link = Self {
            end,
            inbound: BytesMut::new(),
            outbound: BytesMut::new(),
            cipher: None,
            account,
            package: package.to_owned(),
            resource: resource.to_owned(),
            ids: 0,
        };
        let header = ClientHeader::from_client(header::CONN, 0, "", "c_0", header::CIPHER_NONE);
        link.queue(&header, &conn.encode_to_vec());
        let payload = link.answer(header::CONN).await?;
        let answer = XmMsgConnResp::decode(payload).map_err(|error| error.to_string())?;
        link.cipher = Some(BodyCipher::new(answer.challenge(), conn.udid()));
        link.queue_bind(answer.challenge(), token);
        let payload = link.answer(header::BIND).await?;
        let answer = XmMsgBindResp::decode(payload).map_err(|error| error.to_string())?;
        if answer.result() {
            Ok(link)
        } else {
            Err(format!("refused: {}", answer.error_reason()))
        }
    }

    fn queue_bind(&mut self, challenge: &str, token: &str) {
        let header = self.header(header::BIND, header::CIPHER_NONE);
        let mut bind = XmMsgBind::new(token, "");
        let key = STANDARD.encode(self.account.security_key.0);
        let signature = wire::bind::signature(&BindText::of(&header, &bind, challenge, &key));
        bind.sig = Some(signature);
        self.queue(&header, &bind.encode_to_vec());
    }

    async fn answer(&mut self, cmd: &'static str) -> Result<BytesMut, String> {
        let answer = async {
            loop {
                match self.next_frame().await {
                    Ok(Incoming::Packet { header, payload }) if header.cmd() == cmd => {
                        return Ok(payload);
                    }
                    Ok(_) => {}
                    Err(error) => return Err(error.to_string()),
                }
            }
        };
        timeout(ANSWER_WAIT, answer)
            .await
            .unwrap_or_else(|_| Err(format!("no answer to {cmd}")))
    }

    /// Queues an application packet.
    pub(super) fn queue_packet(
        &mut self,
        kind: PacketType,
        packet_id: &str,
        payload: &impl Encode,
    ) {
        let header = self.header(header::SECMSG, header::CIPHER_RC4);
        let packet = OutgoingPacket {
            packet_id,
            package: &self.package,
            sequence: None,
            kind,
            payload,
            timestamp: None,
        };
        wire::seal_secmsg(
            Version::V6,
            &header,
            &packet,
            &self.account.security_key.0,
            self.cipher.as_ref(),
            &mut self.outbound,
        );
    }

    pub(super) fn queue_ping(&mut self) {
        self.outbound.extend_from_slice(&wire::BARE_PING);
    }

    /// What comes next; writes what is queued meanwhile. May be dropped and called again.
    pub(super) async fn next(&mut self) -> io::Result<Said> {
        let (header, payload) = match self.next_frame().await? {
            Incoming::Bare => return Ok(Said::Pong),
            Incoming::Packet { header, payload } => (header, payload),
        };
        match header.cmd() {
            header::SECMSG => {
                let key = &self.account.security_key.0;
                let bytes = wire::open_secmsg(&header, key, payload);
                MimcPacket::decode(bytes)
                    .map(Said::Packet)
                    .map_err(io::Error::other)
            }
            header::KICK => {
                let kick = wire::XmMsgKick::decode(payload).map_err(io::Error::other)?;
                Ok(Said::Kick(kick.desc().to_owned()))
            }
            _ => Ok(Said::Other),
        }
    }

    async fn next_frame(&mut self) -> io::Result<Incoming> {
        poll_fn(|context| self.poll_frame(context)).await
    }

    fn poll_frame(&mut self, context: &mut Context<'_>) -> Poll<io::Result<Incoming>> {
        loop {
            while !self.outbound.is_empty() {
                match Pin::new(&mut self.end).poll_write(context, &self.outbound) {
                    Poll::Ready(Ok(written)) => self.outbound.advance(written),
                    // What came before it broke may still be read.
                    Poll::Ready(Err(_)) => self.outbound.clear(),
                    Poll::Pending => break,
                }
            }
            let cap = wire::BODY_BYTES_MAX;
            let found = wire::frame_len(&self.inbound, Some(Version::V6), cap);
            let found = found.map_err(io::Error::other)?;
            if let Some((_, len)) = found.filter(|(_, len)| *len <= self.inbound.len()) {
                let frame = self.inbound.split_to(len);
                let opened = wire::open(frame, self.cipher.as_ref());
                return Poll::Ready(opened.map_err(io::Error::other));
            }
            let reading = pin!(self.end.read_buf(&mut self.inbound));
            if ready!(reading.poll(context))? == 0 {
                return Poll::Ready(Err(io::ErrorKind::UnexpectedEof.into()));
            }
        }
    }

    fn queue(&mut self, header: &ClientHeader, payload: &[u8]) {
        let cipher = self.cipher.as_ref();
        wire::seal(Version::V6, header, payload, cipher, &mut self.outbound);
    }

    fn header(&mut self, cmd: &str, cipher: i32) -> ClientHeader {
        self.ids += 1;
        let uuid = self.account.uuid.0.cast_signed();
        ClientHeader::from_client(
            cmd,
            uuid,
            &self.resource,
            &format!("c_{}", self.ids),
            cipher,
        )
    }

    pub(super) fn account(&self) -> &Account {
        &self.account
    }

    pub(super) fn resource(&self) -> &str {
        &self.resource
    }

    /// The parts of a packet whose payload may be absent.
    pub(super) fn payload(packet: &MimcPacket) -> Bytes {
        packet.payload.clone().unwrap_or_default()
    }
}
