//! The TCP gateway's door.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use socket2::SockRef;
use tokio::net::{TcpListener, TcpStream};

use crate::Gateway;
use crate::link::{Link, Transport};

/// How long the door stays shut when the system has no room for a connection.
const EXHAUSTED_PAUSE: Duration = Duration::from_millis(100);

impl Gateway {
    /// Takes connections until the task is dropped.
    pub async fn serve_tcp(self: Arc<Self>, listener: TcpListener) {
        loop {
            match listener.accept().await {
                Ok((stream, peer)) => {
                    // A client that is gone already is noticed at the first read.
                    let _ = stream.set_nodelay(true);
                    let cap = self.config.frame_bytes_max;
                    let link = Link::new(stream, Transport::Tcp, Bytes::new(), cap);
                    self.spawn(link.with_reset(reset), peer);
                }
                Err(error) => {
                    tracing::warn!(%error, "a connection could not be taken");
                    tokio::time::sleep(EXHAUSTED_PAUSE).await;
                }
            }
        }
    }
}

/// Has the kernel end the connection with RST when it is closed.
fn reset(stream: &TcpStream) {
    // Where that fails the connection ends in order, which only costs the client time.
    let _ = SockRef::from(stream).set_linger(Some(Duration::ZERO));
}
