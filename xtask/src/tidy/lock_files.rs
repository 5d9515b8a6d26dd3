//! What npm installs is what was reviewed: every package has a hash, comes from the registry, and
//! runs nothing when it is installed. cargo-deny looks after the crates.

use serde_json::Value;

use super::Finding;
use super::tree::Tree;

const LOCK: &str = "web/package-lock.json";
const REGISTRY: &str = "https://registry.npmjs.org/";
/// These may run a script when they are installed: esbuild looks whether its binary fits the machine.
const MAY_RUN: &[&str] = &["node_modules/esbuild"];

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let Some(file) = tree.file(LOCK) else {
        return Vec::new();
    };
    let Ok(lock) = serde_json::from_str::<Value>(&file.text) else {
        return vec![Finding::new(LOCK, 1, "is no JSON")];
    };
    let packages = lock["packages"].as_object().into_iter().flatten();
    let fetched = packages.filter(|(path, package)| {
        path.contains("node_modules/") && package["link"].as_bool() != Some(true)
    });
    let mut findings = Vec::new();
    for (path, package) in fetched {
        let faults = faults(path, package);
        let finding = |what| Finding::new(LOCK, 1, format!("{path} {what}"));
        findings.extend(faults.into_iter().map(finding));
    }
    findings
}

fn faults(path: &str, package: &Value) -> Vec<&'static str> {
    let mut faults = Vec::new();
    let hash = package["integrity"].as_str().unwrap_or_default();
    if !hash.starts_with("sha512-") {
        faults.push("has no SHA-512 of what it is");
    }
    let from = package["resolved"].as_str().unwrap_or(REGISTRY);
    if !from.starts_with(REGISTRY) {
        faults.push("does not come from the registry");
    }
    let runs = package["hasInstallScript"].as_bool() == Some(true);
    if runs && !MAY_RUN.contains(&path) {
        faults.push("runs a script when it is installed");
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::super::findings_of;
    use super::*;

    fn findings(packages: &str) -> Vec<String> {
        let lock = format!("{{\"packages\": {{\"\": {{}}, \"sdk\": {{}}, {packages}}}}}");
        findings_of(check, &[(LOCK, &lock)])
    }

    #[test]
    fn a_package_with_a_hash_and_one_of_ours_are_fine() {
        let fine = r#""node_modules/a": {"integrity": "sha512-x"},
            "node_modules/esbuild": {"integrity": "sha512-x", "hasInstallScript": true},
            "node_modules/b": {"integrity": "sha512-x", "resolved": "https://registry.npmjs.org/b"},
            "node_modules/@openmimc/sdk": {"link": true, "resolved": "sdk"}"#;
        assert_eq!(findings(fine), [""; 0]);
    }

    #[test]
    fn what_nobody_can_vouch_for_is_found() {
        let bad = r#""node_modules/a": {},
            "node_modules/b": {"integrity": "sha512-x", "resolved": "git+ssh://git@example.com/b"},
            "node_modules/c": {"integrity": "sha512-x", "hasInstallScript": true}"#;
        let expected = [
            "web/package-lock.json:1: node_modules/a has no SHA-512 of what it is",
            "web/package-lock.json:1: node_modules/b does not come from the registry",
            "web/package-lock.json:1: node_modules/c runs a script when it is installed",
        ];
        assert_eq!(findings(bad), expected);
    }
}
