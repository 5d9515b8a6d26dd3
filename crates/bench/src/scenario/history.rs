//! Pages of history in a store of a given size, and what a start on that store takes.

mod filled;
pub(super) mod pages;

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use clap::value_parser;

use self::filled::Store;
use crate::figure::{per_s, seconds};
use crate::flags::{Flags, STORED_MAX};
use crate::progress::say;
use crate::report::{Plots, Report};
use crate::target::{Place, Stop, Target, allow_payload};
use crate::watch::{Subject, mb};

/// The app that a filled store belongs to: it is found again on a prepared directory.
const APP: &str = "bench-history";

/// How long a page takes in a large store. What is missing in the store is filled in first; with
/// --spawn and --data-dir the directory stays and is used again.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct History {
    /// Messages in the store
    #[arg(long, value_name = "N", default_value_t = 100_000, value_parser = value_parser!(u64).range(1_000..=STORED_MAX))]
    pub(crate) messages: u64,

    /// Conversations that they are spread over
    #[arg(long, value_name = "N", default_value_t = 1_000, value_parser = value_parser!(u32).range(1..=1_000))]
    pub(crate) conversations: u32,

    /// Messages of a page
    #[arg(long, value_name = "N", default_value_t = 50, value_parser = value_parser!(u32).range(1..=200))]
    pub(crate) page: u32,

    /// Who read at the same time, each one page after the other
    #[arg(long, value_name = "N", default_value_t = 4, value_parser = value_parser!(u32).range(1..=256))]
    pub(crate) readers: u32,

    /// Stop the server and start it again before, in order and after a kill; needs --spawn
    #[arg(long)]
    pub(crate) restart: bool,
}

/// How long a start took, and the memory right after it.
struct Started {
    took: Duration,
    rss_mb: f64,
}

impl History {
    pub(crate) async fn run(&self, place: &Place, flags: &Flags) -> anyhow::Result<Report> {
        let mut target = Arc::new(Target::open_app(place, flags, Some(APP)).await?);
        allow_payload(&target, flags.payload).await?;
        let store = Store::fill(&target, self.messages, self.conversations, flags.payload).await?;
        let mut report = Report::new("history");
        report.detail("messages", store.messages);
        report.detail("filled", store.added);
        report.detail("filled_per_s", per_s(store.added, store.took));
        report.detail("log_mb", target.log_bytes().map(|bytes| mb(bytes / 1024)));
        if self.restart {
            let term = restart(&mut target, Stop::Term).await?;
            report.detail("restart_s", seconds(term.took));
            report.detail("rss_mb_after_restart", term.rss_mb);
            let kill = restart(&mut target, Stop::Kill).await?;
            report.detail("restart_after_kill_s", seconds(kill.took));
            report.detail("rss_mb_after_kill", kill.rss_mb);
        }
        say("pages");
        let read = pages::read(&target, &store, self, flags).await?;
        let usage = target.usage().await?;
        let corrected = read
            .took
            .corrected(read.took.mean().max(Duration::from_micros(1)));
        report.connections = Some(self.readers.into());
        report.seconds = seconds(flags.measured());
        report.server_rss_mb = Some(mb(usage.rss_kib));
        report.errors = read.failed + read.wrong;
        report.detail("page", self.page);
        report.detail("page_ms", corrected.quantiles());
        report.detail("pages", read.took.len());
        report.detail("pages_per_s", per_s(read.took.len(), flags.measured()));
        report.detail("pages_wrong", read.wrong);
        report.detail("pages_short", read.short);
        report.detail("pages_failed", read.failed);
        report.detail("conversations", self.conversations);
        report.detail("payload_bytes", flags.payload);
        report.plots = Plots {
            latencies: vec![("pages", corrected.curve())],
            samples: Vec::new(),
        };
        super::close(target).await?;
        Ok(report)
    }
}

async fn restart(target: &mut Arc<Target>, stop: Stop) -> anyhow::Result<Started> {
    say("the server is started again");
    let target = Arc::get_mut(target).context("nobody uses the server")?;
    let took = target.restart(stop).await?;
    let rss_mb = mb(target.usage().await?.rss_kib);
    Ok(Started { took, rss_mb })
}
