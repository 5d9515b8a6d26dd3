//! Apps, accounts and messages as people and programs are shown them.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use client::admin::AppInfo;
use client::{Message, Target};
use serde_json::{Map, Value, json};

use crate::failure::say;
use crate::format;
use crate::output::table;
use crate::printable::printable;

/// One line for each name, nested ones as `outer.inner`.
pub(crate) fn facts(facts: &Map<String, Value>) -> String {
    let mut rows = Vec::new();
    collect("", facts, &mut rows);
    table(&rows)
}

/// An app with everything that the server shows of it.
pub(crate) fn app(app: &AppInfo) -> String {
    match serde_json::to_value(app) {
        Ok(Value::Object(fields)) => facts(&fields),
        _ => app.app_id.clone(),
    }
}

/// A line for each app.
pub(crate) fn apps(apps: &[AppInfo]) -> String {
    let titles = ["APPID", "NAME", "PACKAGE", "STATE"]
        .map(str::to_owned)
        .to_vec();
    let row = |app: &AppInfo| {
        let state = if app.banned { "banned" } else { "" };
        vec![
            app.app_id.clone(),
            app.name.clone(),
            app.package.clone(),
            state.to_owned(),
        ]
    };
    let rows: Vec<_> = std::iter::once(titles)
        .chain(apps.iter().map(row))
        .collect();
    table(&rows)
}

/// The list under a name of an answer; empty when there is none.
pub(crate) fn rows<'a>(answer: &'a Map<String, Value>, name: &str) -> &'a [Value] {
    answer
        .get(name)
        .and_then(Value::as_array)
        .map_or(&[], Vec::as_slice)
}

/// A line for each record. Columns have a title and a JSON pointer.
pub(crate) fn records(records: &[Value], columns: &[(&str, &str)]) -> String {
    let titles = columns.iter().map(|(title, _)| (*title).to_owned());
    let cell = |record: &Value, at| record.pointer(at).map(text).unwrap_or_default();
    let row = |record| columns.iter().map(|(_, at)| cell(record, at)).collect();
    let rows = std::iter::once(titles.collect()).chain(records.iter().map(row));
    table(&rows.collect::<Vec<_>>())
}

/// Tells where the next page begins, when there is one.
pub(crate) fn say_what_follows(page: &Map<String, Value>) {
    if let Some(next) = page.get("next").and_then(Value::as_str) {
        say(&format!("there is more: --after {next}"));
    }
}

/// A message for programs: ids as strings, the payload as base64 and, where it is text, as text.
pub(crate) fn message_json(message: &Message) -> Value {
    let mut shown = json!({
        "packetId": message.packet_id,
        "sequence": message.sequence.to_string(),
        "timestamp": message.timestamp_ms,
        "fromAccount": message.from.account,
        "fromResource": message.from.resource,
        "payload": STANDARD.encode(&message.payload),
        "text": str::from_utf8(&message.payload).ok(),
        "bizType": message.biz_type,
    });
    match &message.to {
        Target::Account(account) => shown["toAccount"] = account.as_str().into(),
        Target::Topic(topic_id) => shown["topicId"] = topic_id.to_string().into(),
    }
    shown
}

/// A message for people: when, who, where if not here, what.
pub(crate) fn message_line(message: &Message) -> String {
    let time = time_of_day(message.timestamp_ms.cast_unsigned());
    let from = printable(&message.from.account);
    let said = format::read(&message.payload).content.to_string();
    let text = printable(&said);
    match &message.to {
        Target::Account(_) => format!("{time} {from}: {text}"),
        Target::Topic(topic_id) => format!("{time} {from} in {topic_id}: {text}"),
    }
}

/// `12:34:56Z`: the machine's time zone is not asked.
pub(crate) fn time_of_day(timestamp_ms: u64) -> String {
    let seconds = timestamp_ms / 1_000 % 86_400;
    let (hours, minutes) = (seconds / 3_600, seconds / 60 % 60);
    format!("{hours:02}:{minutes:02}:{:02}Z", seconds % 60)
}

fn collect(prefix: &str, facts: &Map<String, Value>, rows: &mut Vec<Vec<String>>) {
    for (name, value) in facts {
        let name = format!("{prefix}{name}");
        match value {
            Value::Object(inner) => collect(&format!("{name}."), inner, rows),
            other => rows.push(vec![name, text(other)]),
        }
    }
}

/// A value in a column.
pub(crate) fn text(value: &Value) -> String {
    match value {
        Value::String(text) => printable(text).into_owned(),
        Value::Null => "-".to_owned(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use client::Device;

    use super::*;

    #[test]
    fn nested_facts_have_dotted_names() {
        let Value::Object(value) = json!({"a": {"b": 1, "c": null}, "d": "x"}) else {
            panic!("an object");
        };
        assert_eq!(facts(&value), "a.b  1\na.c  -\nd    x");
    }

    #[test]
    fn records_have_a_column_for_each_pointer() {
        let records_shown = [
            json!({"id": "1", "owner": {"name": "ann\u{1b}"}}),
            json!({"id": "22", "owner": null}),
        ];
        let columns = [("ID", "/id"), ("OWNER", "/owner/name")];
        let expected = "ID  OWNER\n1   ann\u{fffd}\n22";
        assert_eq!(records(&records_shown, &columns), expected);
    }

    #[test]
    fn a_message_cannot_write_to_the_terminal_but_its_text() {
        let message = Message {
            sequence: 9_007_199_254_740_993,
            timestamp_ms: 45_296_000,
            packet_id: "p".to_owned(),
            from: Device::new("ann", "desk"),
            to: Target::from("ben"),
            payload: "hi\u{1b}[2J\n".into(),
            biz_type: String::new(),
        };
        assert_eq!(
            message_line(&message),
            "12:34:56Z ann: hi\u{fffd}[2J\u{fffd}"
        );
        let json = message_json(&message);
        assert_eq!(json["sequence"], "9007199254740993");
        assert_eq!(json["text"], "hi\u{1b}[2J\n");
    }

    #[test]
    fn bytes_that_are_no_text_are_base64_only() {
        let message = Message {
            sequence: 1,
            timestamp_ms: 1,
            packet_id: String::new(),
            from: Device::new("ann", "desk"),
            to: Target::Topic(7),
            payload: vec![0xff].into(),
            biz_type: String::new(),
        };
        let json = message_json(&message);
        assert_eq!(
            (&json["payload"], &json["text"]),
            (&json!("/w=="), &Value::Null)
        );
        assert_eq!(json["topicId"], "7");
    }
}
