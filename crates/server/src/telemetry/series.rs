//! How figures went: a ring of points for each of three windows, about 70 KB together.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use api::insight::{Points, Series, Window};

use super::latency::Distribution;
use super::reading::Reading;
use super::sampler::TICK;

/// One window.
pub(super) struct Recorder {
    window: Window,
    /// At the end of the newest point, or the first of all.
    base: Option<Arc<Reading>>,
    /// The oldest first.
    points: VecDeque<Point>,
}

/// About the step that ends at its time.
#[derive(Clone, Copy)]
struct Point {
    /// The reading at its end, without its distributions.
    from_ms: u64,
    at_ms: u64,
    sessions: u64,
    tcp: u64,
    websocket: u64,
    http: u64,
    incoming: f64,
    outgoing: f64,
    ack: Middle,
    delivery: Middle,
    flush: Middle,
    backlog: u64,
    storage_bytes: u64,
    cpu: f64,
    resident_bytes: u64,
}

/// In milliseconds.
#[derive(Clone, Copy)]
struct Middle {
    p50: Option<f64>,
    p99: Option<f64>,
}

impl Recorder {
    pub(super) fn new(window: Window) -> Self {
        Self {
            window,
            base: None,
            points: VecDeque::with_capacity(points_max(window)),
        }
    }

    /// Takes a reading, which ends a point when a step is over.
    pub(super) fn note(&mut self, reading: &Arc<Reading>) {
        let Some(base) = &self.base else {
            self.base = Some(Arc::clone(reading));
            return;
        };
        // A tick that comes a little early ends the step as well.
        let elapsed = reading.uptime.saturating_sub(base.uptime);
        if elapsed + TICK / 2 < step(self.window) {
            return;
        }
        if self.points.len() == points_max(self.window) {
            self.points.pop_front();
        }
        self.points.push_back(Point::between(base, reading));
        self.base = Some(Arc::clone(reading));
    }

    pub(super) fn series(&self) -> Series {
        let mut points = Points::default();
        for point in &self.points {
            point.add_to(&mut points);
        }
        Series {
            window: self.window.name(),
            step_s: step(self.window).as_secs(),
            from: self.points.front().map(|point| point.from_ms),
            points,
        }
    }
}

fn step(window: Window) -> Duration {
    match window {
        Window::Minutes15 => TICK,
        Window::Hours3 => Duration::from_mins(1),
        Window::Hours24 => Duration::from_mins(10),
    }
}

fn points_max(window: Window) -> usize {
    match window {
        Window::Minutes15 | Window::Hours3 => 180,
        Window::Hours24 => 144,
    }
}

impl Point {
    fn between(base: &Reading, end: &Reading) -> Self {
        let elapsed_s = end.uptime.saturating_sub(base.uptime).as_secs_f64();
        let per_second = |from: u64, to: u64| rounded(float(to.saturating_sub(from)) / elapsed_s);
        let (moment, survey) = (&end.moment, &end.survey);
        let cpu = moment.cpu_seconds - base.moment.cpu_seconds;
        Self {
            from_ms: base.at_ms,
            at_ms: end.at_ms,
            sessions: moment.sessions as u64,
            tcp: moment.tcp as u64,
            websocket: moment.websocket as u64,
            http: moment.http as u64,
            incoming: per_second(base.messages.stored, end.messages.stored),
            outgoing: per_second(base.messages.delivered, end.messages.delivered),
            ack: Middle::of(&end.ack.since(&base.ack)),
            delivery: Middle::of(&end.delivery.since(&base.delivery)),
            flush: Middle::of(&end.flush.since(&base.flush)),
            backlog: survey.backlog,
            storage_bytes: survey.storage_bytes,
            cpu: rounded(cpu / elapsed_s),
            resident_bytes: moment.resident_bytes,
        }
    }

