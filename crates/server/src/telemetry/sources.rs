//! Where figures come from.

use std::path::PathBuf;
use std::sync::Arc;

use chat::Chat;
use chat::port::{Clock as _, Deliveries};
use gateway::Gateway;
use store::embedded::EmbeddedMessages;
use tokio::sync::Semaphore;
use tokio::time::Instant;
use webhook::Webhooks;

use super::metrics::Metrics;
use super::reading::{Moment, Reading, Survey};
use super::{process, survey};
use crate::clock::SystemClock;

/// All that is asked.
pub(crate) struct Sources {
    pub(crate) clock: Arc<SystemClock>,
    pub(crate) started: Instant,
    pub(crate) data_dir: PathBuf,
    pub(crate) chat: Arc<Chat>,
    pub(crate) gateway: Arc<Gateway>,
    pub(crate) metrics: Arc<Metrics>,
    pub(crate) messages: Arc<EmbeddedMessages>,
    pub(crate) deliveries: Arc<dyn Deliveries>,
    pub(crate) webhooks: Arc<Webhooks>,
    /// Places of HTTP connections, and how many there are.
    pub(crate) places: Arc<Semaphore>,
    pub(crate) places_max: usize,
}

impl Sources {
    /// Cheap enough for every request.
    pub(crate) fn moment(&self) -> Moment {
        let (tcp, websocket) = self.gateway.connections();
        Moment {
            sessions: self.chat.sessions(),
            tcp,
            websocket,
            http: self.places_max - self.places.available_permits(),
            resident_bytes: process::resident_bytes(),
            cpu_seconds: process::cpu_seconds(),
            damages: self.messages.damages(),
            is_read_only: self.messages.is_read_only(),
            callbacks: self.webhooks.counts(),
            steps: self.clock.steps(),
            certificate: self.metrics.shown(),
        }
    }

    /// Everything. `before` stands for what cannot be looked at.
    pub(super) async fn reading(&self, before: Survey) -> Reading {
        let moment = self.moment();
        let connections = moment.tcp + moment.websocket + moment.http;
        let (dir, deliveries) = (self.data_dir.clone(), &*self.deliveries);
        let survey = survey::look(dir, deliveries, connections as u64, before).await;
        Reading {
            at_ms: self.clock.now_ms(),
            uptime: self.started.elapsed(),
            moment,
            survey,
            messages: self.metrics.messages(),
            ack: self.metrics.ack.so_far(),
            delivery: self.metrics.delivery.so_far(),
            flush: self.metrics.flush.so_far(),
        }
    }
}
