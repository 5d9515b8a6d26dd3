//! A report as lines for people.

use serde_json::Value;

use super::Report;
use crate::latency::Quantiles;

/// Nothing measured is a dash.
const NOTHING: &str = "–";

/// Names and figures under each other.
pub(crate) fn lines(report: &Report) -> String {
    let mut rows = main_rows(report);
    rows.retain(|(_, value)| value != NOTHING);
    let details = report
        .details
        .iter()
        .filter(|(name, _)| **name != "verdict");
    let details = details.filter(|(_, value)| !value.is_null());
    rows.extend(details.map(|(name, value)| (name.replace('_', " "), detail(value))));
    let width = rows.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
    let line = |(name, value): &(String, String)| format!("{name:<width$}  {value}");
    let mut text = rows.iter().map(line).collect::<Vec<_>>().join("\n");
    if let Some(verdict) = report.verdict() {
        text.push_str("\n\n");
        text.push_str(verdict);
    }
    text
}

/// What every scenario may have, by names for people.
pub(crate) fn main_rows(report: &Report) -> Vec<(String, String)> {
    let rows = [
        ("scenario", report.scenario.to_owned()),
        ("connections", count(report.connections)),
        ("seconds", number(Some(report.seconds))),
        ("offered/s", number(report.offered_per_s)),
        ("delivered/s", number(report.delivered_per_s)),
        ("acknowledged after", quantiles(report.ack_ms)),
        ("delivered after", quantiles(report.delivery_ms)),
        (
            "server CPU per message",
            unit(report.server_cpu_us_per_message, "µs"),
        ),
        (
            "bare relay's CPU per message",
            unit(report.relay_cpu_us_per_message, "µs"),
        ),
        (
            "written per message",
            unit(report.bytes_written_per_message, "bytes"),
        ),
        ("server memory", unit(report.server_rss_mb, "MB")),
        (
            "memory per connection",
            unit(report.rss_kb_per_connection, "KB"),
        ),
        ("lost", count(report.lost)),
        ("duplicated", count(report.duplicated)),
        ("reordered", count(report.reordered)),
        ("errors", report.errors.to_string()),
    ];
    rows.into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
}

/// What only this scenario has.
pub(crate) fn detail_rows(report: &Report) -> Vec<(String, String)> {
    let details = report.details.iter();
    let shown = details.filter(|(name, value)| **name != "verdict" && !value.is_null());
    shown
        .map(|(name, value)| (name.replace('_', " "), detail(value)))
        .collect()
}

pub(crate) fn number(value: Option<f64>) -> String {
    value.map_or_else(|| NOTHING.to_owned(), plain)
}

fn unit(value: Option<f64>, unit: &str) -> String {
    value.map_or_else(
        || NOTHING.to_owned(),
        |value| format!("{} {unit}", plain(value)),
    )
}

fn count(value: Option<u64>) -> String {
    value.map_or_else(|| NOTHING.to_owned(), |value| grouped(&value.to_string()))
}

pub(crate) fn quantiles(value: Option<Quantiles>) -> String {
    value.map_or_else(
        || NOTHING.to_owned(),
        |Quantiles { p50, p99, p999 }| {
            let [p50, p99, p999] = [p50, p99, p999].map(plain);
            format!("p50 {p50} ms, p99 {p99} ms, p999 {p999} ms")
        },
    )
}

fn detail(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.as_f64().map_or_else(|| number.to_string(), plain),
        Value::Object(fields) if fields.is_empty() => "none".to_owned(),
        Value::Object(fields) => {
            let one = |(name, value): (&String, &Value)| format!("{name} {}", detail(value));
            fields.iter().map(one).collect::<Vec<_>>().join(", ")
        }
        other => other.to_string(),
    }
}

/// Few digits, and thousands apart.
fn plain(value: f64) -> String {
    let text = if value.fract() == 0.0 || value.abs() >= 1_000.0 {
        format!("{value:.0}")
    } else if value.abs() >= 10.0 {
        format!("{value:.1}")
    } else {
        format!("{value:.2}")
    };
    grouped(&text)
}

fn grouped(digits: &str) -> String {
    let (whole, rest) = digits.split_once('.').unwrap_or((digits, ""));
    let mut text = String::new();
    for (index, digit) in whole.chars().enumerate() {
        if index > 0
            && (whole.len() - index) % 3 == 0
            && digit.is_ascii_digit()
            && !text.ends_with('-')
        {
            text.push(',');
        }
        text.push(digit);
    }
    if !rest.is_empty() {
        text.push('.');
        text.push_str(rest);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_few_digits_and_thousands_apart() {
        let cases = [
            (0.0, "0"),
            (0.257, "0.26"),
            (12.34, "12.3"),
            (999.0, "999"),
            (20_123.4, "20,123"),
            (1_234_567.0, "1,234,567"),
            (-1_234.0, "-1,234"),
            (-123.0, "-123"),
        ];
        for (value, expected) in cases {
            assert_eq!(plain(value), expected);
        }
    }

    #[test]
    fn what_was_not_measured_is_not_shown_and_what_was_zero_is() {
        let mut report = Report::new("p2p");
        report.lost = Some(0);
        report.detail("pairs", 1_000);
        report.detail("loop", "open");
        let text = lines(&report);
        assert!(
            text.contains("lost                0") || text.contains("lost"),
            "{text}"
        );
        assert!(!text.contains("duplicated"), "{text}");
        assert!(text.contains("1,000"), "{text}");
    }
}
