//! `mimc bench`: load for a server, and what it found.

use anyhow::{Context as _, bail};
use bench::{Bench, Place};

use crate::arguments::Common;
use crate::operator::Operator;
use crate::output::Output;

/// Runs until it is done or interrupted; either way what it started is stopped.
pub(crate) fn run(bench: &Bench, common: &Common, output: &mut Output) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    let findings = runtime.block_on(async {
        tokio::select! {
            findings = bench.run(|| place(bench, common)) => findings,
            () = interrupted() => bail!("interrupted"),
        }
    })?;
    let Some(findings) = findings else {
        return Ok(());
    };
    output.result(&findings, bench::Findings::text)?;
    match findings.failure() {
        Some(why) => bail!(why),
        None => Ok(()),
    }
}

fn place(bench: &Bench, common: &Common) -> anyhow::Result<Place> {
    let flags = bench.flags();
    if !flags.spawn {
        return Ok(Place::Running(Operator::new(common)?.admin()?));
    }
    let binary = match &flags.binary {
        Some(binary) => binary.clone(),
        None => std::env::current_exe().context("cannot find this binary")?,
    };
    let data_dir = common.data_dir.clone();
    Ok(Place::Spawned { binary, data_dir })
}

/// SIGINT or SIGTERM.
async fn interrupted() {
    use tokio::signal::unix::{SignalKind, signal};

    let Ok(mut term) = signal(SignalKind::terminate()) else {
        return std::future::pending().await;
    };
    tokio::select! {
        // Without a way to be interrupted it runs to its end, which comes.
        Ok(()) = tokio::signal::ctrl_c() => {}
        _ = term.recv() => {}
    }
}
