//! Figures for Prometheus. Labels are few and bounded: no accounts, no apps, no paths as sent.

use std::sync::atomic::AtomicU64;

use api::insight::{MessageCounts, Verdict};
use chat::port::{Observer, Refused, Story};
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::{Metric, Registry};

use super::checks::Judgement;
use super::latency::Latency;
use super::reading::{Certificate, Moment, Survey};

/// All figures.
pub(crate) struct Metrics {
    registry: Registry,
    accepted: Counter,
    stored: Counter,
    repeated: Counter,
    refused: Family<Reason, Counter>,
    commit_messages: Counter,
    /// How long commits of the store take.
    pub(crate) flush: Latency,
    /// From the acceptance of a message to its receipt.
    pub(crate) ack: Latency,
    /// From the storing of a message to a device's acknowledgement.
    pub(crate) delivery: Latency,
    offline: Counter,
    delivered: Counter,
    acknowledged: Counter,
    logins: Counter,
    logins_refused: Counter,
    ignored: Counter,
    requests: Family<Request, Counter>,
    http_refused: Counter,
    connections_refused: Family<Reason, Counter>,
    handshakes: Family<Outcome, Counter>,
    reloads: Family<Outcome, Counter>,
    is_pair_broken: Gauge,
    certificate_ends: Gauge,
    sessions: Gauge,
    connections: Family<Transport, Gauge>,
    damages: Gauge,
    callbacks: Family<Posts, Gauge>,
    backlog: Gauge,
    storage: Gauge,
    storage_free: Gauge,
    read_only: Gauge,
    descriptors: Gauge,
    descriptors_max: Gauge,
    checks: Family<Check, Gauge>,
    resident: Gauge,
    cpu: Gauge<f64, AtomicU64>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Reason {
    reason: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Check {
    check: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Posts {
    outcome: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Outcome {
    outcome: &'static str,
}

/// Why a connection was closed at the door.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// There are as many as may be.
    Full,
    /// Its address has as many as it may have.
    AddressOpen,
    /// Its address comes too often.
    AddressPace,
}

impl Refusal {
    const ALL: [Self; 3] = [Self::Full, Self::AddressOpen, Self::AddressPace];

    fn as_str(self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::AddressOpen => "address_open",
            Self::AddressPace => "address_pace",
        }
    }
}

/// What came of a connection where TLS is expected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Handshake {
    Done,
    /// The client does not speak TLS.
    Plain,
    Failed,
    TimedOut,
    /// As many as may be were under way.
    Refused,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Request {
    route: String,
    status: u16,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Transport {
    transport: &'static str,
}

impl Metrics {
    pub(crate) fn new() -> Self {
        let mut registry = Registry::with_prefix("mimc");
        let all = &mut registry;
        Self {
            accepted: add(all, "messages_accepted", "Messages that passed all checks"),
            stored: add(all, "messages_stored", "Messages made durable"),
            repeated: add(all, "messages_repeated", "Messages that were stored before"),
            refused: add_as(
                all,
                "messages_refused",
                "Messages not taken, by reason",
                refused_never(),
            ),
            commit_messages: add(all, "commit_messages", "Messages in all commits"),
            flush: add(
                all,
                "commit_duration_seconds",
                "Commits, by how long they took",
            ),
            ack: add(
                all,
                "ack_duration_seconds",
                "Messages, by how long their senders waited for the receipt",
            ),
            delivery: add(
                all,
                "delivery_duration_seconds",
                "Acknowledgements of devices, by how long ago the message was stored",
            ),
            offline: add(
                all,
                "messages_offline",
                "Messages whose receiver had no session",
            ),
            delivered: add(all, "messages_delivered", "Messages written to devices"),
            acknowledged: add(all, "acknowledgements", "Acknowledgements of devices"),
            logins: add(all, "logins", "Devices that logged in"),
            logins_refused: add(all, "logins_refused", "Logins refused"),
            ignored: add(
                all,
                "packets_ignored",
                "Unknown, unreadable or misplaced packets",
            ),
            requests: add(all, "http_requests", "HTTP requests, by route and status"),
            http_refused: add(
                all,
                "http_connections_refused",
                "Connections over the limit",
            ),
            connections_refused: add_as(
                all,
                "connections_refused",
                "Connections closed at the door, by reason",
                closed_never(),
            ),
            handshakes: add(
                all,
                "tls_handshakes",
                "TLS handshakes, by what came of them",
            ),
            reloads: add(
                all,
                "tls_reloads",
                "Changes of the certificate's files, by what came of them",
            ),
            is_pair_broken: add(
                all,
                "tls_pair_broken",
                "1 while the certificate's files hold what cannot be used, and the one before is shown",
            ),
            certificate_ends: add(
                all,
                "tls_certificate_expiry_timestamp_seconds",
                "When the certificate that is shown ends; 0 without one",
            ),
            sessions: add(all, "sessions", "Bound sessions"),
            connections: add(all, "connections", "Open connections, by transport"),
            damages: add(
                all,
                "store_damages",
                "Damaged places of the store that were met",
            ),
            callbacks: add(
                all,
                "callback_posts",
                "Posts to the apps' servers since the start, by what came of them",
            ),
            backlog: add(
                all,
                "callbacks_pending",
                "Callbacks that are to be posted, counted up to 100,000",
            ),
            storage: add(all, "storage_bytes", "Size of the data directory"),
            storage_free: add(
                all,
                "storage_free_bytes",
                "Free space of the data directory's disk",
            ),
            read_only: add(
                all,
                "store_read_only",
                "1 when a write has failed and nothing is stored until a restart",
            ),
            descriptors: add(all, "process_open_fds", "Open files and sockets"),
            descriptors_max: add(all, "process_max_fds", "How many there may be"),
            checks: add(
                all,
                "check",
                "Checks of the server: 0 well, 1 a warning, 2 bad",
            ),
            resident: add(
                all,
                "process_resident_memory_bytes",
                "Memory of the process",
            ),
            cpu: add(all, "process_cpu_seconds", "CPU time of the process so far"),
            registry,
        }
    }

    /// A request was answered; the route as it is in the router, never as it was sent.
    pub(crate) fn request(&self, route: &str, status: u16) {
        self.requests
            .get_or_create(&Request {
                route: route.to_owned(),
                status,
            })
            .inc();
    }

    /// A connection was closed because there are as many as may be.
    pub(crate) fn http_connection_refused(&self) {
        self.http_refused.inc();
    }

    /// A connection was closed at the door.
    pub(crate) fn connection_refused(&self, why: Refusal) {
        self.connections_refused
            .get_or_create(&Reason {
                reason: why.as_str(),
            })
            .inc();
    }

    /// From now on a certificate is shown that ends then, in seconds since 1970.
    pub(crate) fn certificate(&self, ends_s: u64) {
        self.certificate_ends
            .set(i64::try_from(ends_s).unwrap_or(i64::MAX));
    }

    /// The certificate that is shown.
    pub(crate) fn shown(&self) -> Option<Certificate> {
        let ends_s = u64::try_from(self.certificate_ends.get()).unwrap_or(0);
        (ends_s > 0).then(|| Certificate {
            ends_s,
            is_pair_broken: self.is_pair_broken.get() != 0,
        })
    }

    /// The certificate's files have changed; whether what they hold is shown.
    pub(crate) fn reload(&self, is_shown: bool) {
        let outcome = if is_shown { "shown" } else { "broken" };
        self.reloads.get_or_create(&Outcome { outcome }).inc();
        self.is_pair_broken.set(i64::from(!is_shown));
    }

    /// A connection came where TLS is expected.
    pub(crate) fn handshake(&self, came: Handshake) {
        let outcome = match came {
            Handshake::Done => "done",
            Handshake::Plain => "plain",
            Handshake::Failed => "failed",
            Handshake::TimedOut => "timed_out",
            Handshake::Refused => "refused",
        };
        self.handshakes.get_or_create(&Outcome { outcome }).inc();
    }

    /// What happened to messages since the start.
    pub(crate) fn messages(&self) -> MessageCounts {
        let refused = |why| {
            let reason = reason(why);
            (reason, self.refused.get_or_create(&Reason { reason }).get())
        };
        MessageCounts {
            accepted: self.accepted.get(),
            stored: self.stored.get(),
            repeated: self.repeated.get(),
            delivered: self.delivered.get(),
            acknowledged: self.acknowledged.get(),
            offline: self.offline.get(),
            refused: REASONS.into_iter().map(refused).collect(),
        }
    }

    /// All figures as `OpenMetrics` text.
    pub(crate) fn render(&self, now: Moment, survey: Survey, judged: &[Judgement]) -> String {
        self.set_moment(now);
        self.set_survey(survey);
        for judgement in judged {
            let check = judgement.check;
            let gauge = self.checks.get_or_create(&Check { check });
            gauge.set(match judgement.verdict {
                Verdict::Ok => 0,
                Verdict::Warn => 1,
                Verdict::Bad => 2,
            });
        }
        let mut text = String::new();
        if encode(&mut text, &self.registry).is_err() {
            tracing::error!("the metrics could not be written");
        }
        text
    }

    fn set_moment(&self, now: Moment) {
        self.sessions.set(figure(now.sessions));
        for (transport, count) in [
            ("tcp", now.tcp),
            ("websocket", now.websocket),
            ("http", now.http),
        ] {
            self.connections
                .get_or_create(&Transport { transport })
                .set(figure(count));
        }
        self.damages.set(count(now.damages));
        self.read_only.set(now.is_read_only.into());
        let posts = [
            ("delivered", now.callbacks.delivered),
            ("retried", now.callbacks.retried),
            ("failed", now.callbacks.failed),
        ];
        for (outcome, posted) in posts {
            let gauge = self.callbacks.get_or_create(&Posts { outcome });
            gauge.set(count(posted));
        }
        self.resident.set(count(now.resident_bytes));
        self.cpu.set(now.cpu_seconds);
    }

    /// What is not known is not changed.
    fn set_survey(&self, survey: Survey) {
        self.backlog.set(count(survey.backlog));
        self.storage.set(count(survey.storage_bytes));
        let known = [
            (&self.storage_free, survey.disk.map(|disk| disk.free_bytes)),
            (&self.descriptors, survey.descriptors.open),
            (&self.descriptors_max, survey.descriptors.max),
        ];
        for (gauge, figure) in known {
            if let Some(figure) = figure {
                gauge.set(count(figure));
            }
        }
    }
}

/// Every reason is there from the start: a rate sees no first step out of nothing.
fn refused_never() -> Family<Reason, Counter> {
    let refused = Family::default();
    for why in REASONS {
        drop(refused.get_or_create(&Reason {
            reason: reason(why),
        }));
    }
    refused
}

/// The same of connections.
fn closed_never() -> Family<Reason, Counter> {
    let closed = Family::default();
    for why in Refusal::ALL {
        drop(closed.get_or_create(&Reason {
            reason: why.as_str(),
        }));
    }
    closed
}

fn add<M: Metric + Clone + Default>(registry: &mut Registry, name: &str, help: &str) -> M {
    add_as(registry, name, help, M::default())
}

fn add_as<M: Metric + Clone>(registry: &mut Registry, name: &str, help: &str, metric: M) -> M {
    registry.register(name, help, metric.clone());
    metric
}

fn count(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

fn figure(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

impl Observer for Metrics {
    fn observe(&self, story: Story<'_>) {
        match story {
            Story::Accepted => self.accepted.inc(),
            Story::Stored(..) => self.stored.inc(),
            Story::Repeated(..) => self.repeated.inc(),
            Story::Refused(_, error) => self
                .refused
                .get_or_create(&Reason {
                    reason: reason(error.counted_as()),
                })
                .inc(),
            Story::Committed { messages, took_us } => {
                self.flush.took(took_us);
                self.commit_messages.inc_by(messages as u64)
            }
            Story::Offline(..) => self.offline.inc(),
            Story::Written(_, list) => self.delivered.inc_by(list.len() as u64),
            Story::Acknowledged(..) => self.acknowledged.inc(),
            Story::Answered { took_us } => {
                self.ack.took(took_us);
                0
            }
            Story::Arrived { took_ms } => {
                self.delivery.took(took_ms.saturating_mul(1_000));
                0
            }
            Story::Bound(_) => self.logins.inc(),
            Story::LoginRefused => self.logins_refused.inc(),
            Story::Unbound(_) => 0,
            Story::Ignored => self.ignored.inc(),
        };
    }
}

/// All reasons.
const REASONS: [Refused; 5] = [
    Refused::Bad,
    Refused::Forbidden,
    Refused::TooLarge,
    Refused::Busy,
    Refused::Unavailable,
];

fn reason(why: Refused) -> &'static str {
    match why {
        Refused::Bad => "bad",
        Refused::Forbidden => "forbidden",
        Refused::TooLarge => "too_large",
        Refused::Busy => "busy",
        Refused::Unavailable => "unavailable",
    }
}

#[cfg(test)]
mod tests {
    use chat::SendError;
    use chat::port::{DeviceKey, Sending, TextKey};
    use model::{AppId, Uuid};

    use super::super::checks::{self, Evidence};
    use super::super::reading::Reading;
    use super::*;

    #[test]
    fn figures_are_told_as_text() {
        let metrics = Metrics::new();
        metrics.observe(Story::Accepted);
        let from = DeviceKey {
            uuid: Uuid(1),
            resource: TextKey::of("r"),
        };
        let sending = Sending {
            app_id: AppId(1),
            from,
            to: None,
            packet: TextKey::of("p"),
            bytes: 1 << 20,
            since: tokio::time::Instant::now(),
        };
        metrics.observe(Story::Refused(&sending, SendError::TooLarge));
        metrics.observe(Story::Committed {
            messages: 3,
            took_us: 700,
        });
        metrics.request("/api/push/p2p", 200);
        let moment = Moment {
            tcp: 7,
            is_read_only: true,
            ..Moment::default()
        };
        let survey = Survey {
            backlog: 9,
            ..Survey::default()
        };
        let evidence = Reading {
            moment,
            ..Reading::default()
        };
        let judged = checks::all(&Evidence {
            now: &evidence,
            minute_ago: &evidence,
            five_ago: &evidence,
        });
        let text = metrics.render(moment, survey, &judged);
        assert_eq!(metrics.messages().refused["too_large"], 1);
        for line in [
            "mimc_messages_accepted_total 1",
            "mimc_messages_refused_total{reason=\"too_large\"} 1",
            "mimc_commit_messages_total 3",
            "mimc_commit_duration_seconds_bucket{le=\"0.000512\"} 0",
            "mimc_commit_duration_seconds_bucket{le=\"0.001024\"} 1",
            "mimc_commit_duration_seconds_bucket{le=\"+Inf\"} 1",
            "mimc_commit_duration_seconds_count 1",
            "mimc_commit_duration_seconds_sum 0.0007",
            "mimc_http_requests_total{route=\"/api/push/p2p\",status=\"200\"} 1",
            "mimc_connections{transport=\"tcp\"} 7",
            "mimc_callbacks_pending 9",
            "mimc_store_read_only 1",
            "mimc_check{check=\"store-read-only\"} 2",
            "mimc_check{check=\"clock\"} 0",
        ] {
            assert!(text.lines().any(|one| one == line), "{line} in {text}");
        }
    }
}
