//! A server as `./run` starts it, but on free ports and in a directory of its own.

use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use anyhow::Context;
use serde_json::Value;
use tempfile::TempDir;

/// Ends with its directory when dropped.
pub(super) struct Server {
    dir: TempDir,
    process: Child,
    ready: Value,
    mimc: PathBuf,
}

const LOG: &str = "server.log";

impl Server {
    pub(super) fn start(mimc: &Path) -> anyhow::Result<Self> {
        let dir = TempDir::with_prefix("mimc-documents-")?;
        let free = "127.0.0.1:0";
        let mut process = Command::new(mimc)
            .args(["serve", "--dev", "--http", free, "--tcp", free])
            .current_dir(dir.path())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(File::create(dir.path().join(LOG))?)
            .spawn()?;
        let mut line = String::new();
        if let Some(stdout) = process.stdout.take() {
            BufReader::new(stdout).read_line(&mut line)?;
        }
        let mut server = Self {
            dir,
            process,
            ready: Value::Null,
            mimc: mimc.to_owned(),
        };
        server.ready = serde_json::from_str(&line)
            .with_context(|| format!("the server did not start: {}", server.log()))?;
        Ok(server)
    }

    /// Where it runs; its data is in `mimc-data`, as everywhere.
    pub(super) fn dir(&self) -> &Path {
        self.dir.path()
    }

    /// The directory of the binary.
    pub(super) fn path(&self) -> &Path {
        self.mimc.parent().unwrap_or(&self.mimc)
    }

    /// Bound address of HTTP, as `host:port`.
    pub(super) fn http(&self) -> &str {
        self.ready["http"].as_str().unwrap_or_default()
    }

    /// Bound address of the TCP gateway.
    pub(super) fn tcp(&self) -> &str {
        self.ready["tcp"].as_str().unwrap_or_default()
    }

    /// One of the demo app's facts, as `appId`.
    pub(super) fn app(&self, name: &str) -> &str {
        self.ready["app"][name].as_str().unwrap_or_default()
    }

    pub(super) fn log(&self) -> String {
        fs::read_to_string(self.dir.path().join(LOG)).unwrap_or_default()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended before.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
