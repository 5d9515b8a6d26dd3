//! `mimc bench all`: every scenario at the size that the goals are set for, one after the other, each on
//! a server of its own; and the goals beside what was found.

mod goals;
mod machine;
mod markdown;
mod steps;

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context as _, anyhow};
use clap::{Parser as _, value_parser};
use serde::Serialize;
use tempfile::TempDir;
use tokio::time::{Instant, timeout_at};

use self::goals::Goal;
use self::machine::Machine;
use self::steps::{FULL, QUICK, Step};
use crate::command::Bench;
use crate::flags::Flags;
use crate::progress::say;
use crate::report::{Report, html, text};
use crate::target::Place;

/// Every scenario on servers of its own, for a report: some ten minutes and five gigabytes of disk, or
/// with --quick two minutes and little.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct All {
    /// Smaller and shorter: what it finds says little about the goals
    #[arg(long)]
    quick: bool,

    /// When it has to be over: what has come to no end by then is left out, and the report says so
    #[arg(long, value_name = "MINUTES", default_value_t = 12, value_parser = value_parser!(u64).range(1..=240))]
    minutes: u64,

    /// Where report.json, report.html and report.md are written
    #[arg(long, value_name = "DIR", default_value = "bench-report")]
    out: PathBuf,
}

/// What all runs found.
#[derive(Clone, Debug, Serialize)]
pub struct Suite {
    machine: Machine,
    quick: bool,
    goals: Vec<Goal>,
    runs: Vec<Run>,
    /// Runs that came to no end, and why.
    failed: Vec<String>,
}

/// One run.
#[derive(Clone, Debug, Serialize)]
struct Run {
    /// What the goals call it.
    key: &'static str,
    /// Of the command, behind `mimc bench --spawn`.
    line: String,
    report: Report,
}

/// A command line of a step.
#[derive(clap::Parser)]
struct Line {
    #[command(flatten)]
    bench: Bench,
}

impl All {
    pub(crate) async fn run(&self, binary: &Path, flags: &Flags) -> anyhow::Result<Suite> {
        std::fs::create_dir_all(&self.out)
            .with_context(|| format!("cannot make {}", self.out.display()))?;
        let mut store = tempfile::Builder::new();
        let store = store.prefix("mimc-bench-store-");
        let store = match &flags.work_dir {
            Some(dir) => store.tempdir_in(dir),
            None => store.tempdir(),
        }?;
        let mut suite = Suite {
            machine: Machine::here(),
            quick: self.quick,
            goals: Vec::new(),
            runs: Vec::new(),
            failed: Vec::new(),
        };
        let ends = Instant::now() + Duration::from_mins(self.minutes);
        for step in if self.quick { QUICK } else { FULL } {
            for _ in 0..step.times {
                suite.take(step, binary, &store, flags, ends).await;
            }
        }
        suite.machine.is_done();
        suite.goals = goals::of(&suite.runs);
        suite.write(&self.out)?;
        say(&format!("written to {}", self.out.display()));
        Ok(suite)
    }
}

impl Suite {
    /// For people.
    pub(crate) fn text(&self) -> String {
        markdown::goals(&self.goals)
    }

    /// What is wrong with the server, in one line. A goal that is not met is no failure.
    pub(crate) fn failure(&self) -> Option<String> {
        let broken = self.runs.iter().filter(|run| run.report.violations() > 0);
        let broken: Vec<_> = broken.map(|run| run.line.as_str()).collect();
        match (broken.as_slice(), self.failed.as_slice()) {
            ([], []) => None,
            ([], failed) => Some(format!("came to no end: {}", failed.join("; "))),
            (broken, _) => Some(format!(
                "the server broke its promises: {}",
                broken.join("; ")
            )),
        }
    }

    async fn take(
        &mut self,
        step: &Step,
        binary: &Path,
        store: &TempDir,
        flags: &Flags,
        ends: Instant,
    ) {
        say(&format!("== {}", step.line));
        let place = Place::Spawned {
            binary: binary.to_owned(),
            data_dir: step.is_on_store.then(|| store.path().join("data")),
        };
        let reported = timeout_at(ends, report(step, &place, flags)).await;
        match reported.unwrap_or_else(|_| Err(anyhow!("the time is up"))) {
            Ok(report) => {
                say(&text::lines(&report));
                self.runs.push(Run {
                    key: step.key,
                    line: step.line.to_owned(),
                    report,
                });
            }
            Err(error) => {
                let failed = format!("{}: {error:#}", step.line);
                say(&failed);
                self.failed.push(failed);
            }
        }
    }

    fn write(&self, out: &Path) -> anyhow::Result<()> {
        let json = serde_json::to_string_pretty(self)? + "\n";
        let runs = self.runs.iter().map(|run| (run.line.as_str(), &run.report));
        let page = html::page("mimc bench all", &self.intro(), runs);
        let files = [
            ("report.json", json),
            ("report.html", page),
            ("report.md", markdown::page(self)),
        ];
        for (name, text) in files {
            let file = out.join(name);
            std::fs::write(&file, text)
                .with_context(|| format!("cannot write {}", file.display()))?;
        }
        Ok(())
    }

    /// The table of goals, in HTML.
    fn intro(&self) -> String {
        let row = |goal: &Goal| {
            let (class, met) = match goal.met {
                Some(true) => ("good", "yes"),
                Some(false) => ("bad", "no"),
                None => ("", "–"),
            };
            let cells = [&goal.what, &goal.wanted, &goal.found];
            let cells = cells.map(|cell| format!("<td>{}</td>", html::escaped(cell)));
            format!(
                "<tr>{}<td class=\"{class}\">{met}</td></tr>",
                cells.concat()
            )
        };
        let rows: Vec<_> = self.goals.iter().map(row).collect();
        format!(
            "<p>{}</p>\n<table>\n<tr><th>What</th><th>Goal</th><th>Found</th><th>Met</th></tr>\n{}\n</table>",
            html::escaped(&self.machine.to_string()),
            rows.join("\n")
        )
    }
}

/// With the flags that say where, and the step's own that say what.
async fn report(step: &Step, place: &Place, flags: &Flags) -> anyhow::Result<Report> {
    let words = ["bench"].into_iter().chain(step.line.split_whitespace());
    let bench = Line::try_parse_from(words)?.bench;
    Box::pin(bench.at(flags).report(place)).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_step_is_a_command_line() {
        for step in FULL.iter().chain(QUICK) {
            let words = ["bench"].into_iter().chain(step.line.split_whitespace());
            assert!(Line::try_parse_from(words).is_ok(), "{}", step.line);
        }
    }
}
