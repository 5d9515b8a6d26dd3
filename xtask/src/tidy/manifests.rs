//! Every crate obeys the lints of the workspace.

use toml::Value;

use super::Finding;
use super::tree::Tree;

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for room in tree.crates() {
        let manifest = room.manifest.toml();
        let lints = manifest.get("lints").and_then(|l| l.get("workspace"));
        if lints.and_then(Value::as_bool) != Some(true) {
            let what = "has no `[lints] workspace = true`";
            findings.push(Finding::new(&room.manifest.path, 1, what));
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::super::findings_of;
    use super::*;

    #[test]
    fn a_crate_without_the_lints_is_found() {
        let files = [
            ("Cargo.toml", "[workspace]\n"),
            ("crates/a/Cargo.toml", "[lints]\nworkspace = true\n"),
            (
                "crates/b/Cargo.toml",
                "[lints.rust]\nunsafe_code = \"allow\"\n",
            ),
        ];
        let expected = ["crates/b/Cargo.toml:1: has no `[lints] workspace = true`"];
        assert_eq!(findings_of(check, &files), expected);
    }
}
