//! The API reference: `openapi.json` for people.

use std::fmt::Write as _;

use serde_json::{Map, Value};

use super::language::Language;
use super::markdown::{Rendered, escaped, snippet};
use super::words::{ABOUT_ZH, Words, tag_label, words};
use crate::openapi;

const METHODS: [&str; 4] = ["get", "post", "put", "delete"];

pub(super) fn page(language: Language) -> Rendered {
    let document = openapi::document();
    let words = words(language);
    let mut reference = Reference {
        document: &document,
        words,
        language,
        html: String::new(),
    };
    reference.write();
    Rendered {
        title: words.reference.to_owned(),
        body: reference.html,
    }
}

struct Reference<'a> {
    document: &'a Value,
    words: &'a Words,
    language: Language,
    html: String,
}

impl Reference<'_> {
    fn write(&mut self) {
        let words = self.words;
        let description = snippet(match self.language {
            Language::En => text(&self.document["info"]["description"]),
            Language::Zh => ABOUT_ZH,
        });
        self.push(format_args!(
            "<h1>{}</h1>\n{description}<p>{} <a href=\"/openapi.json\">openapi.json</a></p>\n",
            words.reference, words.machine_readable
        ));
        self.contents();
        for tag in array(&self.document["tags"]) {
            let tag = text(&tag["name"]);
            let label = tag_label(self.language, tag);
            self.push(format_args!("<h2 id=\"{tag}\">{label}</h2>\n"));
            for (method, path, operation) in operations(self.document, tag) {
                self.operation(method, path, operation);
            }
        }
        self.shapes();
    }

    /// All operations in a screen or two.
    fn contents(&mut self) {
        let mut list = String::new();
        for tag in array(&self.document["tags"]) {
            let tag = text(&tag["name"]);
            let label = tag_label(self.language, tag);
            let _ = writeln!(list, "<dt><a href=\"#{tag}\">{label}</a></dt>");
            for (method, path, operation) in operations(self.document, tag) {
                let _ = writeln!(
                    list,
                    "<dd><a href=\"#{}\">{}</a> <code>{} {path}</code></dd>",
                    text(&operation["operationId"]),
                    escaped(self.summary(operation)),
                    method.to_ascii_uppercase(),
                );
            }
        }
        self.push(format_args!("<dl class=\"contents\">\n{list}</dl>\n"));
    }

    fn summary<'a>(&self, operation: &'a Value) -> &'a str {
        text(match self.language {
            Language::En => &operation["summary"],
            Language::Zh => &operation["x-summary-zh"],
        })
    }

    fn operation(&mut self, method: &str, path: &str, operation: &Value) {
        let words = self.words;
        let summary = self.summary(operation);
        self.push(format_args!(
            "<h3 id=\"{}\">{}</h3>\n<p class=\"route\"><code>{} {path}</code></p>\n{}",
            text(&operation["operationId"]),
            escaped(summary),
            method.to_ascii_uppercase(),
            snippet(text(&operation["description"])),
        ));
        let access = match array(&operation["security"]) {
            [] => words.credentials,
            _ => words.caller,
        };
        self.push(format_args!("{}", snippet(access)));
        self.parameters(operation);
        let body = &operation["requestBody"]["content"]["application/json"]["schema"];
        if !body.is_null() {
            self.push(format_args!("<h4>{}</h4>\n", words.body));
            self.fields(body);
            self.example(body);
        }
        let answer = &operation["responses"]["200"]["content"]["application/json"];
        let data = &answer["schema"]["oneOf"][0]["properties"]["data"];
        self.push(format_args!("<h4>{}</h4>\n", words.data));
        self.data(data);
        self.refusals(&answer["examples"]);
    }

    fn parameters(&mut self, operation: &Value) {
        let words = self.words;
        let rows: String = array(&operation["parameters"])
            .iter()
            .map(|parameter| self.resolved(parameter))
            .map(|parameter| {
                let schema = &parameter["schema"];
                let description = match &parameter["description"] {
                    Value::String(description) => description,
                    _ => text(&schema["description"]),
                };
                let name = format!("{} ({})", text(&parameter["name"]), text(&parameter["in"]));
                self.row(&name, schema, parameter["required"] == true, description)
            })
            .collect();
        if !rows.is_empty() {
            self.push(format_args!("<h4>{}</h4>\n", words.parameters));
            self.table(&rows, true);
        }
    }

    /// What an object has, with what of it must be there.
    fn fields(&mut self, schema: &Value) {
        let required = array(&schema["required"]);
        let rows: String = object(&schema["properties"])
            .map(|(name, field)| {
                let is_required = required.iter().any(|one| one == name);
                self.row(name, field, is_required, text(&field["description"]))
            })
            .collect();
        self.table(&rows, true);
    }

    fn data(&mut self, schema: &Value) {
        if schema["type"] == "null" {
            let nothing = snippet(self.words.nothing);
            self.push(format_args!("{nothing}"));
            return;
        }
        let item = if schema["type"] == "array" {
            &schema["items"]
        } else {
            schema
        };
        if item["type"] == "object" {
            self.answered(item);
        } else {
            self.push(format_args!("<p>{}</p>\n", kind(schema)));
        }
        self.example(schema);
    }

    /// What an object of an answer has: all of it is always there.
    fn answered(&mut self, schema: &Value) {
        let row = |(name, field): (&String, &Value)| {
            let (kind, description) = (kind(field), snippet(text(&field["description"])));
            format!("<tr><td><code>{name}</code></td><td>{kind}</td><td>{description}</td></tr>\n")
        };
        let rows: String = object(&schema["properties"]).map(row).collect();
        self.table(&rows, false);
    }

    fn row(&self, name: &str, schema: &Value, is_required: bool, description: &str) -> String {
        let required = if is_required { self.words.yes } else { "" };
        format!(
            "<tr><td><code>{}</code></td><td>{}</td><td>{required}</td><td>{}</td></tr>\n",
            escaped(name),
            kind(schema),
            snippet(description)
        )
    }

    fn table(&mut self, rows: &str, has_required: bool) {
        let words = self.words;
        let required = if has_required {
            format!("<th>{}</th>", words.is_required)
        } else {
            String::new()
        };
        self.push(format_args!(
            "<div class=\"wide fields\" tabindex=\"0\"><table><thead><tr><th>{}</th><th>{}</th>\
             {required}<th>{}</th></tr></thead>\n<tbody>\n{rows}</tbody></table></div>\n",
            words.name, words.kind, words.meaning
        ));
    }

    fn example(&mut self, schema: &Value) {
        let example = serde_json::to_string_pretty(&self.sample(schema)).unwrap_or_default();
        let label = self.words.example;
        self.push(format_args!(
            "<h4>{label}</h4>\n<pre tabindex=\"0\"><code>{}</code></pre>\n",
            escaped(&example)
        ));
    }

    fn refusals(&mut self, examples: &Value) {
        let label = self.words.refusals;
        let item = |(_, example): (&String, &Value)| {
            let (code, message) = (
                &example["value"]["code"],
                text(&example["value"]["message"]),
            );
            format!("<li><code>{code}</code> {}</li>\n", escaped(message))
        };
        let items: String = object(examples).map(item).collect();
        self.push(format_args!("<h4>{label}</h4>\n<ul>\n{items}</ul>\n"));
    }

    fn shapes(&mut self) {
        let document = self.document;
        let label = self.words.shapes;
        self.push(format_args!("<h2 id=\"shapes\">{label}</h2>\n"));
        for (name, schema) in object(&document["components"]["schemas"]) {
            self.push(format_args!("<h3 id=\"shape-{name}\">{name}</h3>\n"));
            self.answered(schema);
        }
    }

    /// A value that fits a schema.
    fn sample(&self, schema: &Value) -> Value {
        let schema = self.resolved(schema);
        if let Some(example) = schema["examples"].get(0) {
            return example.clone();
        }
        if schema["type"] == "array" {
            return Value::Array(vec![self.sample(&schema["items"])]);
        }
        let fields = object(&schema["properties"]);
        Value::Object(
            fields
                .map(|(name, field)| (name.clone(), self.sample(field)))
                .collect(),
        )
    }

    /// What a reference leads to.
    fn resolved<'a>(&'a self, value: &'a Value) -> &'a Value {
        let pointer = value["$ref"].as_str().and_then(|it| it.strip_prefix('#'));
        pointer
            .and_then(|pointer| self.document.pointer(pointer))
            .unwrap_or(value)
    }

    fn push(&mut self, text: std::fmt::Arguments<'_>) {
        self.html
            .write_fmt(text)
            .expect("a String takes all that is written");
    }
}

