//! `mimc restore`: a copy of `mimc backup` becomes the data directory.

use std::path::PathBuf;

use server::backup;

use crate::arguments::Common;
use crate::backup::{data_dir, show};
use crate::output::Output;

/// The data directory must be empty or not there: nothing is ever overwritten. It is opened for a
/// test before this says that it is done.
#[derive(Debug, clap::Args)]
pub(crate) struct Restore {
    /// What `mimc backup` has made
    dir: PathBuf,

    /// Configuration file (TOML) of the server
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

impl Restore {
    pub(crate) fn run(self, common: &Common, output: &mut Output) -> anyhow::Result<()> {
        let data_dir = data_dir(common, self.config)?;
        let report = backup::restore(&self.dir, &data_dir)?;
        show(&self.dir, &data_dir, &report, output)
    }
}
