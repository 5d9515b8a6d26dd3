//! The reference of the web SDK: `web-sdk.json` for people. What its comments say is English on both
//! pages; what stands around it is not.

mod document;

use std::collections::HashSet;
use std::fmt::Write as _;

use self::document::{DOCUMENT, Entry, Kind, Section};
use super::language::Language;
use super::markdown::{Rendered, escaped, snippet};
use super::words::{SdkWords, sdk_words, words};

pub(super) fn page(language: Language) -> Rendered {
    let mut reference = Reference {
        words: sdk_words(language),
        meaning: words(language).meaning,
        names: DOCUMENT.names(),
        html: String::new(),
    };
    reference.write();
    Rendered {
        title: reference.words.title.to_owned(),
        body: reference.html,
    }
}

struct Reference {
    words: &'static SdkWords,
    meaning: &'static str,
    /// What code is linked to.
    names: HashSet<&'static str>,
    html: String,
}

impl Reference {
    fn write(&mut self) {
        let SdkWords { title, about, .. } = self.words;
        let about = snippet(about);
        self.push(format_args!("<h1>{title}</h1>\n{about}"));
        for section in &DOCUMENT.sections {
            self.contents(section);
        }
        for section in &DOCUMENT.sections {
            let (title, about) = self.heading(section);
            let about = snippet(about);
            self.push(format_args!(
                "<h2 id=\"{}\">{title}</h2>\n{about}",
                section.id
            ));
            for symbol in &section.symbols {
                self.symbol(symbol);
            }
        }
    }

    fn heading(&self, section: &Section) -> (&'static str, &'static str) {
        if section.id == "script" {
            (self.words.script, self.words.about_script)
        } else {
            (self.words.module, self.words.about_module)
        }
    }

    /// What can be called, by class, and the names of all else.
    fn contents(&mut self, section: &Section) {
        let (title, _) = self.heading(section);
        let mut list = String::new();
        let (called, carried): (Vec<_>, Vec<_>) =
            section.symbols.iter().partition(|symbol| is_called(symbol));
        for symbol in called {
            let _ = writeln!(list, "<dt>{}</dt>", link(symbol));
            let methods: Vec<_> = symbol.members_of(&[Kind::Method]).map(link).collect();
            if !methods.is_empty() {
                let _ = writeln!(list, "<dd>{}</dd>", methods.join(" "));
            }
        }
        let carried: Vec<_> = carried.into_iter().map(link).collect();
        let types = self.words.types;
        let _ = writeln!(list, "<dt>{types}</dt>\n<dd>{}</dd>", carried.join(" "));
        self.push(format_args!(
            "<p><a href=\"#{}\">{title}</a></p>\n<dl class=\"contents\">\n{list}</dl>\n",
            section.id
        ));
    }

    fn symbol(&mut self, symbol: &Entry) {
        let Entry { id, name, .. } = symbol;
        self.push(format_args!(
            "<h3 class=\"symbol\" id=\"{id}\">{name}</h3>\n"
        ));
        self.body(symbol, name);
        self.table(symbol, Kind::Variant);
        for made in symbol.members_of(&[Kind::Constructor]) {
            self.member(made, name);
        }
        self.table(symbol, Kind::Property);
        for method in symbol.members_of(&[Kind::Method]) {
            self.member(method, name);
        }
    }

    fn member(&mut self, member: &Entry, of: &str) {
        let Entry { id, name, .. } = member;
        let name = escaped(name);
        self.push(format_args!("<h4 id=\"{id}\"><code>{name}</code></h4>\n"));
        self.body(member, of);
    }

    /// What can be called, or passed, and what it says of itself. It does not link to itself.
    fn body(&mut self, entry: &Entry, own: &str) {
        for signature in &entry.signatures {
            let code = self.code(signature, own);
            self.push(format_args!(
                "<pre tabindex=\"0\"><code>{code}</code></pre>\n"
            ));
        }
        self.push(format_args!("{}", snippet(&entry.text)));
        let words = self.words;
        let mut parts = String::new();
        let mut part = |label: &str, all: &[String]| {
            for (at, one) in all.iter().enumerate() {
                if at == 0 {
                    let _ = writeln!(parts, "<dt>{label}</dt>");
                }
                let _ = writeln!(parts, "<dd>{one}</dd>");
            }
        };
        let parameters: Vec<_> = entry
            .parameters
            .iter()
            .map(|one| self.parameter(one))
            .collect();
        part(words.parameters, &parameters);
        let returns = Some(snippet(&entry.returns.text));
        let returns: Vec<_> = returns
            .filter(|text| !text.is_empty())
            .into_iter()
            .collect();
        part(words.returns, &returns);
        let throws: Vec<_> = entry.throws.iter().map(|one| snippet(one)).collect();
        part(words.throws, &throws);
        if !parts.is_empty() {
            self.push(format_args!("<dl class=\"parts\">\n{parts}</dl>\n"));
        }
        for example in &entry.examples {
            self.push(format_args!("{}", snippet(example)));
        }
    }