    fn add_to(&self, points: &mut Points) {
        points.at.push(self.at_ms);
        points.sessions.push(self.sessions);
        points.tcp.push(self.tcp);
        points.websocket.push(self.websocket);
        points.http.push(self.http);
        points.incoming.push(self.incoming);
        points.outgoing.push(self.outgoing);
        points.ack_p50_ms.push(self.ack.p50);
        points.ack_p99_ms.push(self.ack.p99);
        points.delivery_p50_ms.push(self.delivery.p50);
        points.delivery_p99_ms.push(self.delivery.p99);
        points.flush_p50_ms.push(self.flush.p50);
        points.flush_p99_ms.push(self.flush.p99);
        points.callback_backlog.push(self.backlog);
        points.storage_bytes.push(self.storage_bytes);
        points.cpu.push(self.cpu);
        points.resident_bytes.push(self.resident_bytes);
    }
}

impl Middle {
    fn of(taken: &Distribution) -> Self {
        Self {
            p50: taken.percentile_ms(50.0).map(rounded),
            p99: taken.percentile_ms(99.0).map(rounded),
        }
    }
}

/// To a thousandth, which is all that is shown.
fn rounded(figure: f64) -> f64 {
    (figure * 1_000.0).round() / 1_000.0
}

#[expect(clippy::cast_precision_loss, reason = "counts of a server fit")]
fn float(count: u64) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests {
    use super::super::latency::Latency;
    use super::*;

    const START_MS: u64 = 1_700_000_000_000;

    fn reading(seconds: u64, stored: u64) -> Reading {
        let mut reading = Reading {
            at_ms: START_MS + seconds * 1_000,
            uptime: Duration::from_secs(seconds),
            ..Reading::default()
        };
        reading.messages.stored = stored;
        reading.moment.sessions = usize::try_from(seconds).unwrap();
        reading
    }

    #[test]
    fn a_point_ends_with_each_step_and_says_what_came_per_second() {
        let mut recorder = Recorder::new(Window::Hours3);
        for seconds in (0..=120).step_by(5) {
            recorder.note(&Arc::new(reading(seconds, seconds * 10)));
        }
        let series = recorder.series();
        assert_eq!((series.window, series.step_s), ("3h", 60));
        assert_eq!(series.from, Some(START_MS));
        assert_eq!(series.points.at, [START_MS + 60_000, START_MS + 120_000]);
        assert_eq!(series.points.incoming, [10.0, 10.0]);
        assert_eq!(series.points.sessions, [60, 120]);
        assert_eq!(series.points.ack_p99_ms, [None, None]);
    }

    #[test]
    fn percentiles_are_those_of_the_step_alone() {
        let ack = Latency::default();
        let mut recorder = Recorder::new(Window::Minutes15);
        for (seconds, took_us) in [(0, 900_000), (5, 1_000), (10, 4_000)] {
            (0..100).for_each(|_| ack.took(took_us));
            let mut reading = reading(seconds, 0);
            reading.ack = ack.so_far();
            recorder.note(&Arc::new(reading));
        }
        recorder.note(&Arc::new(Reading {
            ack: ack.so_far(),
            ..reading(15, 0)
        }));
        let p99 = recorder.series().points.ack_p99_ms;
        let is_near =
            |found: Option<f64>, expected: f64| (found.unwrap() / expected - 1.0).abs() < 0.125;
        assert!(is_near(p99[0], 1.0) && is_near(p99[1], 4.0), "{p99:?}");
        assert_eq!(p99[2], None, "nothing came");
    }

    #[test]
    fn every_window_is_full_after_its_time_and_no_longer_than_that() {
        let mut recorders = Window::ALL.map(Recorder::new);
        for seconds in (0..=2 * 86_400).step_by(5) {
            let reading = Arc::new(reading(seconds, 0));
            for recorder in &mut recorders {
                recorder.note(&reading);
            }
        }
        for (recorder, seconds) in recorders.iter().zip([900, 3 * 3_600, 86_400]) {
            let series = recorder.series();
            let last = *series.points.at.last().unwrap();
            assert_eq!(last - series.from.unwrap(), seconds * 1_000);
            let columns = serde_json::to_value(&series.points).unwrap();
            let columns = columns.as_object().unwrap();
            assert!(
                columns
                    .values()
                    .all(|column| column.as_array().unwrap().len() == series.points.at.len())
            );
        }
        let bytes: usize = Window::ALL
            .map(|window| points_max(window) * size_of::<Point>())
            .iter()
            .sum();
        assert!(bytes < 128 * 1024, "{bytes}");
    }
}
