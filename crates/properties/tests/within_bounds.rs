//! Every property on what chance makes, on the seeds of `fuzz/corpus`, and on seeds that were cut and
//! changed: a bounded part of what `fuzz/` does.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use properties::{ALL, Property};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

const CASES: u32 = 400;
/// Of one seed.
const CHANGES_MAX: usize = 8;

fn fuzz() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz")
}

fn seeds(target: &str) -> Vec<Vec<u8>> {
    let files = fs::read_dir(fuzz().join("corpus").join(target));
    let files = files.unwrap_or_else(|error| panic!("{target} has no seeds: {error}"));
    let mut paths: Vec<_> = files.map(|file| file.unwrap().path()).collect();
    paths.sort();
    paths.iter().map(|path| fs::read(path).unwrap()).collect()
}

fn each(check: impl Fn(&str, Property)) {
    for (name, property) in ALL {
        check(name, *property);
    }
}

fn run<S: Strategy>(strategy: &S, test: impl Fn(S::Value)) {
    let config = Config {
        failure_persistence: None,
        ..Config::with_cases(CASES)
    };
    let tested = TestRunner::new(config).run(strategy, |value| {
        test(value);
        Ok(())
    });
    tested.unwrap_or_else(|error| panic!("{error}"));
}

#[test]
fn every_property_holds_of_what_chance_makes() {
    each(|_, property| {
        run(&prop::collection::vec(any::<u8>(), 0..300), |bytes| {
            property(&bytes);
        });
    });
}

#[test]
fn every_property_holds_of_seeds_cut_anywhere() {
    each(|name, property| {
        for seed in seeds(name) {
            let step = (seed.len() / 500).max(1);
            (0..seed.len())
                .step_by(step)
                .for_each(|end| property(&seed[..end]));
            property(&seed);
        }
    });
}

#[test]
fn every_property_holds_of_changed_seeds() {
    each(|name, property| {
        let seeds = seeds(name);
        let change = (any::<prop::sample::Index>(), any::<u8>());
        let changes = prop::collection::vec(change, 1..CHANGES_MAX);
        let strategy = (any::<prop::sample::Index>(), changes);
        run(&strategy, |(seed, changes)| {
            let mut bytes = seed.get(&seeds).clone();
            if bytes.is_empty() {
                return;
            }
            for (place, byte) in changes {
                let place = place.index(bytes.len());
                bytes[place] ^= byte;
            }
            property(&bytes);
        });
    });
}

#[test]
fn every_property_has_a_target_and_seeds_of_which_it_says_something() {
    let stems = |directory: &str| -> BTreeSet<String> {
        let files = fs::read_dir(fuzz().join(directory)).unwrap();
        let paths = files.map(|file| file.unwrap().path());
        paths
            .map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned())
            .collect()
    };
    let names: BTreeSet<_> = ALL.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(stems("fuzz_targets"), names);
    assert_eq!(stems("corpus"), names);
}

#[test]
fn a_property_that_does_not_hold_is_found() {
    let wrong: Property = |bytes| assert!(bytes.len() < 200, "200 bytes and more are too many");
    let found = std::panic::catch_unwind(|| {
        run(&prop::collection::vec(any::<u8>(), 0..300), |bytes| {
            wrong(&bytes);
        });
    });
    assert!(found.is_err());
}

/// Those of the store are written by its own code, whose layout they follow.
#[test]
#[ignore = "writes fuzz/corpus"]
fn write_the_seeds_of_the_store() {
    for (number, (target, seed)) in store::properties::seeds().iter().enumerate() {
        let directory = fuzz().join("corpus").join(target);
        fs::create_dir_all(&directory).unwrap();
        fs::write(directory.join(format!("{number:02}")), seed).unwrap();
    }
}
