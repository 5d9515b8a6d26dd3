//! Documents are tests: what they tell people to run is run, in a shell, against a real server on
//! free ports, and what they say about the configuration is compared with the binary.
//!
//! - [`block`] finds the marked blocks; CONTRIBUTING.md describes the marks
//! - [`server`] and [`shell`] run them
//! - [`configuration`] compares the keys and their defaults

mod block;
mod configuration;
mod server;
mod shell;

use std::fs;
use std::path::Path;

use anyhow::{Context, bail};

use self::block::{Block, Expectation};
use self::server::Server;
use self::shell::Shell;
use crate::root;

/// Documents with checked blocks; one without any is an error.
const DOCUMENTS: &[&str] = &[
    "README.md",
    "README.zh-CN.md",
    "docs/guide/en/administration.md",
    "docs/guide/en/quick-start.md",
    "docs/guide/zh/administration.md",
    "docs/guide/zh/quick-start.md",
];

/// Fails at the first block that does not do what its document says.
pub(crate) fn check(mimc: &Path) -> anyhow::Result<()> {
    let mimc = mimc
        .canonicalize()
        .with_context(|| format!("there is no {}", mimc.display()))?;
    for document in DOCUMENTS {
        check_document(document, &mimc)?;
    }
    configuration::check(&mimc)
}

fn check_document(document: &str, mimc: &Path) -> anyhow::Result<()> {
    let path = root().join(document);
    let text = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
    let blocks = block::checked(&text);
    if blocks.is_empty() {
        bail!("{document}: no checked blocks");
    }
    let server = Server::start(mimc)?;
    let run = run(&blocks, &server).with_context(|| document.to_owned());
    if run.is_err() {
        eprintln!("what the server said:\n{}", server.log());
    }
    run?;
    eprintln!("{document}: {} blocks run", blocks.len());
    Ok(())
}

/// Runs them in order, each with what those before it have exported. Those that wait for something are
/// looked at again at the end.
fn run(blocks: &[Block], server: &Server) -> anyhow::Result<()> {
    let mut waiting = Vec::new();
    let mut exports = String::new();
    for block in blocks {
        let at = || format!("the block in line {}", block.line);
        let mut shell = Shell::start(block, &exports, server).with_context(at)?;
        exports.extend(block.exports().map(|line| format!("{line}\n")));
        match &block.expects {
            Expectation::Success => shell.finish().map(drop).with_context(at)?,
            Expectation::Prints(wanted) => {
                let printed = shell.finish().with_context(at)?;
                if !printed.contains(wanted) {
                    bail!("{}: printed no `{wanted}` but:\n{printed}", at());
                }
            }
            Expectation::Until(wanted) => waiting.push((block, shell, wanted)),
        }
    }
    for (block, mut shell, wanted) in waiting {
        let at = || format!("the block in line {}", block.line);
        shell.wait_for(wanted).with_context(at)?;
    }
    Ok(())
}
