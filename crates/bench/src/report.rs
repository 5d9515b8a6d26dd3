//! What a run found, as one object for programs; [`text`] and [`html`] show it to people.

pub(crate) mod html;
mod svg;
pub(crate) mod text;

use std::collections::BTreeMap;

use client::checker::{Verdict, Violation};
use serde::Serialize;
use serde_json::Value;

use crate::latency::Quantiles;
use crate::watch::Sample;

/// One run of one scenario. A figure that the scenario does not have, or that could not be measured,
/// is `null`: a 0 was counted.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Report {
    /// Its name on the command line.
    pub scenario: &'static str,
    /// Messages that were meant to be sent each second; `null` in a closed loop, which sends as it is
    /// answered.
    pub offered_per_s: Option<f64>,
    /// Messages that receivers got each second; in a group each member's counts.
    pub delivered_per_s: Option<f64>,
    /// From when a message was due to be sent until its sender knew that it is safe.
    pub ack_ms: Option<Quantiles>,
    /// From when a message was due to be sent until a receiver had it.
    pub delivery_ms: Option<Quantiles>,
    /// CPU time of the server's process, user and system, for each delivered message.
    pub server_cpu_us_per_message: Option<f64>,
    /// The same of a process that only relays the same frames between the same sockets.
    pub relay_cpu_us_per_message: Option<f64>,
    /// Bytes that the server sent to the disk for each message that it stored.
    pub bytes_written_per_message: Option<f64>,
    /// Resident memory of the server at the end, in MB of 1024² bytes.
    pub server_rss_mb: Option<f64>,
    /// What each connection added to it, in KB of 1024 bytes.
    pub rss_kb_per_connection: Option<f64>,
    /// Acknowledged messages that a receiver did not get.
    pub lost: Option<u64>,
    /// Messages that a receiver got twice.
    pub duplicated: Option<u64>,
    /// Messages that came, or were stored, in another order than promised.
    pub reordered: Option<u64>,
    /// What was refused, timed out or broke.
    pub errors: u64,
    /// How long was measured.
    pub seconds: f64,
    /// Connections that were open.
    pub connections: Option<u64>,
    /// Whether a message was safe on disk before it was acknowledged.
    pub durable: bool,
    /// What only this scenario has, and under which conditions it ran.
    pub details: BTreeMap<&'static str, Value>,
    /// For the page with plots.
    #[serde(skip)]
    pub(crate) plots: Plots,
}

/// What is drawn.
#[derive(Clone, Debug, Default)]
pub(crate) struct Plots {
    /// Named latencies: each a line through (quantile, ms).
    pub(crate) latencies: Vec<(&'static str, Vec<(f64, f64)>)>,
    pub(crate) samples: Vec<Sample>,
}

impl Report {
    pub(crate) fn new(scenario: &'static str) -> Self {
        Self {
            scenario,
            durable: true,
            ..Self::default()
        }
    }

    /// Adds what only this scenario has.
    pub(crate) fn detail(&mut self, name: &'static str, value: impl Serialize) {
        let value = serde_json::to_value(value).unwrap_or_default();
        self.details.insert(name, value);
    }

    /// What the checker found. `None` when a receiver was not there to the end, so that nobody knows.
    pub(crate) fn judge(&mut self, verdict: Option<&Verdict>) {
        let Some(verdict) = verdict else { return };
        let count = |which: fn(&Violation) -> bool| verdict.count(which) as u64;
        let lost = count(|one| matches!(one, Violation::Lost { .. }));
        let duplicated = count(|one| matches!(one, Violation::Duplicate { .. }));
        let reordered = count(|one| {
            matches!(
                one,
                Violation::NotAscending { .. } | Violation::SentOrderBroken { .. }
            )
        });
        let all = verdict.violations.len() as u64;
        self.lost = Some(lost);
        self.duplicated = Some(duplicated);
        self.reordered = Some(reordered);
        self.detail("acknowledged", verdict.acked);
        self.detail("delivered", verdict.delivered);
        self.detail("other_violations", all - lost - duplicated - reordered);
        if all > 0 {
            self.detail("verdict", verdict.to_string());
        }
    }

    /// The checker's words, when something is wrong.
    pub(crate) fn verdict(&self) -> Option<&str> {
        self.details.get("verdict").and_then(Value::as_str)
    }

    /// How many promises the server broke.
    pub fn violations(&self) -> u64 {
        let other = self.details.get("other_violations").and_then(Value::as_u64);
        let counted = [self.lost, self.duplicated, self.reordered, other];
        counted.into_iter().flatten().sum()
    }
}

#[cfg(test)]
mod tests {
    use client::Device;
    use client::checker::Checker;

    use super::*;

    /// The names and their order are a contract with whoever reads the reports.
    const NAMES: [&str; 18] = [
        "scenario",
        "offered_per_s",
        "delivered_per_s",
        "ack_ms",
        "delivery_ms",
        "server_cpu_us_per_message",
        "relay_cpu_us_per_message",
        "bytes_written_per_message",
        "server_rss_mb",
        "rss_kb_per_connection",
        "lost",
        "duplicated",
        "reordered",
        "errors",
        "seconds",
        "connections",
        "durable",
        "details",
    ];

    #[test]
    fn every_name_is_there_and_null_until_it_is_measured() {
        let json = serde_json::to_value(Report::new("idle")).unwrap();
        let object = json.as_object().unwrap();
        let mut expected = NAMES.to_vec();
        expected.sort_unstable();
        let mut names: Vec<_> = object.keys().collect();
        names.sort_unstable();
        assert_eq!(names, expected);
        for name in [&NAMES[1..13], &["connections"]].concat() {
            assert_eq!(json[name], Value::Null, "{name}");
        }
        assert_eq!(
            (&json["errors"], &json["durable"]),
            (&0.into(), &true.into())
        );
    }

    #[test]
    fn quantiles_have_the_three_names() {
        let mut report = Report::new("p2p");
        report.ack_ms = Some(Quantiles {
            p50: 1.0,
            p99: 2.0,
            p999: 3.0,
        });
        let json = serde_json::to_value(&report).unwrap();
        let expected = serde_json::json!({"p50": 1.0, "p99": 2.0, "p999": 3.0});
        assert_eq!(json["ack_ms"], expected);
    }

    #[test]
    fn a_verdict_becomes_counts_and_no_verdict_becomes_nothing() {
        let (ann, ben) = (Device::new("ann", "x"), Device::new("ben", "x"));
        let mut checker = Checker::new();
        for (packet, sequence) in [("1", 10), ("2", 20), ("3", 30), ("4", 40)] {
            checker.sent(&ann, "ben", packet, std::slice::from_ref(&ben));
            checker.acked(&ann, packet, sequence);
        }
        for (packet, sequence) in [("2", 20), ("1", 10), ("1", 10), ("4", 40)] {
            checker.delivered(&ben, &ann, packet, sequence);
        }
        let mut report = Report::new("p2p");
        report.judge(None);
        assert_eq!((report.lost, report.violations()), (None, 0));
        report.judge(Some(&checker.verdict()));
        let counts = (report.lost, report.duplicated, report.reordered);
        assert_eq!(counts, (Some(1), Some(1), Some(1)));
        assert_eq!(report.violations(), 3);
        let verdict = report.details["verdict"].as_str().unwrap();
        assert!(verdict.contains("lost"), "{verdict}");
    }
}
