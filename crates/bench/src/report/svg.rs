//! Line plots as SVG, without a script: colours come from the page's style, so that one plot suits a
//! light page and a dark one.

use std::fmt::Write as _;

const WIDTH: f64 = 640.0;
const HEIGHT: f64 = 240.0;
const LEFT: f64 = 64.0;
const RIGHT: f64 = 24.0;
const TOP: f64 = 12.0;
const BOTTOM: f64 = 36.0;
/// Lines of the grid, about.
const TICKS: f64 = 5.0;
/// Points of a line: more are not seen.
const POINTS_MAX: usize = 600;

/// How values become places.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scale {
    /// From 0.
    Linear,
    /// From the first to the last.
    Span,
    /// Powers of ten.
    Log,
    /// Quantiles: every nine takes the same room.
    Nines,
}

/// One plot.
#[derive(Clone, Debug)]
pub(super) struct Plot<'a> {
    /// What it shows, for those who do not see it, too.
    pub(super) title: &'a str,
    pub(super) x: Axis<'a>,
    pub(super) y: Axis<'a>,
    /// Named lines.
    pub(super) lines: Vec<(&'a str, Vec<(f64, f64)>)>,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Axis<'a> {
    pub(super) name: &'a str,
    pub(super) scale: Scale,
}

/// An axis with its ends, in its own measure: logarithms for [`Scale::Log`], nines for quantiles.
struct Ruler {
    scale: Scale,
    from: f64,
    to: f64,
    ticks: Vec<f64>,
}

impl Plot<'_> {
    /// Nothing when there is nothing to see: fewer than two points.
    pub(super) fn svg(&self) -> Option<String> {
        let points = || self.lines.iter().flat_map(|(_, line)| line);
        if points().count() < 2 {
            return None;
        }
        let x = Ruler::over(self.x.scale, points().map(|point| point.0));
        let y = Ruler::over(self.y.scale, points().map(|point| point.1));
        let mut svg = format!(
            r#"<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{}">"#,
            escaped(self.title)
        );
        self.grid(&mut svg, &x, &y);
        for (index, (_, line)) in self.lines.iter().enumerate() {
            let _ = write!(
                svg,
                r#"<polyline class="line line-{index}" points="{}"/>"#,
                path(line, &x, &y)
            );
        }
        svg.push_str("</svg>");
        Some(svg)
    }

    fn grid(&self, svg: &mut String, x: &Ruler, y: &Ruler) {
        let (right, bottom) = (WIDTH - RIGHT, HEIGHT - BOTTOM);
        for tick in &y.ticks {
            let at = y_of(y.share_of(*tick));
            let text = y.label(*tick);
            let _ = write!(
                svg,
                r#"<line class="grid" x1="{LEFT}" x2="{right}" y1="{at:.1}" y2="{at:.1}"/><text x="{:.1}" y="{:.1}" text-anchor="end">{text}</text>"#,
                LEFT - 6.0,
                at + 4.0,
            );
        }
        for tick in &x.ticks {
            let at = x_of(x.share_of(*tick));
            let text = x.label(*tick);
            let _ = write!(
                svg,
                r#"<line class="grid" x1="{at:.1}" x2="{at:.1}" y1="{TOP}" y2="{bottom}"/><text x="{at:.1}" y="{:.1}" text-anchor="middle">{text}</text>"#,
                bottom + 16.0,
            );
        }
        let _ = write!(
            svg,
            r#"<text class="axis" x="{right}" y="{:.1}" text-anchor="end">{}</text><text class="axis" x="{:.1}" y="{:.1}">{}</text>"#,
            HEIGHT - 4.0,
            escaped(self.x.name),
            LEFT + 6.0,
            TOP + 10.0,
            escaped(self.y.name),
        );
    }
}

impl Ruler {
    fn over(scale: Scale, values: impl Iterator<Item = f64>) -> Self {
        let measured = values.map(|value| measure(scale, value));
        let (low, high) = measured.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), one| {
            (low.min(one), high.max(one))
        });
        match scale {
            Scale::Linear => Self::linear(low, high),
            Scale::Span => Self::span(low, high),
            Scale::Log | Scale::Nines => Self::powers(scale, low, high),
        }
    }

    fn linear(low: f64, high: f64) -> Self {
        let low = low.min(0.0);
        let high = if high > low { high } else { low + 1.0 };
        let step = round_step((high - low) / TICKS);
        let (first, last) = ((low / step).floor(), (high / step).ceil());
        Self {
            scale: Scale::Linear,
            from: first * step,
            to: last * step,
            ticks: steps(first, last).map(|count| count * step).collect(),
        }
    }

    fn span(low: f64, high: f64) -> Self {
        let outer = Self::linear(low, high);
        let to = if high > low { high } else { low + 1.0 };
        Self {
            scale: Scale::Span,
            from: low,
            to,
            ticks: outer
                .ticks
                .into_iter()
                .filter(|tick| (low..=to).contains(tick))
                .collect(),
        }
    }

    fn powers(scale: Scale, low: f64, high: f64) -> Self {
        let from = low.floor();
        let to = high.ceil().max(from + 1.0);
        Self {
            scale,
            from,
            to,
            ticks: steps(from, to).collect(),
        }
    }

    /// Where between its ends a measure is, 0 to 1.
    fn share_of(&self, measured: f64) -> f64 {
        ((measured - self.from) / (self.to - self.from)).clamp(0.0, 1.0)
    }

    fn share(&self, value: f64) -> f64 {
        self.share_of(measure(self.scale, value))
    }

    fn label(&self, tick: f64) -> String {
        match self.scale {
            Scale::Linear | Scale::Span => short(tick),
            Scale::Log => short(10_f64.powf(tick)),
            Scale::Nines if tick < 0.5 => "0 %".to_owned(),
            Scale::Nines => {
                let percent = 100.0 * (1.0 - 10_f64.powf(-tick));
                let digits = if tick > 2.0 { tick - 2.0 } else { 0.0 };
                format!("{percent:.0$} %", whole(digits))
            }
        }
    }
}

