//! What the machine itself can do, and how far the server is from it: the same pairs over a bare relay,
//! and bare appends of the same bytes in batches of the same size, in the same run.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, ensure};
use client::arrival::Arrival;
use client::checker::Verdict;
use client::{SendOptions, Target as To};
use serde_json::json;
use tokio::time::{Instant, timeout};

use super::p2p::{P2p, WINDOW};
use crate::figure::{per_s, rounded};
use crate::flags::Flags;
use crate::floor::disk::probe;
use crate::floor::relay::Relay;
use crate::latency::{Latencies, Quantiles};
use crate::progress::say;
use crate::report::Report;
use crate::target::{Place, Target, Transport};
use crate::traffic::pace::{self, Pace};
use crate::traffic::relay_line::{FrameSizes, RelayLine};
use crate::traffic::tally::{Tally, Timings};
use crate::traffic::{Room, Times, judged, play};
use crate::watch::{Seen, watched};

/// How long the disk is tried, before and after.
const PROBE_TIME: Duration = Duration::from_secs(2);
/// Bytes of a message in a log that is not known: its payload and this.
const OVERHEAD_BYTES: u32 = 64;
/// How long one message may take.
const ANSWER_WAIT: Duration = Duration::from_secs(10);

impl P2p {
    /// Measures the server, and then the machine under it.
    pub(crate) async fn run_with_limit(
        &self,
        place: &Place,
        flags: &Flags,
        scenario: &'static str,
    ) -> anyhow::Result<Report> {
        let target = Arc::new(Target::open(place, flags).await?);
        let dir = disk_dir(&target, flags);
        let sizes = frame_sizes(&target, flags.payload).await?;
        let one = (flags.payload + OVERHEAD_BYTES) as usize;
        let flushes_before = probe(&dir, one, PROBE_TIME).await?;
        let mut report = self.measure(&target, flags).await?;
        report.scenario = scenario;

        say("the disk, without a server");
        let batch = Batch::of(&report, flags.payload);
        let flushes = probe(&dir, batch.bytes, PROBE_TIME).await?;
        batch.compare(&mut report, flushes_before, &flushes);
        // Its directory was where the disk was tried.
        super::close(target).await?;
        say("a bare relay");
        self.compare_with_relay(&mut report, flags, sizes).await?;
        Ok(report)
    }

    /// Under the load that the server had: the same messages each second. A closed loop also shows how
    /// many there could be.
    async fn compare_with_relay(
        &self,
        report: &mut Report,
        flags: &Flags,
        sizes: FrameSizes,
    ) -> anyhow::Result<()> {
        let pace = self.pace.or_window(WINDOW);
        let (seen, timings) = self.relay(same_rate(pace, report), flags, sizes).await?;
        report.relay_cpu_us_per_message = seen.cpu_us_per_delivered;
        let cpu = ratio(report.server_cpu_us_per_message, seen.cpu_us_per_delivered);
        report.detail("cpu_to_relay", cpu);
        report.detail("relay_delivered_per_s", seen.delivered_per_s);
        report.detail("relay_ack_ms", timings.ack.quantiles());
        report.detail("relay_delivery_ms", timings.delivery.quantiles());
        report.detail(
            "frame_bytes",
            json!({"message": sizes.message, "answer": sizes.answer}),
        );
        if let Pace::Window(_) = pace {
            let (seen, _) = self.relay(pace, flags, sizes).await?;
            let throughput = ratio(report.delivered_per_s, seen.delivered_per_s);
            report.detail("relay_delivered_per_s_at_most", seen.delivered_per_s);
            report.detail("throughput_to_relay", throughput);
        }
        Ok(())
    }

