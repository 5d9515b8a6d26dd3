//! What a bound connection costs the server that says nothing but a ping now and then.

use std::sync::Arc;
use std::time::Duration;

use clap::value_parser;
use client::arrival::Arrival;
use client::session::Session;
use parking_lot::Mutex;
use tokio::task::JoinSet;
use tokio::time::{Instant, interval_at, sleep_until, timeout};

use crate::crowd;
use crate::figure::{per, per_s, seconds};
use crate::flags::{CONNECTIONS_MAX, Flags};
use crate::latency::Latencies;
use crate::process::Usage;
use crate::progress::say;
use crate::report::{Plots, Report};
use crate::target::{Place, Target, Transport};
use crate::watch::{Sample, Subject, mb};

/// Connections before the first look: a few of them fill what all share.
const WARM_UP: u32 = 100;
/// How long the answer to a ping may take.
const PONG_WAIT: Duration = Duration::from_secs(10);

/// What idle connections cost: memory, and the CPU time of their pings.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Idle {
    /// Bound connections, each of an account of its own
    #[arg(long, default_value_t = 1_000, value_parser = value_parser!(u32).range(1..=i64::from(CONNECTIONS_MAX)))]
    pub(crate) connections: u32,

    /// How they connect
    #[arg(long, value_enum, default_value_t = Transport::Tcp)]
    pub(crate) transport: Transport,

    /// Seconds between the pings of a connection
    #[arg(long, value_name = "SECONDS", default_value_t = 15, value_parser = value_parser!(u64).range(1..=180))]
    pub(crate) ping_every: u64,
}

/// What pings found.
#[derive(Default)]
struct Pings {
    answered: Latencies,
    unanswered: u64,
}

impl Idle {
    pub(crate) async fn run(&self, place: &Place, flags: &Flags) -> anyhow::Result<Report> {
        crowd::check(u64::from(self.connections) + u64::from(WARM_UP))?;
        let target = Arc::new(Target::open(place, flags).await?);
        let accounts = (0..self.connections + WARM_UP).map(|number| format!("idle{number}"));
        let mut all = crowd::envelopes(&target, accounts).await?;
        let rest = all.split_off(WARM_UP as usize);
        let warm = crowd::sessions(&target, all, self.transport).await?;
        let before = target.usage().await?;
        let began = Instant::now();
        let sessions = crowd::sessions(&target, rest, self.transport).await?;
        let logins_took = began.elapsed();
        let bound = target.usage().await?;
        let pings = Arc::new(Mutex::new(Pings::default()));
        let samples = self.idle(&target, sessions, flags, &pings).await?;
        let after = target.usage().await?;
        drop(warm);

        let connections = u64::from(self.connections);
        let per_connection =
            |usage: Usage| per(usage.rss_kib.saturating_sub(before.rss_kib), connections);
        let pings = std::mem::take(&mut *pings.lock());
        let mut report = Report::new("idle");
        report.connections = Some(connections);
        report.seconds = seconds(flags.measured());
        report.server_rss_mb = Some(mb(after.rss_kib));
        report.rss_kb_per_connection = per_connection(after);
        report.errors = pings.unanswered;
        report.detail("transport", format!("{:?}", self.transport).to_lowercase());
        report.detail("rss_kb_per_connection_before_pings", per_connection(bound));
        report.detail("rss_mb_before", mb(before.rss_kib));
        report.detail("logins_per_s", per_s(connections, logins_took));
        report.detail("ping_every_s", self.ping_every);
        report.detail("ping_ms", pings.answered.quantiles());
        report.detail("pings", pings.answered.len());
        let cpu_us = after.cpu_us - bound.cpu_us;
        report.detail("server_cpu_us_per_ping", per(cpu_us, pings.answered.len()));
        report.plots = Plots {
            latencies: vec![("pings", pings.answered.curve())],
            samples,
        };
        super::close(target).await?;
        Ok(report)
    }

    /// Has all of them ping in turns until the time is over.
    async fn idle(
        &self,
        target: &Target,
        sessions: Vec<Session>,
        flags: &Flags,
        pings: &Arc<Mutex<Pings>>,
    ) -> anyhow::Result<Vec<Sample>> {
        let every = Duration::from_secs(self.ping_every);
        let began = Instant::now();
        let until = began + flags.measured();
        let mut tasks = JoinSet::new();
        for (number, session) in (0u32..).zip(sessions) {
            let first = began + every * number / self.connections;
            tasks.spawn(ping(session, first, every, until, Arc::clone(pings)));
        }
        let mut samples = Vec::new();
        let mut ticks = interval_at(
            began,
            (flags.measured() / 100).max(Duration::from_millis(200)),
        );
        let mut last = target.usage().await?;
        loop {
            tokio::select! {
                () = sleep_until(until) => break,
                _ = ticks.tick() => {
                    let now = target.usage().await?;
                    samples.push(sample(began.elapsed(), last, now, ticks.period()));
                    last = now;
                }
            }
        }
        say(&format!(
            "{} connections, {} MB",
            self.connections,
            mb(last.rss_kib)
        ));
        // They stay until here: what the last look sees is all of them.
        let done = tasks.join_all().await;
        drop(done);
        Ok(samples)
    }
}

/// The session comes back, so that it stays open.
async fn ping(
    mut session: Session,
    first: Instant,
    every: Duration,
    until: Instant,
    pings: Arc<Mutex<Pings>>,
) -> Session {
    let mut due = first;
    while due < until {
        sleep_until(due).await;
        session.queue_ping();
        let answered = timeout(PONG_WAIT, pong(&mut session)).await;
        let mut pings = pings.lock();
        if answered != Ok(true) {
            pings.unanswered += 1;
            return session;
        }
        pings.answered.record(due.elapsed());
        due += every;
    }
    session
}

async fn pong(session: &mut Session) -> bool {
    loop {
        match session.next().await {
            Ok(Arrival::Pong) => return true,
            Ok(_) => {}
            Err(_) => return false,
        }
    }
}

fn sample(at: Duration, before: Usage, now: Usage, time: Duration) -> Sample {
    let cpu_us = now.cpu_us.saturating_sub(before.cpu_us);
    Sample {
        at_s: at.as_secs_f64(),
        cpus: per_s(cpu_us, time).unwrap_or_default() / 1e6,
        rss_mb: mb(now.rss_kib),
        ..Sample::default()
    }
}