fn measure(scale: Scale, value: f64) -> f64 {
    match scale {
        Scale::Linear | Scale::Span => value,
        Scale::Log => value.max(1e-3).log10(),
        Scale::Nines => -(1.0 - value).max(1e-9).log10(),
    }
}

fn steps(first: f64, last: f64) -> impl Iterator<Item = f64> {
    (0..=whole(last - first)).map(move |count| {
        let count = u32::try_from(count).unwrap_or_default();
        first + f64::from(count)
    })
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a handful of ticks"
)]
fn whole(count: f64) -> usize {
    count.round().clamp(0.0, 100.0) as usize
}

/// The next of 1, 2, 5, 10, 20 …
fn round_step(step: f64) -> f64 {
    let power = 10_f64.powf(step.log10().floor());
    let round = [1.0, 2.0, 5.0]
        .into_iter()
        .find(|round| round * power >= step);
    round.unwrap_or(10.0) * power
}

fn short(value: f64) -> String {
    match value.abs() {
        size if size >= 1e6 => trimmed(value / 1e6, "M"),
        size if size >= 1e3 => trimmed(value / 1e3, "k"),
        _ => trimmed(value, ""),
    }
}

fn trimmed(value: f64, unit: &str) -> String {
    let text = format!("{value:.3}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    format!("{text}{unit}")
}

fn path(line: &[(f64, f64)], x: &Ruler, y: &Ruler) -> String {
    let every = line.len().div_ceil(POINTS_MAX).max(1);
    let mut path = String::new();
    for (at, value) in line.iter().step_by(every) {
        let (at, value) = (x_of(x.share(*at)), y_of(y.share(*value)));
        let _ = write!(path, "{at:.1},{value:.1} ");
    }
    path.truncate(path.trim_end().len());
    path
}

fn x_of(share: f64) -> f64 {
    LEFT + share * (WIDTH - LEFT - RIGHT)
}

fn y_of(share: f64) -> f64 {
    HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM)
}

/// Text between tags and in attributes.
pub(crate) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plot(lines: Vec<(&str, Vec<(f64, f64)>)>) -> Plot<'_> {
        let axis = |name, scale| Axis { name, scale };
        Plot {
            title: "a < b",
            x: axis("seconds", Scale::Linear),
            y: axis("per second", Scale::Linear),
            lines,
        }
    }

    #[test]
    fn a_line_goes_from_corner_to_corner_and_text_is_escaped() {
        let svg = plot(vec![("a", vec![(0.0, 0.0), (10.0, 100.0)])])
            .svg()
            .unwrap();
        assert!(svg.contains(r#"points="64.0,204.0 616.0,12.0""#), "{svg}");
        assert!(svg.contains(r#"aria-label="a &lt; b""#), "{svg}");
        assert!(svg.contains(">20</text>"), "{svg}");
    }

    #[test]
    fn nothing_to_see_is_no_plot() {
        assert_eq!(plot(vec![("a", vec![(0.0, 0.0)])]).svg(), None);
        assert_eq!(plot(vec![]).svg(), None);
    }

    #[test]
    fn ticks_are_round_numbers() {
        let steps = [0.3, 1.0, 1.1, 37.0, 700.0].map(round_step);
        assert_eq!(steps.map(short), ["0.5", "1", "2", "50", "1k"]);
        let ruler = Ruler::over(Scale::Linear, [3.0, 17.0].into_iter());
        assert_eq!(ruler.ticks.len(), 5, "{:?}", ruler.ticks);
    }

    #[test]
    fn a_span_ends_with_its_values_and_has_its_ticks_inside() {
        let ruler = Ruler::over(Scale::Span, [-0.6, 10.4].into_iter());
        assert_eq!((ruler.share(-0.6), ruler.share(10.4)), (0.0, 1.0));
        assert_eq!(ruler.ticks, [0.0, 5.0, 10.0]);
    }

    #[test]
    fn each_nine_of_a_quantile_takes_the_same_room() {
        let ruler = Ruler::over(Scale::Nines, [0.0, 0.9, 0.99, 0.999].into_iter());
        let labels: Vec<_> = ruler.ticks.iter().map(|tick| ruler.label(*tick)).collect();
        assert_eq!(labels, ["0 %", "90 %", "99 %", "99.9 %"]);
        assert!((ruler.share(0.99) - 2.0 / 3.0).abs() < 1e-9);
    }

    #[test]
    fn equal_values_and_zeros_are_plotted_as_well() {
        assert!(
            plot(vec![("a", vec![(0.0, 0.0), (1.0, 0.0)])])
                .svg()
                .is_some()
        );
        let ruler = Ruler::over(Scale::Log, [0.0, 0.0].into_iter());
        assert!(ruler.share(0.0) >= 0.0);
    }
}