    async fn relay(
        &self,
        pace: Pace,
        flags: &Flags,
        sizes: FrameSizes,
    ) -> anyhow::Result<(Seen, Timings)> {
        let relay = Relay::start().await?;
        let epoch = Instant::now();
        let mut rooms = Vec::new();
        for pair in 0..self.pairs {
            let (sender, listener) = (pair * 2, pair * 2 + 1);
            let [one, other] = relay.pair().await?;
            rooms.push(Room {
                senders: vec![(sender, RelayLine::new(one, sender, sizes, epoch))],
                listeners: vec![(listener, RelayLine::new(other, sender, sizes, epoch))],
                absent: Vec::new(),
            });
        }
        let tally = Arc::new(Tally::new(flags.max_deliveries));
        let times = Times::of(flags);
        let playing = play(rooms, pace, times, &tally);
        let (parts, seen) = watched(&relay, &tally, times, playing).await?;
        let verdict = judged(&parts).verdict;
        ensure!(
            verdict.as_ref().is_some_and(Verdict::is_clean),
            "the bare relay lost something: this machine is not to be trusted"
        );
        Ok((seen, tally.timings()))
    }
}

fn same_rate(asked: Pace, report: &Report) -> Pace {
    match (asked, report.delivered_per_s) {
        (Pace::Window(_), Some(per_s)) => Pace::Rate(pace::rate(per_s)),
        _ => asked,
    }
}

/// What the server made durable at a time.
struct Batch {
    messages: f64,
    bytes: usize,
}

impl Batch {
    fn of(report: &Report, payload: u32) -> Self {
        let number = |name: &str| report.details.get(name).and_then(serde_json::Value::as_f64);
        let messages = number("messages_per_commit").unwrap_or(1.0).max(1.0);
        let each = number("log_bytes_per_message");
        let each = each.unwrap_or_else(|| f64::from(payload + OVERHEAD_BYTES));
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "bytes of a batch, and bounded where they are used"
        )]
        let bytes = (messages * each) as usize;
        Self { messages, bytes }
    }

    fn compare(&self, report: &mut Report, before: Latencies, after: &Latencies) {
        let batches_per_s = per_s(after.len(), PROBE_TIME);
        let appended_per_s = batches_per_s.map(|batches| rounded(batches * self.messages));
        let mut flushes = before;
        flushes.add(after);
        let flush = flushes.quantiles();
        let to_flush = |of: fn(Quantiles) -> f64| ratio(report.delivery_ms.map(of), flush.map(of));
        let (p50, p99) = (to_flush(|all| all.p50), to_flush(|all| all.p99));
        report.detail("flush_ms", flush);
        report.detail("batch_bytes", self.bytes);
        report.detail("append_per_s", appended_per_s);
        report.detail(
            "throughput_to_append",
            ratio(report.delivered_per_s, appended_per_s),
        );
        report.detail("delivery_p50_to_flush", p50);
        report.detail("delivery_p99_to_flush", p99);
    }
}

fn ratio(ours: Option<f64>, floor: Option<f64>) -> Option<f64> {
    let (ours, floor) = (ours?, floor?);
    (floor > 0.0).then(|| rounded(ours / floor))
}

/// On the disk of the server's data.
fn disk_dir(target: &Target, flags: &Flags) -> PathBuf {
    let data_dir = target.data_dir();
    let beside = data_dir.as_deref().and_then(std::path::Path::parent);
    let beside = beside.or(flags.work_dir.as_deref());
    beside.map_or_else(std::env::temp_dir, std::path::Path::to_owned)
}

/// As long as those of the server: one message between two accounts tells.
async fn frame_sizes(target: &Target, payload: u32) -> anyhow::Result<FrameSizes> {
    let envelope = target.envelope("sizes").await?;
    let mut session = target.session(&envelope, Transport::Tcp).await?;
    let payload = vec![b'.'; payload as usize].into();
    let to = To::from("nobody");
    session.queue_message("100000", &to, &payload, &SendOptions::default());
    let message = session.queued_bytes();
    let before = session.connection().received_bytes();
    let answered = async {
        loop {
            if let Arrival::Ack(ack) = session.next().await? {
                return Ok::<_, anyhow::Error>(ack.outcome);
            }
        }
    };
    let outcome = timeout(ANSWER_WAIT, answered)
        .await
        .context("a message is not answered")??;
    outcome.context("a message is refused")?;
    let answer = session.connection().received_bytes() - before;
    Ok(FrameSizes {
        message,
        answer: usize::try_from(answer)?,
    })
}
