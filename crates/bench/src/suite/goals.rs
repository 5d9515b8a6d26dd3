//! What is wanted of a server, beside what was found.

use serde::Serialize;
use serde_json::Value;

use super::Run;
use crate::report::Report;
use crate::report::text::number;

/// One goal.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Goal {
    pub(super) what: String,
    pub(super) wanted: String,
    pub(super) found: String,
    /// `None` when it was not measured.
    pub(super) met: Option<bool>,
}

/// How a figure meets its goal.
#[derive(Clone, Copy, Debug)]
enum Wanted {
    AtLeast(f64),
    AtMost(f64),
}

/// Which figure of a run.
type Figure = fn(&Report) -> Option<f64>;

/// A row of the table: what, of which run, which figure, how much of which unit.
struct Row {
    what: &'static str,
    key: &'static str,
    figure: Figure,
    wanted: Wanted,
    unit: &'static str,
}

const fn row(
    what: &'static str,
    key: &'static str,
    figure: Figure,
    wanted: Wanted,
    unit: &'static str,
) -> Row {
    Row {
        what,
        key,
        figure,
        wanted,
        unit,
    }
}

use Wanted::{AtLeast, AtMost};

/// 1 % below what was offered is late, not lost.
const ROWS: &[Row] = &[
    row(
        "durable messages between 1,000 pairs",
        "open",
        |r| r.delivered_per_s,
        AtLeast(19_800.0),
        "/s",
    ),
    row(
        "… acknowledged after, p99",
        "open",
        |r| Some(r.ack_ms?.p99),
        AtMost(50.0),
        "ms",
    ),
    row(
        "… as fast as it goes",
        "closed",
        |r| r.delivered_per_s,
        AtLeast(20_000.0),
        "/s",
    ),
    row(
        "server CPU per message",
        "open",
        |r| r.server_cpu_us_per_message,
        AtMost(25.0),
        "µs",
    ),
    row(
        "… to that of the bare relay",
        "open",
        |r| detail(r, "cpu_to_relay"),
        AtMost(2.5),
        "×",
    ),
    row(
        "bytes written per message of 200 bytes",
        "open",
        |r| r.bytes_written_per_message,
        AtMost(450.0),
        "bytes",
    ),
    row(
        "… as fast as it goes",
        "closed",
        |r| r.bytes_written_per_message,
        AtMost(450.0),
        "bytes",
    ),
    row(
        "1,000 messages/s: delivered after, p50, to a flush",
        "light",
        |r| detail(r, "delivery_p50_to_flush"),
        AtMost(1.5),
        "×",
    ),
    row(
        "… p99, to the p99 of a flush",
        "light",
        |r| detail(r, "delivery_p99_to_flush"),
        AtMost(2.0),
        "×",
    ),
    row(
        "memory per idle TCP connection, of 9,500",
        "tcp",
        |r| r.rss_kb_per_connection,
        AtMost(3.0),
        "KB",
    ),
    row(
        "memory per idle WebSocket, of 9,500",
        "websocket",
        |r| r.rss_kb_per_connection,
        AtMost(6.0),
        "KB",
    ),
    row(
        "logins, all at once",
        "storm",
        |r| detail(r, "logins_per_s"),
        AtLeast(4_000.0),
        "/s",
    ),
    row(
        "15,000 reconnects, all back after",
        "storm",
        |r| detail(r, "all_back_s"),
        AtMost(8.0),
        "s",
    ),
    row(
        "… that failed",
        "storm",
        |r| detail(r, "failed_attempts"),
        AtMost(0.0),
        "",
    ),
    row(
        "messages under 3 times the load, to the most",
        "overload",
        |r| detail(r, "goodput_to_peak"),
        AtLeast(0.8),
        "×",
    ),
    row(
        "… memory, to that before",
        "overload",
        |r| detail(r, "rss_growth"),
        AtMost(2.0),
        "×",
    ),
    row(
        "… sends without an answer",
        "overload",
        |r| detail(r, "unanswered_on_open_connections"),
        AtMost(0.0),
        "",
    ),
    row(
        "deliveries to 500 members online",
        "group",
        |r| r.delivered_per_s,
        AtLeast(100_000.0),
        "/s",
    ),
    row(
        "deliveries to 5,000 members online",
        "large-group",
        |r| r.delivered_per_s,
        AtLeast(100_000.0),
        "/s",
    ),
    row(
        "page of 50 among 10 M messages, p99",
        "history",
        |r| r.details.get("page_ms")?.get("p99")?.as_f64(),
        AtMost(5.0),
        "ms",
    ),
    row(
        "10,000 messages that waited, drained in",
        "offline",
        |r| Some(r.seconds),
        AtMost(0.5),
        "s",
    ),
    row(
        "restart with 10 M messages",
        "history",
        |r| detail(r, "restart_s"),
        AtMost(3.0),
        "s",
    ),
    row(
        "… after a kill",
        "history",
        |r| detail(r, "restart_after_kill_s"),
        AtMost(3.0),
        "s",
    ),
    row(
        "memory after it",
        "history",
        |r| detail(r, "rss_mb_after_restart"),
        AtMost(200.0),
        "MB",
    ),
];

