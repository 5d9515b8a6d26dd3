//! Some of everything at once: pairs, groups, devices that come and go, and readers of history.

mod readers;
mod wanderer;

use std::sync::Arc;

use clap::value_parser;
use tokio::task::JoinSet;
use tokio::time::Instant;

use self::wanderer::{Farewell, Wanderer};
use super::messages::report;
use super::people;
use crate::crowd;
use crate::flags::Flags;
use crate::report::Report;
use crate::target::{Place, Target, allow_members, allow_payload};
use crate::traffic::pace::PaceFlags;
use crate::traffic::session_line::{SessionLine, account};
use crate::traffic::tally::Tally;
use crate::traffic::{Room, Times, judged, play};
use crate::watch::watched;

/// Messages that each sender has under way when nothing is said.
const WINDOW: u32 = 2;

/// Some of everything: for what one thing does to another, and for long runs.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Mixed {
    /// Pairs of accounts; one of each sends to the other
    #[arg(long, default_value_t = 50, value_parser = value_parser!(u32).range(1..=10_000))]
    pub(crate) pairs: u32,

    /// Topics; one member of each sends
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = value_parser!(u32).range(0..=1_000))]
    pub(crate) groups: u32,

    /// Members of each topic
    #[arg(long, value_name = "N", default_value_t = 20, value_parser = value_parser!(u32).range(2..=1_000))]
    pub(crate) members: u32,

    /// Devices that come and go all the time, each with somebody who sends to it
    #[arg(long, value_name = "N", default_value_t = 20, value_parser = value_parser!(u32).range(0..=10_000))]
    pub(crate) wanderers: u32,

    /// Who read history all the time
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = value_parser!(u32).range(0..=256))]
    pub(crate) readers: u32,

    #[command(flatten)]
    pub(crate) pace: PaceFlags,
}

impl Mixed {
    pub(crate) async fn run(&self, place: &Place, flags: &Flags) -> anyhow::Result<Report> {
        crowd::check(self.connections())?;
        let target = Arc::new(Target::open(place, flags).await?);
        allow_payload(&target, flags.payload).await?;
        allow_members(&target, self.members).await?;
        let rooms = self.rooms(&target, flags).await?;
        let wanderers = self.wanderers(&target).await?;
        let rhythm = self.pace.or_window(WINDOW);
        let tally = Arc::new(Tally::new(flags.max_deliveries));
        let times = Times::of(flags);
        let farewell = Farewell::default();
        let mut wandering = JoinSet::new();
        for wanderer in wanderers {
            wandering.spawn(wanderer.wander(farewell.heard(), Arc::clone(&tally), times));
        }
        let reading = readers::start(&target, self.pairs, self.readers, times.ends)?;
        let playing = async {
            let mut parts = play(rooms, rhythm, times, &tally).await;
            farewell.say(&parts);
            let came = wandering.join_all().await;
            let visits: u64 = came.iter().map(|(visits, _)| visits).sum();
            parts.extend(came.into_iter().map(|(_, part)| part));
            (parts, visits)
        };
        let ((parts, visits), seen) = watched(&*target, &tally, times, playing).await?;
        let read = reading.done().await;
        let mut report = report("mixed", rhythm, &tally, &judged(&parts), seen);
        report.errors += read.failed + read.wrong;
        report.connections = Some(self.connections());
        report.detail("pairs", self.pairs);
        report.detail("groups", self.groups);
        report.detail("members", self.members);
        report.detail("wanderers", self.wanderers);
        report.detail("wanderers_visits", visits);
        report.detail("payload_bytes", flags.payload);
        report.detail("page_ms", read.took.quantiles());
        report.detail("pages", read.took.len());
        report.detail("pages_wrong", read.wrong);
        super::close(target).await?;
        Ok(report)
    }

    fn connections(&self) -> u64 {
        let [pairs, groups, members, wanderers] =
            [self.pairs, self.groups, self.members, self.wanderers].map(u64::from);
        pairs * 2 + groups * members + wanderers * 2
    }

    /// Where the numbers of the groups, of the senders to wanderers, and of the wanderers begin.
    fn beginnings(&self) -> [u32; 3] {
        let groups = self.pairs * 2;
        let senders = groups + self.groups * self.members;
        [groups, senders, senders + self.wanderers]
    }

    async fn rooms(
        &self,
        target: &Arc<Target>,
        flags: &Flags,
    ) -> anyhow::Result<Vec<Room<SessionLine>>> {
        let epoch = Instant::now();
        let [groups, senders, wanderers] = self.beginnings();
        let mut rooms = people::pairs(target, self.pairs, flags, epoch).await?;
        for group in 0..self.groups {
            let first = groups + group * self.members;
            let members = first..first + self.members;
            rooms.push(people::group(target, members, 1, flags, epoch).await?);
        }
        let to = |number| number + self.wanderers;
        rooms.extend(people::to_absent(target, senders..wanderers, flags, epoch, to).await?);
        Ok(rooms)
    }

    async fn wanderers(&self, target: &Arc<Target>) -> anyhow::Result<Vec<Wanderer>> {
        let [_, senders, first] = self.beginnings();
        let numbers = first..first + self.wanderers;
        let envelopes = crowd::envelopes(target, numbers.map(account)).await?;
        let numbered = (0u32..).zip(envelopes);
        let wanderers = numbered.map(|(index, envelope)| Wanderer {
            number: first + index,
            sender: senders + index,
            envelope,
            gateway: target.gateway().clone(),
        });
        Ok(wanderers.collect())
    }
}
