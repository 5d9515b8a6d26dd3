//! A hundred runs, and that each is the same whenever it is made.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

use sim::{Options, Outcome, run};

const SEEDS: u64 = 100;

/// Runs of the first seeds, on two threads: each run has one.
fn outcomes() -> Vec<Outcome> {
    let (next, outcomes) = (AtomicU64::new(0), Mutex::new(Vec::new()));
    let work = || {
        loop {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            if seed >= SEEDS {
                return;
            }
            let outcome = run(seed, Options::default());
            outcomes.lock().unwrap().push(outcome);
        }
    };
    thread::scope(|scope| {
        scope.spawn(work);
        scope.spawn(work);
    });
    outcomes.into_inner().unwrap()
}

#[test]
fn a_hundred_runs_break_no_promise() {
    let outcomes = outcomes();
    let broken: Vec<_> = outcomes
        .iter()
        .filter(|outcome| !outcome.violations.is_empty())
        .map(|outcome| (outcome.seed, &outcome.violations))
        .collect();
    assert!(
        broken.is_empty(),
        "replay with `cargo run -p sim --release -- --seed N --trace`: {broken:#?}"
    );
    // What nobody sends, loses or repeats is no proof.
    let acked: usize = outcomes.iter().map(|outcome| outcome.acked).sum();
    let processes: usize = outcomes.iter().map(|outcome| outcome.processes).sum();
    let repeated: u64 = outcomes.iter().map(|outcome| outcome.repeated).sum();
    assert!(acked > 4_000, "{acked}");
    assert!(processes > 200, "{processes}");
    assert!(repeated > 300, "{repeated}");
}

#[test]
fn a_seed_is_one_run() {
    for seed in [1, 7, 42] {
        let once = run(seed, Options::default());
        assert_eq!(run(seed, Options::default()), once);
        assert!(once.lines > 100);
    }
}
