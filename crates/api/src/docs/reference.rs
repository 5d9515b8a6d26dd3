//! The API references: `openapi.json` for people, a page of what apps call, and one of what operators call.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use serde_json::{Map, Value};

use super::language::Language;
use super::markdown::{Rendered, escaped, snippet};
use super::words::{ABOUT_ADMIN_ZH, ABOUT_ZH, Words, words};
use crate::openapi;

const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];
const SCHEMAS: &str = "#/components/schemas/";
/// What errors of the admin API are called in the document.
const ADMIN_ERROR: &str = "Admin";

/// Who calls what is on a page.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Api {
    Apps,
    Operators,
}

impl Api {
    fn has(self, path: &str) -> bool {
        path.starts_with("/admin/") == (self == Self::Operators)
    }
}

pub(super) fn page(language: Language, api: Api) -> Rendered {
    let document = openapi::document();
    let words = words(language);
    let mut reference = Reference {
        document: &document,
        words,
        language,
        api,
        html: String::new(),
    };
    reference.write();
    Rendered {
        title: reference.title().to_owned(),
        body: reference.html,
    }
}

struct Reference<'a> {
    document: &'a Value,
    words: &'a Words,
    language: Language,
    api: Api,
    html: String,
}

impl<'a> Reference<'a> {
    fn write(&mut self) {
        let words = self.words;
        let (about, other) = match (self.api, self.language) {
            (Api::Apps, Language::En) => (openapi::APP_API, words.to_admin),
            (Api::Apps, Language::Zh) => (ABOUT_ZH, words.to_admin),
            (Api::Operators, Language::En) => (openapi::ADMIN_API, words.to_apps),
            (Api::Operators, Language::Zh) => (ABOUT_ADMIN_ZH, words.to_apps),
        };
        self.push(format_args!(
            "<h1>{}</h1>\n{}{}<p>{} <a href=\"/openapi.json\">openapi.json</a></p>\n",
            self.title(),
            snippet(about),
            snippet(other),
            words.machine_readable
        ));
        let tags: Vec<_> = array(&self.document["tags"])
            .iter()
            .filter(|tag| self.operations(text(&tag["name"])).next().is_some())
            .collect();
        self.contents(&tags);
        for tag in tags {
            let (place, label) = self.heading(tag);
            self.push(format_args!("<h2 id=\"{place}\">{label}</h2>\n"));
            let operations: Vec<_> = self.operations(text(&tag["name"])).collect();
            for (method, path, operation) in operations {
                self.operation(method, path, operation);
            }
        }
        if self.api == Api::Operators {
            self.errors();
        }
        self.shapes();
    }

