//! Figures for people: counts become ratios, and digits that mean nothing are left out.

use std::time::Duration;

/// `total` for each of `count`; `None` when there are none.
pub(crate) fn per(total: u64, count: u64) -> Option<f64> {
    (count > 0).then(|| rounded(exact(total) / exact(count)))
}

/// `count` in each second of `time`; `None` when no time has passed.
pub(crate) fn per_s(count: u64, time: Duration) -> Option<f64> {
    (time > Duration::ZERO).then(|| rounded(exact(count) / time.as_secs_f64()))
}

/// A count as a number that divides.
#[expect(clippy::cast_precision_loss, reason = "a figure for people")]
pub(crate) fn exact(count: u64) -> f64 {
    count as f64
}

/// Two digits after the point.
pub(crate) fn rounded(exact: f64) -> f64 {
    (exact * 100.0).round() / 100.0
}

pub(crate) fn seconds(time: Duration) -> f64 {
    rounded(time.as_secs_f64())
}

/// In milliseconds, to the microsecond.
pub(crate) fn millis(time: Duration) -> f64 {
    (time.as_secs_f64() * 1e6).round() / 1e3
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_divided_is_no_figure() {
        assert_eq!(per(7, 0), None);
        assert_eq!(per(7, 3), Some(2.33));
        assert_eq!(per_s(7, Duration::ZERO), None);
        assert_eq!(per_s(7, Duration::from_millis(500)), Some(14.0));
    }
}
