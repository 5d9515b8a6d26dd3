//! The words of JSON Schema that the descriptions are made of.

use serde_json::{Map, Value, json};

/// A field of an object.
pub(crate) struct Field {
    pub(crate) name: &'static str,
    pub(crate) is_required: bool,
    pub(crate) schema: Value,
}

/// A field that must be there.
pub(crate) fn required(name: &'static str, schema: Value) -> Field {
    Field {
        name,
        is_required: true,
        schema,
    }
}

/// A field that may be missing or `null`.
pub(crate) fn optional(name: &'static str, mut schema: Value) -> Field {
    let nullable = match &schema["type"] {
        Value::String(kind) => json!([kind, "null"]),
        Value::Array(kinds) => {
            let mut kinds = kinds.clone();
            kinds.push("null".into());
            kinds.into()
        }
        _ => Value::Null,
    };
    if nullable.is_null() {
        schema = json!({ "anyOf": [schema, { "type": "null" }] });
    } else {
        schema["type"] = nullable;
    }
    if let Some(Value::Array(values)) = schema.get_mut("enum") {
        values.push(Value::Null);
    }
    Field {
        name,
        is_required: false,
        schema,
    }
}

/// What a request says: unknown fields are ignored.
pub(crate) fn object(fields: Vec<Field>) -> Value {
    let names: Vec<_> = fields
        .iter()
        .filter(|field| field.is_required)
        .map(|field| field.name)
        .collect();
    let properties: Map<_, _> = fields
        .into_iter()
        .map(|field| (field.name.to_owned(), field.schema))
        .collect();
    json!({ "type": "object", "required": names, "properties": properties })
}

/// What an answer says: these fields and no others.
pub(crate) fn answer(fields: Vec<(&'static str, Value)>) -> Value {
    let fields = fields.into_iter();
    let mut schema = object(
        fields
            .map(|(name, schema)| required(name, schema))
            .collect(),
    );
    schema["additionalProperties"] = false.into();
    schema
}

/// An answer with fields that are there for some only.
pub(crate) fn answer_with(
    always: Vec<(&'static str, Value)>,
    sometimes: Vec<(&'static str, Value)>,
) -> Value {
    let mut schema = answer(always);
    for (name, field) in sometimes {
        schema["properties"][name] = field;
    }
    schema
}

/// A page of a list.
pub(crate) fn page(rows: &'static str, row: Value) -> Value {
    let next = nullable(text(
        "Given as `after`, continues; `null`: this is the end.",
        "alice",
    ));
    answer(vec![(rows, array(row)), ("next", next)])
}

/// Of a list that has pages.
pub(crate) fn paging(after: Value) -> Vec<Field> {
    let limit = json!({
        "type": "integer",
        "minimum": 1,
        "maximum": 1_000,
        "description": "Rows of the page; 100 when it is missing.",
        "examples": [100],
    });
    vec![given("after", after), given("limit", limit)]
}

/// A field that may be missing, and not be `null`.
pub(crate) fn given(name: &'static str, schema: Value) -> Field {
    Field {
        name,
        is_required: false,
        schema,
    }
}

/// The same, or `null`.
pub(crate) fn nullable(schema: Value) -> Value {
    optional("", schema).schema
}

/// The same in English and Chinese.
pub(crate) fn in_both_languages(description: &str, en: &str, zh: &str) -> Value {
    let mut schema = answer(vec![
        ("en", text("English.", en)),
        ("zh", text("Chinese.", zh)),
    ]);
    schema["description"] = description.into();
    schema
}

pub(crate) fn flag(description: &str) -> Value {
    json!({ "type": "boolean", "description": description, "examples": [true] })
}

/// Nothing but this.
pub(crate) fn always(value: impl Into<Value>) -> Value {
    json!({ "const": value.into() })
}

pub(crate) fn one_of(description: &str, names: &[&str]) -> Value {
    json!({ "type": "string", "enum": names, "description": description, "examples": [names[0]] })
}

pub(crate) fn number(description: &str, example: f64) -> Value {
    json!({ "type": "number", "minimum": 0, "description": description, "examples": [example] })
}

/// Ms since 1970.
pub(crate) fn time(description: &str) -> Value {
    integer(
        &format!("{description} In ms since 1970."),
        1_760_000_000_000,
    )
}

/// A place among all messages; 0 is before all of them.
pub(crate) fn sequence(description: &str) -> Value {
    json!({
        "type": "string",
        "pattern": "^(0|[1-9][0-9]{0,18})$",
        "description": description,
        "examples": ["176000000000000001"],
    })
}

pub(crate) fn reference(name: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}

pub(crate) fn array(items: Value) -> Value {
    let mut schema = json!({ "type": "array" });
    schema["items"] = items;
    schema
}

pub(crate) fn text(description: &str, example: &str) -> Value {
    json!({ "type": "string", "description": description, "examples": [example] })
}

/// Base64 of a payload.
pub(crate) fn payload() -> Value {
    json!({
        "type": "string",
        "contentEncoding": "base64",
        "description": "The payload, in base64.",
        "examples": ["aGVsbG8="],
    })
}

/// A 64-bit id in an answer: a string of digits.
pub(crate) fn id(description: &str, example: &str) -> Value {
    json!({
        "type": "string",
        "pattern": "^[1-9][0-9]{0,18}$",
        "description": description,
        "examples": [example],
    })
}

/// A 64-bit id in a request: a string of digits, or a number with all of them.
pub(crate) fn id_given(description: &str, example: &str) -> Value {
    json!({
        "type": ["string", "integer"],
        "pattern": "^0*[1-9][0-9]{0,18}$",
        "minimum": 1,
        "maximum": i64::MAX,
        "description": description,
        "examples": [example],
    })
}

/// A number in a request, which may be a string.
pub(crate) fn number_given(description: &str, minimum: u64, example: u64) -> Value {
    let pattern = if minimum == 0 {
        "^[0-9]{1,19}$"
    } else {
        "^0*[1-9][0-9]{0,18}$"
    };
    json!({
        "type": ["string", "integer"],
        "pattern": pattern,
        "minimum": minimum,
        "description": description,
        "examples": [example],
    })
}

pub(crate) fn integer(description: &str, example: u64) -> Value {
    json!({
        "type": "integer",
        "minimum": 0,
        "description": description,
        "examples": [example],
    })
}

pub(crate) fn account(description: &str) -> Value {
    json!({
        "type": "string",
        "minLength": 1,
        "maxLength": 128,
        "pattern": r"^[^,\u0000-\u001f\u007f-\u009f]+$",
        "description": description,
        "examples": ["alice"],
    })
}

/// Names in one text.
pub(crate) fn accounts(description: &str) -> Value {
    json!({ "type": "string", "description": description, "examples": ["bob,carol"] })
}
