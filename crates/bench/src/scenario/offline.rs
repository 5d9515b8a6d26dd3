//! A device that was away comes back and is given what waited for it.

use std::sync::Arc;
use std::time::Duration;

use anyhow::ensure;
use clap::value_parser;
use tokio::time::Instant;

use super::people;
use crate::figure::{millis, per, per_s};
use crate::flags::Flags;
use crate::progress::say;
use crate::report::Report;
use crate::target::{Place, Target, Transport, allow_payload};
use crate::traffic::pace::Pace;
use crate::traffic::session_line::{Letter, SessionLine, account};
use crate::traffic::tally::Tally;
use crate::traffic::{Part, Times, catch_up, judged, play};
use crate::watch::{Subject, mb};

/// Messages that may wait for the device.
const MESSAGES_MAX: i64 = 1_000_000;
/// Accounts that send to it.
const SENDERS: u32 = 20;
/// The account that is away.
const AWAY: u32 = SENDERS;
/// How long the sends and the catching up may take.
const WAIT: Duration = Duration::from_mins(5);

/// How long one device takes to be given everything that waited.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Offline {
    /// Messages that wait, from 20 accounts
    #[arg(long, value_name = "N", default_value_t = 10_000, value_parser = value_parser!(u32).range(1..=MESSAGES_MAX))]
    pub(crate) messages: u32,
}

impl Offline {
    pub(crate) async fn run(&self, place: &Place, flags: &Flags) -> anyhow::Result<Report> {
        let target = Arc::new(Target::open(place, flags).await?);
        allow_payload(&target, flags.payload).await?;
        let envelope = target.envelope(&account(AWAY)).await?;
        // A device that is known, and goes away.
        drop(target.session(&envelope, Transport::Tcp).await?);
        let epoch = Instant::now();
        let mut parts = self.send(&target, flags, epoch).await?;

        say("the device comes back");
        let before = target.usage().await?;
        let tally = Arc::new(Tally::new(u64::MAX));
        let began = Instant::now();
        let times = Times {
            first: began,
            measured_from: began,
            ends: began,
            drain: flags.drained(),
        };
        let session = target.session(&envelope, Transport::Tcp).await?;
        let bound_after = began.elapsed();
        let letter = Letter::new(account(0).into(), flags.payload, epoch);
        let line = SessionLine::new(session, letter);
        let last = parts.iter().filter_map(Part::last_acked).max();
        let part = catch_up((AWAY, line), last.unwrap_or_default(), times, &tally).await;
        let took = began.elapsed();
        parts.push(part);
        let after = target.usage().await?;

        let (played, got) = (judged(&parts), tally.counts().delivered);
        let mut report = Report::new("offline");
        report.connections = Some(1);
        report.seconds = millis(took) / 1_000.0;
        report.delivered_per_s = per_s(got, took);
        let cpu_us = after.cpu_us.saturating_sub(before.cpu_us);
        report.server_cpu_us_per_message = per(cpu_us, got);
        report.server_rss_mb = Some(mb(after.rss_kib));
        report.errors = played.unanswered + played.broken;
        report.judge(played.verdict.as_ref());
        report.detail("messages", got);
        report.detail("payload_bytes", flags.payload);
        report.detail("login_ms", millis(bound_after));
        super::close(target).await?;
        Ok(report)
    }

    /// Everything is acknowledged when this returns.
    async fn send(
        &self,
        target: &Arc<Target>,
        flags: &Flags,
        epoch: Instant,
    ) -> anyhow::Result<Vec<Part>> {
        let senders = SENDERS.min(self.messages);
        let rooms = people::to_absent(target, 0..senders, flags, epoch, |_| AWAY).await?;
        let now = Instant::now();
        let times = Times {
            first: now,
            measured_from: now,
            ends: now + WAIT,
            drain: WAIT,
        };
        let tally = Arc::new(Tally::new(u64::MAX));
        let each = self.messages.div_ceil(senders);
        let parts = play(rooms, Pace::Batch(each), times, &tally).await;
        let counts = tally.counts();
        ensure!(
            counts.acked == counts.sent,
            "the server took {} of {} messages: {:?}",
            counts.acked,
            counts.sent,
            tally.refusals()
        );
        Ok(parts)
    }
}
