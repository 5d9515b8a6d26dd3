//! Finds the binary under test.

use std::env;
use std::path::PathBuf;

/// `MIMC_BIN`, or `mimc` beside what cargo built.
///
/// # Panics
///
/// When there is none, saying how to get one.
pub fn binary() -> PathBuf {
    let candidate = match env::var_os("MIMC_BIN") {
        Some(named) => PathBuf::from(named),
        None => built(),
    };
    assert!(
        candidate.is_file(),
        "there is no {}: run `cargo build -p cli` with the same profile, or set MIMC_BIN",
        candidate.display()
    );
    candidate
}

/// Tests run from `target/PROFILE/deps`.
fn built() -> PathBuf {
    let test = env::current_exe().expect("a running test has a path");
    let deps = test.parent().expect("a file is in a directory");
    deps.parent().unwrap_or(deps).join("mimc")
}