/// The operations of a tag: method, path, what is said of it.
fn operations<'a>(
    document: &'a Value,
    tag: &str,
) -> impl Iterator<Item = (&'static str, &'a String, &'a Value)> {
    let of_path = |(path, methods): (&'a String, &'a Value)| {
        METHODS.map(|method| (method, path, &methods[method]))
    };
    object(&document["paths"])
        .flat_map(of_path)
        .filter(move |(_, _, operation)| operation["tags"][0] == *tag)
}

/// The type of a value, in a few words.
fn kind(schema: &Value) -> String {
    if let Value::String(reference) = &schema["$ref"] {
        let name = reference.rsplit('/').next().unwrap_or_default();
        return format!("<a href=\"#shape-{name}\">{name}</a>");
    }
    let kinds = match &schema["type"] {
        Value::String(kind) => vec![&**kind],
        Value::Array(kinds) => kinds.iter().map(text).filter(|it| *it != "null").collect(),
        _ => Vec::new(),
    };
    let one = |name: &&str| match *name {
        "array" => format!("array of {}", kind(&schema["items"])),
        name => name.to_owned(),
    };
    match &schema["enum"] {
        Value::Array(values) => {
            let values = values.iter().filter(|value| !value.is_null());
            let values =
                values.map(|value| format!("<code>{}</code>", escaped(&value.to_string())));
            values.collect::<Vec<_>>().join(", ")
        }
        _ => kinds.iter().map(one).collect::<Vec<_>>().join(" / "),
    }
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn array(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn object(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flat_map(Map::iter)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_operation_is_on_the_page() {
        let document = openapi::document();
        for language in Language::ALL {
            let page = page(language);
            for (path, methods) in object(&document["paths"]) {
                assert!(page.body.contains(&format!(" {path}</code>")), "{path}");
                for (_, operation) in methods.as_object().unwrap() {
                    let id = text(&operation["operationId"]);
                    assert!(page.body.contains(&format!("id=\"{id}\"")), "{id}");
                }
            }
        }
    }
}
