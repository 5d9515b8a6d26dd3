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
use crate::flags::{DELIVERIES_MAX, Flags};
use crate::progress::say;
use crate::report::Report;
use crate::target::{Place, Target, allow_members, allow_payload};
use crate::traffic::pace::{self, Pace, PaceFlags};
use crate::traffic::session_line::{SessionLine, account};
use crate::traffic::tally::Tally;
use crate::traffic::{Room, Times, judged, play};
use crate::watch::watched;

/// Messages that each sender has under way when nothing is said.
const WINDOW: u32 = 2;
/// And when it is to be found out what half of the load is, for so long.
const PEAK_WINDOW: u32 = 16;
const PEAK_SECONDS: u64 = 10;

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

    /// Open loop at half of what a closed loop of pairs and groups gets through before, for a soak:
    /// see `rss_percent_per_10_min`
    #[arg(long, conflicts_with = "pace")]
    pub(crate) half_load: bool,
}

impl Mixed {
    pub(crate) async fn run(&self, place: &Place, flags: &Flags) -> anyhow::Result<Report> {
        crowd::check(self.connections())?;
        let target = Arc::new(Target::open(place, flags).await?);
        allow_payload(&target, flags.payload).await?;
        allow_members(&target, self.members).await?;
        let rhythm = self.rhythm(&target, flags).await?;
        let rooms = self.rooms(&target, flags, 0).await?;
        let wanderers = self.wanderers(&target).await?;
        let tally = Arc::new(Tally::new(self.deliveries_max(flags)));
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
        let growth = seen.rss_percent_per_10_min();
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
        report.detail("rss_percent_per_10_min", growth);
        super::close(target).await?;
        Ok(report)
    }

    /// What was asked for, or half of what others of the same kind get through.
    async fn rhythm(&self, target: &Arc<Target>, flags: &Flags) -> anyhow::Result<Pace> {
        if !self.half_load {
            return Ok(self.pace.or_window(WINDOW));
        }
        say("as fast as it goes");
        let mut flags = flags.clone();
        flags.seconds = flags.seconds.min(PEAK_SECONDS);
        let rooms = self.rooms(target, &flags, self.after_all()).await?;
        let tally = Arc::new(Tally::new(flags.max_deliveries));
        let times = Times::of(&flags);
        let playing = play(rooms, Pace::Window(PEAK_WINDOW), times, &tally);
        let (_, seen) = watched(&**target, &tally, times, playing).await?;
        let half = pace::rate(seen.acked_per_s.unwrap_or_default() / 2.0);
        say(&format!("half of it: {half} messages a second"));
        Ok(Pace::Rate(half))
    }

    /// A soak is not to end early.
    fn deliveries_max(&self, flags: &Flags) -> u64 {
        if self.half_load {
            DELIVERIES_MAX
        } else {
            flags.max_deliveries
        }
    }

    fn connections(&self) -> u64 {
        let [pairs, groups, members, wanderers] =
            [self.pairs, self.groups, self.members, self.wanderers].map(u64::from);
        pairs * 2 + groups * members + wanderers * 2
    }

    /// The first number after all of them with which pairs can begin.
    fn after_all(&self) -> u32 {
        let [_, _, wanderers] = self.beginnings(0);
        (wanderers + self.wanderers).next_multiple_of(2)
    }

    /// Where the numbers of the groups, of the senders to wanderers, and of the wanderers begin.
    fn beginnings(&self, first: u32) -> [u32; 3] {
        let groups = first + self.pairs * 2;
        let senders = groups + self.groups * self.members;
        [groups, senders, senders + self.wanderers]
    }

    async fn rooms(
        &self,
        target: &Arc<Target>,
        flags: &Flags,
        first: u32,
    ) -> anyhow::Result<Vec<Room<SessionLine>>> {
        let epoch = Instant::now();
        let [groups, senders, wanderers] = self.beginnings(first);
        let mut rooms = people::pairs(target, first, self.pairs, flags, epoch).await?;
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
        let [_, senders, first] = self.beginnings(0);
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

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        mixed: Mixed,
    }

    #[test]
    fn who_finds_out_the_peak_is_nobody_of_the_soak_and_pairs_begin_even() {
        let line = "mixed --pairs 2 --groups 1 --members 3 --wanderers 1 --half-load";
        let mixed = Line::parse_from(line.split_whitespace()).mixed;
        assert_eq!(mixed.beginnings(0), [4, 7, 8]);
        assert_eq!(mixed.after_all(), 10);
    }
}
