//! `mimc doctor`: looks at the machine and the data directory, and says what to change. Changes
//! nothing, unless it is asked to set damage aside.

mod certificate;
mod directory;
mod disk;
mod integrity;
mod limits;
mod ports;

use std::path::PathBuf;

use anyhow::bail;
use serde::Serialize;
use server::Options;
use server::config;

use crate::arguments::Common;
use crate::output::{Output, table};

/// Looks where the server's configuration says that it would run.
#[derive(Debug, clap::Args)]
pub(crate) struct Doctor {
    /// Configuration file (TOML) of the server
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,

    /// Read every record and page of the data directory, not only what a start reads
    #[arg(long)]
    deep: bool,

    /// Set damaged parts of the data directory aside, so that a server starts with everything else.
    /// No server may be running
    #[arg(long)]
    salvage: bool,
}

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum State {
    Ok,
    /// It works, but could be better.
    Warning,
    /// It does not work, or will not for long.
    Problem,
}

/// One thing that was looked at.
#[derive(Clone, Debug, Serialize)]
struct Finding {
    /// What was looked at.
    check: &'static str,
    state: State,
    /// What was found.
    found: String,
    /// What to do about it; empty when nothing.
    advice: String,
}

impl Finding {
    fn ok(check: &'static str, found: impl Into<String>) -> Self {
        Self {
            check,
            state: State::Ok,
            found: found.into(),
            advice: String::new(),
        }
    }

    fn warning(check: &'static str, found: impl Into<String>, advice: impl Into<String>) -> Self {
        Self {
            state: State::Warning,
            advice: advice.into(),
            ..Self::ok(check, found)
        }
    }

    fn problem(check: &'static str, found: impl Into<String>, advice: impl Into<String>) -> Self {
        Self {
            state: State::Problem,
            ..Self::warning(check, found, advice)
        }
    }
}

impl Doctor {
    pub(crate) fn run(self, common: &Common, output: &mut Output) -> anyhow::Result<()> {
        let options = Options {
            config_file: self.config,
            data_dir: common.data_dir.clone(),
            ..Options::default()
        };
        let config = config::load(&options, config::environment())?.config;
        let mut findings = vec![limits::open_files()];
        findings.extend(directory::look(&config.data_dir));
        if self.salvage {
            findings.extend(integrity::salvage(&config.data_dir)?);
        }
        findings.extend(integrity::look(&config.data_dir, self.deep));
        findings.extend(disk::flush_latency(&config.data_dir));
        findings.push(certificate::look(&config));
        findings.push(ports::look("HTTP port", &config.http.listen));
        findings.push(ports::look("TCP gateway port", &config.tcp.listen));
        output.result(&findings, |findings| for_people(findings))?;
        let problems = findings.iter().filter(|one| one.state == State::Problem);
        match problems.count() {
            0 => Ok(()),
            1 => bail!("one problem was found"),
            count => bail!("{count} problems were found"),
        }
    }
}

fn for_people(findings: &[Finding]) -> String {
    let row = |one: &Finding| {
        let state = match one.state {
            State::Ok => "ok",
            State::Warning => "warning",
            State::Problem => "PROBLEM",
        };
        let told = match one.advice.as_str() {
            "" => one.found.clone(),
            advice => format!("{}: {advice}", one.found),
        };
        vec![state.to_owned(), one.check.to_owned(), told]
    };
    table(&findings.iter().map(row).collect::<Vec<_>>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn advice_follows_what_was_found() {
        let findings = [
            Finding::ok("a", "fine"),
            Finding::problem("b", "bad", "do this"),
        ];
        let expected = "ok       a  fine\nPROBLEM  b  bad: do this";
        assert_eq!(for_people(&findings), expected);
    }
}
