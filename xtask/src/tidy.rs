//! What the compiler does not check about the tree. Each check is a file of its own and says what is
//! wrong as `path:line: what`.

mod dead_files;
mod imports;
mod lock_files;
mod machine_paths;
mod manifests;
mod names;
mod references;
mod secrets;
mod tours;
mod tree;
mod unfinished;

use std::fmt;

use anyhow::bail;

use self::tree::Tree;
use crate::{proto, root};

/// Something to put right.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Finding {
    path: String,
    /// From 1.
    line: usize,
    what: String,
}

impl Finding {
    fn new(path: &str, line: usize, what: impl Into<String>) -> Self {
        Self {
            path: path.to_owned(),
            line,
            what: what.into(),
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.path, self.line, self.what)
    }
}

/// Fails when there is a finding, after all of them have been printed.
pub(crate) fn tidy() -> anyhow::Result<()> {
    let tree = Tree::read(&root())?;
    let mut findings = findings(&tree);
    if let Err(error) = proto::check() {
        findings.push(Finding::new(proto::GENERATED, 1, format!("{error:#}")));
    }
    findings.sort();
    for finding in &findings {
        eprintln!("{finding}");
    }
    match findings.len() {
        0 => Ok(()),
        1 => bail!("tidy: 1 finding"),
        several => bail!("tidy: {several} findings"),
    }
}

fn findings(tree: &Tree) -> Vec<Finding> {
    let checks = [
        imports::check,
        manifests::check,
        dead_files::check,
        tours::check,
        names::check,
        unfinished::check,
        machine_paths::check,
        references::check,
        secrets::check,
        lock_files::check,
    ];
    checks.iter().flat_map(|check| check(tree)).collect()
}

/// The findings of a check on a tree of these files, as they are printed.
#[cfg(test)]
fn findings_of(check: fn(&Tree) -> Vec<Finding>, files: &[(&str, &str)]) -> Vec<String> {
    let findings = check(&Tree::of(files));
    findings.iter().map(ToString::to_string).collect()
}
