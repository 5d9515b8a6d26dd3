//! Groups.

use http::Method;
use serde_json::{Value, json};

use super::operation::{Access, Form, Operation};
use super::schema::{
    Field, account, accounts, answer, array, id, id_given, optional, reference, required, text,
};

const TAG: &str = "Topics";

/// Shapes that several answers have.
pub(super) fn schemas() -> Vec<(&'static str, Value)> {
    let info = answer(vec![
        ("topicId", id("17 or 18 digits.", "21351198708203520")),
        (
            "ownerUuid",
            id("The uuid of the owner.", "5612345678901234"),
        ),
        ("ownerAccount", text("The owner.", "alice")),
        ("topicName", text("The name.", "Lunch")),
        (
            "bulletin",
            text("What members should know.", "12:30, as ever"),
        ),
        ("extra", text("Your own text.", "")),
    ]);
    let member = answer(vec![
        ("uuid", id("Its uuid.", "5612345678901234")),
        ("account", text("The account.", "alice")),
    ]);
    let topic = answer(vec![
        ("topicInfo", reference("TopicInfo")),
        ("members", array(reference("Member"))),
    ]);
    vec![("TopicInfo", info), ("Member", member), ("Topic", topic)]
}

pub(super) fn operations() -> Vec<Operation> {
    vec![
        create(),
        mine(),
        show(),
        invite(),
        quit(),
        kick(),
        update(),
        dismiss(),
    ]
}

fn create() -> Operation {
    let body = vec![
        required("topicName", name()),
        optional(
            "accounts",
            accounts("Members besides the owner, with commas."),
        ),
        optional("extra", bounded("Your own text, up to 4 KiB.", 4096)),
    ];
    Operation {
        body: Some(body),
        ..operation(
            Method::POST,
            "/api/topic/{appId}",
            "createTopic",
            ("A new topic", "创建群"),
            "The caller is its owner and first member. Refused over the app's cap of members, and \
             to temporary accounts.",
            "create topic fail",
        )
    }
}

fn mine() -> Operation {
    Operation {
        data: array(reference("TopicInfo")),
        ..operation(
            Method::GET,
            "/api/topic/{appId}/account",
            "myTopics",
            ("The caller's topics", "查询所属的群"),
            "In the order in which the caller joined them.",
            "query topic fail",
        )
    }
}

fn show() -> Operation {
    operation(
        Method::GET,
        "/api/topic/{appId}/{topicId}",
        "queryTopic",
        ("A topic with its members", "查询群信息"),
        "For members. They stand in the order in which they joined.",
        "query topic fail",
    )
}

fn invite() -> Operation {
    Operation {
        body: Some(vec![required("accounts", some_accounts())]),
        ..operation(
            Method::POST,
            "/api/topic/{appId}/{topicId}/accounts",
            "joinTopic",
            ("Brings others in", "邀请用户入群"),
            "Any member may. Those who are in already are ignored; over the app's cap nobody is \
             added.",
            "join topic fail",
        )
    }
}

fn quit() -> Operation {
    Operation {
        data: json!({ "type": "null" }),
        ..operation(
            Method::DELETE,
            "/api/topic/{appId}/{topicId}/account",
            "quitTopic",
            ("Leaves a topic", "退群"),
            "For any member but the owner.",
            "quit topic fail",
        )
    }
}

fn kick() -> Operation {
    Operation {
        query: vec![required("accounts", some_accounts())],
        ..operation(
            Method::DELETE,
            "/api/topic/{appId}/{topicId}/accounts",
            "kickFromTopic",
            ("Removes members", "踢人出群"),
            "For the owner, who stays. Names that are no members are ignored.",
            "kick topic fail",
        )
    }
}

fn update() -> Operation {
    let mut owner = account("A member who owns it from now on.");
    if let Some(schema) = owner.as_object_mut() {
        schema.remove("minLength");
        schema.insert(
            "pattern".into(),
            r"^[^,\u0000-\u001f\u007f-\u009f]*$".into(),
        );
    }
    let owner_uuid = json!({
        "type": ["string", "integer"],
        "pattern": "^$|^0*[1-9][0-9]{0,18}$",
        "minimum": 1,
        "maximum": i64::MAX,
        "description": "The same by uuid; where both are given they must agree.",
        "examples": ["5612345678901234"],
    });
    let topic_id = id_given("Must be that of the path.", "21351198708203520");
    let body = vec![
        optional("ownerAccount", owner),
        optional("ownerUuid", owner_uuid),
        optional(
            "topicName",
            bounded("Up to 256 bytes; empty is as good as missing.", 256),
        ),
        optional("bulletin", bounded("Up to 4 KiB; empty clears it.", 4096)),
        optional("extra", bounded("Up to 4 KiB; empty clears it.", 4096)),
        optional("topicId", topic_id),
    ];
    Operation {
        body: Some(body),
        ..operation(
            Method::PUT,
            "/api/topic/{appId}/{topicId}",
            "updateTopic",
            ("Changes a topic", "更新群信息"),
            "For the owner. What is missing stays.",
            "update topic fail",
        )
    }
}

fn dismiss() -> Operation {
    let refusal = "dismiss topic fail";
    Operation {
        data: json!({ "type": "null" }),
        form: Form::Envelope {
            message: "success！",
            refusals: vec![(500, refusal)],
        },
        ..operation(
            Method::DELETE,
            "/api/topic/{appId}/{topicId}",
            "dismissTopic",
            ("Ends a topic", "解散群"),
            "For the owner. The message of its success ends with U+FF01.",
            refusal,
        )
    }
}

fn operation(
    method: Method,
    path: &'static str,
    id: &'static str,
    summary: (&'static str, &'static str),
    description: &'static str,
    refusal: &'static str,
) -> Operation {
    Operation {
        method,
        path,
        id,
        tag: TAG,
        summary: summary.0,
        summary_zh: summary.1,
        description,
        access: Access::Caller,
        query: Vec::<Field>::new(),
        example: None,
        body: None,
        data: reference("Topic"),
        form: Form::refusing(vec![(500, refusal)]),
    }
}

fn name() -> Value {
    let mut name = bounded("1 to 256 bytes.", 256);
    name["minLength"] = 1.into();
    name["examples"] = json!(["Lunch"]);
    name
}

fn bounded(description: &str, bytes_max: u32) -> Value {
    json!({ "type": "string", "maxLength": bytes_max, "description": description, "examples": ["x"] })
}

fn some_accounts() -> Value {
    let mut named = accounts("At least one account; several with commas.");
    named["minLength"] = 1.into();
    named
}
