//! `mimc stats`: what the server is doing, how that went lately, and what is wrong.

use clap::ValueEnum;
use serde_json::{Map, Value};

use crate::operator::Operator;
use crate::output::{Output, table};
use crate::shown;

/// Points of the course that people are shown.
const POINTS_SHOWN: usize = 12;
const COLUMNS: &[(&str, &str)] = &[
    ("UTC", "at"),
    ("SESSIONS", "sessions"),
    ("IN/S", "in"),
    ("OUT/S", "out"),
    ("ACK P50 MS", "ackP50Ms"),
    ("P99", "ackP99Ms"),
    ("DELIVERY P50 MS", "deliveryP50Ms"),
    ("P99", "deliveryP99Ms"),
    ("CALLBACKS", "callbackBacklog"),
    ("CPU", "cpu"),
];

/// Figures of now, alarms, and the newest points of the course; `-o json` has all points.
#[derive(Debug, clap::Args)]
pub(crate) struct Stats {
    /// How far back the course goes
    #[arg(long, value_enum, default_value_t = Window::Minutes15)]
    window: Window,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Window {
    /// Every 5 seconds
    #[value(name = "15m")]
    Minutes15,
    /// Every minute
    #[value(name = "3h")]
    Hours3,
    /// Every 10 minutes
    #[value(name = "24h")]
    Hours24,
}

impl Stats {
    pub(crate) async fn run(self, operator: &Operator, output: &mut Output) -> anyhow::Result<()> {
        let window = match self.window {
            Window::Minutes15 => "15m",
            Window::Hours3 => "3h",
            Window::Hours24 => "24h",
        };
        let stats = operator.admin()?.stats(window).await?;
        output.result(&stats, for_people)
    }
}

fn for_people(stats: &Map<String, Value>) -> String {
    let mut parts = Vec::new();
    for alarm in shown::rows(stats, "alarms") {
        let severity = match alarm["severity"].as_str() {
            Some("bad") => "BAD",
            _ => "warning",
        };
        let sentence = alarm["sentence"]["en"].as_str().unwrap_or_default();
        parts.push(format!("{severity}  {sentence}"));
    }
    if let Some(now) = stats.get("now").and_then(Value::as_object) {
        parts.push(shown::facts(now));
    }
    let points = stats.get("series").and_then(|series| series.get("points"));
    let course = points.and_then(Value::as_object).map(course);
    parts.extend(
        course
            .filter(|rows| rows.len() > 1)
            .map(|rows| table(&rows)),
    );
    parts.join("\n\n")
}

/// A line for each of the newest points, under its titles.
fn course(points: &Map<String, Value>) -> Vec<Vec<String>> {
    let column = |name: &str| points.get(name).and_then(Value::as_array);
    let count = column("at").map_or(0, Vec::len);
    let titles = COLUMNS.iter().map(|(title, _)| (*title).to_owned());
    let row = |index: usize| {
        let cell = |name: &str| {
            let value = column(name).and_then(|values| values.get(index));
            match value.and_then(Value::as_u64) {
                Some(at_ms) if name == "at" => shown::time_of_day(at_ms),
                _ => shown::text(value.unwrap_or(&Value::Null)),
            }
        };
        COLUMNS.iter().map(|(_, name)| cell(name)).collect()
    };
    let newest = count.saturating_sub(POINTS_SHOWN)..count;
    std::iter::once(titles.collect())
        .chain(newest.map(row))
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn people_see_alarms_figures_and_the_newest_points() {
        let at: Vec<_> = (0..20).map(|index| 45_296_000 + index * 5_000).collect();
        let Value::Object(stats) = json!({
            "now": { "sessions": 7 },
            "series": { "points": { "at": at, "in": vec![1.5; 20], "ackP50Ms": vec![Value::Null; 20] } },
            "alarms": [{ "severity": "bad", "sentence": { "en": "the disk is full" } }],
        }) else {
            panic!("an object");
        };
        let text = for_people(&stats);
        let lines: Vec<_> = text.lines().collect();
        assert_eq!(lines[..3], ["BAD  the disk is full", "", "sessions  7"]);
        assert_eq!(lines.len(), 3 + 1 + 1 + POINTS_SHOWN);
        let last = lines.last().unwrap();
        assert!(
            last.starts_with("12:36:31Z") && last.contains("1.5"),
            "{last}"
        );
    }

    #[test]
    fn right_after_a_start_there_are_only_figures() {
        let Value::Object(stats) = json!({
            "now": { "sessions": 0 }, "series": { "points": { "at": [] } }, "alarms": [],
        }) else {
            panic!("an object");
        };
        assert_eq!(for_people(&stats), "sessions  0");
    }
}
