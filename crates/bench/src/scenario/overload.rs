//! More than the server can take, among clients that behave badly: whether it goes on doing what it
//! can, says so to those whom it refuses, and keeps its memory.

mod siege;

use std::ops::Range;
use std::sync::Arc;

use clap::value_parser;
use client::rest::Envelope;
use tokio::time::Instant;

use self::siege::Siege;
use super::messages::report;
use super::p2p::WINDOW;
use super::people;
use crate::crowd;
use crate::figure::rounded;
use crate::flags::{CONNECTIONS_MAX, Flags};
use crate::process;
use crate::progress::say;
use crate::report::Report;
use crate::target::{Place, Target, Transport, allow_payload};
use crate::traffic::pace::{self, Pace};
use crate::traffic::session_line::{Letter, SessionLine, account};
use crate::traffic::tally::Tally;
use crate::traffic::{Part, Times, catch_up, judged, play};
use crate::watch::{Seen, Subject, mb, watched};

/// How the server fares under more than it can take.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Overload {
    /// Pairs of accounts; one of each sends to the other
    #[arg(long, default_value_t = 400, value_parser = value_parser!(u32).range(1..=10_000))]
    pub(crate) pairs: u32,

    /// How many times as many messages are due as a closed loop has got through before
    #[arg(long, value_name = "N", default_value_t = 3, value_parser = value_parser!(u32).range(1..=20))]
    pub(crate) times: u32,

    /// Devices that have vanished without a word: bound, and never read; each has somebody who writes
    /// to it
    #[arg(long, value_name = "N", default_value_t = 20, value_parser = value_parser!(u32).range(0..=1_000))]
    pub(crate) half_open: u32,

    /// Devices that read a byte a second; each has somebody who writes to it
    #[arg(long, value_name = "N", default_value_t = 20, value_parser = value_parser!(u32).range(0..=1_000))]
    pub(crate) slow_readers: u32,

    /// Clients that begin a frame, or a request, and go on by a byte a second
    #[arg(long, value_name = "N", default_value_t = 200, value_parser = value_parser!(u32).range(0..=i64::from(CONNECTIONS_MAX)))]
    pub(crate) slowloris: u32,

    /// Connections that never log in; half of them say nothing at all
    #[arg(long, value_name = "N", default_value_t = 1_000, value_parser = value_parser!(u32).range(0..=i64::from(CONNECTIONS_MAX)))]
    pub(crate) idle: u32,
}

impl Overload {
    pub(crate) async fn run(&self, place: &Place, flags: &Flags) -> anyhow::Result<Report> {
        crowd::check(self.connections())?;
        let target = Arc::new(Target::open(place, flags).await?);
        allow_payload(&target, flags.payload).await?;
        // Else it would be measured what the load takes from the server.
        process::give_way()?;
        say("as fast as it goes");
        let before = self.peak(&target, flags).await?;
        let peak = before.acked_per_s.unwrap_or_default();
        say(&format!("{} times as much", self.times));
        let mut report = self.flood(&target, flags, peak).await?;
        report.detail("peak_per_s", peak);
        report.detail("rss_mb_at_peak", before.rss_mb_max());
        report.connections = Some(self.connections());
        report.detail("pairs", self.pairs);
        report.detail("half_open", self.half_open);
        report.detail("slow_readers", self.slow_readers);
        report.detail("slowloris", self.slowloris);
        report.detail("idle", self.idle);
        report.detail("payload_bytes", flags.payload);
        super::close(target).await?;
        Ok(report)
    }

    fn connections(&self) -> u64 {
        let [pairs, absent, slowloris, idle] =
            [self.pairs, self.absent(), self.slowloris, self.idle].map(u64::from);
        (pairs + absent) * 2 + slowloris + idle
    }

    fn absent(&self) -> u32 {
        self.half_open + self.slow_readers
    }

    /// What a closed loop gets through, of well-behaved pairs alone.
    async fn peak(&self, target: &Arc<Target>, flags: &Flags) -> anyhow::Result<Seen> {
        let rooms = people::pairs(target, 0, self.pairs, flags, Instant::now()).await?;
        let tally = Arc::new(Tally::new(flags.max_deliveries));
        let times = Times::of(flags);
        let playing = play(rooms, Pace::Window(WINDOW), times, &tally);
        Ok(watched(&**target, &tally, times, playing).await?.1)
    }