    fn title(&self) -> &'static str {
        match self.api {
            Api::Apps => self.words.reference,
            Api::Operators => self.words.admin_reference,
        }
    }

    /// Where a tag is on the page, and what stands there.
    fn heading(&self, tag: &'a Value) -> (String, &'a str) {
        let name = text(&tag["name"]);
        let label = match self.language {
            Language::En => name,
            Language::Zh => text(&tag["x-name-zh"]),
        };
        (name.replace(' ', "-"), label)
    }

    /// The operations of a tag that are on this page: method, path, what is said of it.
    fn operations(
        &self,
        tag: &'a str,
    ) -> impl Iterator<Item = (&'static str, &'a String, &'a Value)> + use<'a> {
        let api = self.api;
        let of_path = |(path, methods): (&'a String, &'a Value)| {
            METHODS.map(|method| (method, path, &methods[method]))
        };
        object(&self.document["paths"])
            .filter(move |(path, _)| api.has(path))
            .flat_map(of_path)
            .filter(move |(_, _, operation)| operation["tags"][0] == *tag)
    }

    /// All operations in a screen or two.
    fn contents(&mut self, tags: &[&'a Value]) {
        let mut list = String::new();
        for tag in tags {
            let (place, label) = self.heading(tag);
            let _ = writeln!(list, "<dt><a href=\"#{place}\">{label}</a></dt>");
            for (method, path, operation) in self.operations(text(&tag["name"])) {
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

    fn summary(&self, operation: &'a Value) -> &'a str {
        text(match self.language {
            Language::En => &operation["summary"],
            Language::Zh => &operation["x-summary-zh"],
        })
    }

    fn operation(&mut self, method: &str, path: &str, operation: &'a Value) {
        let words = self.words;
        let summary = self.summary(operation);
        self.push(format_args!(
            "<h3 id=\"{}\">{}</h3>\n<p class=\"route\"><code>{} {path}</code></p>\n{}",
            text(&operation["operationId"]),
            escaped(summary),
            method.to_ascii_uppercase(),
            snippet(text(&operation["description"])),
        ));
        let access = self.access(array(&operation["security"]));
        self.push(format_args!("{}", snippet(access)));
        self.parameters(operation);
        let body = &operation["requestBody"]["content"]["application/json"]["schema"];
        if !body.is_null() {
            self.push(format_args!("<h4>{}</h4>\n", words.body));
            self.fields(body);
            self.example(body);
        }
        let responses = &operation["responses"];
        if self.api == Api::Operators {
            self.plain(responses);
            return;
        }
        let answer = &responses["200"]["content"]["application/json"];
        let data = &answer["schema"]["oneOf"][0]["properties"]["data"];
        self.push(format_args!("<h4>{}</h4>\n", words.data));
        self.data(data);
        self.refusals(&answer["examples"]);
    }

    fn access(&self, security: &[Value]) -> &'static str {
        let words = self.words;
        match (self.api, security) {
            (Api::Apps, []) => words.credentials,
            (Api::Apps, _) => words.caller,
            (Api::Operators, []) => words.everybody,
            (Api::Operators, [first, ..]) => match text(&first["adminToken"][0]) {
                "viewer" => words.viewers,
                "admin" if security.len() == 1 => words.token_holders,
                "admin" => words.admins,
                _ => words.sessions,
            },
        }
    }

    /// An answer without an envelope, and the statuses of errors.
    fn plain(&mut self, responses: &'a Value) {
        let is_success = |status: &str| status.starts_with('2');
        for (status, response) in object(responses).filter(|(status, _)| is_success(status)) {
            let label = self.words.answer;
            self.push(format_args!("<h4>{label} <code>{status}</code></h4>\n"));
            self.data(&response["content"]["application/json"]["schema"]);
        }
        let links: Vec<_> = object(responses)
            .filter(|(status, _)| !is_success(status))
            .map(|(status, _)| format!("<a href=\"#error-{status}\">{status}</a>"))
            .collect();
        let label = self.words.errors;
        let links = links.join(" ");
        self.push(format_args!("<h4>{label}</h4>\n<p>{links}</p>\n"));
    }

    /// What each status of an error means.
    fn errors(&mut self) {
        let responses = object(&self.document["components"]["responses"]);
        let mut rows: Vec<_> = responses
            .filter(|(name, _)| name.starts_with(ADMIN_ERROR))
            .map(|(_, response)| {
                let error = &response["content"]["application/json"]["schema"]["properties"]["error"];
                let codes: Vec<_> = array(&error["properties"]["code"]["enum"])
                    .iter()
                    .map(|code| format!("<code>{}</code>", text(code)))
                    .collect();
                let meaning = snippet(text(&response["description"]));
                let status = &response["x-status"];
                format!(
                    "<tr id=\"error-{status}\"><td>{status}</td><td>{}</td><td>{meaning}</td></tr>\n",
                    codes.join(" ")
                )
            })
            .collect();
        rows.sort_unstable();
        let words = self.words;
        self.push(format_args!(
            "<h2 id=\"errors\">{}</h2>\n<div class=\"wide\" tabindex=\"0\"><table><thead><tr><th>HTTP</th>\
             <th>code</th><th>{}</th></tr></thead>\n<tbody>\n{}</tbody></table></div>\n",
            words.errors,
            words.meaning,
            rows.concat()
        ));
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
        if schema["type"] == "null" || schema.is_null() {
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

    /// What an object of an answer has; what is not always there says so.
    fn answered(&mut self, schema: &Value) {
        for choice in array(&schema["oneOf"]) {
            self.answered(choice);
        }
        if schema["properties"].is_null() {
            return;
        }
        let required = array(&schema["required"]);
        let row = |(name, field): (&String, &Value)| {
            let mut kind = kind(field);
            if array(&field["type"]).iter().any(|one| one == "null") {
                kind.push_str(" / null");
            }
            if !required.iter().any(|one| one == name) {
                let _ = write!(kind, " ({})", self.words.sometimes);
            }
            let description = snippet(text(&field["description"]));
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
        let used = self.used_shapes();
        for (name, schema) in object(&document["components"]["schemas"]) {
            if !used.contains(name) {
                continue;
            }
            self.push(format_args!("<h3 id=\"shape-{name}\">{name}</h3>\n"));
            self.answered(schema);
        }
    }

    /// Those that the operations of the page lead to.
    fn used_shapes(&self) -> BTreeSet<String> {
        let mut used = BTreeSet::new();
        let paths = object(&self.document["paths"]).filter(|(path, _)| self.api.has(path));
        let mut to_read: Vec<_> = paths.map(|(_, methods)| methods).collect();
        while let Some(value) = to_read.pop() {
            for part in value.to_string().split(SCHEMAS).skip(1) {
                let name = part.split('"').next().unwrap_or_default();
                if used.insert(name.to_owned()) {
                    to_read.push(&self.document["components"]["schemas"][name]);
                }
            }
        }
        used
    }

    /// A value that fits a schema.
    fn sample(&self, schema: &Value) -> Value {
        let schema = self.resolved(schema);
        if let Some(example) = schema["examples"].get(0) {
            return example.clone();
        }
        if !schema["const"].is_null() {
            return schema["const"].clone();
        }
        if let [first, ..] = array(&schema["oneOf"]) {
            return self.sample(first);
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
    fn resolved<'b>(&'b self, value: &'b Value) -> &'b Value {
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

/// The type of a value, in a few words.
fn kind(schema: &Value) -> String {
    if let Value::String(reference) = &schema["$ref"] {
        let name = reference.rsplit('/').next().unwrap_or_default();
        return format!("<a href=\"#shape-{name}\">{name}</a>");
    }
    if !schema["const"].is_null() {
        return format!("<code>{}</code>", escaped(&schema["const"].to_string()));
    }
    if let [first, ..] = array(&schema["oneOf"]) {
        let others = array(&schema["oneOf"])[1..].iter().map(kind);
        return others.fold(kind(first), |kinds, other| format!("{kinds} / {other}"));
    }
    if schema["type"] == "null" {
        return "null".to_owned();
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
            for (path, methods) in object(&document["paths"]) {
                let api = if Api::Operators.has(path) {
                    Api::Operators
                } else {
                    Api::Apps
                };
                let page = page(language, api);
                assert!(page.body.contains(&format!(" {path}</code>")), "{path}");
                for (_, operation) in methods.as_object().unwrap() {
                    let id = text(&operation["operationId"]);
                    assert!(page.body.contains(&format!("id=\"{id}\"")), "{id}");
                }
            }
        }
    }
}
