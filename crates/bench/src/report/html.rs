//! A page with plots, complete in itself: no script, nothing loaded from anywhere, light and dark.

use std::fmt::Write as _;

pub(crate) use super::svg::escaped;
use super::svg::{Axis, Plot, Scale};
use super::text::{detail_rows, main_rows};
use super::{Plots, Report};
use crate::watch::Sample;

/// A page about these runs, each under its name.
pub(crate) fn page<'a>(
    title: &str,
    intro: &str,
    runs: impl IntoIterator<Item = (&'a str, &'a Report)>,
) -> String {
    let mut body = String::new();
    for (name, report) in runs {
        section(&mut body, name, report);
    }
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{title}</title>\n<style>\n{}</style>\n</head>\n<body>\n<h1>{title}</h1>\n{intro}\n{body}</body>\n</html>\n",
        include_str!("page.css"),
        title = escaped(title),
    )
}

fn section(body: &mut String, name: &str, report: &Report) {
    let _ = writeln!(body, "<section>\n<h2>{}</h2>", escaped(name));
    body.push_str("<div class=\"tables\">\n");
    table(body, &main_rows(report)[1..]);
    table(body, &detail_rows(report));
    body.push_str("</div>\n");
    if let Some(verdict) = report.verdict() {
        let _ = writeln!(body, "<pre>{}</pre>", escaped(verdict));
    }
    body.push_str("<div class=\"plots\">\n");
    for plot in plots(&report.plots) {
        figure(body, &plot);
    }
    body.push_str("</div>\n</section>\n");
}

pub(super) fn table(body: &mut String, rows: &[(String, String)]) {
    body.push_str("<table>\n");
    for (name, value) in rows {
        let (name, value) = (escaped(name), escaped(value));
        let _ = writeln!(
            body,
            "<tr><th scope=\"row\">{name}</th><td>{value}</td></tr>"
        );
    }
    body.push_str("</table>\n");
}

fn figure(body: &mut String, plot: &Plot<'_>) {
    let Some(svg) = plot.svg() else { return };
    let _ = writeln!(
        body,
        "<div class=\"plot\">\n<h3>{}</h3>\n{svg}",
        escaped(plot.title)
    );
    if plot.lines.len() > 1 {
        body.push_str("<p class=\"keys\">");
        for (index, (name, _)) in plot.lines.iter().enumerate() {
            let _ = write!(
                body,
                "<span class=\"key key-{index}\">{}</span>",
                escaped(name)
            );
        }
        body.push_str("</p>\n");
    }
    body.push_str("</div>\n");
}

fn plots(plots: &Plots) -> Vec<Plot<'_>> {
    let axis = |name, scale| Axis { name, scale };
    let seconds = axis("seconds", Scale::Span);
    let latencies = plots
        .latencies
        .iter()
        .map(|(name, line)| (*name, line.clone()));
    let share = plots.latencies.iter();
    let share =
        share.map(|(name, line)| (*name, line.iter().map(|(q, ms)| (*ms, 100.0 * q)).collect()));
    let of = |title, unit, scale, value: fn(&Sample) -> Option<f64>| Plot {
        title,
        x: seconds,
        y: axis(unit, scale),
        lines: vec![(unit, over_time(&plots.samples, value))],
    };
    vec![
        Plot {
            title: "Latency by quantile",
            x: axis("of all took no longer", Scale::Nines),
            y: axis("ms", Scale::Log),
            lines: latencies.collect(),
        },
        Plot {
            title: "Share that took no longer",
            x: axis("ms", Scale::Log),
            y: axis("%", Scale::Linear),
            lines: share.collect(),
        },
        of("Delivered over time", "per second", Scale::Linear, |one| {
            Some(one.delivered_per_s)
        }),
        of(
            "Acknowledged after, p99 over time",
            "ms",
            Scale::Log,
            |one| one.ack_p99_ms,
        ),
        of("Server memory over time", "MB", Scale::Linear, |one| {
            Some(one.rss_mb)
        }),
        of("Server CPU over time", "CPUs", Scale::Linear, |one| {
            Some(one.cpus)
        }),
    ]
}

/// Nothing when it was never above zero: the scenario does not have it.
fn over_time(samples: &[Sample], value: fn(&Sample) -> Option<f64>) -> Vec<(f64, f64)> {
    let points = samples
        .iter()
        .filter_map(|one| Some((one.at_s, value(one)?)));
    let points: Vec<_> = points.collect();
    if points.iter().all(|(_, value)| *value <= 0.0) {
        return Vec::new();
    }
    points
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report() -> Report {
        let mut report = Report::new("p2p");
        report.detail("note", "<script>alert(1)</script>");
        report.plots = Plots {
            latencies: vec![
                ("acknowledged", vec![(0.0, 0.5), (0.9, 1.0), (0.99, 9.0)]),
                ("delivered", vec![(0.0, 0.6), (0.9, 1.1), (0.99, 9.5)]),
            ],
            samples: (0..10_u8)
                .map(|at| Sample {
                    at_s: at.into(),
                    delivered_per_s: 1_000.0,
                    rss_mb: 20.0,
                    ..Sample::default()
                })
                .collect(),
        };
        report
    }

    #[test]
    fn a_page_is_complete_in_itself() {
        let page = page("A run", "", [("p2p", &report())]);
        for outside in [
            "http:", "https:", "src=", "href=", "@import", "url(", "<script",
        ] {
            assert!(!page.contains(outside), "{outside}");
        }
        assert!(page.contains("&lt;script&gt;"));
        assert!(page.contains("prefers-color-scheme: dark"));
    }

    #[test]
    fn what_was_measured_is_plotted_and_what_was_not_is_left_out() {
        let page = page("A run", "", [("p2p", &report())]);
        assert_eq!(page.matches("<svg").count(), 4, "{page}");
        assert!(page.contains("Server memory over time"));
        assert!(!page.contains("Server CPU over time"));
    }
}
