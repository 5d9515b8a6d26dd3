//! Every Rust file is read by the compiler: it is the root of a target, or a `mod` leads to it.

use std::collections::BTreeSet;

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use toml::Value;

use super::Finding;
use super::tree::{Crate, Tree};

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let mut alive = BTreeSet::new();
    for room in tree.crates() {
        for root in roots(tree, &room) {
            let children = parent(&root).to_owned();
            follow(tree, &root, &children, &mut alive);
        }
    }
    let mut findings = Vec::new();
    for file in tree.rust() {
        if file.text.trim().is_empty() {
            findings.push(Finding::new(&file.path, 1, "is empty"));
        }
        if file.path.ends_with("/mod.rs") {
            let what = "should be named as its directory and stand beside it";
            findings.push(Finding::new(&file.path, 1, what));
        } else if !alive.contains(&file.path) {
            let what = "is not compiled: no `mod` leads to it";
            findings.push(Finding::new(&file.path, 1, what));
        }
    }
    findings
}

/// The files that cargo hands to the compiler.
fn roots(tree: &Tree, room: &Crate) -> Vec<String> {
    let dir = room.dir;
    let manifest = room.manifest.toml();
    let mut roots = vec![
        format!("{dir}/src/lib.rs"),
        format!("{dir}/src/main.rs"),
        format!("{dir}/build.rs"),
    ];
    for kind in ["lib", "bin", "test", "bench", "example"] {
        let targets = match manifest.get(kind) {
            Some(Value::Array(targets)) => &targets[..],
            Some(target) => std::slice::from_ref(target),
            None => &[],
        };
        let paths = targets
            .iter()
            .filter_map(|target| target.get("path")?.as_str());
        roots.extend(paths.map(|path| format!("{dir}/{path}")));
    }
    for folder in ["src/bin", "tests", "benches", "examples"] {
        let folder = format!("{dir}/{folder}/");
        let inside = tree.rust().filter(|file| {
            let name = file.path.strip_prefix(&folder).unwrap_or("a/b/c");
            !name.contains('/')
                || name
                    .split_once('/')
                    .is_some_and(|(_, file)| file == "main.rs")
        });
        roots.extend(inside.map(|file| file.path.clone()));
    }
    roots
}

/// Marks a file and those that its modules are in; `children` is the directory for them.
fn follow(tree: &Tree, path: &str, children: &str, alive: &mut BTreeSet<String>) {
    let Some(file) = tree.file(path) else {
        return;
    };
    if !alive.insert(path.to_owned()) {
        return;
    }
    for module in modules(file.tokens(), "") {
        let at = format!("{children}/{module}");
        follow(tree, &format!("{at}.rs"), &at, alive);
    }
}

/// `a` for `mod a;`, `a/b` for `mod a { mod b; }`.
fn modules(tokens: TokenStream, outer: &str) -> Vec<String> {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let mut found = Vec::new();
    for three in tokens.windows(3) {
        let [TokenTree::Ident(word), TokenTree::Ident(name), end] = three else {
            continue;
        };
        let name = format!("{outer}{name}");
        match end {
            _ if word != "mod" => {}
            TokenTree::Punct(semicolon) if semicolon.as_char() == ';' => found.push(name),
            TokenTree::Group(body) if body.delimiter() == Delimiter::Brace => {
                found.extend(modules(body.stream(), &format!("{name}/")));
            }
            _ => {}
        }
    }
    found
}

fn parent(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(parent, _)| parent)
}

#[cfg(test)]
mod tests {
    use super::super::findings_of;
    use super::*;

    const MANIFEST: (&str, &str) = ("crates/a/Cargo.toml", "");

    #[test]
    fn what_a_module_or_a_target_leads_to_is_alive() {
        let files = [
            MANIFEST,
            (
                "crates/a/src/lib.rs",
                "pub(crate) mod b;\nmod inner { mod deep; }",
            ),
            ("crates/a/src/b.rs", "#[cfg(test)]\nmod tests;"),
            ("crates/a/src/b/tests.rs", "fn f() {}"),
            ("crates/a/src/inner/deep.rs", "fn f() {}"),
            ("crates/a/tests/one.rs", "fn f() {}"),
            ("crates/a/tests/stories/main.rs", "mod first;"),
            ("crates/a/tests/stories/first.rs", "fn f() {}"),
        ];
        assert!(findings_of(check, &files).is_empty());
    }

    #[test]
    fn a_file_that_only_a_comment_or_a_string_names_is_dead() {
        let files = [
            MANIFEST,
            (
                "crates/a/src/lib.rs",
                "// mod b;\nconst C: &str = \"mod b;\";",
            ),
            ("crates/a/src/b.rs", "fn f() {}"),
        ];
        let expected = ["crates/a/src/b.rs:1: is not compiled: no `mod` leads to it"];
        assert_eq!(findings_of(check, &files), expected);
    }

    #[test]
    fn an_empty_file_and_a_mod_rs_are_found() {
        let files = [
            MANIFEST,
            ("crates/a/src/lib.rs", "mod b;\nmod c;"),
            ("crates/a/src/b.rs", "\n"),
            ("crates/a/src/c/mod.rs", "fn f() {}"),
        ];
        let expected = [
            "crates/a/src/b.rs:1: is empty",
            "crates/a/src/c/mod.rs:1: should be named as its directory and stand beside it",
        ];
        assert_eq!(findings_of(check, &files), expected);
    }
}
