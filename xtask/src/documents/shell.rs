//! A block in a shell or in Python, as a reader would paste it: the demo app in `APP_ID`, `APP_KEY` and
//! `APP_SECRET`, `mimc` in the path, the default addresses standing for those of the server.

use std::env;
use std::io::{BufRead, BufReader};
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

use anyhow::{Context, bail};

use super::block::Block;
use super::server::Server;

/// Longest silence of a block.
const SILENCE_MAX: Duration = Duration::from_secs(30);

/// Ends with all that it started when dropped.
pub(super) struct Shell {
    process: Child,
    lines: Receiver<String>,
    printed: String,
}

impl Shell {
    pub(super) fn start(block: &Block, exports: &str, server: &Server) -> anyhow::Result<Self> {
        let (program, flags, before) = match &*block.language {
            "python" => ("python3", &["-c"][..], ""),
            _ => ("bash", &["-euo", "pipefail", "-c"][..], exports),
        };
        let script = format!("{before}{}", block.script)
            .replace("127.0.0.1:8080", server.http())
            .replace("127.0.0.1:5222", server.tcp());
        let old = env::var_os("PATH").unwrap_or_default();
        let paths = std::iter::once(server.path().to_owned()).chain(env::split_paths(&old));
        let mut process = Command::new(program)
            .args(flags)
            .arg(script)
            .current_dir(server.dir())
            .env("PATH", env::join_paths(paths)?)
            .env("MIMC_SERVER", format!("http://{}", server.http()))
            .env("APP_ID", server.app("appId"))
            .env("APP_KEY", server.app("appKey"))
            .env("APP_SECRET", server.app("appSecret"))
            .env_remove("MIMC_ADMIN_TOKEN")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .process_group(0)
            .spawn()?;
        let stdout = process.stdout.take().context("stdout is a pipe")?;
        let (tell, lines) = channel();
        thread::spawn(move || {
            let mut stdout = BufReader::new(stdout).lines();
            while let Some(Ok(line)) = stdout.next() {
                // Nobody may be interested any more.
                let _ = tell.send(line);
            }
        });
        Ok(Self {
            process,
            lines,
            printed: String::new(),
        })
    }

    /// What it printed, once it has ended well.
    pub(super) fn finish(&mut self) -> anyhow::Result<&str> {
        while self.read_line()? {}
        let status = self.process.wait()?;
        if !status.success() {
            bail!("ended with {status}; printed:\n{}", self.printed);
        }
        Ok(&self.printed)
    }

    /// Returns when it has printed this.
    pub(super) fn wait_for(&mut self, wanted: &str) -> anyhow::Result<()> {
        while !self.printed.contains(wanted) {
            if !self.read_line()? {
                bail!("ended without `{wanted}`; printed:\n{}", self.printed);
            }
        }
        Ok(())
    }

    /// False at the end of what it prints.
    fn read_line(&mut self) -> anyhow::Result<bool> {
        match self.lines.recv_timeout(SILENCE_MAX) {
            Ok(line) => {
                self.printed.push_str(&line);
                self.printed.push('\n');
                Ok(true)
            }
            Err(RecvTimeoutError::Disconnected) => Ok(false),
            Err(RecvTimeoutError::Timeout) => {
                bail!("nothing for {SILENCE_MAX:?}; printed:\n{}", self.printed)
            }
        }
    }
}

impl Drop for Shell {
    fn drop(&mut self) {
        let kill = format!("kill -KILL -- -{} 2>&-", self.process.id());
        // It may have ended before.
        let _ = Command::new("bash").args(["-c", &kill]).status();
        let _ = self.process.wait();
    }
}
