//! Makes runs and says which of them break a promise.

#![allow(clippy::print_stdout, reason = "what it found is what it is for")]

use std::num::ParseIntError;
use std::ops::Range;
use std::process::ExitCode;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

use clap::Parser;
use sim::{Mutant, Options, Outcome};

/// The real gateway, chat, cluster and store on a simulated clock, network and disk.
#[derive(Parser)]
struct Arguments {
    /// Runs of these seeds, as 0..2000.
    #[arg(long, value_parser = range, default_value = "0..2000", conflicts_with = "seed")]
    seeds: Range<u64>,
    /// The run of one seed.
    #[arg(long)]
    seed: Option<u64>,
    /// Prints what happens in the run of one seed, and what the server logs.
    #[arg(long, requires = "seed")]
    trace: bool,
    /// Plants a fault, which is to be found.
    #[arg(long)]
    mutant: Option<Mutant>,
    /// Runs at a time.
    #[arg(long, default_value_t = 2)]
    jobs: u64,
    /// Ends with the first run that breaks a promise.
    #[arg(long)]
    first: bool,
}

fn range(text: &str) -> Result<Range<u64>, ParseIntError> {
    match text.split_once("..") {
        Some((start, end)) => Ok(start.parse()?..end.parse()?),
        None => Ok(0..text.parse()?),
    }
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let options = Options {
        is_shown: arguments.trace,
        mutant: arguments.mutant,
    };
    if arguments.trace {
        tracing_subscriber::fmt()
            .with_max_level(tracing_subscriber::filter::LevelFilter::DEBUG)
            .with_writer(std::io::stderr)
            .without_time()
            .init();
    }
    let seeds = match arguments.seed {
        Some(seed) => seed..seed + 1,
        None => arguments.seeds.clone(),
    };
    let failed = all(seeds, arguments.jobs, arguments.first, options);
    if failed.is_empty() {
        ExitCode::SUCCESS
    } else {
        println!("seeds that break a promise: {failed:?}");
        println!("replay one with: cargo run -p sim --release -- --seed N --trace");
        ExitCode::FAILURE
    }
}

/// Makes all runs, and returns the seeds of those that break a promise.
fn all(seeds: Range<u64>, jobs: u64, is_first_enough: bool, options: Options) -> Vec<u64> {
    let next = AtomicU64::new(seeds.start);
    let end = AtomicU64::new(seeds.end);
    let work = || {
        let mut outcomes = Vec::new();
        loop {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            if seed >= end.load(Ordering::Relaxed) {
                return outcomes;
            }
            let outcome = sim::run(seed, options);
            report(&outcome, seeds.end - seeds.start == 1);
            if is_first_enough && !outcome.violations.is_empty() {
                end.store(seed, Ordering::Relaxed);
            }
            outcomes.push(outcome);
        }
    };
    let mut outcomes: Vec<Outcome> = thread::scope(|scope| {
        let workers: Vec<_> = (0..jobs.max(1)).map(|_| scope.spawn(work)).collect();
        let done = workers.into_iter().filter_map(|worker| worker.join().ok());
        done.flatten().collect()
    });
    outcomes.sort_by_key(|outcome| outcome.seed);
    let total = |of: fn(&Outcome) -> u64| outcomes.iter().map(of).sum::<u64>();
    println!(
        "{} runs: {} messages, {} acknowledged, {} shown, {} given again, {} processes",
        outcomes.len(),
        total(|outcome| outcome.sent as u64),
        total(|outcome| outcome.acked as u64),
        total(|outcome| outcome.shown as u64),
        total(|outcome| outcome.repeated),
        total(|outcome| outcome.processes as u64),
    );
    let failed = outcomes
        .iter()
        .filter(|outcome| !outcome.violations.is_empty());
    failed.map(|outcome| outcome.seed).collect()
}

fn report(outcome: &Outcome, is_only_one: bool) {
    let Outcome {
        seed,
        digest,
        lines,
        ..
    } = outcome;
    if is_only_one {
        println!("seed {seed}: {lines} lines, digest {digest:016x}");
    } else if seed % 200 == 199 {
        println!("seed {seed} done");
    }
    for violation in outcome.violations.iter().take(5) {
        println!("seed {seed}: {violation}");
    }
}
