//! What the command line says; it wins over every other source of configuration.

use std::path::PathBuf;

/// The flags of `mimc serve`. `None`: not given.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// `--config`: the TOML file.
    pub config_file: Option<PathBuf>,
    /// `--data-dir`.
    pub data_dir: Option<PathBuf>,
    /// `--http`: where HTTP and WebSocket listen.
    pub http: Option<String>,
    /// `--tcp`: where the TCP gateway listens.
    pub tcp: Option<String>,
    /// `--dev`: a demo app, and callbacks to this machine.
    pub dev: bool,
}
