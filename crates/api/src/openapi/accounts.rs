//! Tokens, and who is online.

use http::Method;
use serde_json::{Value, json};

use super::operation::{Access, Form, Operation};
use super::schema::{account, answer, array, id, integer, required, text};

const TAG: &str = "Accounts";

pub(super) fn operations() -> Vec<Operation> {
    vec![token(), status()]
}

fn token() -> Operation {
    Operation {
        method: Method::POST,
        path: "/api/account/token",
        id: "token",
        tag: TAG,
        summary: "A token for an account",
        summary_zh: "为账号获取 token",
        description: "Asked for by your server, never by a client. The account exists from the \
            first time it is named. Its client needs the whole answer to log in.",
        access: Access::Credentials,
        query: vec![],
        example: None,
        body: Some(vec![required(
            "appAccount",
            account("Your own id of the user: 1 to 128 bytes, no comma, no control characters."),
        )]),
        data: token_data(),
        form: Form::envelope(),
    }
}

/// What a client needs to log in.
pub(super) fn token_data() -> Value {
    answer(vec![
        ("appId", id("The app.", "2882303761517123456")),
        (
            "appPackage",
            text("The package of the app.", "com.example.shop"),
        ),
        ("appAccount", text("The account.", "alice")),
        ("miChid", integer("Always 9.", 9)),
        (
            "miUserId",
            id("The uuid of the account.", "5612345678901234"),
        ),
        (
            "miUserSecurityKey",
            text(
                "Signs the client's login; base64.",
                "o2bFP6ve0ajXq/ZJTA0B1Q==",
            ),
        ),
        (
            "token",
            text("Logs in, for 7 days by default.", "AQAT8s2l..."),
        ),
        (
            "feDomainName",
            text("Where the client asks for addresses.", "chat.example.com"),
        ),
        (
            "relayDomainName",
            text("Where the client connects.", "chat.example.com"),
        ),
        ("regionBucket", integer("Always 0.", 0)),
    ])
}

fn status() -> Operation {
    let names = json!({
        "type": ["string", "array"],
        "minItems": 1,
        "maxItems": 1000,
        "items": account("An account."),
        "description": "1 to 1,000 accounts: a list, or one text with commas.",
        "examples": ["alice,bob"],
    });
    Operation {
        method: Method::POST,
        path: "/api/account/status",
        id: "accountStatus",
        tag: TAG,
        summary: "Which devices of accounts are online",
        summary_zh: "查询账号在线的设备",
        description: "In the order asked for, each account once. An account that nobody has named \
            has no devices and is not made by this.",
        access: Access::Caller,
        query: vec![],
        example: None,
        body: Some(vec![required("accounts", names)]),
        data: array(answer(vec![
            ("account", text("The account.", "alice")),
            ("onlineResources", array(text("A device.", "phone"))),
        ])),
        form: Form::envelope(),
    }
}