    fn parameter(&self, parameter: &Entry) -> String {
        let Entry { name, text, .. } = parameter;
        let optional = if parameter.is_optional {
            format!(" ({})", self.words.optional)
        } else {
            String::new()
        };
        snippet(&format!("`{name}`{optional}: {text}"))
    }

    /// Members that have no parameters, a row for each.
    fn table(&mut self, symbol: &Entry, kind: Kind) {
        let rows: String = symbol
            .members_of(&[kind])
            .map(|member| self.row(symbol, member))
            .collect();
        if rows.is_empty() {
            return;
        }
        let SdkWords { name, kind: of, .. } = self.words;
        let of = match kind {
            Kind::Property => format!("<th>{of}</th>"),
            _ => String::new(),
        };
        let meaning = self.meaning;
        self.push(format_args!(
            "<div class=\"wide fields\" tabindex=\"0\"><table><thead><tr><th>{name}</th>{of}\
             <th>{meaning}</th></tr></thead>\n<tbody>\n{rows}</tbody></table></div>\n",
        ));
    }

    fn row(&self, symbol: &Entry, member: &Entry) -> String {
        let text = snippet(&member.text);
        let name = self.code(&member.name, &symbol.name);
        if member.kind == Kind::Variant {
            return format!("<tr><td><code>{name}</code></td><td>{text}</td></tr>\n");
        }
        let type_text = self.code(&member.type_text, &symbol.name);
        let optional = if member.is_optional { "?" } else { "" };
        format!(
            "<tr id=\"{}\"><td><code class=\"word\">{name}{optional}</code></td>\
             <td><code>{type_text}</code></td><td>{text}</td></tr>\n",
            member.id
        )
    }

    /// TypeScript whose names lead to where they are described.
    fn code(&self, code: &str, own: &str) -> String {
        let is_name = |c: char| c.is_alphanumeric() || c == '_';
        let mut html = String::with_capacity(2 * code.len());
        let mut rest = code;
        while let Some(first) = rest.chars().next() {
            let end = rest.find(|c| is_name(c) != is_name(first));
            let (word, after) = rest.split_at(end.unwrap_or(rest.len()));
            rest = after;
            if word != own && self.names.contains(word) {
                let _ = write!(html, "<a href=\"#{word}\">{word}</a>");
            } else {
                html.push_str(&escaped(word));
            }
        }
        html
    }

    fn push(&mut self, text: std::fmt::Arguments<'_>) {
        self.html
            .write_fmt(text)
            .expect("a String takes all that is written");
    }
}

/// Whether it is a function, or has some.
fn is_called(symbol: &Entry) -> bool {
    let is_class = symbol.kind == Kind::Class;
    symbol.kind == Kind::Function || is_class && symbol.members_of(&[Kind::Method]).next().is_some()
}

fn link(entry: &Entry) -> String {
    format!("<a href=\"#{}\">{}</a>", entry.id, escaped(&entry.name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_public_is_on_the_page_with_what_it_says() {
        for language in Language::ALL {
            let body = page(language).body;
            for symbol in DOCUMENT.symbols() {
                assert!(body.contains(&format!("<h3 class=\"symbol\" id=\"{}\">", symbol.id)));
                for member in symbol.members.iter().filter(|one| !one.id.is_empty()) {
                    assert!(
                        body.contains(&format!("id=\"{}\"", member.id)),
                        "{}",
                        member.id
                    );
                    assert!(body.contains(&snippet(&member.text)), "{}", member.id);
                    for parameter in &member.parameters {
                        let text = snippet(&parameter.text);
                        assert!(
                            body.contains(text.trim_start_matches("<p>")),
                            "{}",
                            member.id
                        );
                    }
                }
            }
        }
    }

    #[test]
    fn names_in_code_lead_to_where_they_are_described() {
        let body = page(Language::En).body;
        assert!(body.contains("options?: <a href=\"#CallOptions\">CallOptions</a>"));
        assert!(body.contains("AsyncIterable&lt;<a href=\"#ClientEvent\">ClientEvent</a>&gt;"));
        assert!(!body.contains("class <a"), "a name does not lead to itself");
    }
}
