//! Apps, as operators make and change them.

use std::ops::RangeInclusive;

use http::Method;
use model::limits::{ACCOUNT_TTL_S, PAYLOAD_BYTES, RETENTION_DAYS, TOPIC_MEMBERS};
use serde_json::{Value, json};

use super::super::accounts;
use super::super::operation::{Operation, envelope};
use super::super::schema::{
    Field, account, always, answer, answer_with, array, flag, given, id, id_given, integer,
    nullable, optional, reference, required, text, time,
};
use super::{Tag, plain};

const TAG: Tag = Tag("Apps");
const APPS: &str = "/admin/v1/apps";
const APP: &str = "/admin/v1/apps/{appId}";

pub(super) fn schemas() -> Vec<(&'static str, Value)> {
    let settings = answer(vec![
        (
            "instantCallback",
            nullable(url("Every message is posted here.")),
        ),
        (
            "offlineCallback",
            nullable(url("Messages that reached no device are posted here.")),
        ),
        (
            "accountTtl",
            integer("Seconds until an account ends; 0: never.", 0),
        ),
        ("topicMembers", integer("Most members of a topic.", 500)),
        ("maxPayload", integer("Most bytes of a payload.", 15_360)),
        ("retentionDays", integer("Days that history is kept.", 183)),
    ]);
    let secret = "Of the app's server. Shown when it is made, and never again.";
    let app = answer_with(
        vec![
            ("appId", id("The app.", "2882303761517123456")),
            (
                "appKey",
                text("Its key, which is no secret.", "5981712345678"),
            ),
            ("name", text("For people.", "Shop")),
            ("package", text("Of its clients.", "com.example.shop")),
            ("banned", flag("Whether nobody can log in.")),
            ("createdAt", time("When it was made.")),
            ("settings", reference("AppSettings")),
        ],
        vec![
            ("appSecret", text(secret, "HZuuBgtOnoq62aIbDEr0Dw==")),
            (
                "callbackSecret",
                text(
                    "Signs its callbacks. For admins only.",
                    "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD",
                ),
            ),
        ],
    );
    vec![("App", app), ("AppSettings", settings)]
}

pub(super) fn operations() -> Vec<Operation> {
    vec![
        list(),
        create(),
        TAG.operation(
            Method::GET,
            APP,
            "showApp",
            ("An app with its settings", "查询应用"),
            "Without its secret, and for viewers without that of its callbacks.",
            reference("App"),
        ),
        change(),
        TAG.operation(
            Method::DELETE,
            APP,
            "deleteApp",
            ("Deletes an app", "删除应用"),
            "With its accounts, topics, messages and callbacks. It cannot be undone.",
            answer(vec![
                ("appId", id("The app.", "2882303761517123456")),
                ("deleted", always(true)),
            ]),
        ),
        TAG.operation(
            Method::POST,
            "/admin/v1/apps/{appId}/rotate-secret",
            "rotateSecret",
            ("A new secret for an app", "更换应用密钥"),
            "The old secret, all tokens and all sessions end at once. The answer shows the new one, \
             `appSecret`, for the only time.",
            reference("App"),
        ),
        TAG.operation(
            Method::POST,
            "/admin/v1/apps/{appId}/ban",
            "banApp",
            ("Bans an app", "封禁应用"),
            "Its sessions end, its tokens are void, and nobody logs in or sends.",
            reference("App"),
        ),
        TAG.operation(
            Method::POST,
            "/admin/v1/apps/{appId}/unban",
            "unbanApp",
            ("Lifts the ban of an app", "解封应用"),
            "Tokens from before stay void: clients fetch new ones.",
            reference("App"),
        ),
        token(),
    ]
}

fn list() -> Operation {
    TAG.operation(
        Method::GET,
        APPS,
        "listApps",
        ("All apps", "应用列表"),
        "The oldest first.",
        answer(vec![("apps", array(reference("App")))]),
    )
}

fn create() -> Operation {
    let body = vec![
        required("name", bounded("For people.", "Shop")),
        required("package", bounded("Of its clients.", "com.example.shop")),
        optional(
            "appId",
            id_given("Of an app that moves here.", "2882303761517123456"),
        ),
        optional(
            "appKey",
            bounded("Of an app that moves here.", "5981712345678"),
        ),
        optional(
            "appSecret",
            bounded("Of an app that moves here.", "HZuuBgtOnoq62aIbDEr0Dw=="),
        ),
    ];
    Operation {
        body: Some(body),
        example: Some(json!({ "name": "Shop", "package": "com.example.shop" })),
        form: plain(201, &[409]),
        ..TAG.operation(
            Method::POST,
            APPS,
            "createApp",
            ("A new app", "新建应用"),
            "With credentials of its own, or with all three that it had at MIMC: 409 when another \
             app has them. The answer shows `appSecret` for the only time.",
            reference("App"),
        )
    }
}

fn change() -> Operation {
    let body = vec![
        optional("instantCallback", url("Empty or `null`: none.")),
        optional("offlineCallback", url("Empty or `null`: none.")),
        limited(
            "accountTtl",
            ACCOUNT_TTL_S,
            "Seconds until an account ends; 0: never.",
        ),
        limited("topicMembers", TOPIC_MEMBERS, "Most members of a topic."),
        limited("maxPayload", PAYLOAD_BYTES, "Most bytes of a payload."),
        limited(
            "retentionDays",
            RETENTION_DAYS,
            "Days that history is kept.",
        ),
    ];
    Operation {
        body: Some(body),
        example: Some(json!({ "retentionDays": 365 })),
        form: plain(200, &[422]),
        ..TAG.operation(
            Method::PATCH,
            APP,
            "changeApp",
            ("Changes settings of an app", "修改应用设置"),
            "What is named changes, all else stays; nothing changes when one value is bad.",
            reference("App"),
        )
    }
}

fn token() -> Operation {
    Operation {
        body: Some(vec![required("account", account("Whose; it may be new."))]),
        ..TAG.operation(
            Method::POST,
            "/admin/v1/apps/{appId}/token",
            "mintToken",
            ("A token for an account", "为账号签发 token"),
            "In the envelope of `/api/account/token`, and with its data: a ban is a refusal over HTTP \
             200 here as well.",
            envelope("success", &accounts::token_data()),
        )
    }
}

fn url(description: &str) -> Value {
    text(description, "https://shop.example.com/messages")
}

fn bounded(description: &str, example: &str) -> Value {
    let mut schema = text(&format!("{description} 1 to 256 bytes."), example);
    schema["minLength"] = 1.into();
    schema["maxLength"] = 256.into();
    schema
}

fn limited(name: &'static str, range: RangeInclusive<u32>, description: &str) -> Field {
    let (min, max) = (range.start(), range.end());
    let schema = json!({
        "type": "integer",
        "minimum": min,
        "maximum": max,
        "description": format!("{description} {min} to {max}."),
        "examples": [max],
    });
    given(name, schema)
}
