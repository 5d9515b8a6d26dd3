//! GET /openapi.json: what every route of apps and of operators takes and answers, as `OpenAPI` 3.1.
//!
//! Each file below describes the routes of one story. `docs/openapi.json` is the same document; a
//! test compares the two, and another the routes that are described with those that there are.

mod accounts;
mod admin;
mod contacts;
mod errors;
mod history;
mod operation;
mod push;
mod schema;
mod topics;

use std::sync::LazyLock;

use axum::response::Response;
use http::HeaderMap;
use serde_json::{Map, Value, json};

use self::operation::Operation;
use crate::admin::COOKIE;
use crate::cached::Cached;

/// What is no answer of the product travels with these, in the same envelope.
const REAL_STATUSES: [(&str, &str); 7] = [
    ("404", "NotFound"),
    ("405", "MethodNotAllowed"),
    ("408", "RequestTimeout"),
    ("413", "BodyTooLarge"),
    ("429", "TooManyRequests"),
    ("500", "InternalError"),
    ("503", "Busy"),
];

const REAL_MESSAGES: [(u16, &str, &str); 7] = [
    (404, "NotFound", "not found"),
    (405, "MethodNotAllowed", "method not allowed"),
    (408, "RequestTimeout", "request timeout"),
    (413, "BodyTooLarge", "request body too large"),
    (429, "TooManyRequests", "too many requests"),
    (500, "InternalError", "internal error"),
    (503, "Busy", "busy"),
];

/// Of what apps call.
pub(crate) const APP_API: &str = "The REST API of OpenMIMC. Every answer has the envelope \
    `{code, message, data}`. Refusals travel over HTTP 200 as well: `code` says what happened; \
    other HTTP statuses are for what is no answer of the product. 64-bit ids leave as strings and \
    are taken as strings or numbers. A trailing slash does not matter. Header values are UTF-8.";
/// Of what operators call.
pub(crate) const ADMIN_API: &str = "What operators do, below `/admin/v1`: all that the console and the \
    command line can do. Whoever asks shows an admin token, as `Authorization: Bearer TOKEN`. A \
    viewer's reads; an admin's does everything. Answers have real HTTP statuses and no envelope; an \
    error is `{\"error\": {\"code\", \"message\", \"field\"?}}`. Ids and sequences are strings, times are ms \
    since 1970. Unknown fields of a body are refused.";

/// Headings, and the same in Chinese.
const TAGS: [(&str, &str); 13] = [
    ("Accounts", "账号"),
    ("Push", "推送消息"),
    ("Topics", "群"),
    ("History", "漫游消息"),
    ("Contacts", "最近联系人"),
    ("Blacklist", "黑名单"),
    ("Apps", "应用"),
    ("Accounts of an app", "应用的账号"),
    ("Topics of an app", "应用的群"),
    ("Callbacks", "回调"),
    ("Tracing", "消息追踪"),
    ("Server", "服务器"),
    ("Access", "Token 与会话"),
];

/// The document as it is served.
static TEXT: LazyLock<Cached> = LazyLock::new(|| Cached::new("application/json", text()));

pub(crate) async fn openapi(headers: HeaderMap) -> Response {
    TEXT.answer(&headers)
}

fn operations() -> Vec<Operation> {
    let mut operations = accounts::operations();
    operations.extend(push::operations());
    operations.extend(topics::operations());
    operations.extend(history::operations());
    operations.extend(contacts::operations());
    operations.extend(admin::operations());
    operations
}

/// For people to read and for `diff` to compare.
fn text() -> String {
    let mut text = serde_json::to_string_pretty(&document()).expect("text keys and no floats");
    text.push('\n');
    text
}

pub(crate) fn document() -> Value {
    let mut paths = Map::new();
    let tags = TAGS.map(|(name, zh)| json!({ "name": name, "x-name-zh": zh }));
    for operation in operations() {
        let methods = paths.entry(operation.path).or_insert_with(|| json!({}));
        let method = operation.method.as_str().to_ascii_lowercase();
        methods[method] = operation.describe();
    }
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "OpenMIMC REST API",
            "version": env!("CARGO_PKG_VERSION"),
            "description": format!("{APP_API}\n\n{ADMIN_API}"),
            "license": { "name": "Apache-2.0", "identifier": "Apache-2.0" },
        },
        "servers": [{ "url": "/" }],
        "tags": tags,
        "paths": paths,
        "components": {
            "schemas": schemas(),
            "responses": responses(),
            "parameters": parameters(),
            "securitySchemes": security_schemes(),
        },
    })
}

