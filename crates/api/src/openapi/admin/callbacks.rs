//! Callbacks of an app: what was posted, again, and as a trial.

use http::Method;
use serde_json::{Value, json};

use super::super::operation::Operation;
use super::super::schema::{
    always, answer, array, flag, given, in_both_languages, integer, nullable, one_of, optional,
    page, paging, reference, required, sequence, text, time,
};
use super::{Tag, plain};

const TAG: Tag = Tag("Callbacks");
const ID: &str = "cb_k3Hq0ZrN2vPtx9Wd";

pub(super) fn schemas() -> Vec<(&'static str, Value)> {
    let attempt = answer(vec![
        ("at", time("When it began.")),
        (
            "httpStatus",
            nullable(integer("What the server answered.", 200)),
        ),
        (
            "error",
            nullable(text("Why there was no answer.", "connection refused")),
        ),
        ("ms", integer("How long it took.", 12)),
    ]);
    let kinds = [
        "NORMAL_MSG",
        "NORMAL_TOPIC_MSG",
        "OFFLINE_MSG",
        "OFFLINE_TOPIC_MSG",
    ];
    let callback = || {
        vec![
            ("id", text("Which one.", ID)),
            ("msgType", one_of("What is posted, and why.", &kinds)),
            (
                "url",
                nullable(text(
                    "Where the newest attempt went.",
                    "https://shop.example.com/messages",
                )),
            ),
            ("sequence", sequence("Of the message.")),
            (
                "status",
                one_of("How it stands.", &["delivered", "pending", "failed"]),
            ),
            ("createdAt", time("When it was owed.")),
            (
                "nextAt",
                nullable(time("When a pending one is posted next.")),
            ),
            ("attempts", array(reference("CallbackAttempt"))),
        ]
    };
    let headers = json!({
        "type": "object",
        "additionalProperties": { "type": "string" },
        "description": "With the signature.",
        "examples": [{ "webhook-id": ID }],
    });
    let request = answer(vec![
        (
            "url",
            text("Where to.", "https://shop.example.com/messages"),
        ),
        ("headers", headers),
        (
            "body",
            text("As it was signed.", "{\"msgType\":\"NORMAL_MSG\"}"),
        ),
    ]);
    let mut shown = callback();
    shown.push(("request", json!({
        "oneOf": [reference("CallbackRequest"), { "type": "null" }],
        "description": "What was or will be posted; `null` for viewers, and when the message is no longer kept.",
    })));
    vec![
        ("CallbackAttempt", attempt),
        ("Callback", answer(callback())),
        ("CallbackRequest", request),
        ("ShownCallback", answer(shown)),
    ]
}

pub(super) fn operations() -> Vec<Operation> {
    let replayed = answer(vec![
        ("id", text("Which one.", ID)),
        ("replayed", always(true)),
    ]);
    let count = integer("How many.", 3);
    vec![
        list(),
        TAG.operation(
            Method::GET,
            "/admin/v1/apps/{appId}/callbacks/{id}",
            "showCallback",
            ("A callback with its attempts", "查询回调"),
            "For admins with what was posted.",
            reference("ShownCallback"),
        ),
        TAG.operation(
            Method::POST,
            "/admin/v1/apps/{appId}/callbacks/{id}/replay",
            "replayCallback",
            ("Posts a callback again", "重放回调"),
            "With all its retries before it.",
            replayed,
        ),
        TAG.operation(
            Method::POST,
            "/admin/v1/apps/{appId}/callbacks/replay",
            "replayFailedCallbacks",
            ("Posts all failed callbacks again", "重放所有失败的回调"),
            "Each with all its retries before it.",
            answer(vec![("replayed", count)]),
        ),
        test(),
        verify(),
    ]
}

fn list() -> Operation {
    let only = one_of("Only those.", &["failed"]);
    let mut query = vec![given("status", only)];
    query.extend(paging(text(
        "The `next` of the page before.",
        "176000000000000001-instant",
    )));
    Operation {
        query,
        ..TAG.operation(
            Method::GET,
            "/admin/v1/apps/{appId}/callbacks",
            "listCallbacks",
            ("Callbacks of an app", "回调列表"),
            "The newest first.",
            page("callbacks", reference("Callback")),
        )
    }
}

fn test() -> Operation {
    let tried = |which: &str| {
        json!({
            "oneOf": [reference("CallbackAttempt"), { "type": "null" }],
            "description": format!("What came of it; `null`: the app has no {which} callback."),
        })
    };
    Operation {
        form: plain(200, &[409]),
        ..TAG.operation(
            Method::POST,
            "/admin/v1/apps/{appId}/callbacks/test",
            "testCallbacks",
            ("Posts a sample to the app's URLs", "发送测试回调"),
            "Answers when they have. 409 when the app has no URL.",
            answer(vec![
                ("instant", tried("instant")),
                ("offline", tried("offline")),
            ]),
        )
    }
}

fn verify() -> Operation {
    let headers = json!({
        "type": "object",
        "additionalProperties": { "type": "string" },
        "description": "All that came; or `id`, `timestamp` and `signature` instead.",
    });
    let timestamp = json!({
        "type": ["string", "integer"],
        "description": "The header webhook-timestamp.",
    });
    let body = vec![
        required("body", text("As it came, byte for byte.", "{}")),
        optional("headers", headers),
        optional("id", text("The header webhook-id.", ID)),
        optional("timestamp", timestamp),
        optional(
            "signature",
            text(
                "The header webhook-signature.",
                "v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4=",
            ),
        ),
    ];
    let data = answer(vec![
        ("valid", flag("Whether the app's secret has signed that.")),
        (
            "expected",
            text(
                "The right signature.",
                "v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4=",
            ),
        ),
        (
            "sentence",
            in_both_languages(
                "What is right or wrong.",
                "The signature is right.",
                "签名正确。",
            ),
        ),
    ]);
    let example = json!({
        "body": "{}",
        "id": ID,
        "timestamp": "1760000000",
        "signature": "v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4=",
    });
    Operation {
        body: Some(body),
        example: Some(example),
        form: plain(200, &[409]),
        ..TAG.operation(
            Method::POST,
            "/admin/v1/apps/{appId}/callbacks/verify",
            "verifyCallback",
            ("Checks a signature", "校验回调签名"),
            "Of a callback as your server received it. 409 when the app's callback secret is not of \
             the form that is needed.",
            data,
        )
    }
}
