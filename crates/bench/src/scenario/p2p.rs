//! Pairs of accounts: one sends, the other receives and acknowledges.

use std::sync::Arc;

use clap::value_parser;
use tokio::time::Instant;

use super::messages::report;
use super::people;
use crate::crowd;
use crate::flags::{CONNECTIONS_MAX, Flags};
use crate::report::Report;
use crate::target::{Place, Target, Transport, allow_payload};
use crate::traffic::pace::PaceFlags;
use crate::traffic::tally::Tally;
use crate::traffic::{Times, judged, play};
use crate::watch::watched;

/// Pairs of one run.
const PAIRS_MAX: i64 = 20_000;
/// Messages that each sender has under way when nothing is said.
pub(crate) const WINDOW: u32 = 16;

/// What a pair of accounts can do, or what it costs at a given rate.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct P2p {
    /// Pairs of accounts; one of each sends to the other
    #[arg(long, default_value_t = 50, value_parser = value_parser!(u32).range(1..=PAIRS_MAX))]
    pub(crate) pairs: u32,

    #[command(flatten)]
    pub(crate) pace: PaceFlags,

    /// Bound connections beside the pairs that say nothing
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = value_parser!(u32).range(0..=i64::from(CONNECTIONS_MAX)))]
    pub(crate) idle: u32,

    /// Also measure the machine itself: a bare relay of the same frames, and bare appends of the same
    /// bytes
    #[arg(long)]
    pub(crate) with_limit: bool,
}

impl P2p {
    pub(crate) async fn run(&self, place: &Place, flags: &Flags) -> anyhow::Result<Report> {
        crowd::check(u64::from(self.pairs) * 2 + u64::from(self.idle))?;
        if self.with_limit {
            return self.run_with_limit(place, flags, "p2p").await;
        }
        let target = Arc::new(Target::open(place, flags).await?);
        let report = self.measure(&target, flags).await?;
        super::close(target).await?;
        Ok(report)
    }

    /// On a server that is there.
    pub(crate) async fn measure(
        &self,
        target: &Arc<Target>,
        flags: &Flags,
    ) -> anyhow::Result<Report> {
        allow_payload(target, flags.payload).await?;
        let pace = self.pace.or_window(WINDOW);
        let idle = (0..self.idle).map(|number| format!("idle{number}"));
        let idle = crowd::envelopes(target, idle).await?;
        let idle = crowd::sessions(target, idle, Transport::Tcp).await?;
        let rooms = people::pairs(target, 0, self.pairs, flags, Instant::now()).await?;
        let tally = Arc::new(Tally::new(flags.max_deliveries));
        let times = Times::of(flags);
        let playing = play(rooms, pace, times, &tally);
        let (parts, seen) = watched(&**target, &tally, times, playing).await?;
        drop(idle);
        let mut report = report("p2p", pace, &tally, &judged(&parts), seen);
        report.connections = Some(u64::from(self.pairs) * 2 + u64::from(self.idle));
        report.detail("pairs", self.pairs);
        report.detail("payload_bytes", flags.payload);
        Ok(report)
    }
}
