//! A `mimc serve` of our own.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context as _, bail, ensure};
use client::admin::Admin;
use client::rest::Rest;
use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};
use tokio::time::{Instant, timeout};

use crate::flags::Flags;

/// How long a start may take: a large store is read.
const START_WAIT: Duration = Duration::from_mins(5);
/// How long an end may take.
const STOP_WAIT: Duration = Duration::from_secs(30);
/// Lines of its log that are shown when it does not start.
const LOG_LINES: usize = 10;

/// How a server is made to end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stop {
    /// SIGTERM: in order.
    Term,
    /// SIGKILL: it gets no chance to write anything.
    Kill,
}

/// Ends when it is dropped, and its fresh directory goes with it.
#[derive(Debug)]
pub(super) struct Spawned {
    process: Child,
    binary: PathBuf,
    config: Option<PathBuf>,
    data_dir: PathBuf,
    /// Holds the data directory, if it is a fresh one, and the log.
    work: TempDir,
    http: String,
    tcp: String,
}

impl Spawned {
    pub(super) async fn start(
        binary: &Path,
        data_dir: Option<&Path>,
        flags: &Flags,
    ) -> anyhow::Result<Self> {
        let mut work = tempfile::Builder::new();
        let work = work.prefix("mimc-bench-");
        let work = match &flags.work_dir {
            Some(dir) => work.tempdir_in(dir),
            None => work.tempdir(),
        };
        let work = work.context("cannot make a directory for the server")?;
        let data_dir = data_dir.map_or_else(|| work.path().join("data"), Path::to_owned);
        let any = "127.0.0.1:0".to_owned();
        let (process, ready) = launch(
            binary,
            flags.config.as_deref(),
            &data_dir,
            work.path(),
            [&any, &any],
        )
        .await?;
        Ok(Self {
            process,
            binary: binary.to_owned(),
            config: flags.config.clone(),
            data_dir,
            work,
            http: text(&ready, "http")?,
            tcp: text(&ready, "tcp")?,
        })
    }

    pub(super) fn pid(&self) -> u32 {
        self.process.id().unwrap_or_default()
    }

    pub(super) fn admin(&self) -> anyhow::Result<Admin> {
        let token = self.data_dir.join("admin.token");
        let read = fs::read_to_string(&token);
        let token = read.with_context(|| format!("cannot read {}", token.display()))?;
        let rest = Rest::new(&format!("http://{}", self.http))?;
        Ok(Admin::new(rest, &token)?)
    }

    pub(super) fn data_dir(&self) -> &Path {
        &self.data_dir
    }

    /// Bytes of all files of the log.
    pub(super) fn log_bytes(&self) -> Option<u64> {
        let files = fs::read_dir(self.data_dir.join("log")).ok()?;
        let logs = files.filter_map(Result::ok).filter(|file| {
            let name = file.file_name();
            Path::new(&name)
                .extension()
                .is_some_and(|kind| kind == "log")
        });
        Some(
            logs.filter_map(|file| Some(file.metadata().ok()?.len()))
                .sum(),
        )
    }

    pub(super) async fn restart(&mut self, stop: Stop) -> anyhow::Result<Duration> {
        self.end(stop).await?;
        let began = Instant::now();
        let config = self.config.as_deref();
        let ports = [&self.http, &self.tcp];
        let work = self.work.path();
        (self.process, _) = launch(&self.binary, config, &self.data_dir, work, ports).await?;
        Ok(began.elapsed())
    }

    pub(super) async fn stop(mut self) -> anyhow::Result<()> {
        self.end(Stop::Term).await
    }

    async fn end(&mut self, stop: Stop) -> anyhow::Result<()> {
        match stop {
            Stop::Kill => self.process.start_kill()?,
            Stop::Term => {
                let pid = i32::try_from(self.pid()).ok().and_then(Pid::from_raw);
                let pid = pid.context("the server has ended by itself")?;
                kill_process(pid, Signal::TERM)?;
            }
        }
        let ended = timeout(STOP_WAIT, self.process.wait()).await;
        let status = ended.context("the server does not end")??;
        ensure!(
            status.success() || stop == Stop::Kill,
            "the server ended with {status}"
        );
        Ok(())
    }
}

/// Until it is ready; what it says then.
async fn launch(
    binary: &Path,
    config: Option<&Path>,
    data_dir: &Path,
    work: &Path,
    [http, tcp]: [&String; 2],
) -> anyhow::Result<(Child, Value)> {
    let log = work.join("server.log");
    let mut command = Command::new(binary);
    command
        .args(["serve", "--http", http, "--tcp", tcp, "--data-dir"])
        .arg(data_dir)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(fs::File::options().create(true).append(true).open(&log)?)
        .kill_on_drop(true);
    if let Some(config) = config {
        command.arg("--config").arg(config);
    }
    let started = command.spawn();
    let mut process = started.with_context(|| format!("cannot start {}", binary.display()))?;
    let stdout = process.stdout.take().context("stdout is a pipe")?;
    let mut line = String::new();
    let mut reader = BufReader::new(stdout);
    let read = timeout(START_WAIT, reader.read_line(&mut line)).await;
    read.context("the server does not become ready")??;
    match serde_json::from_str(&line) {
        Ok(ready) => Ok((process, ready)),
        Err(_) => bail!("the server did not become ready:\n{}", last_lines(&log)?),
    }
}

fn last_lines(log: &Path) -> io::Result<String> {
    let log = fs::read_to_string(log)?;
    let lines: Vec<_> = log.lines().collect();
    Ok(lines[lines.len().saturating_sub(LOG_LINES)..].join("\n"))
}

fn text(ready: &Value, name: &str) -> anyhow::Result<String> {
    let text = ready[name].as_str();
    Ok(text
        .with_context(|| format!("the ready line has no {name}"))?
        .to_owned())
}
