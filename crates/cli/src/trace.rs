//! `mimc trace`: why a message did not arrive.

use clap::ValueEnum;
use jiff::Timestamp;
use serde_json::{Map, Value};

use crate::operator::Operator;
use crate::output::{Output, table};
use crate::printable::printable;
use crate::shown;

/// The message is named by its app, and its packetId or its sequence.
#[derive(Debug, clap::Args)]
pub(crate) struct Trace {
    #[arg(value_name = "APPID")]
    app_id: String,

    #[arg(value_name = "PACKETID|SEQUENCE")]
    id: String,

    /// Who sent it, where several have used the packetId
    #[arg(long, value_name = "ACCOUNT")]
    from: Option<String>,

    /// Of the sentences
    #[arg(long, value_enum, default_value_t = Language::En)]
    language: Language,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Language {
    /// English
    En,
    /// 中文
    Zh,
}

impl Trace {
    pub(crate) async fn run(self, operator: &Operator, output: &mut Output) -> anyhow::Result<()> {
        let admin = operator.admin()?;
        let trace = admin
            .trace(&self.app_id, &self.id, self.from.as_deref())
            .await?;
        output.result(&trace, |trace| story(trace, self.language))
    }
}

/// What it is, what happened, where it stands.
fn story(trace: &Map<String, Value>, language: Language) -> String {
    let mut facts = trace.clone();
    for told_below in ["steps", "stepsOmitted", "verdict", "others", "payload"] {
        facts.remove(told_below);
    }
    facts.insert("at".into(), at(&trace["at"]).into());
    let steps = shown::rows(trace, "steps").iter().map(|step| {
        let sentence = sentence(step, language);
        vec![at(&step["at"]), sentence]
    });
    let mut parts = vec![shown::facts(&facts), table(&steps.collect::<Vec<_>>())];
    let omitted = trace["stepsOmitted"].as_u64().unwrap_or_default();
    if omitted > 0 {
        parts.push(format!("… {omitted}"));
    }
    let others: Vec<_> = shown::rows(trace, "others").iter().map(other).collect();
    if !others.is_empty() {
        parts.push(others.join("\n"));
    }
    parts.push(sentence(&trace["verdict"], language));
    parts.join("\n\n")
}

fn sentence(of: &Value, language: Language) -> String {
    let name = match language {
        Language::En => "en",
        Language::Zh => "zh",
    };
    printable(of[name].as_str().unwrap_or_default()).into_owned()
}

/// Another message with the same packetId.
fn other(other: &Value) -> String {
    let account = printable(other["account"].as_str().unwrap_or("?"));
    let at = at(&other["at"]);
    match other["sequence"].as_str() {
        Some(sequence) => format!("{at}  {sequence} --from {account}"),
        None => format!("{at}  --from {account}"),
    }
}

/// As in `2025-06-01 14:03:22.123Z`; nothing where there is no time.
fn at(ms: &Value) -> String {
    let at = ms
        .as_i64()
        .and_then(|ms| Timestamp::from_millisecond(ms).ok());
    at.map_or_else(String::new, |at| {
        at.strftime("%Y-%m-%d %H:%M:%S%.3fZ").to_string()
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn told(language: Language) -> String {
        let Value::Object(trace) = json!({
            "packetId": "p1",
            "at": 1_748_786_602_123_u64,
            "to": {"account": "bob\u{1b}"},
            "payload": "aHVzaA==",
            "steps": [
                {"at": 1_748_786_602_123_u64, "en": "It was stored.", "zh": "已存储。"},
                {"at": null, "en": "bob\u{1b} is away.", "zh": "bob\u{1b} 不在线。"},
            ],
            "stepsOmitted": 7,
            "others": [{"at": 0, "sequence": null, "account": "ann"}],
            "verdict": {"code": "waiting", "en": "It waits.", "zh": "等待中。"},
        }) else {
            panic!("an object");
        };
        story(&trace, language)
    }

    #[test]
    fn a_story_has_facts_steps_and_an_end() {
        let expected = "\
at          2025-06-01 14:03:22.123Z
packetId    p1
to.account  bob\u{fffd}

2025-06-01 14:03:22.123Z  It was stored.
                          bob\u{fffd} is away.

… 7

1970-01-01 00:00:00.000Z  --from ann

It waits.";
        assert_eq!(told(Language::En), expected);
    }

    #[test]
    fn it_is_told_in_chinese_as_well() {
        let told = told(Language::Zh);
        assert!(
            told.contains("22.123Z  已存储。") && told.ends_with("等待中。"),
            "{told}"
        );
    }
}
