//! Verbs of the command line.

use std::process::Stdio;

use serde_json::Value;
use tokio::process::Command;

use crate::{binary, within};

/// How a verb ended.
#[derive(Debug)]
pub struct Done {
    /// Its exit code.
    pub code: Option<i32>,
    /// Results.
    pub stdout: String,
    /// Messages.
    pub stderr: String,
}

impl Done {
    /// What it printed, as JSON.
    ///
    /// # Panics
    ///
    /// When it failed, or printed something else.
    #[track_caller]
    pub fn json(&self) -> Value {
        assert_eq!(self.code, Some(0), "{self:?}");
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }
}

/// A verb with its arguments, without what the environment of the test says about servers.
pub fn mimc(arguments: &[&str]) -> Command {
    let mut command = Command::new(binary());
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("MIMC_") {
            command.env_remove(name);
        }
    }
    command
        .args(arguments)
        .stdin(Stdio::null())
        .kill_on_drop(true);
    command
}

/// Runs a command to its end.
///
/// # Panics
///
/// When it cannot be started or takes too long.
pub(crate) async fn done(mut command: Command) -> Done {
    let output = within("the end of a command", command.output()).await;
    let output = output.expect("the binary can be started");
    Done {
        code: output.status.code(),
        stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}
