//! One socket that speaks frames: opened, challenged, not logged in. For tests and load; an app
//! wants [`Client`](crate::Client).

use std::future::poll_fn;
use std::io;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::{Buf, BytesMut};
use prost::Message;
use tokio::io::{AsyncReadExt as _, AsyncWrite as _};
use wire::{BodyCipher, ClientHeader, Incoming, Version, XmMsgConn, XmMsgConnResp};

use crate::gateway::Gateway;
use crate::ids::Ids;
use crate::stream::Stream;
use crate::websocket;

/// How long CONN and BIND may take. A refused token is answered a second late on purpose.
pub const ANSWER_WAIT: Duration = Duration::from_secs(10);
/// Room made for a read when there is little left.
const READ_BYTES: usize = 8 * 1024;
/// A read into less room than this is not worth its call.
const READ_BYTES_MIN: usize = 1024;

/// Why a connection is of no more use.
#[derive(Debug, thiserror::Error)]
pub enum ConnectionError {
    /// Nobody listens there, or the network does not reach it.
    #[error("cannot connect to {address}: {why}")]
    Unreachable {
        /// `host:port`.
        address: String,
        /// What the system said.
        why: io::Error,
    },
    /// The server closed it.
    #[error("the server closed the connection")]
    Closed,
    /// The network broke it.
    #[error("the connection broke: {0}")]
    Broken(io::Error),
    /// No answer in time.
    #[error("no answer to {command} within {} s", .after.as_secs())]
    Silent {
        /// What was asked.
        command: &'static str,
        /// How long it was waited for.
        after: Duration,
    },
    /// What came cannot be from a server of this protocol.
    #[error("the server broke the protocol: {0}")]
    BadServer(String),
}

/// A TCP connection or a WebSocket after CONN, perhaps over TLS.
///
/// What is queued is written by [`next`](Self::next) and [`flush`](Self::flush); both may be
/// dropped at any await point and called again.
#[derive(Debug)]
pub struct Connection {
    stream: Stream,
    /// V6 on TCP; V5, in messages of a WebSocket.
    version: Version,
    inbound: BytesMut,
    outbound: BytesMut,
    received_bytes: u64,
    /// The socket takes no more, but what it has may still be read: a KICK says why.
    is_deaf: bool,
    /// Whether the stream may hold what was written to it, as TLS does until it is flushed.
    is_unflushed: bool,
    cipher: Option<BodyCipher>,
    challenge: String,
    ids: Ids,
}

impl Connection {
    /// Connects to a gateway, which may be just its `host:port`, and takes the challenge, announcing a
    /// client of ours: one that never refuses a list, and may be given four unacknowledged ones.
    pub async fn open(gateway: impl Into<Gateway>) -> Result<Self, ConnectionError> {
        let gateway = gateway.into();
        Self::over(gateway.connect().await?).await
    }

    /// The same over a stream that is connected already.
    pub async fn over(stream: impl Into<Stream>) -> Result<Self, ConnectionError> {
        Self::introduced(stream.into(), Version::V6, BytesMut::new()).await
    }

    /// The same as a WebSocket, over a stream that is connected to the HTTP port of `host`.
    pub async fn over_websocket(
        stream: impl Into<Stream>,
        host: &str,
    ) -> Result<Self, ConnectionError> {
        let (mut stream, mut inbound) = (stream.into(), BytesMut::new());
        websocket::upgrade(&mut stream, host, &mut inbound).await?;
        Self::introduced(stream, Version::V5, inbound).await
    }

    async fn introduced(
        stream: Stream,
        version: Version,
        inbound: BytesMut,
    ) -> Result<Self, ConnectionError> {
        let nodelay = stream.socket().set_nodelay(true);
        nodelay.map_err(ConnectionError::Broken)?;
        let mut connection = Self {
            stream,
            version,
            inbound,
            outbound: BytesMut::new(),
            received_bytes: 0,
            is_deaf: false,
            is_unflushed: false,
            cipher: None,
            challenge: String::new(),
            ids: Ids::new(),
        };
        connection.introduce().await?;
        Ok(connection)
    }

    async fn introduce(&mut self) -> Result<(), ConnectionError> {
        let udid = self.ids.next().to_owned();
        let id = self.ids.next().to_owned();
        let header =
            ClientHeader::from_client(wire::header::CONN, 0, "", &id, wire::header::CIPHER_NONE);
        self.queue(&header, &XmMsgConn::own(&udid).encode_to_vec());
        let (_, payload) = self.answer(wire::header::CONN).await?;
        let answer = XmMsgConnResp::decode(payload).map_err(bad_server)?;
        if self.version == Version::V6 {
            self.cipher = Some(BodyCipher::new(answer.challenge(), &udid));
        }
        self.challenge = answer.challenge.unwrap_or_default();
        Ok(())
    }

    /// What the server asked this connection to sign.
    pub fn challenge(&self) -> &str {
        &self.challenge
    }

    /// A new id for a header or a packet, unique to this connection.
    pub fn next_id(&mut self) -> &str {
        self.ids.next()
    }

    /// Queues a command.
    pub fn queue(&mut self, header: &ClientHeader, payload: &[u8]) {
        let start = self.outbound.len();
        wire::seal(
            self.version,
            header,
            payload,
            self.cipher.as_ref(),
            &mut self.outbound,
        );
        self.wrap(start);
    }

