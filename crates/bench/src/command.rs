//! The command line, and what it gives back.

use anyhow::{Context as _, bail};
use serde::Serialize;

use crate::flags::Flags;
use crate::floor::relay;
use crate::process;
use crate::report::{Report, html, text};
use crate::scenario::group::Group;
use crate::scenario::history::History;
use crate::scenario::idle::Idle;
use crate::scenario::mixed::Mixed;
use crate::scenario::offline::Offline;
use crate::scenario::overload::Overload;
use crate::scenario::p2p::P2p;
use crate::scenario::storm::Storm;
use crate::suite::{All, Suite};
use crate::target::Place;

/// Measures a server: how much, how fast, at which cost, and whether it keeps its promises. The load
/// is made here, on the same machine: what it takes, the server does not get.
#[derive(Clone, Debug, clap::Args)]
pub struct Bench {
    #[command(subcommand)]
    scenario: Scenario,

    #[command(flatten)]
    flags: Flags,
}

#[derive(Clone, Debug, clap::Subcommand)]
enum Scenario {
    /// Pairs of accounts, each with messages under way
    P2p(P2p),
    /// A topic with many members online
    Group(Group),
    /// Connections that do nothing but ping
    Idle(Idle),
    /// Everybody comes back at once
    Storm(Storm),
    /// Pages of history in a large store, and a start on it
    History(History),
    /// A device that was away is given what waited for it
    Offline(Offline),
    /// Some of everything at once
    Mixed(Mixed),
    /// More than the server can take, among clients that behave badly
    Overload(Overload),
    /// Pairs of accounts, and what the machine itself can do
    Limit(P2p),
    /// Everything at the size that the goals are set for, for a report
    All(All),
    /// Hands frames from one socket to another, until stdin ends: what `limit` compares with
    #[command(hide = true)]
    Relay,
}

/// What a run found. Serialised, it is the object for programs.
#[derive(Clone, Debug, Serialize)]
#[serde(untagged)]
pub enum Findings {
    /// One scenario.
    One(Box<Report>),
    /// All of them.
    All(Box<Suite>),
}

impl Bench {
    /// What every scenario understands.
    pub fn flags(&self) -> &Flags {
        &self.flags
    }

    /// Runs it, where `place` says if it needs a server; `None` when there is nothing to be found.
    /// Progress goes to stderr.
    pub async fn run(
        &self,
        place: impl FnOnce() -> anyhow::Result<Place>,
    ) -> anyhow::Result<Option<Findings>> {
        if let Scenario::Relay = self.scenario {
            relay::run().await?;
            return Ok(None);
        }
        Ok(Some(self.find(&place()?).await?))
    }

    /// The same with what these flags say of the server that is started.
    pub(crate) fn at(mut self, flags: &Flags) -> Self {
        self.flags.config.clone_from(&flags.config);
        self.flags.work_dir.clone_from(&flags.work_dir);
        self
    }

    async fn find(&self, place: &Place) -> anyhow::Result<Findings> {
        if let Scenario::All(all) = &self.scenario {
            let Place::Spawned { binary, .. } = place else {
                bail!("all of it is measured on servers that are started: add --spawn");
            };
            let suite = all.run(binary, &self.flags).await?;
            return Ok(Findings::All(Box::new(suite)));
        }
        let report = self.report(place).await?;
        if let Some(file) = &self.flags.html {
            let title = format!("mimc bench {}", report.scenario);
            let page = html::page(&title, "", [(report.scenario, &report)]);
            std::fs::write(file, page)
                .with_context(|| format!("cannot write {}", file.display()))?;
        }
        Ok(Findings::One(Box::new(report)))
    }

    /// Of one scenario.
    pub(crate) async fn report(&self, place: &Place) -> anyhow::Result<Report> {
        let flags = &self.flags;
        let load = process::load_average();
        let mut report = match &self.scenario {
            Scenario::P2p(p2p) => p2p.run(place, flags).await?,
            Scenario::Group(group) => group.run(place, flags).await?,
            Scenario::Idle(idle) => idle.run(place, flags).await?,
            Scenario::Storm(storm) => storm.run(place, flags).await?,
            Scenario::History(history) => history.run(place, flags).await?,
            Scenario::Offline(offline) => offline.run(place, flags).await?,
            Scenario::Mixed(mixed) => mixed.run(place, flags).await?,
            Scenario::Overload(overload) => overload.run(place, flags).await?,
            Scenario::Limit(p2p) => p2p.run_with_limit(place, flags, "limit").await?,
            Scenario::All(_) | Scenario::Relay => bail!("this is no single scenario"),
        };
        report.detail("load_average_before", load);
        Ok(report)
    }
}

impl Findings {
    /// For people.
    pub fn text(&self) -> String {
        match self {
            Self::One(report) => text::lines(report),
            Self::All(suite) => suite.text(),
        }
    }

    /// What is wrong with the server, in one line.
    pub fn failure(&self) -> Option<String> {
        match self {
            Self::One(report) => failure(report),
            Self::All(suite) => suite.failure(),
        }
    }
}

fn failure(report: &Report) -> Option<String> {
    let count = report.violations();
    (count > 0).then(|| {
        format!(
            "{}: the server broke its promises {count} times",
            report.scenario
        )
    })
}
