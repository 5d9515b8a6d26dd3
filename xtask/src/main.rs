//! Chores, run as `cargo xtask <chore>`.
//!
//! - [`proto`] generates the packets of the socket protocol
//! - [`codec`] generates the same packets for the web SDK
//! - [`tidy`] checks what the compiler does not: who imports whom, files that nobody reads, words
//! - [`documents`] runs what the documents tell people to run, against a real server

mod codec;
mod documents;
mod proto;
mod tidy;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::bail;

const USAGE: &str = "usage:
  cargo xtask proto [--check]   generate crates/wire/src/generated.rs, or see that it is up to date
  cargo xtask codec [--check]   the same for web/sdk/src/generated.ts
  cargo xtask tidy              check the layout of the tree
  cargo xtask documents MIMC    run the checked blocks of the documents with this binary";

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> anyhow::Result<()> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    match args[..] {
        ["proto"] => proto::generate(),
        ["proto", "--check"] => proto::check(),
        ["codec"] => codec::generate(),
        ["codec", "--check"] => codec::check(),
        ["tidy"] => tidy::tidy(),
        ["documents", mimc] => documents::check(Path::new(mimc)),
        _ => bail!(USAGE),
    }
}

/// The directory of the workspace.
fn root() -> PathBuf {
    let xtask = Path::new(env!("CARGO_MANIFEST_DIR"));
    xtask.parent().unwrap_or(xtask).to_path_buf()
}
