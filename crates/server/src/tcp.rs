//! The TCP gateway's door: takes connections, and has TLS protect them where that is configured.

use std::net::SocketAddr;
use std::sync::Arc;

use gateway::{Gateway, Place};
use tokio::net::{TcpListener, TcpStream};

use crate::admission::Admission;
use crate::config::TcpTls;
use crate::listen::EXHAUSTED_PAUSE;
use crate::tls::{Door, Opened, Tls};

/// What every connection needs.
pub(crate) struct Tcp {
    gateway: Arc<Gateway>,
    admission: Arc<Admission>,
    tls: Option<Arc<Tls>>,
    /// Whether who does not speak TLS is served, too.
    is_plain_served: bool,
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
            return;
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
