//! `proto/mimc.proto` to `web/sdk/src/generated.ts`, which is checked in: the field tables that the
//! web SDK's codec reads, each beside the type of its messages.
//!
//! A field is `[number, name, kind]`, with a table behind it when it is a message and `true` at the
//! end when it repeats.

use std::fmt::Write;
use std::fs;

use anyhow::{Context, bail};

use crate::root;

const SOURCE: &str = "proto/mimc.proto";
const GENERATED: &str = "web/sdk/src/generated.ts";
const HEAD: &str = "// Generated from proto/mimc.proto by `cargo xtask codec`. Not to be edited.

import type { Table } from \"./proto.js\";
";
// Steps of a path of the source information: into the file's messages, into a message's fields.
const MESSAGES: i32 = 4;
const FIELDS: i32 = 2;

/// Writes the generated file.
pub(crate) fn generate() -> anyhow::Result<()> {
    let path = root().join(GENERATED);
    fs::write(&path, generated()?).with_context(|| format!("cannot write {}", path.display()))
}

/// Fails when the checked-in file is not what `generate` would write.
pub(crate) fn check() -> anyhow::Result<()> {
    let checked_in = fs::read_to_string(root().join(GENERATED)).unwrap_or_default();
    if checked_in != generated()? {
        bail!("{GENERATED} differs from {SOURCE}: run `cargo xtask codec` and commit the result");
    }
    Ok(())
}

fn generated() -> anyhow::Result<String> {
    let root = root();
    let files = protox::compile([root.join(SOURCE)], [root.join("proto")])?;
    let file = files.file.first().context("nothing was compiled")?;
    let comment = |path: &[i32]| {
        let places = file.source_code_info.iter().flat_map(|info| &info.location);
        let mut here = places.filter(|place| place.path == path);
        let text = here.next().map(|place| place.leading_comments().trim());
        text.unwrap_or_default().to_owned()
    };
    let mut text = HEAD.to_owned();
    for (at, message) in (0..).zip(&file.message_type) {
        let mut fields = Vec::new();
        for (field_at, field) in (0..).zip(&message.field) {
            let about = comment(&[MESSAGES, at, FIELDS, field_at]);
            let kind = field.r#type().as_str_name();
            fields.push(Field {
                about,
                number: field.number(),
                name: camel_case(field.name()),
                kind: Kind::new(kind, field.type_name())?,
                is_repeated: field.label().as_str_name() == "LABEL_REPEATED",
            });
        }
        fields.sort_by_key(|field| field.number);
        write_message(
            &mut text,
            message.name(),
            &comment(&[MESSAGES, at]),
            &fields,
        )?;
    }
    Ok(text)
}

struct Field {
    about: String,
    number: i32,
    name: String,
    kind: Kind,
    is_repeated: bool,
}

/// What the codec calls a type, and what TypeScript does; for a message its name twice.
struct Kind {
    codec: &'static str,
    script: String,
}

impl Kind {
    fn new(proto: &str, type_name: &str) -> anyhow::Result<Self> {
        let (codec, script) = match proto {
            "TYPE_INT32" => ("int32", "number"),
            "TYPE_UINT32" => ("uint32", "number"),
            "TYPE_INT64" => ("int64", "string"),
            "TYPE_UINT64" => ("uint64", "string"),
            "TYPE_BOOL" => ("bool", "boolean"),
            "TYPE_STRING" => ("string", "string"),
            "TYPE_BYTES" => ("bytes", "Uint8Array"),
            "TYPE_MESSAGE" => ("message", type_name.trim_start_matches(".mimc.")),
            other => bail!("the web SDK's codec has no {other}"),
        };
        Ok(Self {
            codec,
            script: script.to_owned(),
        })
    }
}

fn write_message(
    to: &mut String,
    name: &str,
    about: &str,
    fields: &[Field],
) -> Result<(), std::fmt::Error> {
    to.push('\n');
    write_comment(to, "", about)?;
    writeln!(to, "export interface {name} {{")?;
    for field in fields {
        write_comment(to, "  ", &field.about)?;
        let Field { name, kind, .. } = field;
        let many = if field.is_repeated { "[]" } else { "" };
        writeln!(to, "  {name}?: {}{many};", kind.script)?;
    }
    writeln!(to, "}}\n\nexport const {name}: Table<{name}> = [")?;
    for Field {
        number,
        name,
        kind,
        is_repeated,
        ..
    } in fields
    {
        write!(to, "  [{number}, \"{name}\", \"{}\"", kind.codec)?;
        match (kind.codec, is_repeated) {
            ("message", true) => write!(to, ", {}, true", kind.script)?,
            ("message", false) => write!(to, ", {}", kind.script)?,
            (_, true) => write!(to, ", undefined, true")?,
            (_, false) => {}
        }
        writeln!(to, "],")?;
    }
    writeln!(to, "];")
}

fn write_comment(to: &mut String, indent: &str, about: &str) -> Result<(), std::fmt::Error> {
    let lines: Vec<&str> = about.lines().map(str::trim).collect();
    match lines[..] {
        [] => Ok(()),
        [line] => writeln!(to, "{indent}/** {line} */"),
        _ => {
            writeln!(to, "{indent}/**")?;
            for line in lines {
                writeln!(to, "{indent} * {line}")?;
            }
            writeln!(to, "{indent} */")
        }
    }
}

fn camel_case(snake: &str) -> String {
    let mut words = snake.split('_');
    let mut name = words.next().unwrap_or_default().to_owned();
    for word in words {
        name.extend(word.chars().take(1).map(|first| first.to_ascii_uppercase()));
        name.push_str(word.get(1..).unwrap_or_default());
    }
    name
}
