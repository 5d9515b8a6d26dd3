//! A file is named after its story. Names that say nothing collect what has no place.

use super::Finding;
use super::tree::Tree;

const SAY_NOTHING: &[&str] = &["util", "utils", "helper", "helpers", "misc", "common"];
/// What programs are written in here.
const LANGUAGES: &[&str] = &["rs", "ts", "tsx", "js", "py", "sh"];

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in &tree.files {
        if !LANGUAGES.contains(&file.extension()) {
            continue;
        }
        let stems = file.path.split('/').map(|part| part.split('.').next());
        for stem in stems.flatten().filter(|stem| SAY_NOTHING.contains(stem)) {
            let what = format!("the name `{stem}` says nothing");
            findings.push(Finding::new(&file.path, 1, what));
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::super::findings_of;
    use super::*;

    #[test]
    fn files_and_folders_that_say_nothing_are_found() {
        let files = [
            ("crates/a/src/utils.rs", ""),
            ("crates/a/src/common/b.rs", ""),
            ("crates/a/src/uncommon.rs", ""),
            ("docs/common.md", ""),
        ];
        let expected = [
            "crates/a/src/utils.rs:1: the name `utils` says nothing",
            "crates/a/src/common/b.rs:1: the name `common` says nothing",
        ];
        assert_eq!(findings_of(check, &files), expected);
    }
}
