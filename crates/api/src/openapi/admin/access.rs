//! Who administers: tokens, sign-in codes, the console's session. And what a token of an account is
//! worth.

use http::Method;
use serde_json::{Value, json};

use super::super::operation::{Access, Operation};
use super::super::schema::{
    account, always, answer, array, id, id_given, in_both_languages, nullable, one_of, optional,
    reference, required, text, time,
};
use super::{Tag, plain};
use crate::admin::access::Role;

const TAG: Tag = Tag("Access");
const SESSION: &str = "/admin/v1/session";
const VERDICTS: [&str; 9] = [
    "valid",
    "malformed",
    "unknown",
    "gone",
    "banned",
    "revoked",
    "expired",
    "wrong-app",
    "wrong-account",
];

pub(super) fn schemas() -> Vec<(&'static str, Value)> {
    let mut shown = token_fields();
    shown.push((
        "token",
        text("The token itself, for the only time.", "mimc_Rk5v…"),
    ));
    let session = answer(vec![
        ("role", role()),
        (
            "csrf",
            text("Goes as `X-Mimc-Csrf` with what changes something.", "Zb0…"),
        ),
        ("expiresAt", time("When it ends unless it is used.")),
    ]);
    vec![
        ("AdminToken", answer(token_fields())),
        ("NewAdminToken", answer(shown)),
        ("Session", session),
    ]
}

pub(super) fn operations() -> Vec<Operation> {
    let revoked = answer(vec![
        ("id", text("Which one.", "h2Kd93kfPqLm")),
        ("deleted", always(true)),
    ]);
    vec![
        TAG.operation(
            Method::GET,
            "/admin/v1/tokens",
            "listTokens",
            ("Admin tokens", "管理 Token 列表"),
            "None shows its text. That of `admin.token` is not among them.",
            answer(vec![("tokens", array(reference("AdminToken")))]),
        ),
        create_token(),
        TAG.operation(
            Method::DELETE,
            "/admin/v1/tokens/{id}",
            "revokeToken",
            ("Revokes an admin token", "吊销管理 Token"),
            "Sessions of the console that began with it end.",
            revoked,
        ),
        code(),
        sign_in(),
        Operation {
            access: Access::Session,
            ..TAG.operation(
                Method::GET,
                SESSION,
                "showSession",
                ("Who one is in the console", "查询会话"),
                "Of the cookie: a token is no session.",
                reference("Session"),
            )
        },
        Operation {
            access: Access::Operator(Role::Viewer),
            form: plain(204, &[]),
            ..TAG.operation(
                Method::DELETE,
                SESSION,
                "signOut",
                ("Signs out of the console", "退出登录"),
                "The session ends.",
                Value::Null,
            )
        },
        explain(),
    ]
}

fn create_token() -> Operation {
    let name = json!({
        "type": "string",
        "maxLength": 256,
        "description": "For people.",
        "examples": ["on-call phone"],
    });
    Operation {
        body: Some(vec![required("role", role()), optional("name", name)]),
        form: plain(201, &[409]),
        ..TAG.operation(
            Method::POST,
            "/admin/v1/tokens",
            "createToken",
            ("A new admin token", "新建管理 Token"),
            "The answer shows its text for the only time. 409 when there are 1,000.",
            reference("NewAdminToken"),
        )
    }
}

fn code() -> Operation {
    let data = answer(vec![
        ("signin", text("Signs in to the console once.", "6rO…")),
        ("expiresAt", time("15 minutes from now.")),
    ]);
    Operation {
        access: Access::AdminToken,
        form: plain(201, &[]),
        ..TAG.operation(
            Method::POST,
            "/admin/v1/signin-codes",
            "signinCode",
            ("A link into the console", "控制台登录码"),
            "`/#/signin/CODE` signs in. Not for sessions: one would beget others for ever.",
            data,
        )
    }
}

fn sign_in() -> Operation {
    let body = vec![
        optional("token", text("An admin token.", "mimc_Rk5v…")),
        optional("signin", text("A sign-in code, instead.", "6rO…")),
    ];
    Operation {
        access: Access::Everybody,
        body: Some(body),
        example: Some(json!({ "token": "mimc_Rk5v…" })),
        ..TAG.operation(
            Method::POST,
            SESSION,
            "signIn",
            ("Signs in to the console", "登录控制台"),
            "Sets the cookie `mimc_console`, which no script reads. Refused when a page of another \
             server asks.",
            reference("Session"),
        )
    }
}

fn explain() -> Operation {
    let body = vec![
        required("token", text("A token of an account.", "AQAT8s2l...")),
        optional(
            "app",
            id_given("Whether it is of this app, too.", "2882303761517123456"),
        ),
        optional("account", account("Whether it is of this account, too.")),
    ];
    let sentence = in_both_languages(
        "What is right or wrong.",
        "The token is good.",
        "Token 有效。",
    );
    let data = answer(vec![
        ("verdict", one_of("For programs.", &VERDICTS)),
        ("sentence", sentence),
        ("appId", nullable(id("Its app.", "2882303761517123456"))),
        ("account", nullable(text("Its account.", "alice"))),
        ("uuid", nullable(id("Of its account.", "5612345678901234"))),
        ("expiresAt", nullable(time("When it ends."))),
    ]);
    Operation {
        body: Some(body),
        ..TAG.operation(
            Method::POST,
            "/admin/v1/token/explain",
            "explainToken",
            (
                "Why a token of an account is refused",
                "账号 token 为何无效",
            ),
            "The token is kept nowhere.",
            data,
        )
    }
}

fn token_fields() -> Vec<(&'static str, Value)> {
    vec![
        ("id", text("Which one.", "h2Kd93kfPqLm")),
        ("name", text("For people.", "on-call phone")),
        ("role", role()),
        ("createdAt", time("When it was made.")),
    ]
}

fn role() -> Value {
    one_of(
        "Viewers read what is no secret, admins do everything.",
        &["viewer", "admin"],
    )
}
