//! What was said before.

use http::Method;
use serde_json::Value;

use super::operation::{Access, Form, Operation};
use super::schema::{
    Field, account, answer, array, id, id_given, integer, number_given, optional, payload,
    reference, required, text,
};

const TAG: &str = "History";
const MS: u64 = 1_760_000_000_000;
const SEQUENCE: u64 = 176_000_000_000_000_001;
const SEQUENCE_TEXT: &str = "176000000000000001";

/// Ways to say which part is wanted.
struct Way {
    /// What the name of its route ends in.
    name: &'static str,
    summary: [(&'static str, &'static str); 2],
    range: fn() -> Vec<Field>,
}

const BY_TIME: [(&str, &str); 2] = [
    ("Messages of two accounts by time", "按时间查询单聊漫游消息"),
    ("Messages of a topic by time", "按时间查询群聊漫游消息"),
];

const WAYS: [Way; 4] = [
    Way {
        name: "query",
        summary: BY_TIME,
        range: by_time,
    },
    Way {
        name: "queryOnTime",
        summary: BY_TIME,
        range: by_time,
    },
    Way {
        name: "queryOnCount",
        summary: [
            (
                "The newest messages of two accounts",
                "按条数查询单聊漫游消息",
            ),
            ("The newest messages of a topic", "按条数查询群聊漫游消息"),
        ],
        range: by_count,
    },
    Way {
        name: "queryOnSequence",
        summary: [
            (
                "Messages of two accounts by sequence",
                "按序号查询单聊漫游消息",
            ),
            ("Messages of a topic by sequence", "按序号查询群聊漫游消息"),
        ],
        range: by_sequence,
    },
];

const PATHS: [[(&str, &str); 2]; 4] = [
    [
        ("/api/msg/p2p/query", "p2pQuery"),
        ("/api/msg/p2t/query", "p2tQuery"),
    ],
    [
        ("/api/msg/p2p/queryOnTime", "p2pQueryOnTime"),
        ("/api/msg/p2t/queryOnTime", "p2tQueryOnTime"),
    ],
    [
        ("/api/msg/p2p/queryOnCount", "p2pQueryOnCount"),
        ("/api/msg/p2t/queryOnCount", "p2tQueryOnCount"),
    ],
    [
        ("/api/msg/p2p/queryOnSequence", "p2pQueryOnSequence"),
        ("/api/msg/p2t/queryOnSequence", "p2tQueryOnSequence"),
    ],
];

pub(super) fn schemas() -> Vec<(&'static str, Value)> {
    let p2p = answer(vec![
        ("sequence", sequence()),
        ("payload", payload()),
        ("ts", ts()),
        ("fromAccount", text("The sender.", "alice")),
        ("toAccount", text("The receiver.", "bob")),
        ("bizType", text("The sender's tag.", "TEXT")),
        (
            "packetId",
            text("The sender's id for it.", "k3Hq0ZrN2vPtx9Wd_17"),
        ),
    ]);
    let p2t = |from: Value| {
        vec![
            ("sequence", sequence()),
            ("payload", payload()),
            ("ts", ts()),
            ("fromAccount", from),
            ("senderAccount", text("The sender.", "alice")),
            ("topicId", topic_id()),
            ("bizType", text("The sender's tag.", "TEXT")),
            (
                "packetId",
                text("The sender's id for it.", "k3Hq0ZrN2vPtx9Wd_17"),
            ),
        ]
    };
    let by_sequence = || {
        let mut fields = p2t(topic_id());
        fields.push(("toAccount", text("The account that asks.", "bob")));
        fields
    };
    vec![
        ("P2pMessage", p2p),
        ("P2tMessage", answer(p2t(text("The sender.", "alice")))),
        ("P2tMessageOnSequence", answer(by_sequence())),
    ]
}

pub(super) fn operations() -> Vec<Operation> {
    let both = WAYS.iter().zip(PATHS);
    both.flat_map(|(way, [p2p, p2t])| [p2p_operation(way, p2p), p2t_operation(way, p2t)])
        .collect()
}

