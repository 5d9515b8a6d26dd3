//! What documents point to is there: links to files, and paths in code marks.

use super::Finding;
use super::tree::{File, Tree};

/// First parts of the paths that are checked where they stand between backticks.
const ROOMS: &[&str] = &["crates/", "docs/", "proto/", "tests/", "xtask/"];

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let documents = tree.files.iter().filter(|file| file.extension() == "md");
    documents
        .flat_map(|document| check_document(tree, document))
        .collect()
}

fn check_document(tree: &Tree, document: &File) -> Vec<Finding> {
    let dir = document.path.rsplit_once('/').map_or("", |(dir, _)| dir);
    let mut findings = Vec::new();
    for (at, line) in document.lines() {
        let links = between(line, "](", ")").into_iter().map(|to| join(dir, to));
        let marks = between(line, "`", "`")
            .into_iter()
            .filter(|mark| is_path(mark));
        for path in links.flatten().chain(marks.map(str::to_owned)) {
            if !tree.has(path.trim_end_matches('/')) {
                let what = format!("there is no {path}");
                findings.push(Finding::new(&document.path, at, what));
            }
        }
    }
    findings
}

/// The texts between two marks.
fn between<'a>(line: &'a str, open: &str, close: &str) -> Vec<&'a str> {
    let mut found = Vec::new();
    let mut rest = line;
    while let Some((_, after)) = rest.split_once(open) {
        let Some((inside, next)) = after.split_once(close) else {
            break;
        };
        found.push(inside);
        rest = next;
    }
    found
}

/// Whether it can only be a path: a room's name, and no word or pattern.
fn is_path(mark: &str) -> bool {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '.' | '_' | '-');
    ROOMS.iter().any(|room| mark.starts_with(room)) && mark.chars().all(is_plain)
}

/// The path of a link's target from the root; `None` when it leads out of the tree.
fn join(dir: &str, target: &str) -> Option<String> {
    let target = target.split('#').next().unwrap_or_default();
    if target.is_empty() || target.contains(':') {
        return None;
    }
    let mut parts: Vec<&str> = dir.split('/').filter(|part| !part.is_empty()).collect();
    for part in target.split('/') {
        match part {
            "." | "" => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::super::findings_of;
    use super::*;

    #[test]
    fn links_and_paths_that_lead_nowhere_are_found() {
        let text = "[a](b.md) [b](../README.md#top) [c](https://example.com/x)\n\
                    [d](gone.md) `crates/chat/src/gone.rs` `crates/chat/src/` `crates/*`\n";
        let files = [
            ("README.md", ""),
            ("docs/a.md", text),
            ("docs/b.md", ""),
            ("crates/chat/src/lib.rs", ""),
        ];
        let expected = [
            "docs/a.md:2: there is no docs/gone.md",
            "docs/a.md:2: there is no crates/chat/src/gone.rs",
        ];
        assert_eq!(findings_of(check, &files), expected);
    }
}
