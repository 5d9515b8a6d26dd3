//! Runs that a number decides: the same number, the same run.
//!
//! `MIMC_SEEDS=10000 cargo test --release -p store` tries more of them, `MIMC_SEED=7` one of them again.

use std::env;
use std::ops::Range;

/// Tried when nobody says how many.
const SEEDS: u64 = 200;

/// xorshift: a seed gives the same run for ever.
pub(super) struct Dice(u64);

impl Dice {
    pub(super) fn of(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    pub(super) fn roll(&mut self, below: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) % below
    }

    /// True once in so many times.
    pub(super) fn once_in(&mut self, times: u64) -> bool {
        self.roll(times) == 0
    }
}

/// The seeds of a test, one after the other. When it fails it says how to run the same again.
pub(super) struct Seeds {
    test: &'static str,
    left: Range<u64>,
    now: u64,
}

impl Seeds {
    /// As many as are wanted, of a test that has this in its name.
    pub(super) fn of(test: &'static str) -> Self {
        Self::at_least(test, SEEDS)
    }

    /// So many, unless more or fewer are wanted.
    pub(super) fn at_least(test: &'static str, seeds: u64) -> Self {
        let left = match (number("MIMC_SEED"), number("MIMC_SEEDS")) {
            (Some(seed), _) => seed..seed + 1,
            (None, wanted) => 0..wanted.unwrap_or(seeds),
        };
        Self { test, left, now: 0 }
    }
}

fn number(variable: &str) -> Option<u64> {
    let text = env::var(variable).ok()?;
    Some(text.parse().expect("it is a number"))
}

impl Iterator for Seeds {
    type Item = u64;

    fn next(&mut self) -> Option<u64> {
        self.now = self.left.next()?;
        Some(self.now)
    }
}

impl Drop for Seeds {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let Self { test, now, .. } = self;
            eprintln!("again: MIMC_SEED={now} cargo test -p store {test}");
        }
    }
}
