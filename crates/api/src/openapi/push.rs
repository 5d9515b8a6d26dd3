//! Messages of an app's server.

use http::Method;
use serde_json::{Value, json};

use super::operation::{Access, Form, Operation};
use super::schema::{Field, account, answer, array, id_given, optional, required, text};

const TAG: &str = "Push";
const TOO_LARGE: (u16, &str) = (413, "payload too large");

pub(super) fn operations() -> Vec<Operation> {
    let one = || answer(vec![("packetId", packet_id())]);
    let many = || answer(vec![("packetIds", array(packet_id()))]);
    vec![
        operation(
            "/api/push/p2p",
            "pushP2p",
            ("A message to an account", "向账号推送消息"),
            "Returns when the message is on disk. 403 also when the receiver has blocked the \
             account.",
            required("toAccount", account("The receiver.")),
            one(),
        ),
        operation(
            "/api/push/p2p/more",
            "pushP2pMore",
            ("A message to many accounts", "向多个账号推送消息"),
            "A packetId for each element, in the same order. What fails for one harms no other. A \
             name that stands twice gets one message.",
            required("toAccounts", list(account("A receiver."))),
            many(),
        ),
        Operation {
            form: Form::refusing(vec![TOO_LARGE, (500, "push topic fail")]),
            ..operation(
                "/api/push/p2t",
                "pushP2t",
                ("A message to a topic", "向群推送消息"),
                "Returns when the message is on disk. The account need not be a member.",
                required("topicId", topic_id()),
                one(),
            )
        },
        operation(
            "/api/push/p2t/more",
            "pushP2tMore",
            ("A message to many topics", "向多个群推送消息"),
            "A packetId for each element, in the same order. What fails for one harms no other.",
            required("topicIds", list(topic_id())),
            many(),
        ),
    ]
}

fn operation(
    path: &'static str,
    id: &'static str,
    summary: (&'static str, &'static str),
    description: &'static str,
    target: Field,
    data: Value,
) -> Operation {
    Operation {
        method: Method::POST,
        path,
        id,
        tag: TAG,
        summary: summary.0,
        summary_zh: summary.1,
        description,
        access: Access::Credentials,
        query: vec![],
        example: None,
        body: Some(body(target)),
        data,
        form: Form::refusing(vec![TOO_LARGE]),
    }
}

fn body(target: Field) -> Vec<Field> {
    let msg_type = json!({
        "type": "string",
        "enum": ["", "base64"],
        "description": "`base64`: `msg` is base64 of the payload. Else the payload is its UTF-8.",
        "examples": [""],
    });
    let resource = json!({
        "type": "string",
        "maxLength": 256,
        "pattern": r"^[^\u0000-\u001f\u007f-\u009f]*$",
        "description": "The sending device, which gets no copy; `server` when it is missing.",
        "examples": ["backend"],
    });
    let is_store = json!({
        "type": ["boolean", "string"],
        "enum": [true, false, "true", "false"],
        "description": "Whether history and contacts shall know it; true when it is missing.",
        "examples": [true],
    });
    let biz_type = json!({
        "type": "string",
        "maxLength": 512,
        "description": "Your own tag, up to 512 bytes.",
        "examples": ["TEXT"],
    });
    vec![
        required("fromAccount", account("The sender.")),
        optional("fromResource", resource),
        target,
        required("msg", text("The message.", "hello")),
        optional("msgType", msg_type),
        optional("isStore", is_store),
        optional("bizType", biz_type),
    ]
}

fn list(items: Value) -> Value {
    let mut schema = array(items);
    schema["minItems"] = 1.into();
    schema["maxItems"] = 1_000.into();
    schema["description"] = "1 to 1,000 elements.".into();
    schema
}

fn topic_id() -> Value {
    id_given("The topic.", "21351198708203520")
}

fn packet_id() -> Value {
    text(
        "The id of the message for its sender.",
        "k3Hq0ZrN2vPtx9Wd_17",
    )
}
