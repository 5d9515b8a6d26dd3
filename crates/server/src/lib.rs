//! Wiring: opens what the other rooms need, and runs them until a signal says stop.
//!
//! [`config`] reads what is set and where; [`serve`] is `mimc serve` from the first file to the
//! last; [`http`] shares one port between REST and the gateway, [`tcp`] is the gateway's own, and
//! [`tls`] protects both; [`telemetry`] logs and counts; [`clock`] tells a time that does not jump;
//! [`callbacks`] ties their engine to the product.

mod admission;
pub mod callbacks;
pub mod clock;
pub mod config;
mod data_dir;
mod demo;
mod descriptors;
pub mod doctor;
mod drain;
mod greeting;
mod housekeeping;
mod http;
mod insight;
mod listen;
mod notify;
mod options;
mod peers;
#[cfg(feature = "properties")]
pub mod properties;
mod serve;
mod signals;
mod storage;
mod tcp;
mod telemetry;
mod tls;

use std::thread::available_parallelism;
use std::time::Duration;

use anyhow::Context as _;
use tokio::runtime::{Builder, Runtime};

pub use crate::options::Options;

/// Copies of a data directory, whether a server has it or not.
pub mod backup {
    pub use store::embedded::{BackupReport, backup, restore};
}

/// Threads for calls that block, which are those of the store.
const BLOCKING_THREADS_MAX: usize = 16;
/// How long blocking calls may still take at the end.
const RUNTIME_END: Duration = Duration::from_millis(500);

/// Serves until SIGTERM or SIGINT. An error says in one line what is wrong and where.
#[expect(
    clippy::needless_pass_by_value,
    reason = "nothing else needs them afterwards"
)]
pub fn run(options: Options) -> anyhow::Result<()> {
    let loaded = config::load(&options, config::environment())?;
    telemetry::log::start(&loaded.config.log)?;
    for warning in &loaded.warnings {
        tracing::warn!("{warning}");
    }
    descriptors::raise();
    let runtime = runtime().context("the runtime could not be started")?;
    let served = runtime.block_on(serve::serve(loaded, options.dev));
    runtime.shutdown_timeout(RUNTIME_END);
    served
}

fn runtime() -> std::io::Result<Runtime> {
    let cores = available_parallelism().map_or(1, usize::from);
    Builder::new_multi_thread()
        .worker_threads(cores)
        .max_blocking_threads(BLOCKING_THREADS_MAX)
        .enable_all()
        .build()
}
