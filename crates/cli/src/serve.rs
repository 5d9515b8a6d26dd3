//! `mimc serve`: runs the server until SIGTERM or SIGINT.

use std::path::PathBuf;

use crate::arguments::Common;

/// Flags win over the environment, the environment over the file.
#[derive(Debug, clap::Args)]
pub(crate) struct Serve {
    /// Make a demo app, allow callbacks to this machine, and say where to go
    #[arg(long)]
    dev: bool,

    /// Configuration file (TOML)
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,

    /// Where HTTP and WebSocket listen [default: 127.0.0.1:8080]; port 0 picks a free one
    #[arg(long, value_name = "ADDR")]
    http: Option<String>,

    /// Where the TCP gateway listens [default: 127.0.0.1:5222]; port 0 picks a free one
    #[arg(long, value_name = "ADDR")]
    tcp: Option<String>,
}

impl Serve {
    pub(crate) fn run(self, common: &Common) -> anyhow::Result<()> {
        server::run(server::Options {
            config_file: self.config,
            data_dir: common.data_dir.clone(),
            http: self.http,
            tcp: self.tcp,
            dev: self.dev,
        })
    }
}