    /// Queues an application packet under a payload key of its own.
    pub fn queue_secmsg(
        &mut self,
        header: &ClientHeader,
        packet: &impl wire::Encode,
        security_key: &[u8],
    ) {
        let start = self.outbound.len();
        wire::seal_secmsg(
            self.version,
            header,
            packet,
            security_key,
            self.cipher.as_ref(),
            &mut self.outbound,
        );
        self.wrap(start);
    }

    /// Queues a ping.
    pub(crate) fn queue_ping(&mut self) {
        match self.version {
            Version::V6 => self.queue_raw(&wire::BARE_PING),
            Version::V5 => {
                let (ping, id) = (wire::header::PING, self.ids.next().to_owned());
                let none = wire::header::CIPHER_NONE;
                self.queue(&ClientHeader::from_client(ping, 0, "", &id, none), &[]);
            }
        }
    }

    /// Queues bytes as they are: for tests of what a server does with bad ones.
    pub fn queue_raw(&mut self, bytes: &[u8]) {
        self.outbound.extend_from_slice(bytes);
    }

    /// Bytes queued and not yet given to the socket.
    pub fn queued_bytes(&self) -> usize {
        self.outbound.len()
    }

    /// Bytes that came so far, those of an upgrade to a WebSocket left out.
    pub fn received_bytes(&self) -> u64 {
        self.received_bytes
    }

    /// The stream underneath, for tests of what a server does with clients that behave badly. What is
    /// queued is lost.
    pub fn into_stream(self) -> Stream {
        self.stream
    }

    /// The next frame; writes what is queued meanwhile. An error ends the connection.
    pub async fn next(&mut self) -> Result<Incoming, ConnectionError> {
        poll_fn(|context| self.poll_next(context)).await
    }

    /// Gives everything queued to the socket, without reading.
    pub async fn flush(&mut self) -> Result<(), ConnectionError> {
        poll_fn(|context| self.poll_flush(context))
            .await
            .map_err(ConnectionError::Broken)
    }

    /// As [`next`](Self::next), for futures written by hand.
    pub fn poll_next(
        &mut self,
        context: &mut Context<'_>,
    ) -> Poll<Result<Incoming, ConnectionError>> {
        loop {
            if let Some(frame) = self.take_frame()? {
                return Poll::Ready(wire::open(frame, self.cipher.as_ref()).map_err(bad_server));
            }
            // What the frames of one read had us queue goes out in one write.
            if let Poll::Ready(Err(_)) = self.poll_flush(context) {
                self.is_deaf = true;
            }
            ready!(self.poll_fill(context))?;
        }
    }

    /// The answer to a command that was just queued.
    pub(crate) async fn answer(
        &mut self,
        command: &'static str,
    ) -> Result<(ClientHeader, BytesMut), ConnectionError> {
        let after = ANSWER_WAIT;
        let answer = async {
            loop {
                match self.next().await? {
                    Incoming::Packet { header, payload } if header.cmd() == command => {
                        return Ok((header, payload));
                    }
                    Incoming::Packet { header, .. } => {
                        let came = header.cmd();
                        return Err(bad_server(format!("{came} came in answer to {command}")));
                    }
                    Incoming::Bare => {}
                }
            }
        };
        let silent = |_elapsed| ConnectionError::Silent { command, after };
        tokio::time::timeout(after, answer).await.map_err(silent)?
    }

    fn poll_flush(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.is_deaf {
            self.outbound.clear();
        }
        while !self.outbound.is_empty() {
            let written = ready!(Pin::new(&mut self.stream).poll_write(context, &self.outbound))?;
            self.outbound.advance(written);
            self.is_unflushed = true;
        }
        if self.is_unflushed {
            ready!(Pin::new(&mut self.stream).poll_flush(context))?;
            self.is_unflushed = false;
        }
        Poll::Ready(Ok(()))
    }

    fn poll_fill(&mut self, context: &mut Context<'_>) -> Poll<Result<(), ConnectionError>> {
        if self.inbound.capacity() - self.inbound.len() < READ_BYTES_MIN {
            self.inbound.reserve(READ_BYTES);
        }
        // A new future each time: one that is dropped has read nothing.
        let reading = pin!(self.stream.read_buf(&mut self.inbound));
        Poll::Ready(match ready!(reading.poll(context)) {
            Ok(0) => Err(ConnectionError::Closed),
            // What most servers that go away without TLS's farewell look like.
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => {
                Err(ConnectionError::Closed)
            }
            Ok(read) => {
                self.received_bytes += read as u64;
                Ok(())
            }
            Err(error) => Err(ConnectionError::Broken(error)),
        })
    }

    /// Makes a frame that was just queued a message, where frames are messages.
    fn wrap(&mut self, start: usize) {
        if self.version == Version::V5 {
            websocket::wrap(&mut self.outbound, start);
        }
    }

    fn take_frame(&mut self) -> Result<Option<BytesMut>, ConnectionError> {
        if self.version == Version::V5 {
            return websocket::next(&mut self.inbound, &mut self.outbound);
        }
        let cap = wire::BODY_BYTES_MAX;
        let len = wire::frame_len(&self.inbound, Some(Version::V6), cap).map_err(bad_server)?;
        let frame = match len {
            Some((_, len)) if len <= self.inbound.len() => Some(self.inbound.split_to(len)),
            Some((_, len)) => {
                self.inbound.reserve(len - self.inbound.len());
                None
            }
            None => None,
        };
        Ok(frame)
    }
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "it is what map_err hands over"
)]
pub(crate) fn bad_server(what: impl ToString) -> ConnectionError {
    ConnectionError::BadServer(what.to_string())
}
