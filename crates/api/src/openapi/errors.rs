//! Errors of the admin API: one shape, and which codes there are under which status.

use serde_json::{Map, Value, json};

use super::schema::text;

/// Status, name of the answer, its codes, what it means.
const ERRORS: [(u16, &str, &[&str], &str); 13] = [
    (
        400,
        "AdminInvalid",
        &["invalid", "bad_body"],
        "A field is missing, not known or wrong: `field` says which. Or the body broke off.",
    ),
    (
        401,
        "AdminUnauthorized",
        &["unauthorized"],
        "The token, the session or the sign-in code is missing, wrong or at its end.",
    ),
    (
        403,
        "AdminForbidden",
        &["forbidden", "csrf"],
        "The role is not enough. `csrf`: a cookie came without what proves that a page of this \
         server sent it.",
    ),
    (
        404,
        "AdminNotFound",
        &["not_found"],
        "What the path names is not there.",
    ),
    (
        405,
        "AdminMethodNotAllowed",
        &["method_not_allowed"],
        "The path has no such method.",
    ),
    (
        408,
        "AdminRequestTimeout",
        &["bad_body"],
        "The body did not come in time.",
    ),
    (
        409,
        "AdminConflict",
        &["taken", "conflict"],
        "It is taken, or cannot be done as things are.",
    ),
    (
        413,
        "AdminTooLarge",
        &["bad_body"],
        "The body is larger than 1 MiB.",
    ),
    (
        422,
        "AdminOutOfRange",
        &["out_of_range"],
        "A number is outside its limits: `field` says which.",
    ),
    (
        429,
        "AdminTooManyRequests",
        &["too_many_requests"],
        "Too many wrong tokens or codes came from this address; `Retry-After` says for how long.",
    ),
    (
        500,
        "AdminInternal",
        &["internal"],
        "It failed; the log says why.",
    ),
    (
        503,
        "AdminBusy",
        &["bad_body"],
        "Too many bodies are on their way, or the server is ending.",
    ),
    (
        507,
        "AdminNoSpace",
        &["no_space"],
        "The disk is full; nothing was changed.",
    ),
];

/// What an answer with this status is called.
pub(super) fn name(status: u16) -> &'static str {
    let found = ERRORS.iter().find(|(known, ..)| *known == status);
    found.expect("only statuses of the table are described").1
}

pub(super) fn responses() -> Map<String, Value> {
    let response = |(status, name, codes, meaning): (u16, &str, &[&str], &str)| {
        let response = json!({
            "x-status": status,
            "description": meaning,
            "content": { "application/json": { "schema": schema(codes) } },
        });
        (name.to_owned(), response)
    };
    ERRORS.into_iter().map(response).collect()
}

fn schema(codes: &[&str]) -> Value {
    let code = json!({ "type": "string", "enum": codes, "description": "For programs." });
    let error = json!({
        "type": "object",
        "required": ["code", "message"],
        "additionalProperties": false,
        "properties": {
            "code": code,
            "message": text("For people.", "name: is missing"),
            "field": text("Which field is to blame, where one is.", "name"),
        },
    });
    json!({
        "type": "object",
        "required": ["error"],
        "additionalProperties": false,
        "properties": { "error": error },
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::admin::error::AdminError;

    #[test]
    fn every_error_is_described_and_every_described_code_is_one() {
        let mut there = Vec::new();
        for error in AdminError::all() {
            let (status, code) = error.status_and_code();
            let (.., codes, _) = ERRORS.iter().find(|(known, ..)| *known == status).unwrap();
            assert!(codes.contains(&code), "{status} {code}");
            there.push((status, code));
        }
        for (status, _, codes, _) in ERRORS {
            for code in codes {
                assert!(there.contains(&(status, code)), "{status} {code}");
            }
        }
    }
}
