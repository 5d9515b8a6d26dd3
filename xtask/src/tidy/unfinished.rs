//! Nothing is left half done: no macro that stands for code to come, or that was for looking only.

use proc_macro2::{Punct, Spacing, TokenStream, TokenTree};

use super::Finding;
use super::tree::Tree;

const MACROS: &[&str] = &["todo", "unimplemented", "dbg"];

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in tree.rust() {
        let mut found = Vec::new();
        find(file.tokens(), &mut found);
        let finding = |(line, name)| Finding::new(&file.path, line, format!("has a `{name}!`"));
        findings.extend(found.into_iter().map(finding));
    }
    findings
}

/// Line and name of each, in groups within groups.
fn find(tokens: TokenStream, found: &mut Vec<(usize, String)>) {
    let mut last: Option<String> = None;
    for token in tokens {
        let name = match &token {
            TokenTree::Ident(name) => Some(name.to_string()),
            _ => None,
        };
        match (token, last) {
            (TokenTree::Punct(mark), Some(last)) if is_bang(&mark) && MACROS.contains(&&*last) => {
                found.push((mark.span().start().line, last));
            }
            (TokenTree::Group(group), _) => find(group.stream(), found),
            _ => {}
        }
        last = name;
    }
}

/// `!`, and not the beginning of `!=`.
fn is_bang(mark: &Punct) -> bool {
    mark.as_char() == '!' && mark.spacing() == Spacing::Alone
}

#[cfg(test)]
mod tests {
    use super::super::findings_of;
    use super::*;

    #[test]
    fn code_to_come_is_found_and_words_about_it_are_not() {
        let text = "//! No todo!() here.\nfn f() {\n    g(|| { todo!(\"x\") });\n    dbg!(1);\n}\n\
                    const C: &str = \"unimplemented!\";\nfn h(todo: bool) -> bool { todo != true }\n";
        let expected = [
            "crates/a/src/lib.rs:3: has a `todo!`",
            "crates/a/src/lib.rs:4: has a `dbg!`",
        ];
        assert_eq!(
            findings_of(check, &[("crates/a/src/lib.rs", text)]),
            expected
        );
    }
}
