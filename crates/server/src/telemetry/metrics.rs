//! Figures for Prometheus. Labels are few and bounded: no accounts, no apps, no paths as sent.

use std::sync::atomic::AtomicU64;

use chat::port::{Observer, Refused, Story};
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Metric, Registry};
use webhook::Counts;

use super::process;

/// Upper bounds in seconds: a disk flushes in 0.2 ms when quiet and in 4 ms when it is busy.
const COMMIT_BUCKETS: [f64; 12] = [
    0.000_25, 0.000_5, 0.001, 0.002, 0.004, 0.008, 0.016, 0.032, 0.064, 0.25, 1.0, 5.0,
];

/// What is so at the moment of asking.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Moment {
    pub(crate) sessions: usize,
    pub(crate) tcp: usize,
    pub(crate) websocket: usize,
    pub(crate) http: usize,
    /// Places of the store that were met and are not what was written.
    pub(crate) damages: u64,
    /// Posts to the apps' servers since the start.
    pub(crate) callbacks: Counts,
}

/// All figures.
pub(crate) struct Metrics {
    registry: Registry,
    accepted: Counter,
    stored: Counter,
    repeated: Counter,
    refused: Family<Reason, Counter>,
    commit_messages: Counter,
    commit_seconds: Histogram,
    offline: Counter,
    delivered: Counter,
    acknowledged: Counter,
    logins: Counter,
    logins_refused: Counter,
    ignored: Counter,
    requests: Family<Request, Counter>,
    http_refused: Counter,
    handshakes: Family<Outcome, Counter>,
    reloads: Family<Outcome, Counter>,
    is_pair_broken: Gauge,
    certificate_ends: Gauge,
    sessions: Gauge,
    connections: Family<Transport, Gauge>,
    damages: Gauge,
    callbacks: Family<Posts, Gauge>,
    resident: Gauge,
    cpu: Gauge<f64, AtomicU64>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Reason {
    reason: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Posts {
    outcome: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Outcome {
    outcome: &'static str,
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
            commit_seconds: add_as(
                all,
                "commit_duration_seconds",
                "Commits, by how long they took",
                Histogram::new(COMMIT_BUCKETS),
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

    /// From now on a certificate is shown that ends then, in seconds since 1970.
    pub(crate) fn certificate(&self, ends_s: u64) {
        self.certificate_ends
            .set(i64::try_from(ends_s).unwrap_or(i64::MAX));
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

    /// All figures as `OpenMetrics` text.
    pub(crate) fn render(&self, now: Moment) -> String {
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
        self.damages
            .set(i64::try_from(now.damages).unwrap_or(i64::MAX));
        let posts = [
            ("delivered", now.callbacks.delivered),
            ("retried", now.callbacks.retried),
            ("failed", now.callbacks.failed),
        ];
        for (outcome, count) in posts {
            let gauge = self.callbacks.get_or_create(&Posts { outcome });
            gauge.set(i64::try_from(count).unwrap_or(i64::MAX));
        }
        self.resident
            .set(i64::try_from(process::resident_bytes()).unwrap_or(i64::MAX));
        self.cpu.set(process::cpu_seconds());
        let mut text = String::new();
        if encode(&mut text, &self.registry).is_err() {
            tracing::error!("the metrics could not be written");
        }
        text
    }
}

/// Every reason is there from the start: a rate sees no first step out of nothing.
fn refused_never() -> Family<Reason, Counter> {
    let refused = Family::default();
    for why in [
        Refused::Bad,
        Refused::Forbidden,
        Refused::TooLarge,
        Refused::Busy,
        Refused::Unavailable,
    ] {
        drop(refused.get_or_create(&Reason {
            reason: reason(why),
        }));
    }
    refused
}

fn add<M: Metric + Clone + Default>(registry: &mut Registry, name: &str, help: &str) -> M {
    add_as(registry, name, help, M::default())
}

fn add_as<M: Metric + Clone>(registry: &mut Registry, name: &str, help: &str, metric: M) -> M {
    registry.register(name, help, metric.clone());
    metric
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
                self.commit_seconds.observe(seconds(took_us));
                self.commit_messages.inc_by(messages as u64)
            }
            Story::Offline(..) => self.offline.inc(),
            Story::Written(_, list) => self.delivered.inc_by(list.len() as u64),
            Story::Acknowledged(..) => self.acknowledged.inc(),
            Story::Bound(_) => self.logins.inc(),
            Story::LoginRefused => self.logins_refused.inc(),
            Story::Unbound(_) => 0,
            Story::Ignored => self.ignored.inc(),
        };
    }
}

#[expect(clippy::cast_precision_loss, reason = "centuries of microseconds fit")]
fn seconds(us: u64) -> f64 {
    us as f64 / 1e6
}

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
            at_ms: 0,
        };
        metrics.observe(Story::Refused(&sending, SendError::TooLarge));
        metrics.observe(Story::Committed {
            messages: 3,
            took_us: 700,
        });
        metrics.request("/api/push/p2p", 200);
        let text = metrics.render(Moment {
            tcp: 7,
            ..Moment::default()
        });
        for line in [
            "mimc_messages_accepted_total 1",
            "mimc_messages_refused_total{reason=\"too_large\"} 1",
            "mimc_commit_messages_total 3",
            "mimc_commit_duration_seconds_bucket{le=\"0.001\"} 1",
            "mimc_http_requests_total{route=\"/api/push/p2p\",status=\"200\"} 1",
            "mimc_connections{transport=\"tcp\"} 7",
        ] {
            assert!(text.lines().any(|one| one == line), "{line} in {text}");
        }
    }
}
