//! The log against its contract, and what only a log can get wrong.

mod backup;
mod concurrent;
mod contract;
mod damage;
mod damages;
mod databases;
mod directory;
mod faults;
mod joint;
mod power;
mod restart;
mod seeds;
mod survival;
mod versions;

use std::path::Path;
use std::sync::Arc;

use super::disk::SimulatedDisk;
use super::*;
use crate::contract::TestClock;

/// Segments of a few messages, so that a test has many.
fn small() -> Config {
    Config {
        segment_bytes: 2_000,
        ..Config::default()
    }
}

fn dir() -> &'static Path {
    Path::new("data")
}

fn try_open(
    disk: &SimulatedDisk,
    clock: &Arc<TestClock>,
    config: Config,
) -> Result<EmbeddedMessages, OpenError> {
    let clock: Arc<TestClock> = Arc::clone(clock);
    EmbeddedMessages::open_on(Arc::new(disk.clone()), dir(), clock, config)
}

fn opened(disk: &SimulatedDisk, clock: &Arc<TestClock>) -> EmbeddedMessages {
    try_open(disk, clock, small()).unwrap()
}
