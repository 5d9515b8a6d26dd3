//! What all scenarios with messages under way report.

use std::time::Duration;

use crate::figure;
use crate::latency::Latencies;
use crate::report::{Plots, Report};
use crate::traffic::Played;
use crate::traffic::pace::Pace;
use crate::traffic::tally::{Tally, Timings};
use crate::watch::Seen;

pub(crate) fn report(
    scenario: &'static str,
    pace: Pace,
    tally: &Tally,
    played: &Played,
    seen: Seen,
) -> Report {
    let timings = tally.timings();
    let (ack, delivery) = corrected(&timings, pace);
    let refusals = tally.refusals();
    let mut report = Report::new(scenario);
    report.offered_per_s = pace.offered_per_s();
    report.delivered_per_s = seen.delivered_per_s;
    report.ack_ms = ack.quantiles();
    report.delivery_ms = delivery.quantiles();
    report.server_cpu_us_per_message = seen.cpu_us_per_delivered;
    report.bytes_written_per_message = seen.written_bytes_per_acked;
    report.server_rss_mb = seen.rss_mb;
    report.errors = refusals.values().sum::<u64>() + played.unanswered + played.broken;
    report.seconds = figure::seconds(seen.measured);
    report.judge(played.verdict.as_ref());
    match pace {
        Pace::Window(window) => {
            report.detail("loop", "closed");
            report.detail("window", window);
        }
        Pace::Batch(each) => report.detail("messages_of_each_sender", each),
        Pace::Rate(_) | Pace::Flood(_) => {
            report.detail("loop", "open");
            report.detail("load_late_ms", timings.lateness.quantiles());
        }
    }
    report.detail("sent", tally.counts().sent);
    report.detail("refused_by_code", refusals);
    report.detail("unanswered", played.unanswered);
    report.detail("connections_broken", played.broken);
    report.detail("ended_early", tally.is_full());
    report.detail("load_cpu_us_per_message", seen.load_cpu_us_per_delivered);
    report.detail("log_bytes_per_message", seen.log_bytes_per_acked);
    report.detail("messages_per_commit", seen.messages_per_commit);
    report.detail("commit_ms_mean", seen.commit_ms);
    report.plots = Plots {
        latencies: vec![
            ("acknowledged", ack.curve()),
            ("delivered", delivery.curve()),
        ],
        samples: seen.samples,
    };
    report
}

/// In an open loop latencies count from when a message was due, so that nothing is omitted. In a closed
/// one each slot of a window is expected to send as often as it usually is answered.
fn corrected(timings: &Timings, pace: Pace) -> (Latencies, Latencies) {
    match pace {
        Pace::Rate(_) | Pace::Flood(_) => (timings.ack.clone(), timings.delivery.clone()),
        Pace::Window(_) | Pace::Batch(_) => {
            let every = timings.ack.mean().max(Duration::from_micros(1));
            (
                timings.ack.corrected(every),
                timings.delivery.corrected(every),
            )
        }
    }
}