fn schemas() -> Value {
    let refusal = json!({
        "type": "object",
        "required": ["code", "message", "data"],
        "additionalProperties": false,
        "properties": {
            "code": {
                "type": "integer",
                "enum": [400, 401, 403, 413, 500, 501],
                "description": "Never 200.",
            },
            "message": { "type": "string", "minLength": 1 },
            "data": { "type": "null" },
        },
    });
    let mut schemas = Map::new();
    schemas.insert("Refusal".into(), refusal);
    let shared = [
        topics::schemas(),
        history::schemas(),
        contacts::schemas(),
        admin::schemas(),
    ];
    for (name, schema) in shared.into_iter().flatten() {
        schemas.insert(name.into(), schema);
    }
    schemas.into()
}

fn responses() -> Value {
    let response = |(status, name, message): (u16, &str, &str)| {
        let schema = json!({
            "type": "object",
            "required": ["code", "message", "data"],
            "additionalProperties": false,
            "properties": {
                "code": { "const": status },
                "message": { "type": "string", "examples": [message] },
                "data": { "type": "null" },
            },
        });
        let response = json!({
            "description": message,
            "content": { "application/json": { "schema": schema } },
        });
        (name.to_owned(), response)
    };
    let mut responses: Map<_, _> = REAL_MESSAGES.into_iter().map(response).collect();
    responses.extend(errors::responses());
    responses.into()
}

fn parameters() -> Value {
    json!({
        "appAccountEncode": {
            "name": "appAccountEncode",
            "in": "header",
            "required": false,
            "description": "`base64`: the header `appAccount` is base64 of UTF-8.",
            "schema": { "type": "string", "enum": ["base64"] },
        },
        "appId": {
            "name": "appId",
            "in": "header",
            "required": false,
            "description": "The app of the keys; they are enough without it.",
            "schema": { "type": "string", "pattern": "^[1-9][0-9]{0,18}$" },
        },
    })
}

fn security_schemes() -> Value {
    let header = |name: &str, description: &str| json!({ "type": "apiKey", "in": "header", "name": name, "description": description });
    json!({
        "token": header("token", "Of a token answer; its account acts. Wins over the app's keys."),
        "appKey": header("appKey", "The key of the app."),
        "appSecret": header("appSecret", "The secret of the app. For servers, never for clients."),
        "appAccount": header("appAccount", "The account that acts; it may be new."),
        "adminToken": {
            "type": "http",
            "scheme": "bearer",
            "description": "That of `admin.token` in the data directory, or one made later.",
        },
        "session": {
            "type": "apiKey",
            "in": "cookie",
            "name": COOKIE,
            "description": "The console's, set by signing in.",
        },
        "csrf": header("X-Mimc-Csrf", "Of the session; beside its cookie where something changes."),
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use super::*;
    use crate::route;

    #[test]
    fn every_route_is_described_and_every_described_one_is_there() {
        let name = |method: &http::Method, path: &str| format!("{method} {path}");
        let of_apps = route::described();
        let of_apps = of_apps.iter().map(|it| name(&it.method, it.path));
        let of_operators = crate::admin::all();
        let of_operators = of_operators
            .iter()
            .map(|it| name(&it.method, &format!("/admin/v1{}", it.path)));
        let there: BTreeSet<_> = of_apps.chain(of_operators).collect();
        let operations = operations();
        let described: BTreeSet<_> = operations
            .iter()
            .map(|operation| name(&operation.method, operation.path))
            .collect();
        assert_eq!(there, described);
        assert_eq!(described.len(), operations.len(), "one is described twice");
    }

    #[test]
    fn every_heading_is_in_the_table_and_has_something_below_it() {
        let used: BTreeSet<_> = operations().iter().map(|it| it.tag).collect();
        assert_eq!(used, TAGS.into_iter().map(|(name, _)| name).collect());
    }

    #[test]
    fn operation_ids_are_unique() {
        let operations = operations();
        let ids: BTreeSet<_> = operations.iter().map(|operation| operation.id).collect();
        assert_eq!(ids.len(), operations.len());
    }

    #[test]
    fn references_lead_somewhere() {
        let document = document();
        let text = document.to_string();
        for part in text.split("\"$ref\":\"#").skip(1) {
            let pointer = part.split('"').next().unwrap();
            assert!(document.pointer(pointer).is_some(), "{pointer}");
        }
    }

    #[test]
    fn the_real_statuses_are_those_that_have_a_shape() {
        for ((status, name), (code, shape, _)) in REAL_STATUSES.into_iter().zip(REAL_MESSAGES) {
            assert_eq!((status, name), (&*code.to_string(), shape));
        }
    }

    #[test]
    fn the_document_of_the_repository_is_this_one() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/openapi.json");
        if std::env::var_os("UPDATE_OPENAPI").is_some() {
            std::fs::write(&path, text()).unwrap();
        }
        let kept = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(
            kept == text(),
            "docs/openapi.json is out of date: UPDATE_OPENAPI=1 cargo test -p api openapi"
        );
    }
}