    async fn flood(
        &self,
        target: &Arc<Target>,
        flags: &Flags,
        peak: f64,
    ) -> anyhow::Result<Report> {
        // Others than before: packetIds are not to be used again.
        let pairs = self.pairs * 2..self.pairs * 4;
        let senders = pairs.end..pairs.end + self.absent();
        let absent = senders.end..senders.end + self.absent();
        let epoch = Instant::now();
        let to = |number| number + self.absent();
        let mut rooms = people::pairs(target, pairs.start, self.pairs, flags, epoch).await?;
        rooms.extend(people::to_absent(target, senders, flags, epoch, to).await?);
        let envelopes = crowd::envelopes(target, absent.clone().map(account)).await?;
        let siege = self.siege(target, &envelopes).await?;
        let before = mb(target.usage().await?.rss_kib);

        let pace = Pace::Flood(pace::rate(peak * f64::from(self.times)));
        let tally = Arc::new(Tally::new(flags.max_deliveries));
        let times = Times::of(flags);
        let playing = play(rooms, pace, times, &tally);
        let (mut parts, seen) = watched(&**target, &tally, times, playing).await?;
        let thrown_out = siege.end().await;
        say("the devices that read nothing come back");
        let back = self.come_back(target, flags, absent, envelopes, &parts);
        parts.extend(back.await?);

        let (goodput, at_most) = (seen.acked_per_s, seen.rss_mb_max());
        let played = judged(&parts);
        let mut report = report("overload", pace, &tally, &played, seen);
        // Refusals are what is wanted here; what is neither taken nor refused is not.
        report.errors = played.ignored + played.broken;
        report.detail("goodput_per_s", goodput);
        let ratio = goodput.filter(|_| peak > 0.0).map(|goodput| goodput / peak);
        report.detail("goodput_to_peak", ratio.map(rounded));
        report.detail("unanswered_on_open_connections", played.ignored);
        report.detail("thrown_out", thrown_out);
        report.detail("rss_mb_before", before);
        report.detail("rss_mb_at_most", at_most);
        report.detail("rss_growth", at_most.map(|most| rounded(most / before)));
        report.detail("rss_mb_after", mb(target.usage().await?.rss_kib));
        Ok(report)
    }

    async fn siege(&self, target: &Arc<Target>, absent: &[Envelope]) -> anyhow::Result<Siege> {
        let mut siege = Siege::lay(target, self.idle, self.slowloris).await?;
        let sessions = crowd::sessions(target, absent.to_vec(), Transport::Tcp).await?;
        for (number, session) in (0u32..).zip(sessions) {
            if number < self.half_open {
                siege.vanish(session);
            } else {
                siege.read_slowly(session);
            }
        }
        Ok(siege)
    }

    /// Nothing that was acknowledged to who wrote to them is lost.
    async fn come_back(
        &self,
        target: &Arc<Target>,
        flags: &Flags,
        absent: Range<u32>,
        envelopes: Vec<Envelope>,
        parts: &[Part],
    ) -> anyhow::Result<Vec<Part>> {
        let last_for = |number: u32| {
            let sender = number - self.absent();
            let part = parts.iter().find(|part| part.number() == sender);
            part.and_then(Part::last_acked).unwrap_or_default()
        };
        let who = absent.zip(envelopes);
        let who = who.map(|(number, envelope)| (number, envelope, last_for(number)));
        let tally = Arc::new(Tally::new(u64::MAX));
        let (now, drain, payload) = (Instant::now(), flags.drained(), flags.payload);
        let times = Times {
            first: now,
            measured_from: now,
            ends: now,
            drain,
        };
        crowd::each("back", who.collect(), |(number, envelope, last)| {
            let (target, tally) = (Arc::clone(target), Arc::clone(&tally));
            async move {
                let session = target.session(&envelope, Transport::Tcp).await?;
                let letter = Letter::new(account(number).into(), payload, now);
                let line = SessionLine::new(session, letter);
                Ok(catch_up((number, line), last, times, &tally).await)
            }
        })
        .await
    }
}
