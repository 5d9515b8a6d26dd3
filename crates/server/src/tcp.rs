//! The TCP gateway's door: takes connections, and has TLS protect them where that is configured.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use gateway::{Gateway, Place};
use socket2::SockRef;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;

use crate::admission::Admission;
use crate::config::TcpTls;
use crate::listen::EXHAUSTED_PAUSE;
use crate::tls::{Door, Opened, Tls};

/// How long a refused connection is kept before it is closed.
const REFUSED_FOR: Duration = Duration::from_secs(1);
/// Refused connections that are kept at a time; more are closed at once.
const REFUSED_MAX: usize = 1_000;

/// What every connection needs.
pub(crate) struct Tcp {
    gateway: Arc<Gateway>,
    admission: Arc<Admission>,
    tls: Option<Arc<Tls>>,
    /// Whether who does not speak TLS is served, too.
    is_plain_served: bool,
    refused: Arc<Semaphore>,
}

impl Tcp {
    pub(crate) fn new(
        gateway: Arc<Gateway>,
        admission: Arc<Admission>,
        tls: Option<Arc<Tls>>,
        mode: TcpTls,
    ) -> Arc<Self> {
        Arc::new(Self {
            gateway,
            admission,
            tls: tls.filter(|_| mode != TcpTls::Off),
            is_plain_served: mode == TcpTls::Optional,
            refused: Arc::new(Semaphore::new(REFUSED_MAX)),
        })
    }

    /// Takes connections until the task is dropped.
    pub(crate) async fn serve(self: Arc<Self>, listener: TcpListener) {
        loop {
            match listener.accept().await {
                Ok((stream, peer)) => self.take(stream, peer),
                Err(error) => {
                    tracing::warn!(%error, "a connection could not be taken");
                    tokio::time::sleep(EXHAUSTED_PAUSE).await;
                }
            }
        }
    }

    fn take(self: &Arc<Self>, stream: TcpStream, peer: SocketAddr) {
        let Some(place) = self.admission.admit(peer.ip()) else {
            return self.refuse(stream);
        };
        // A client that is gone already is noticed at the first read.
        let _ = stream.set_nodelay(true);
        match &self.tls {
            None => self.admission.given(self.gateway.serve_tcp(stream, place)),
            Some(tls) => {
                tokio::spawn(Arc::clone(self).open(Arc::clone(tls), stream, place));
            }
        }
    }

    /// Ends a connection after a moment, for clients that lose one come back at once; and by a reset,
    /// for the C# client does not notice an orderly end.
    fn refuse(&self, stream: TcpStream) {
        // Where that fails the end is an orderly one.
        let _ = SockRef::from(&stream).set_linger(Some(Duration::ZERO));
        if let Ok(place) = Arc::clone(&self.refused).try_acquire_owned() {
            tokio::spawn(async move {
                tokio::time::sleep(REFUSED_FOR).await;
                drop((stream, place));
            });
        }
    }

    async fn open(self: Arc<Self>, tls: Arc<Tls>, stream: TcpStream, place: Place) {
        let had_room = match tls.open(stream, Door::Tcp).await {
            Some(Opened::Tls(stream)) => self.gateway.serve_stream(*stream, place),
            Some(Opened::Plain(stream)) if self.is_plain_served => {
                self.gateway.serve_tcp(stream, place)
            }
            Some(Opened::Plain(_)) | None => return,
        };
        self.admission.given(had_room);
    }
}
