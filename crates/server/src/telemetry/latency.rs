//! How long something takes: counted in buckets an eighth wide, by two additions.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use prometheus_client::encoding::{EncodeMetric, MetricEncoder, NoLabelSet};
use prometheus_client::metrics::MetricType;
use prometheus_client::registry::Metric;

/// Buckets of each power of two, from 8 µs on; below, each microsecond has one.
const PARTS: u64 = 1 << PARTS_BITS;
const PARTS_BITS: u32 = 3;
/// Powers of two: the longest is 2^32 µs, over an hour.
const POWERS: u32 = 32;
const BUCKETS: usize = ((POWERS - PARTS_BITS + 1) << PARTS_BITS) as usize;
/// What Prometheus is told: powers of two of microseconds, from 128 µs to 17 s.
const TOLD_POWERS: std::ops::RangeInclusive<u32> = 7..=24;

/// Counts since the start.
#[derive(Clone)]
pub(crate) struct Latency(Arc<Counters>);

struct Counters {
    buckets: [AtomicU64; BUCKETS],
    sum_us: AtomicU64,
}

/// Counts of a stretch of time.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Distribution {
    buckets: Box<[u64; BUCKETS]>,
    sum_us: u64,
}

impl Default for Latency {
    fn default() -> Self {
        Self(Arc::new(Counters {
            buckets: [const { AtomicU64::new(0) }; BUCKETS],
            sum_us: AtomicU64::new(0),
        }))
    }
}

impl Default for Distribution {
    fn default() -> Self {
        Self {
            buckets: Box::new([0; BUCKETS]),
            sum_us: 0,
        }
    }
}

impl Latency {
    /// Counts something that took so many microseconds.
    pub(crate) fn took(&self, us: u64) {
        self.0.buckets[bucket(us)].fetch_add(1, Ordering::Relaxed);
        self.0.sum_us.fetch_add(us, Ordering::Relaxed);
    }

    /// All that was counted since the start.
    pub(crate) fn so_far(&self) -> Distribution {
        let mut distribution = Distribution::default();
        for (count, counter) in distribution.buckets.iter_mut().zip(&self.0.buckets) {
            *count = counter.load(Ordering::Relaxed);
        }
        distribution.sum_us = self.0.sum_us.load(Ordering::Relaxed);
        distribution
    }
}

impl Distribution {
    /// What was counted since an earlier moment.
    pub(crate) fn since(&self, earlier: &Self) -> Self {
        let mut difference = self.clone();
        for (count, before) in difference.buckets.iter_mut().zip(&*earlier.buckets) {
            *count = count.saturating_sub(*before);
        }
        difference.sum_us = difference.sum_us.saturating_sub(earlier.sum_us);
        difference
    }

    pub(crate) fn count(&self) -> u64 {
        self.buckets.iter().sum()
    }

    /// So many percent took no longer, in milliseconds; `None` when nothing was counted.
    pub(crate) fn percentile_ms(&self, percent: f64) -> Option<f64> {
        let count = self.count();
        if count == 0 {
            return None;
        }
        let rank = float(count) * percent / 100.0;
        let mut below = 0;
        for (index, of_bucket) in self.buckets.iter().enumerate() {
            let up_to = below + of_bucket;
            if *of_bucket > 0 && float(up_to) >= rank {
                let part = ((rank - float(below)) / float(*of_bucket)).clamp(0.0, 1.0);
                let (from, to) = (float(begin(index)), float(begin(index + 1)));
                return Some((from + (to - from) * part) / 1_000.0);
            }
            below = up_to;
        }
        None
    }
}

/// The counts are of no interest one by one.
impl fmt::Debug for Distribution {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Distribution")
            .field("count", &self.count())
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Latency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.so_far().fmt(f)
    }
}

impl EncodeMetric for Latency {
    fn encode(&self, mut encoder: MetricEncoder<'_>) -> fmt::Result {
        let so_far = self.so_far();
        let mut told = Vec::new();
        let mut from = 0;
        for power in TOLD_POWERS {
            let end = bucket(1 << power);
            let count = so_far.buckets[from..end].iter().sum();
            told.push((float(1 << power) / 1e6, count));
            from = end;
        }
        told.push((f64::INFINITY, so_far.buckets[from..].iter().sum()));
        let sum_s = float(so_far.sum_us) / 1e6;
        encoder.encode_histogram::<NoLabelSet>(sum_s, so_far.count(), &told, None)
    }

    fn metric_type(&self) -> MetricType {
        MetricType::Histogram
    }
}

/// Into which bucket so many microseconds fall.
fn bucket(us: u64) -> usize {
    let us = us.min((1 << POWERS) - 1);
    if us < PARTS {
        return index(us);
    }
    let shift = us.ilog2() - PARTS_BITS;
    index((u64::from(shift) << PARTS_BITS) + (us >> shift))
}

/// Where a bucket begins, in microseconds.
fn begin(index: usize) -> u64 {
    let index = index as u64;
    if index < 2 * PARTS {
        return index;
    }
    let shift = (index >> PARTS_BITS) - 1;
    (index - (shift << PARTS_BITS)) << shift
}

fn index(number: u64) -> usize {
    usize::try_from(number).expect("there are few buckets")
}

#[expect(clippy::cast_precision_loss, reason = "centuries of microseconds fit")]
fn float(number: u64) -> f64 {
    number as f64
}

/// That it can be registered.
const _: fn(Latency) -> Box<dyn Metric> = |latency| Box::new(latency);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_time_is_in_the_bucket_that_begins_before_it() {
        let powers = (0..POWERS).flat_map(|power| [(1_u64 << power) - 1, 1 << power]);
        for us in powers.chain([9, 15, 17, 1_000, 123_456]) {
            let bucket = bucket(us);
            assert!(begin(bucket) <= us && us < begin(bucket + 1), "{us}");
        }
        assert_eq!(bucket(u64::MAX), BUCKETS - 1);
    }

    #[test]
    fn percentiles_are_within_an_eighth() {
        let latency = Latency::default();
        let none = latency.so_far();
        assert_eq!(none.percentile_ms(50.0), None);
        for us in 1..=10_000 {
            latency.took(us);
        }
        let all = latency.so_far();
        for (percent, expected) in [(1.0, 0.1), (50.0, 5.0), (99.0, 9.9), (100.0, 10.0)] {
            let found = all.percentile_ms(percent).unwrap();
            assert!((found / expected - 1.0).abs() < 0.125, "{percent}: {found}");
        }
        latency.took(1_000_000);
        let later = latency.so_far().since(&all);
        assert_eq!(later.count(), 1);
        assert!(later.percentile_ms(50.0).unwrap() > 900.0);
    }
}
