//! From a new connection to one that TLS protects, in bounded time and number.

use std::io;
use std::time::Duration;

use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::server::TlsStream;

use super::Tls;
use crate::telemetry::metrics::Handshake;

/// From the opening of a connection to the end of its handshake.
const HANDSHAKE_TIMEOUT: Duration = Duration::from_secs(10);
/// What every TLS connection begins with: a record of the handshake.
const HANDSHAKE_RECORD: u8 = 0x16;

/// Which listener a connection came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Door {
    Http,
    Tcp,
}

/// What the first byte said.
pub(crate) enum Opened {
    /// The handshake is done.
    Tls(Box<TlsStream<TcpStream>>),
    /// The client speaks something else. Nothing of it has been read.
    Plain(TcpStream),
}

impl Tls {
    /// `None`: the handshake failed, took too long, or is one too many; the connection is closed.
    pub(crate) async fn open(&self, stream: TcpStream, door: Door) -> Option<Opened> {
        let Ok(_under_way) = self.handshakes.try_acquire() else {
            self.metrics.handshake(Handshake::Refused);
            return None;
        };
        let opened = timeout(HANDSHAKE_TIMEOUT, self.try_open(stream, door)).await;
        let (outcome, opened) = match opened {
            Ok(Ok(Opened::Tls(stream))) => (Handshake::Done, Some(Opened::Tls(stream))),
            Ok(Ok(Opened::Plain(stream))) => (Handshake::Plain, Some(Opened::Plain(stream))),
            Ok(Err(error)) => {
                tracing::debug!(%error, "a TLS handshake failed");
                (Handshake::Failed, None)
            }
            Err(_) => (Handshake::TimedOut, None),
        };
        self.metrics.handshake(outcome);
        opened
    }

    async fn try_open(&self, stream: TcpStream, door: Door) -> io::Result<Opened> {
        let mut first = [0];
        if stream.peek(&mut first).await? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        if first[0] != HANDSHAKE_RECORD {
            return Ok(Opened::Plain(stream));
        }
        let stream = self.acceptor(door).accept(stream).await?;
        Ok(Opened::Tls(Box::new(stream)))
    }
}
