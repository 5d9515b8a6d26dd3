//! Who is let in at both doors: everybody, as long as one address does not come too often.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use gateway::{Crowded, Gateway, Place};
use parking_lot::Mutex;
use tokio::time::Instant;

use crate::peers::Peers;
use crate::telemetry::metrics::{Metrics, Refusal};

/// Refusals are told at most so often: who comes too often must not fill the log.
const TOLD_EVERY: Duration = Duration::from_mins(1);

/// What both doors ask.
pub(crate) struct Admission {
    gateway: Arc<Gateway>,
    metrics: Arc<Metrics>,
    pub(crate) peers: Peers,
    told_at: Mutex<Option<Instant>>,
}

impl Admission {
    pub(crate) fn new(gateway: Arc<Gateway>, metrics: Arc<Metrics>, peers: Peers) -> Arc<Self> {
        Arc::new(Self {
            gateway,
            metrics,
            peers,
            told_at: Mutex::default(),
        })
    }

    /// A place for a connection from an address; `None`: it is to be closed.
    pub(crate) fn admit(&self, address: IpAddr) -> Option<Place> {
        let crowded = match self.gateway.admit(self.peers.source(address)) {
            Ok(place) => return Some(place),
            Err(crowded) => crowded,
        };
        let (refusal, key) = match crowded {
            Crowded::Open => (Refusal::AddressOpen, "limits.connections_per_address"),
            Crowded::Pace => (Refusal::AddressPace, "limits.connects_per_address_per_s"),
        };
        self.metrics.connection_refused(refusal);
        if self.is_to_be_told() {
            tracing::warn!(%address, key, "connections are refused: {crowded}");
        }
        None
    }

    /// The gateway was given a connection that had been let in; whether it had room for it.
    pub(crate) fn given(&self, had_room: bool) {
        if had_room {
            return;
        }
        self.metrics.connection_refused(Refusal::Full);
        if self.is_to_be_told() {
            let key = "limits.connections";
            tracing::warn!(key, "connections are refused: there are as many as may be");
        }
    }

    fn is_to_be_told(&self) -> bool {
        let now = Instant::now();
        let mut told_at = self.told_at.lock();
        let is_due = told_at.is_none_or(|at| now >= at + TOLD_EVERY);
        if is_due {
            *told_at = Some(now);
        }
        is_due
    }
}
