//! A topic with many members online: each message is stored once and goes to all of them.

use std::sync::Arc;

use clap::value_parser;
use tokio::time::Instant;

use super::messages::report;
use super::people;
use crate::crowd;
use crate::flags::Flags;
use crate::report::Report;
use crate::target::{Place, Target, allow_members, allow_payload};
use crate::traffic::pace::PaceFlags;
use crate::traffic::tally::Tally;
use crate::traffic::{Times, judged, play};
use crate::watch::watched;

/// Members that an app can be allowed.
const MEMBERS_MAX: i64 = 100_000;
/// Messages that each sender has under way when nothing is said.
const WINDOW: u32 = 4;

/// What fan-out costs. Deliveries are counted at each member; a sender does not get its own.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Group {
    /// Members of the topic, all online
    #[arg(long, default_value_t = 500, value_parser = value_parser!(u32).range(2..=MEMBERS_MAX))]
    pub(crate) members: u32,

    /// Members that send
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = value_parser!(u32).range(1..=1_000))]
    pub(crate) senders: u32,

    #[command(flatten)]
    pub(crate) pace: PaceFlags,
}

impl Group {
    pub(crate) async fn run(&self, place: &Place, flags: &Flags) -> anyhow::Result<Report> {
        crowd::check(self.members.into())?;
        let target = Arc::new(Target::open(place, flags).await?);
        allow_payload(&target, flags.payload).await?;
        allow_members(&target, self.members).await?;
        let rhythm = self.pace.or_window(WINDOW);
        let room = people::group(
            &target,
            0..self.members,
            self.senders,
            flags,
            Instant::now(),
        )
        .await?;
        let tally = Arc::new(Tally::new(flags.max_deliveries));
        let times = Times::of(flags);
        let playing = play(vec![room], rhythm, times, &tally);
        let (parts, seen) = watched(&*target, &tally, times, playing).await?;
        let cpu_us_per_sent = seen.cpu_us_per_acked;
        let mut report = report("group", rhythm, &tally, &judged(&parts), seen);
        report.connections = Some(self.members.into());
        report.detail("members", self.members);
        report.detail("senders", self.senders.min(self.members));
        report.detail("payload_bytes", flags.payload);
        report.detail("server_cpu_us_per_sent", cpu_us_per_sent);
        super::close(target).await?;
        Ok(report)
    }
}
