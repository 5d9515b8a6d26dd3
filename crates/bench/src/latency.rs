//! How long things took: histograms of microseconds, and what is read off them.

use std::time::Duration;

use hdrhistogram::Histogram;
use serde::Serialize;

use crate::figure::exact;

/// Digits of a latency that are kept.
const DIGITS: u8 = 3;
/// Latencies above this count as this: an hour.
const US_MAX: u64 = 3_600_000_000;

/// Points of a curve for each nine of its quantiles.
const CURVE_STEPS: f64 = 20.0;

/// Latencies of one kind.
#[derive(Clone, Debug)]
pub(crate) struct Latencies {
    histogram: Histogram<u64>,
}

/// What is read off them, in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Quantiles {
    /// Half of all took no longer.
    pub p50: f64,
    /// 99 of 100 took no longer.
    pub p99: f64,
    /// 999 of 1,000 took no longer.
    pub p999: f64,
}

impl Default for Latencies {
    fn default() -> Self {
        let histogram = Histogram::new_with_bounds(1, US_MAX, DIGITS);
        Self {
            histogram: histogram.expect("the bounds are in order, the digits at most 5"),
        }
    }
}

impl Latencies {
    pub(crate) fn record(&mut self, took: Duration) {
        let us = u64::try_from(took.as_micros()).unwrap_or(US_MAX);
        self.histogram.saturating_record(us.max(1));
    }

    pub(crate) fn len(&self) -> u64 {
        self.histogram.len()
    }

    pub(crate) fn add(&mut self, other: &Self) {
        let added = self.histogram.add(&other.histogram);
        added.expect("all have the same bounds");
    }

    pub(crate) fn clear(&mut self) {
        self.histogram.reset();
    }

    /// Fills in what a closed loop omitted. Its slots wait while the server stalls, so that a stall
    /// is seen once, where load that keeps coming would have met it all the time. With one request
    /// of each slot expected `every`, a latency of n × `every` stands for those that would have come
    /// meanwhile, too: (n − 1) × `every`, (n − 2) × `every` …
    pub(crate) fn corrected(&self, every: Duration) -> Self {
        let every = u64::try_from(every.as_micros()).unwrap_or(US_MAX);
        Self {
            histogram: self.histogram.clone_correct(every),
        }
    }

    /// `None` when nothing was recorded.
    pub(crate) fn quantiles(&self) -> Option<Quantiles> {
        (self.len() > 0).then(|| Quantiles {
            p50: self.at(0.5),
            p99: self.at(0.99),
            p999: self.at(0.999),
        })
    }

    /// In milliseconds; 0 when nothing was recorded.
    pub(crate) fn at(&self, quantile: f64) -> f64 {
        millis(self.histogram.value_at_quantile(quantile))
    }

    /// Points (quantile, milliseconds) for a plot, denser where it matters: from none up to the
    /// last of all.
    pub(crate) fn curve(&self) -> Vec<(f64, f64)> {
        let last = 1.0 - 1.0 / exact(self.len().max(1));
        let steps = (0..).map(|step| 1.0 - 10_f64.powf(-f64::from(step) / CURVE_STEPS));
        let quantiles = steps.take_while(|quantile| *quantile < last);
        let points = quantiles.map(|quantile| (quantile, self.at(quantile)));
        points.collect()
    }

    pub(crate) fn mean(&self) -> Duration {
        Duration::from_secs_f64(self.histogram.mean().max(0.0) / 1e6)
    }
}

fn millis(us: u64) -> f64 {
    exact(us) / 1_000.0
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: Duration = Duration::from_millis(1);

    fn of(all: impl IntoIterator<Item = Duration>) -> Latencies {
        let mut latencies = Latencies::default();
        all.into_iter().for_each(|took| latencies.record(took));
        latencies
    }

    /// Within the three digits that are kept.
    fn is_about(ms: f64, expected: f64) -> bool {
        (ms - expected).abs() <= expected / 500.0
    }

    #[test]
    fn quantiles_are_those_of_what_was_recorded() {
        let quantiles = of((1..=1_000).map(|ms| ms * MS)).quantiles().unwrap();
        assert!(is_about(quantiles.p50, 500.0), "{quantiles:?}");
        assert!(is_about(quantiles.p99, 990.0), "{quantiles:?}");
        assert!(is_about(quantiles.p999, 999.0), "{quantiles:?}");
    }

    #[test]
    fn nothing_recorded_has_no_quantiles() {
        assert_eq!(Latencies::default().quantiles(), None);
    }

    #[test]
    fn latencies_beyond_the_bounds_count_as_the_bounds() {
        let latencies = of([Duration::ZERO, Duration::from_secs(100_000)]);
        assert_eq!(latencies.len(), 2);
        assert!(is_about(latencies.at(1.0), 3_600_000.0));
    }

    #[test]
    fn a_stall_of_a_closed_loop_counts_for_all_that_would_have_met_it() {
        // 99 of 1 ms each, then the server stalls for 100 ms: of 199 requests that an open loop
        // would have made, half would have waited, evenly spread over the stall.
        let measured = of(std::iter::repeat_n(MS, 99).chain([100 * MS]));
        assert!(is_about(measured.at(0.9), 1.0), "{}", measured.at(0.9));
        let corrected = measured.corrected(MS);
        assert_eq!(corrected.len(), 199);
        assert!(is_about(corrected.at(0.9), 81.0), "{}", corrected.at(0.9));
        assert!(is_about(corrected.at(0.99), 99.0), "{}", corrected.at(0.99));
    }

    #[test]
    fn a_curve_rises_and_ends_with_what_was_recorded() {
        let curve = of((1..=1_000).map(|ms| ms * MS)).curve();
        assert!(curve.is_sorted_by(|a, b| a.0 < b.0 && a.1 <= b.1));
        let (quantile, ms) = *curve.last().unwrap();
        assert!(quantile > 0.998 && is_about(ms, 999.0), "{quantile} {ms}");
        assert!(Latencies::default().curve().is_empty());
    }

    #[test]
    fn histograms_of_several_threads_add_up() {
        let mut all = of([MS]);
        all.add(&of([3 * MS, 5 * MS]));
        assert_eq!(all.len(), 3);
        assert!(is_about(all.at(0.5), 3.0));
        assert_eq!(all.mean().as_millis(), 3);
        all.clear();
        assert_eq!(all.len(), 0);
    }
}