/// Costs that should not grow: of the second run to the first.
const GROWTH: &[(&str, &str, &str, Figure)] = &[
    (
        "CPU per message, among 9,400 idle connections to alone",
        "alone",
        "among-many",
        |r| r.server_cpu_us_per_message,
    ),
    (
        "CPU per message, with 10 M stored to 1 M",
        "stored-few",
        "stored-many",
        |r| r.server_cpu_us_per_message,
    ),
    (
        "memory per TCP connection, 9,500 to 100",
        "tcp-few",
        "tcp",
        |r| r.rss_kb_per_connection,
    ),
    (
        "memory per WebSocket, 9,500 to 100",
        "websocket-few",
        "websocket",
        |r| r.rss_kb_per_connection,
    ),
];
const GROWTH_MAX: f64 = 1.2;

pub(super) fn of(runs: &[Run]) -> Vec<Goal> {
    let rows = ROWS.iter().map(|row| {
        let found = best(runs, row.key, row.figure, row.wanted);
        goal(row.what, found, row.wanted, row.unit)
    });
    let growth = GROWTH.iter().map(|(what, few, many, figure)| {
        let of = |key| best(runs, key, *figure, AtMost(0.0)).filter(|cost| *cost > 0.0);
        let ratio = of(many).zip(of(few)).map(|(many, few)| many / few);
        goal(what, ratio, AtMost(GROWTH_MAX), "×")
    });
    let promises = promises(runs);
    rows.chain(growth).chain([promises]).collect()
}

fn promises(runs: &[Run]) -> Goal {
    let judged = runs.iter().filter(|run| run.report.lost.is_some());
    let (count, broken) = judged.fold((0, 0), |(count, broken), run| {
        (count + 1, broken + run.report.violations())
    });
    Goal {
        what: format!("lost, doubled, reordered, in {count} runs"),
        wanted: "none".to_owned(),
        found: broken.to_string(),
        met: (count > 0).then_some(broken == 0),
    }
}

fn goal(what: &str, found: Option<f64>, wanted: Wanted, unit: &str) -> Goal {
    let (sign, limit) = match wanted {
        AtLeast(limit) => ("≥", limit),
        AtMost(limit) => ("≤", limit),
    };
    let with_unit = |value: Option<f64>| format!("{} {unit}", number(value)).trim_end().to_owned();
    Goal {
        what: what.to_owned(),
        wanted: format!("{sign} {}", with_unit(Some(limit))),
        found: with_unit(found),
        met: found.map(|found| match wanted {
            AtLeast(limit) => found >= limit,
            AtMost(limit) => found <= limit,
        }),
    }
}

/// Of all runs of this name.
fn best(runs: &[Run], key: &str, figure: Figure, wanted: Wanted) -> Option<f64> {
    let found = runs.iter().filter(|run| run.key == key);
    let found = found.filter_map(|run| figure(&run.report));
    match wanted {
        AtLeast(_) => found.reduce(f64::max),
        AtMost(_) => found.reduce(f64::min),
    }
}

fn detail(report: &Report, name: &str) -> Option<f64> {
    report.details.get(name).and_then(Value::as_f64)
}

#[cfg(test)]
mod tests {
    use super::super::steps::{FULL, Step};
    use super::*;

    fn run(key: &'static str, cpu_us: f64) -> Run {
        let mut report = Report::new("p2p");
        report.server_cpu_us_per_message = Some(cpu_us);
        report.lost = Some(0);
        Run {
            key,
            line: String::new(),
            report,
        }
    }

    fn found<'a>(goals: &'a [Goal], what: &str) -> &'a Goal {
        goals.iter().find(|goal| goal.what.contains(what)).unwrap()
    }

    #[test]
    fn what_was_found_is_compared_and_what_was_not_measured_is_open() {
        let goals = of(&[run("open", 24.0)]);
        let cpu = found(&goals, "server CPU");
        assert_eq!(
            (cpu.met, cpu.wanted.as_str(), cpu.found.as_str()),
            (Some(true), "≤ 25 µs", "24 µs")
        );
        assert_eq!(found(&goals, "logins").met, None);
        assert_eq!(
            found(&of(&[run("open", 26.0)]), "server CPU").met,
            Some(false)
        );
        assert_eq!(found(&goals, "lost").met, Some(true));
        assert_eq!(found(&of(&[]), "lost").met, None);
    }

    #[test]
    fn the_best_of_several_runs_counts_for_growth() {
        let runs = [
            run("alone", 20.0),
            run("alone", 10.0),
            run("among-many", 15.0),
            run("among-many", 11.0),
        ];
        let goals = of(&runs);
        let growth = found(&goals, "among 9,400");
        assert_eq!((growth.met, growth.found.as_str()), (Some(true), "1.10 ×"));
    }

    #[test]
    fn every_goal_is_about_a_run_that_is_made() {
        let is_made = |key: &str| FULL.iter().any(|step: &Step| step.key == key);
        assert!(ROWS.iter().all(|row| is_made(row.key)));
        assert!(
            GROWTH
                .iter()
                .all(|(_, few, many, _)| is_made(few) && is_made(many))
        );
    }
}
