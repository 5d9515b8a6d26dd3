//! The figures of `GET /admin/v1/stats`. Counts are since the start, rates per second.

use serde_json::{Value, json};

use super::super::schema::{
    answer, array, flag, in_both_languages, integer, nullable, number, one_of, reference, text,
    time,
};

pub(super) fn schemas() -> Vec<(&'static str, Value)> {
    let stats = answer(vec![
        ("now", reference("Now")),
        ("series", reference("Series")),
        ("alarms", array(reference("Alarm"))),
    ]);
    let step = integer("Seconds between points.", 5);
    let series = answer(vec![
        (
            "window",
            one_of("As it was asked for.", &["15m", "3h", "24h"]),
        ),
        ("stepS", step),
        (
            "from",
            nullable(time(
                "When the stretch of the first point began; `null` without a point.",
            )),
        ),
        ("points", reference("Points")),
    ]);
    let values = json!({
        "type": "object",
        "additionalProperties": { "type": "number" },
        "description": "The figures behind it, and the thresholds.",
        "examples": [{ "free_bytes": 900_000_000 }],
    });
    let sentence = in_both_languages(
        "What is so, and what to do.",
        "The disk is nearly full: make room.",
        "磁盘将满：请清理。",
    );
    let alarm = answer(vec![
        ("id", text("The check that found it.", "disk-space")),
        ("severity", one_of("How bad it is.", &["warn", "bad"])),
        ("since", time("Since when.")),
        ("values", values),
        ("sentence", sentence),
    ]);
    vec![
        ("Stats", stats),
        ("Now", now()),
        ("Storage", storage()),
        ("MessageCounts", messages()),
        ("CallbackCounts", callbacks()),
        ("Series", series),
        ("Points", points()),
        ("Alarm", alarm),
    ]
}

fn now() -> Value {
    let descriptors = answer(vec![
        ("open", nullable(integer("Open files and sockets.", 64))),
        (
            "max",
            nullable(integer("How many there may be.", 1_048_576)),
        ),
    ]);
    answer(vec![
        ("at", time("When these figures were so.")),
        ("startedAt", time("When the server started.")),
        ("version", text("Of the server.", env!("CARGO_PKG_VERSION"))),
        ("sessions", integer("Devices that are logged in.", 12)),
        ("apps", integer("Apps.", 1)),
        ("tcp", integer("Connections over TCP.", 10)),
        ("websocket", integer("Connections over WebSocket.", 2)),
        ("http", integer("Connections over HTTP.", 3)),
        (
            "residentBytes",
            integer("Memory of the process.", 40_000_000),
        ),
        (
            "cpuSeconds",
            number("Time of all processors that it took.", 1.5),
        ),
        ("descriptors", descriptors),
        ("storage", reference("Storage")),
        ("callbacks", reference("CallbackCounts")),
        ("messages", reference("MessageCounts")),
    ])
}

fn storage() -> Value {
    answer(vec![
        (
            "bytes",
            integer("What the data directory takes.", 50_000_000),
        ),
        ("segments", integer("Segments of the log.", 2)),
        (
            "freeBytes",
            nullable(integer("Free on its disk.", 90_000_000_000)),
        ),
        (
            "diskBytes",
            nullable(integer("Size of its disk.", 100_000_000_000)),
        ),
        (
            "damages",
            integer("Places of the log that cannot be read.", 0),
        ),
        (
            "readOnly",
            flag("Whether a write failed: nothing is stored before a restart."),
        ),
    ])
}

fn callbacks() -> Value {
    answer(vec![
        ("pending", integer("Owed, as far as they were counted.", 0)),
        ("isMorePending", flag("Whether there are more.")),
        ("delivered", integer("Taken by the apps' servers.", 100)),
        ("retried", integer("Attempts after the first.", 1)),
        ("failed", integer("Given up.", 0)),
    ])
}

fn messages() -> Value {
    let refused = json!({
        "type": "object",
        "additionalProperties": { "type": "integer", "minimum": 0 },
        "description": "Refused, by reason.",
        "examples": [{ "too-large": 1 }],
    });
    answer(vec![
        ("accepted", integer("Taken from senders.", 100)),
        ("stored", integer("On disk.", 99)),
        ("repeated", integer("Sent again, and known already.", 1)),
        ("delivered", integer("Written to devices.", 120)),
        ("acknowledged", integer("Acknowledged by devices.", 120)),
        (
            "offline",
            integer("For accounts without a device online.", 4),
        ),
        ("refused", refused),
    ])
}

/// Columns of one length: a point is about the step that ends at its time.
fn points() -> Value {
    let column = |of: Value, description: &str| {
        let mut column = array(of);
        column["description"] = description.into();
        column
    };
    let count = |description: &str| column(integer("", 1), description);
    let rate = |description: &str| column(number("", 1.5), description);
    let latency = |description: &str| column(nullable(number("", 1.5)), description);
    answer(vec![
        ("at", count("When the step ended, in ms since 1970.")),
        ("sessions", count("Devices that were logged in.")),
        ("tcp", count("Connections over TCP.")),
        ("websocket", count("Connections over WebSocket.")),
        ("http", count("Connections over HTTP.")),
        ("in", rate("Messages stored, per second.")),
        ("out", rate("Messages written to devices, per second.")),
        (
            "ackP50Ms",
            latency("Until the sender had its receipt: half were faster."),
        ),
        ("ackP99Ms", latency("The same: 99 of 100 were faster.")),
        (
            "deliveryP50Ms",
            latency("Until a device had it: half were faster."),
        ),
        ("deliveryP99Ms", latency("The same: 99 of 100 were faster.")),
        (
            "flushP50Ms",
            latency("A write to the disk: half were faster."),
        ),
        ("flushP99Ms", latency("The same: 99 of 100 were faster.")),
        ("callbackBacklog", count("Callbacks that were owed.")),
        ("storageBytes", count("What the data directory took.")),
        ("cpu", rate("Processors that were busy.")),
        ("residentBytes", count("Memory of the process.")),
    ])
}
