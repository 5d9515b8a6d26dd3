//! Nothing names a directory of somebody's machine. Tests may: they make paths up.

use super::Finding;
use super::tree::{File, Tree};

/// First parts of absolute paths.
const ROOTS: &[&str] = &["work", "tmp", "home"];
/// In Rust, what follows this line is tests: they stand at the end of a file.
const TESTS: &str = "mod tests {";

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let files = tree.files.iter().filter(|file| !file.is_test());
    files.flat_map(check_file).collect()
}

fn check_file(file: &File) -> Vec<Finding> {
    let is_rust = file.extension() == "rs";
    let mut findings = Vec::new();
    for (at, line) in file.lines() {
        if is_rust && line == TESTS {
            break;
        }
        for root in ROOTS {
            let path = format!("/{root}/");
            if begins_a_path(line, &path) {
                let what = format!("names a path of one machine: {path}…");
                findings.push(Finding::new(&file.path, at, what));
            }
        }
    }
    findings
}

/// Whether it occurs, and not within a longer path or an address.
fn begins_a_path(line: &str, path: &str) -> bool {
    line.match_indices(path).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        !before.is_some_and(|c| c.is_alphanumeric() || matches!(c, '.' | '_' | '-' | '}' | '/'))
    })
}

#[cfg(test)]
mod tests {
    use super::super::findings_of;
    use super::*;

    #[test]
    fn a_path_of_a_machine_is_found_but_in_tests() {
        let text = "const A: &str = \"/tmp/a\";\n// target/tmp/ is fine\n#[cfg(test)]\nmod tests {\n\
                    const B: &str = \"/tmp/b\";\n}\n";
        let files = [
            ("crates/a/src/lib.rs", text),
            ("crates/a/tests/b.rs", "const B: &str = \"/tmp/b\";"),
            ("run", "cd /home/me/mimc\n"),
            ("README.md", "https://example.com/work/of/art\n"),
        ];
        let expected = [
            "crates/a/src/lib.rs:1: names a path of one machine: /tmp/…",
            "run:1: names a path of one machine: /home/…",
        ];
        assert_eq!(findings_of(check, &files), expected);
    }
}
