//! Why a message did not arrive.

use http::Method;
use serde_json::{Value, json};

use super::super::operation::Operation;
use super::super::schema::{
    account, always, answer, answer_with, array, flag, given, id, integer, nullable, one_of,
    payload, reference, sequence, text, time,
};
use super::Tag;

const KINDS: [&str; 14] = [
    "accepted",
    "stored",
    "repeated",
    "refused",
    "offline",
    "written",
    "acknowledged",
    "passed",
    "began-later",
    "pending",
    "callback",
    "callback-delivered",
    "callback-failed",
    "callback-pending",
];
const VERDICTS: [&str; 12] = [
    "acknowledged",
    "refused",
    "written",
    "queued",
    "no-device",
    "banned",
    "gone",
    "unproven",
    "nobody",
    "expired",
    "waiting",
    "partly",
];
const REASONS: [&str; 9] = [
    "bad-target",
    "forbidden",
    "blocked",
    "not-member",
    "unknown-topic",
    "too-large",
    "rate-limited",
    "busy",
    "unavailable",
];

pub(super) fn schemas() -> Vec<(&'static str, Value)> {
    let words = || {
        vec![
            (
                "en",
                text("In a sentence.", "bob's device phone acknowledged it."),
            ),
            (
                "zh",
                text("The same in Chinese.", "bob 的设备 phone 确认收到。"),
            ),
        ]
    };
    let mut step = words();
    step.push(("at", nullable(time("`null`: not known, or so now."))));
    step.push(("kind", one_of("For programs.", &KINDS)));
    let callback = json!({
        "type": "object",
        "description": "Of a step of a callback: which one, and its attempt.",
    });
    let step = answer_with(
        step,
        vec![
            ("account", text("Whose step it is.", "bob")),
            ("resource", text("Of which device.", "phone")),
            ("detail", one_of("Why it was refused.", &REASONS)),
            ("callback", callback),
        ],
    );
    let mut verdict = words();
    verdict.push(("code", one_of("For programs.", &VERDICTS)));
    let verdict = answer_with(
        verdict,
        vec![("reason", one_of("Why it was refused.", &REASONS))],
    );
    let other = answer(vec![
        ("sequence", nullable(sequence("Of that one."))),
        ("at", time("When it was sent.")),
        ("account", nullable(text("Who sent it.", "carol"))),
    ]);
    vec![
        ("Trace", trace()),
        ("TraceStep", step),
        ("TraceVerdict", verdict),
        ("TraceOther", other),
    ]
}

fn trace() -> Value {
    let from = answer(vec![
        ("account", text("The sender.", "alice")),
        ("uuid", id("Its uuid.", "5612345678901234")),
        ("resource", nullable(text("Its device.", "web"))),
    ]);
    let to_account = answer(vec![
        ("kind", always("account")),
        ("account", text("The receiver.", "bob")),
        ("uuid", id("Its uuid.", "5612345678901235")),
    ]);
    let to_topic = answer(vec![
        ("kind", always("topic")),
        ("topicId", id("The topic.", "21351198708203520")),
        ("name", nullable(text("`null`: it is gone.", "Lunch"))),
        ("members", integer("How many there were.", 3)),
    ]);
    let packet_id = text("The id that the sender gave it.", "k3Hq0ZrN2vPtx9Wd_17");
    answer_with(
        vec![
            ("packetId", nullable(packet_id)),
            ("sequence", nullable(sequence("`null`: it was not stored."))),
            ("at", time("When it was sent.")),
            ("from", nullable(from)),
            (
                "to",
                json!({ "oneOf": [to_account, to_topic, { "type": "null" }] }),
            ),
            ("bytes", nullable(integer("Of its payload.", 5))),
            ("isStored", nullable(flag("Whether history knows it."))),
            (
                "isComplete",
                flag("Whether all that happened is remembered; else only what the log proves."),
            ),
            ("steps", array(reference("TraceStep"))),
            ("stepsOmitted", integer("How many more there were.", 0)),
            ("verdict", reference("TraceVerdict")),
            ("others", array(reference("TraceOther"))),
        ],
        vec![("payload", payload())],
    )
}

pub(super) fn operations() -> Vec<Operation> {
    let from = account("Who sent it: packetIds are unique for a device only.");
    let trace = Tag("Tracing").operation(
        Method::GET,
        "/admin/v1/apps/{appId}/trace/{id}",
        "traceMessage",
        ("Why a message did not arrive", "消息为什么没有送达"),
        "By its sequence or its packetId. `others` are messages with the same packetId. The payload \
         is for admins only.",
        reference("Trace"),
    );
    vec![Operation {
        query: vec![given("from", from)],
        ..trace
    }]
}
