//! With whom an account has talked, and from whom it does not want to hear.

use http::Method;
use serde_json::{Value, json};

use super::operation::{Access, Form, Operation, account_in_query};
use super::schema::{Field, account, answer, array, id, payload, reference, required, text};

const CONTACTS: &str = "Contacts";
const BLACKLIST: &str = "Blacklist";
const BLACK_ACCOUNT: &str = "blackAccount";

pub(super) fn schemas() -> Vec<(&'static str, Value)> {
    let last = answer(vec![
        (
            "fromUuid",
            id("The uuid of the sender.", "5612345678901234"),
        ),
        ("fromAccount", text("The sender.", "alice")),
        ("payload", payload()),
        (
            "sequence",
            id("Its place among all messages.", "176000000000000001"),
        ),
        ("bizType", text("The sender's tag.", "TEXT")),
    ]);
    let kind = json!({ "enum": ["USER", "TOPIC"], "examples": ["USER"] });
    let timestamp = text("Of the last message, in ms since 1970.", "1760000000000");
    let contact = answer(vec![
        ("userType", kind),
        ("id", id("A uuid or a topicId.", "5612345678901234")),
        ("name", text("An account, or the name of a topic.", "alice")),
        ("timestamp", timestamp),
        ("lastMessage", last),
    ]);
    vec![("Contact", contact)]
}

pub(super) fn operations() -> Vec<Operation> {
    let topic_id = json!({
        "type": "string",
        "pattern": "^0*[1-9][0-9]{0,18}$",
        "description": "The topic.",
        "examples": ["21351198708203520"],
    });
    let remaining = "Only the caller's list changes; the history stays, and a newer message \
        brings the contact back. Answers with the remaining list.";
    let contacts = |method, path, id, summary, description, query| Operation {
        tag: CONTACTS,
        query,
        data: array(reference("Contact")),
        ..operation(method, path, id, summary, description)
    };
    vec![
        contacts(
            Method::GET,
            "/api/contact",
            "contacts",
            ("Recent contacts", "查询最近联系人"),
            "Of the last 30 days, the newest first, at most 1,000.",
            vec![],
        ),
        contacts(
            Method::DELETE,
            "/api/contact/p2p/session",
            "deleteP2pSession",
            ("Takes an account out of the contacts", "删除单聊最近联系人"),
            remaining,
            vec![account_in_query("member", "The account.")],
        ),
        contacts(
            Method::DELETE,
            "/api/contact/p2t/session",
            "deleteP2tSession",
            ("Takes a topic out of the contacts", "删除群聊最近联系人"),
            remaining,
            vec![required("topicId", topic_id)],
        ),
        show_blocked(),
        block(),
        unblock(),
    ]
}

fn show_blocked() -> Operation {
    Operation {
        query: vec![in_query()],
        data: answer(vec![(
            "isBlack",
            json!({ "type": "boolean", "examples": [true] }),
        )]),
        ..operation(
            Method::GET,
            "/api/blacklist",
            "isBlocked",
            (
                "Whether the caller has blocked an account",
                "查询是否已拉黑",
            ),
            "An account that nobody has named is not blocked, and is not made by this.",
        )
    }
}

fn block() -> Operation {
    Operation {
        body: Some(vec![required(BLACK_ACCOUNT, account("Whom; not oneself."))]),
        ..operation(
            Method::POST,
            "/api/blacklist",
            "block",
            ("Blocks an account", "拉黑"),
            "From now on its P2P messages to the caller are refused as they are sent.",
        )
    }
}

fn unblock() -> Operation {
    Operation {
        query: vec![in_query()],
        ..operation(
            Method::DELETE,
            "/api/blacklist",
            "unblock",
            ("Lets an account write again", "取消拉黑"),
            "What was refused meanwhile does not come.",
        )
    }
}

fn in_query() -> Field {
    account_in_query(BLACK_ACCOUNT, "The account.")
}

fn operation(
    method: Method,
    path: &'static str,
    id: &'static str,
    summary: (&'static str, &'static str),
    description: &'static str,
) -> Operation {
    Operation {
        method,
        path,
        id,
        tag: BLACKLIST,
        summary: summary.0,
        summary_zh: summary.1,
        description,
        access: Access::Caller,
        query: vec![],
        example: None,
        body: None,
        data: json!({ "type": "null" }),
        form: Form::envelope(),
    }
}