fn p2p_operation(way: &Way, (path, id): (&'static str, &'static str)) -> Operation {
    let mut body = vec![
        required(
            "fromAccount",
            account("One of the two; the caller must be one of them."),
        ),
        required("toAccount", account("The other.")),
    ];
    body.extend(with_app((way.range)()));
    let data = answer(vec![
        ("appId", app_id()),
        ("fromAccount", text("As asked.", "alice")),
        ("toAccount", text("As asked.", "bob")),
        ("messages", array(reference("P2pMessage"))),
        ("row", row()),
        ("timestamp", timestamp()),
    ]);
    let description = "Both directions, ascending. `query` and `queryOnTime` are the same.";
    operation(path, id, way.summary[0], description, body, data)
}

fn p2t_operation(way: &Way, (path, id): (&'static str, &'static str)) -> Operation {
    let mut body = vec![
        required("account", account("The caller.")),
        required(
            "topicId",
            id_given("A topic the caller is in.", "21351198708203520"),
        ),
    ];
    body.extend(with_app((way.range)()));
    let message = if way.name == "queryOnSequence" {
        "P2tMessageOnSequence"
    } else {
        "P2tMessage"
    };
    let data = answer(vec![
        ("appId", app_id()),
        ("topicId", topic_id()),
        ("messages", array(reference(message))),
        ("row", row()),
        ("timestamp", timestamp()),
    ]);
    let description = "Ascending, from before the caller joined as well. `query` and \
        `queryOnTime` are the same. In `queryOnSequence` the `fromAccount` of a message is the \
        topicId; the sender is `senderAccount` everywhere.";
    Operation {
        form: Form::refusing(vec![(500, "query topic fail")]),
        ..operation(path, id, way.summary[1], description, body, data)
    }
}

fn operation(
    path: &'static str,
    id: &'static str,
    summary: (&'static str, &'static str),
    description: &'static str,
    body: Vec<Field>,
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
        access: Access::Caller,
        query: vec![],
        example: None,
        body: Some(body),
        data,
        form: Form::envelope(),
    }
}

fn with_app(mut range: Vec<Field>) -> Vec<Field> {
    let app = id_given("Must be the caller's app.", "2882303761517123456");
    range.push(optional("appId", app));
    range
}

fn by_time() -> Vec<Field> {
    let from = "The beginning, in ms since 1970.";
    let to = "The end, itself not included; at most 24 hours after the beginning. Of more than \
              1,000 messages the newest 1,000 come.";
    vec![
        required("utcFromTime", number_given(from, 0, MS)),
        required("utcToTime", number_given(to, 0, MS + 86_400_000)),
    ]
}

fn by_count() -> Vec<Field> {
    let to = "The end, itself not included, in ms since 1970. With the `timestamp` of an answer \
              the next question continues before it.";
    vec![
        required("utcToTime", number_given(to, 0, MS)),
        required(
            "count",
            number_given("From 1; more than 200 is 200.", 1, 50),
        ),
    ]
}

fn by_sequence() -> Vec<Field> {
    let stop = "The end, itself not included. Of more than 1,000 messages the newest 1,000 come.";
    vec![
        required("startSeq", number_given("The beginning.", 0, SEQUENCE)),
        required("stopSeq", number_given(stop, 0, SEQUENCE + 5_000)),
    ]
}

fn app_id() -> Value {
    id("The app.", "2882303761517123456")
}

fn topic_id() -> Value {
    id("The topic.", "21351198708203520")
}

fn sequence() -> Value {
    id("Its place among all messages.", SEQUENCE_TEXT)
}

fn ts() -> Value {
    integer(
        "When, in ms since 1970; strictly ascending in a conversation.",
        MS,
    )
}

fn row() -> Value {
    integer("How many messages.", 1)
}

fn timestamp() -> Value {
    integer("The `ts` of the earliest; 0 when there is none.", MS)
}
