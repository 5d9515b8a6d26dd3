//! Secrets are compared in constant time (`subtle`): with `==` the time tells how much of a guess was
//! right. What holds a secret is known by its name.

use proc_macro2::{Delimiter, TokenStream, TokenTree};

use super::Finding;
use super::tree::Tree;

/// What is compared when a path ends so: `app.secret`, `given_token`.
const SECRETS: &[&str] = &[
    "challenge",
    "cookie",
    "csrf",
    "mac",
    "password",
    "secret",
    "security_key",
    "sig",
    "signature",
    "token",
];
/// These give the same thing in another type.
const ADAPTERS: &[&str] = &[
    "as_bytes",
    "as_deref",
    "as_ref",
    "as_slice",
    "as_str",
    "clone",
    "expose",
    "to_owned",
    "to_string",
    "trim",
    "unwrap_or_default",
];

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    let code = tree
        .rust()
        .filter(|file| file.path.starts_with("crates/") && !file.path.contains("/tests"));
    for file in code {
        let mut found = Vec::new();
        find(file.tokens(), &mut found);
        let finding = |(line, name)| {
            let what = format!("compares {name} with an operator: use `ct_eq`");
            Finding::new(&file.path, line, what)
        };
        findings.extend(found.into_iter().map(finding));
    }
    findings
}

/// Line and name of each, in groups within groups, those of `mod tests` left out.
fn find(tokens: TokenStream, found: &mut Vec<(usize, String)>) {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    for (at, token) in tokens.iter().enumerate() {
        if let TokenTree::Group(group) = token
            && !is_tests(&tokens[..at])
        {
            find(group.stream(), found);
        }
        if !is_comparison(&tokens[at..]) {
            continue;
        }
        let sides = [left(&tokens[..at]), right(&tokens[at + 2..])];
        if let Some(name) = sides.into_iter().flatten().find(|name| is_secret(name)) {
            found.push((token.span().start().line, name));
        }
    }
}

fn is_tests(before: &[TokenTree]) -> bool {
    let [.., TokenTree::Ident(word), TokenTree::Ident(name)] = before else {
        return false;
    };
    word == "mod" && name == "tests"
}

/// `==` or `!=`.
fn is_comparison(tokens: &[TokenTree]) -> bool {
    let [TokenTree::Punct(first), TokenTree::Punct(second), ..] = tokens else {
        return false;
    };
    matches!(first.as_char(), '=' | '!')
        && first.spacing() == proc_macro2::Spacing::Joint
        && second.as_char() == '='
}

/// The last name of the operand that ends here, adapters left out.
fn left(tokens: &[TokenTree]) -> Option<String> {
    let names = tokens.iter().rev().take_while(|token| is_path(token));
    let mut names = names.filter_map(name);
    names.find(|name| !ADAPTERS.contains(&name.as_str()))
}

/// The same of the operand that begins here.
fn right(tokens: &[TokenTree]) -> Option<String> {
    let borrowed = |token: &&TokenTree| matches!(token, TokenTree::Punct(mark) if matches!(mark.as_char(), '&' | '*'));
    let operand = tokens.iter().skip_while(borrowed);
    let names = operand.take_while(|token| is_path(token)).filter_map(name);
    names
        .filter(|name| !ADAPTERS.contains(&name.as_str()))
        .last()
}

/// Whether a token can be of `a.b().0[1]?::c`.
fn is_path(token: &TokenTree) -> bool {
    match token {
        TokenTree::Ident(_) | TokenTree::Literal(_) => true,
        TokenTree::Group(group) => group.delimiter() != Delimiter::Brace,
        TokenTree::Punct(mark) => matches!(mark.as_char(), '.' | ':' | '?'),
    }
}

fn name(token: &TokenTree) -> Option<String> {
    match token {
        TokenTree::Ident(name) => Some(name.to_string()),
        _ => None,
    }
}

fn is_secret(name: &str) -> bool {
    SECRETS.iter().any(|secret| {
        let rest = name.strip_suffix(secret);
        rest.is_some_and(|rest| rest.is_empty() || rest.ends_with('_'))
    })
}

#[cfg(test)]
mod tests {
    use super::super::findings_of;
    use super::*;

    fn findings(code: &str) -> usize {
        let text = format!("fn f() -> bool {{ {code} }}");
        findings_of(check, &[("crates/a/src/lib.rs", &text)]).len()
    }

    #[test]
    fn a_secret_on_either_side_is_found() {
        for code in [
            "token == other",
            "app.secret != given",
            "given == app.secret",
            "given.as_bytes() == self.csrf.as_bytes()",
            "bind.sig() == expected",
            "x && (a == &*security_key)",
            "g(|| given_token == x)",
            "matches!(x, y if y == app.secret)",
        ] {
            assert_eq!(findings(code), 1, "{code}");
        }
    }

    #[test]
    fn what_is_about_a_secret_is_none() {
        for code in [
            "token.id == id",
            "mac.len() != 16",
            "token.is_empty() == true",
            "tokens == 3",
            "cursor <= token",
            "bool::from(a.ct_eq(token))",
            "\"token == x\" == y",
        ] {
            assert_eq!(findings(code), 0, "{code}");
        }
    }

    #[test]
    fn tests_may_compare() {
        let code = "#[cfg(test)] mod tests { fn f() { assert!(token == x); } }";
        assert!(findings_of(check, &[("crates/a/src/lib.rs", code)]).is_empty());
        assert!(findings_of(check, &[("crates/a/tests/b.rs", "fn f() { token == x }")]).is_empty());
    }
}
