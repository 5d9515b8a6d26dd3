//! Who may import whom. ARCHITECTURE.md shows the same table; what it does not allow is a design
//! decision, not a line in a manifest.
//!
//! Dev-dependencies are free: the stories of an inner room may run on the real outer ones.

use std::collections::BTreeMap;

use toml::{Table, Value};

use super::Finding;
use super::tree::{Crate, File, Tree};

/// Each crate of the workspace, from the inside out, and which of the others its code may name.
const MAY_IMPORT: &[(&str, &[&str])] = &[
    ("crates/model", &[]),
    ("crates/wire", &[]),
    ("crates/chat", &["model"]),
    ("crates/store", &["chat", "model"]),
    ("crates/cluster", &["chat", "model"]),
    ("crates/webhook", &["chat", "model"]),
    ("crates/gateway", &["chat", "model", "wire"]),
    ("crates/api", &["chat", "model"]),
    (
        "crates/server",
        &[
            "model", "wire", "chat", "store", "cluster", "webhook", "gateway", "api",
        ],
    ),
    ("crates/client", &["wire"]),
    ("crates/bench", &["client"]),
    ("crates/cli", &["bench", "client", "server"]),
    (
        "crates/properties",
        &["wire", "chat", "store", "gateway", "api", "server"],
    ),
    (
        "crates/sim",
        &["model", "wire", "chat", "store", "cluster", "gateway"],
    ),
    ("fuzz", &["properties"]),
    ("tests/e2e", &["client"]),
    ("xtask", &[]),
];

const DOCUMENT: &str = "ARCHITECTURE.md";

/// Manifest sections whose crates end up in the program, or build it.
const SECTIONS: &[&str] = &["dependencies", "build-dependencies"];

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let ours = ours(tree);
    let mut findings: Vec<_> = tree
        .crates()
        .flat_map(|room| check_crate(&room, &ours))
        .collect();
    if let Some(document) = tree.file(DOCUMENT) {
        findings.extend(check_document(tree, document));
    }
    findings
}

fn check_crate(room: &Crate, ours: &BTreeMap<String, String>) -> Vec<Finding> {
    let manifest = room.manifest;
    let Some((_, allowed)) = MAY_IMPORT.iter().find(|(dir, _)| *dir == room.dir) else {
        let what = "is not in the import table of xtask/src/tidy/imports.rs";
        return vec![Finding::new(&manifest.path, 1, what)];
    };
    let mut findings = Vec::new();
    for dependency in dependencies(&manifest.toml()) {
        let Some(name) = dependency.room(ours) else {
            continue;
        };
        if !allowed.contains(&name) {
            let line = manifest.line_where(|line| line.starts_with(&dependency.key));
            let what = format!("{} must not import {name}", room.dir);
            findings.push(Finding::new(&manifest.path, line, what));
        }
    }
    findings
}

/// The document has the table, row by row, and the table only what there is.
fn check_document(tree: &Tree, document: &File) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (dir, allowed) in MAY_IMPORT {
        let row = row(dir, allowed);
        if !document.text.lines().any(|line| line == row) {
            findings.push(Finding::new(DOCUMENT, 1, format!("has no row `{row}`")));
        }
        if !tree.has(dir) {
            let what = format!("the import table names {dir}, which is not there");
            findings.push(Finding::new(DOCUMENT, 1, what));
        }
    }
    findings
}

fn row(dir: &str, allowed: &[&str]) -> String {
    if allowed.is_empty() {
        format!("| `{dir}` | nothing of ours |")
    } else {
        format!("| `{dir}` | {} |", allowed.join(", "))
    }
}

/// The workspace's names for our crates: key → directory.
fn ours(tree: &Tree) -> BTreeMap<String, String> {
    let Some(root) = tree.file("Cargo.toml").map(File::toml) else {
        return BTreeMap::new();
    };
    let shared = root.get("workspace").and_then(|w| w.get("dependencies"));
    let shared = shared.and_then(Value::as_table);
    let dir = |value: &Value| Some(value.get("path")?.as_str()?.to_owned());
    let pairs = shared.into_iter().flatten();
    pairs
        .filter_map(|(key, value)| Some((key.clone(), dir(value)?)))
        .collect()
}

