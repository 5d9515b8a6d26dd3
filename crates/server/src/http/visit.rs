//! What is known of one HTTP connection while it lasts.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, Ordering};

use gateway::Place;
use parking_lot::Mutex;
use tokio::net::TcpStream;
use tokio::sync::OwnedSemaphorePermit;

pub(super) struct Visit {
    /// Where it came in.
    pub(super) local: SocketAddr,
    /// Its other end: the client, or a proxy.
    pub(super) peer: SocketAddr,
    pub(super) is_tls: bool,
    has_asked: AtomicBool,
    /// Among the connections of its address; a WebSocket takes it along.
    place: Mutex<Option<Place>>,
    /// Among the HTTP connections.
    _permit: OwnedSemaphorePermit,
}

impl Visit {
    /// `None`: the client is gone already.
    pub(super) fn new(
        stream: &TcpStream,
        peer: SocketAddr,
        is_tls: bool,
        place: Place,
        permit: OwnedSemaphorePermit,
    ) -> Option<Self> {
        Some(Self {
            local: stream.local_addr().ok()?,
            peer,
            is_tls,
            has_asked: AtomicBool::new(false),
            place: Mutex::new(Some(place)),
            _permit: permit,
        })
    }

    /// A request came.
    pub(super) fn ask(&self) {
        self.has_asked.store(true, Ordering::Relaxed);
    }

    /// Whether any request came so far.
    pub(super) fn has_asked(&self) -> bool {
        self.has_asked.load(Ordering::Relaxed)
    }

    /// For a WebSocket, which goes on when this connection has ended.
    pub(super) fn take_place(&self) -> Option<Place> {
        self.place.lock().take()
    }
}
