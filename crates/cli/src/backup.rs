//! `mimc backup`: a copy of the data directory.

use std::path::{Path, PathBuf};

use anyhow::ensure;
use serde_json::{Map, Value, json};
use server::Options;
use server::backup::{self, BackupReport};
use server::config;

use crate::arguments::Common;
use crate::failure::say;
use crate::output::Output;
use crate::shown;

/// Everything that was acknowledged before is in the copy. It is opened for a test before this
/// says that it is done. What was secret is secret in it too.
#[derive(Debug, clap::Args)]
pub(crate) struct Backup {
    /// Where to: a directory that is empty or not there
    dir: PathBuf,

    /// Configuration file (TOML) of the server
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

impl Backup {
    pub(crate) fn run(self, common: &Common, output: &mut Output) -> anyhow::Result<()> {
        let data_dir = data_dir(common, self.config)?;
        let report = backup::backup(&data_dir, &self.dir)?;
        show(&data_dir, &self.dir, &report, output)
    }
}

/// Where the server's configuration says that its data is.
pub(crate) fn data_dir(common: &Common, config_file: Option<PathBuf>) -> anyhow::Result<PathBuf> {
    let options = Options {
        config_file,
        data_dir: common.data_dir.clone(),
        ..Options::default()
    };
    Ok(config::load(&options, config::environment())?
        .config
        .data_dir)
}

/// What was copied. Damage that was copied with it is a failure: somebody must look at it.
pub(crate) fn show(
    from: &Path,
    to: &Path,
    report: &BackupReport,
    output: &mut Output,
) -> anyhow::Result<()> {
    output.result(&facts(from, to, report), shown::facts)?;
    for one in &report.findings {
        say(&format!(
            "{} at byte {}: {}",
            one.file.display(),
            one.offset,
            one.what
        ));
    }
    ensure!(
        report.findings.is_empty(),
        "{} is a whole copy of a damaged directory: see `mimc doctor --deep`",
        to.display()
    );
    Ok(())
}

fn facts(from: &Path, to: &Path, report: &BackupReport) -> Map<String, Value> {
    let BackupReport {
        files,
        bytes,
        messages,
        rows,
        findings,
    } = report;
    let facts = json!({
        "from": from.display().to_string(),
        "to": to.display().to_string(),
        "files": files,
        "bytes": bytes,
        "messages": messages,
        "apps": rows.apps,
        "accounts": rows.accounts,
        "topics": rows.topics,
        "damaged": findings.len(),
    });
    match facts {
        Value::Object(facts) => facts,
        _ => Map::new(),
    }
}
