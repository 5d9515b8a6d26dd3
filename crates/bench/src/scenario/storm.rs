//! Everybody comes back at once: after the server was away, or because all connections were cut.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use clap::value_parser;
use client::rest::Envelope;
use client::session::Session;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, timeout_at};

use crate::crowd;
use crate::figure::{per, per_s, seconds};
use crate::flags::{CONNECTIONS_MAX, Flags};
use crate::latency::Latencies;
use crate::progress::{Progress, say};
use crate::report::{Plots, Report};
use crate::target::{Place, Stop, Target, Transport};
use crate::watch::{Subject, mb};

/// How long a client waits after an attempt that failed.
const RETRY_AFTER: Duration = Duration::from_millis(100);
/// How long they may take to come back.
const BACK_WAIT: Duration = Duration::from_mins(2);

/// How fast everybody is back.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Storm {
    /// Clients, each of an account of its own
    #[arg(long, default_value_t = 1_000, value_parser = value_parser!(u32).range(1..=i64::from(CONNECTIONS_MAX)))]
    pub(crate) connections: u32,

    /// How they connect
    #[arg(long, value_enum, default_value_t = Transport::Tcp)]
    pub(crate) transport: Transport,

    /// What sends them away [default: kill with --spawn, otherwise drop]
    #[arg(long, value_enum)]
    pub(crate) by: Option<By>,
}

/// What sends clients away.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum By {
    /// They close their connections
    Drop,
    /// The server is stopped in order and started again
    Term,
    /// The server is killed and started again
    Kill,
}

/// How one client came back.
struct Back {
    session: Session,
    took: Duration,
    failed_attempts: u64,
}

impl Storm {
    pub(crate) async fn run(&self, place: &Place, flags: &Flags) -> anyhow::Result<Report> {
        crowd::check(self.connections.into())?;
        let mut target = Arc::new(Target::open(place, flags).await?);
        let by = match self.by {
            Some(by) => by,
            None if target.is_spawned() => By::Kill,
            None => By::Drop,
        };
        let accounts = (0..self.connections).map(|number| format!("storm{number}"));
        let envelopes = crowd::envelopes(&target, accounts).await?;
        let before = Instant::now();
        let sessions = crowd::sessions(&target, envelopes.clone(), self.transport).await?;
        let first_took = before.elapsed();
        let restart = self.send_away(&mut target, sessions, by).await?;

        say(&format!("{} clients come back", self.connections));
        let usage_before = target.usage().await?;
        let began = Instant::now();
        let back = come_back(&target, envelopes, self.transport, began).await;
        let all_took = began.elapsed();
        let usage = target.usage().await?;

        let count = back.len() as u64;
        let never = u64::from(self.connections) - count;
        let failed: u64 = back.iter().map(|one| one.failed_attempts).sum();
        let mut latencies = Latencies::default();
        for one in &back {
            latencies.record(one.took);
        }
        let mut report = Report::new("storm");
        report.connections = Some(u64::from(self.connections));
        report.seconds = seconds(all_took);
        report.server_rss_mb = Some(mb(usage.rss_kib));
        report.errors = failed + never;
        report.detail("by", format!("{by:?}").to_lowercase());
        report.detail("transport", format!("{:?}", self.transport).to_lowercase());
        report.detail("restart_s", restart.map(seconds));
        report.detail("logins_per_s", per_s(count, all_took));
        report.detail(
            "first_logins_per_s",
            per_s(self.connections.into(), first_took),
        );
        report.detail("all_back_s", (never == 0).then(|| seconds(all_took)));
        report.detail("never_back", never);
        report.detail("failed_attempts", failed);
        report.detail("login_ms", latencies.quantiles());
        let cpu_us = usage.cpu_us.saturating_sub(usage_before.cpu_us);
        report.detail("server_cpu_us_per_login", per(cpu_us, count));
        report.plots = Plots {
            latencies: vec![("logged in", latencies.curve())],
            samples: Vec::new(),
        };
        drop(back.into_iter().map(|one| one.session).collect::<Vec<_>>());
        super::close(target).await?;
        Ok(report)
    }

    /// How long the server took to start again, if it did.
    async fn send_away(
        &self,
        target: &mut Arc<Target>,
        sessions: Vec<Session>,
        by: By,
    ) -> anyhow::Result<Option<Duration>> {
        let stop = match by {
            By::Drop => {
                drop(sessions);
                return Ok(None);
            }
            By::Term => Stop::Term,
            By::Kill => Stop::Kill,
        };
        let target = Arc::get_mut(target).context("all logins are done")?;
        let took = target.restart(stop).await?;
        drop(sessions);
        Ok(Some(took))
    }
}

/// All at once; whoever fails tries again. Who is not back in time is left out.
async fn come_back(
    target: &Arc<Target>,
    envelopes: Vec<Envelope>,
    transport: Transport,
    began: Instant,
) -> Vec<Back> {
    let all = envelopes.len();
    let mut tasks = JoinSet::new();
    for envelope in envelopes {
        let target = Arc::clone(target);
        tasks.spawn(async move { back(&target, &envelope, transport, began).await });
    }
    let mut progress = Progress::new("back", all as u64);
    let mut returned = Vec::with_capacity(all);
    while let Some(done) = tasks.join_next().await {
        returned.extend(done.ok().flatten());
        progress.at(returned.len() as u64);
    }
    returned
}

async fn back(
    target: &Target,
    envelope: &Envelope,
    transport: Transport,
    began: Instant,
) -> Option<Back> {
    let mut failed_attempts = 0;
    let trying = async {
        loop {
            match target.session(envelope, transport).await {
                Ok(session) => return session,
                Err(_) => failed_attempts += 1,
            }
            sleep(RETRY_AFTER).await;
        }
    };
    let session = timeout_at(began + BACK_WAIT, trying).await.ok()?;
    Some(Back {
        session,
        took: began.elapsed(),
        failed_attempts,
    })
}
