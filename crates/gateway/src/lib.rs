//! Client sockets: frames over TCP and WebSocket, and what each connection may do when.
//!
//! Bytes come in by [`link`] (frames over any stream; [`websocket`] unwraps them first), pass the
//! [`connection`]'s state machine and its [`dispatch`] by command, and become the product's words
//! in `from_wire`. What goes out is put into the wire's words in `to_wire`. Those two are the only
//! places where wire and domain meet.
//!
//! An idle connection holds no buffer: it reads into a scratch of its thread.

mod config;
mod connection;
mod dispatch;
mod from_wire;
mod link;
mod login;
#[cfg(feature = "properties")]
pub mod properties;
mod registry;
mod sources;
mod to_wire;
mod unlimited;
mod websocket;

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use chat::Chat;
use chat::port::Observer;
use model::Source;
use socket2::SockRef;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::sync::Semaphore;

pub use crate::config::Config;
use crate::connection::Connection;
use crate::link::{Link, Transport};
use crate::registry::Registry;
use crate::sources::Sources;
pub use crate::sources::{Crowded, Place};
pub use crate::websocket::{HandshakeError, accept_key, handshake};

/// All client connections of this node.
pub struct Gateway {
    chat: Arc<Chat>,
    config: Config,
    observer: Arc<dyn Observer>,
    registry: Registry,
    sources: Arc<Sources>,
    /// Refused logins whose answer is being delayed.
    delayed: Semaphore,
}

impl Gateway {
    /// One without connections.
    pub fn new(chat: Arc<Chat>, config: Config, observer: Arc<dyn Observer>) -> Arc<Self> {
        let delayed = Semaphore::new(config.delayed_logins_max);
        let sources = Arc::new(Sources::new(&config));
        let registry = Registry::new(config.connections_max, Arc::clone(&sources));
        Arc::new(Self {
            chat,
            config,
            observer,
            registry,
            sources,
            delayed,
        })
    }

    /// A place for a connection, also one of HTTP, among those of its source; `None` is a source
    /// without limits.
    pub fn admit(&self, source: Option<Source>) -> Result<Place, Crowded> {
        self.sources.admit(source)
    }

    /// Carries a WebSocket whose handshake has been answered, until it ends; `received` is what
    /// the client sent behind its request. As the others, false when there is no room for it.
    pub fn serve_websocket<S>(self: &Arc<Self>, stream: S, received: Bytes, place: Place) -> bool
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        self.spawn(
            Link::new(
                stream,
                Transport::WebSocket,
                received,
                self.config.frame_bytes_max,
            ),
            place,
        )
    }

    /// Carries a TCP connection, until it ends.
    pub fn serve_tcp(self: &Arc<Self>, stream: TcpStream, place: Place) -> bool {
        let cap = self.config.frame_bytes_max;
        let link = Link::new(stream, Transport::Tcp, Bytes::new(), cap);
        self.spawn(link.with_reset(reset), place)
    }

    /// Carries a stream of frames that is not a bare socket, as TLS over TCP, until it ends.
    pub fn serve_stream<S>(self: &Arc<Self>, stream: S, place: Place) -> bool
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        self.spawn(
            Link::new(
                stream,
                Transport::Tcp,
                Bytes::new(),
                self.config.frame_bytes_max,
            ),
            place,
        )
    }

    fn spawn<S>(self: &Arc<Self>, link: Link<S>, place: Place) -> bool
    where
        S: link::Stream,
    {
        let Some(entry) = self.registry.enter(link.transport(), place) else {
            return false;
        };
        let connection = Connection::new(Arc::clone(self), link, entry);
        tokio::spawn(connection.run());
        true
    }

    /// Open connections: TCP, WebSocket.
    pub fn connections(&self) -> (usize, usize) {
        self.registry.counts()
    }

    /// Takes no new connection; those that are open get the receipts of what they sent, and end.
    pub fn stop(&self) {
        self.registry.stop();
    }

    /// Returns when all connections have ended after [`stop`](Self::stop).
    pub async fn stopped(&self) {
        self.registry.emptied().await;
    }
}

/// Has the kernel end the connection with RST when it is closed.
fn reset(stream: &TcpStream) {
    // Where that fails the connection ends in order, which only costs the client time.
    let _ = SockRef::from(stream).set_linger(Some(Duration::ZERO));
}
