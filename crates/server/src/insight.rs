//! What operators are told of the server: the port of the admin API, from [`telemetry`] and the
//! configuration.
//!
//! [`telemetry`]: crate::telemetry

use std::sync::Arc;

use api::insight::{
    CallbackCounts, Finding, Health, Insight, Now, Setting, Stats, Storage, Window,
};
use chat::port::Clock as _;

use crate::telemetry::checks::Judgement;
use crate::telemetry::sources::Sources;
use crate::telemetry::survey::BACKLOG_COUNTED_MAX;
use crate::telemetry::watch::Watch;

const VERSION: &str = env!("CARGO_PKG_VERSION");

/// See the module.
pub(crate) struct ServerInsight {
    pub(crate) sources: Arc<Sources>,
    pub(crate) watch: Arc<Watch>,
    /// Does not change while the server runs.
    pub(crate) settings: Vec<Setting>,
    /// Milliseconds since 1970.
    pub(crate) started_at_ms: u64,
}

impl ServerInsight {
    /// All figures as `OpenMetrics` text.
    pub(crate) fn metrics(&self) -> String {
        let survey = self.watch.latest().survey;
        let judgements = self.watch.judgements();
        let moment = self.sources.moment();
        self.sources.metrics.render(moment, survey, &judgements)
    }

    fn now(&self) -> Now {
        let moment = self.sources.moment();
        let survey = self.watch.latest().survey;
        Now {
            at: self.sources.clock.now_ms(),
            started_at: self.started_at_ms,
            version: VERSION,
            sessions: moment.sessions as u64,
            apps: self.sources.chat.apps.list().len() as u64,
            tcp: moment.tcp as u64,
            websocket: moment.websocket as u64,
            http: moment.http as u64,
            resident_bytes: moment.resident_bytes,
            cpu_seconds: moment.cpu_seconds,
            descriptors: survey.descriptors,
            storage: Storage {
                bytes: survey.storage_bytes,
                segments: survey.segments,
                free_bytes: survey.disk.map(|disk| disk.free_bytes),
                disk_bytes: survey.disk.map(|disk| disk.bytes),
                damages: moment.damages,
                read_only: moment.is_read_only,
            },
            callbacks: CallbackCounts {
                pending: survey.backlog,
                is_more_pending: survey.backlog >= BACKLOG_COUNTED_MAX as u64,
                delivered: moment.callbacks.delivered,
                retried: moment.callbacks.retried,
                failed: moment.callbacks.failed,
            },
            messages: self.sources.metrics.messages(),
        }
    }
}

impl Insight for ServerInsight {
    fn stats(&self, window: Window) -> Stats {
        Stats {
            now: self.now(),
            series: self.watch.series(window),
            alarms: self.watch.alarms(),
        }
    }

    fn settings(&self) -> Vec<Setting> {
        self.settings.clone()
    }

    fn health(&self) -> Health {
        Health {
            checked_at: self.watch.latest().at_ms,
            findings: self.watch.judgements().into_iter().map(finding).collect(),
        }
    }
}

fn finding(judgement: Judgement) -> Finding {
    let (advice, advice_zh) = match judgement.advice {
        Some(words) => (Some(words.en), Some(words.zh)),
        None => (None, None),
    };
    Finding {
        check: judgement.check,
        verdict: judgement.verdict,
        what: judgement.what.en,
        advice,
        what_zh: judgement.what.zh,
        advice_zh,
    }
}
