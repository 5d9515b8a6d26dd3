//! Chores, run as `cargo xtask <chore>`.

mod proto;

use std::process::ExitCode;

use anyhow::bail;

const USAGE: &str = "usage: cargo xtask proto [--check]";

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
        _ => bail!(USAGE),
    }
}
