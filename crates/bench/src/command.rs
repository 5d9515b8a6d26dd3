//! The command line, and what it gives back.

use std::path::Path;

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
use crate::scenario::p2p::P2p;
use crate::scenario::storm::Storm;
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
    /// Pairs of accounts, and what the machine itself can do
    Limit(P2p),
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
        Ok(Some(self.measure(&place()?).await?))
    }

    async fn measure(&self, place: &Place) -> anyhow::Result<Findings> {
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
            Scenario::Limit(p2p) => p2p.run_with_limit(place, flags, "limit").await?,
            Scenario::Relay => bail!("a relay finds nothing"),
        };
        report.detail("load_average_before", load);
        if let Some(file) = &flags.html {
            let title = format!("mimc bench {}", report.scenario);
            write(file, &html::page(&title, "", std::slice::from_ref(&report)))?;
        }
        Ok(Findings::One(Box::new(report)))
    }
}

impl Findings {
    /// For people.
    pub fn text(&self) -> String {
        match self {
            Self::One(report) => text::lines(report),
        }
    }

    /// What is wrong with the server, in one line.
    pub fn failure(&self) -> Option<String> {
        match self {
            Self::One(report) => failure(report),
        }
    }
}

fn write(file: &Path, text: &str) -> anyhow::Result<()> {
    std::fs::write(file, text).with_context(|| format!("cannot write {}", file.display()))
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
