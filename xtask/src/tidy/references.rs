//! What documents point to is there: links to files, and in code marks paths, names of tests, of
//! metrics and of the figures of reports.

use super::Finding;
use super::tree::{File, Tree};

/// First parts of the paths that are checked where they stand between backticks.
const ROOMS: &[&str] = &["crates/", "docs/", "proto/", "tests/", "xtask/"];
/// What the name of every metric begins with.
const METRICS: &str = "mimc_";

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
        let links = between(line, "](", ")").into_iter();
        let links = links.filter_map(|target| join(dir, target));
        let marks = between(line, "`", "`").into_iter().map(str::to_owned);
        let gone = links
            .filter(|path| !tree.has(path))
            .chain(marks.filter(|mark| names_nothing(tree, mark)));
        let finding = |it| Finding::new(&document.path, at, format!("there is no {it}"));
        findings.extend(gone.map(finding));
    }
    findings
}

/// Whether a text in code marks is a path, a test or a figure that is not there.
fn names_nothing(tree: &Tree, mark: &str) -> bool {
    (is_path(mark) && !tree.has(mark.trim_end_matches('/')))
        || match mark.strip_prefix(METRICS) {
            Some(metric) if is_snake_case(metric) => !has_metric(tree, metric),
            _ => is_test_name(mark) && !has_function(tree, mark) && !has_figure(tree, mark),
        }
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

fn is_snake_case(mark: &str) -> bool {
    let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    mark.chars().all(is_plain)
}

/// Whether it is a sentence as tests are named by.
fn is_test_name(mark: &str) -> bool {
    mark.matches('_').count() >= 3 && is_snake_case(mark)
}

/// Whether code gives a metric this name. Prometheus adds what kind of figure it is.
fn has_metric(tree: &Tree, metric: &str) -> bool {
    let added = ["_total", "_bucket", "_sum", "_count"];
    let name = added.iter().find_map(|end| metric.strip_suffix(end));
    let text = format!("\"{}\"", name.unwrap_or(metric));
    tree.rust().any(|file| file.text.contains(&text))
}

fn has_function(tree: &Tree, name: &str) -> bool {
    let function = format!("fn {name}(");
    tree.rust().any(|file| file.text.contains(&function))
}

/// Whether a report has a figure of this name: a field, or a text.
fn has_figure(tree: &Tree, name: &str) -> bool {
    let names = [format!("pub {name}:"), format!("\"{name}\"")];
    let has_one = |file: &File| names.iter().any(|name| file.text.contains(name));
    tree.rust().any(has_one)
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
                    [d](gone.md) `crates/chat/src/gone.rs` `crates/chat/src/` `crates/*`\n\
                    `what_was_sent_arrives` `what_was_gone_is_gone` `limits.in_flight_kib`\n";
        let files = [
            ("README.md", ""),
            ("docs/a.md", text),
            ("docs/b.md", ""),
            ("crates/chat/src/lib.rs", "fn what_was_sent_arrives() {}"),
        ];
        let expected = [
            "docs/a.md:2: there is no docs/gone.md",
            "docs/a.md:2: there is no crates/chat/src/gone.rs",
            "docs/a.md:3: there is no what_was_gone_is_gone",
        ];
        assert_eq!(findings_of(check, &files), expected);
    }

    #[test]
    fn metrics_that_no_code_has_are_found() {
        let text = "`mimc_logins_total` `mimc_sessions` `mimc_gone_total` `mimc_total`\n";
        let code = "fn f() { add(all, \"logins\", \"\"); add(all, \"sessions\", \"\"); }";
        let files = [("docs/a.md", text), ("crates/chat/src/lib.rs", code)];
        let expected = [
            "docs/a.md:1: there is no mimc_gone_total",
            "docs/a.md:1: there is no mimc_total",
        ];
        assert_eq!(findings_of(check, &files), expected);
    }

    #[test]
    fn figures_of_reports_are_no_tests() {
        let text = "`cpu_us_per_message` `delivery_p50_to_flush` `gone_us_per_message`\n";
        let code = "pub cpu_us_per_message: f64, fn f() { detail(\"delivery_p50_to_flush\") }";
        let files = [("docs/a.md", text), ("crates/bench/src/lib.rs", code)];
        let expected = ["docs/a.md:1: there is no gone_us_per_message"];
        assert_eq!(findings_of(check, &files), expected);
    }
}