/// A line of a manifest.
struct Dependency {
    key: String,
    path: Option<String>,
}

impl Dependency {
    /// The last part of its directory, when it is one of ours.
    fn room<'a>(&'a self, ours: &'a BTreeMap<String, String>) -> Option<&'a str> {
        let dir = self.path.as_ref().or_else(|| ours.get(&self.key))?;
        dir.trim_end_matches('/').rsplit('/').next()
    }
}

/// All that the code is built with, on every target.
fn dependencies(manifest: &Table) -> Vec<Dependency> {
    let targets = manifest.get("target").and_then(Value::as_table);
    let targets = targets.into_iter().flatten();
    let tables = targets.filter_map(|(_, target)| target.as_table());
    let mut all = Vec::new();
    for table in std::iter::once(manifest).chain(tables) {
        for section in SECTIONS {
            let lines = table.get(*section).and_then(Value::as_table);
            for (key, value) in lines.into_iter().flatten() {
                let path = value.get("path").and_then(Value::as_str);
                all.push(Dependency {
                    key: key.clone(),
                    path: path.map(str::to_owned),
                });
            }
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::super::findings_of;
    use super::*;

    const ROOT: (&str, &str) = (
        "Cargo.toml",
        "[workspace.dependencies]\nmodel = { path = \"crates/model\" }\n\
         store = { path = \"crates/store\" }\nbytes = \"1\"\n",
    );

    fn findings(path: &str, manifest: &str) -> Vec<String> {
        findings_of(check, &[ROOT, (path, manifest)])
    }

    #[test]
    fn what_the_table_allows_is_fine() {
        let manifest = "[dependencies]\nbytes.workspace = true\nmodel.workspace = true\n";
        assert!(findings("crates/chat/Cargo.toml", manifest).is_empty());
    }

    #[test]
    fn what_it_does_not_allow_is_found() {
        let manifest = "[dependencies]\nbytes.workspace = true\nstore.workspace = true\n";
        let expected = ["crates/chat/Cargo.toml:3: crates/chat must not import store"];
        assert_eq!(findings("crates/chat/Cargo.toml", manifest), expected);
    }

    #[test]
    fn neither_another_name_nor_a_target_hides_it() {
        for manifest in [
            "[dependencies]\nfriend = { path = \"../store\" }\n",
            "[build-dependencies]\nstore.workspace = true\n",
            "[target.'cfg(unix)'.dependencies]\nstore.workspace = true\n",
        ] {
            let findings = findings("crates/chat/Cargo.toml", manifest);
            assert_eq!(findings.len(), 1, "{manifest}: {findings:?}");
        }
    }

    #[test]
    fn tests_may_use_what_they_like() {
        let manifest = "[dev-dependencies]\nstore.workspace = true\n";
        assert!(findings("crates/chat/Cargo.toml", manifest).is_empty());
    }

    #[test]
    fn a_crate_that_is_not_in_the_table_is_found() {
        let findings = findings("crates/magic/Cargo.toml", "");
        assert!(findings[0].contains("crates/magic/Cargo.toml:1: is not in"));
    }

    #[test]
    fn the_document_has_every_row() {
        let rows = MAY_IMPORT.iter().map(|(dir, allowed)| row(dir, allowed));
        let rows: Vec<_> = rows.filter(|row| !row.contains("crates/chat")).collect();
        let rooms: Vec<_> = MAY_IMPORT
            .iter()
            .map(|(dir, _)| format!("{dir}/README.md"))
            .collect();
        let mut files: Vec<_> = rooms.iter().map(|path| (&**path, "")).collect();
        let text = rows.join("\n");
        files.push((DOCUMENT, &text));
        let expected = ["ARCHITECTURE.md:1: has no row `| `crates/chat` | model |`"];
        assert_eq!(findings_of(check, &files), expected);
    }
}
