//! Faults that are planted are found, or a run without violations would prove nothing.

use sim::mutant::MUTANTS;
use sim::{Mutant, Options, run};

/// Within so many seeds.
const SEEDS: u64 = 60;

/// The first seed that finds a fault.
fn found_by(mutant: Mutant) -> Option<u64> {
    let options = Options {
        mutant: Some(mutant),
        ..Options::default()
    };
    (0..SEEDS).find(|seed| !run(*seed, options).violations.is_empty())
}

#[test]
fn every_planted_fault_is_found() {
    for mutant in MUTANTS {
        let seed = found_by(*mutant);
        assert!(seed.is_some(), "{mutant:?}");
    }
}
