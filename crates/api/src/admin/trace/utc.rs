//! Times as sentences have them: of no time zone but UTC, since who reads them may be anywhere.

use jiff::Timestamp;

/// As in `2025-06-01 14:03:22 UTC`.
pub(super) fn utc(ms: u64) -> String {
    let ms = i64::try_from(ms).unwrap_or(i64::MAX);
    let at = Timestamp::from_millisecond(ms).unwrap_or(Timestamp::MAX);
    at.strftime("%Y-%m-%d %H:%M:%S UTC").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_those_of_the_calendar() {
        for (ms, expected) in [
            (0, "1970-01-01 00:00:00 UTC"),
            (951_782_400_999, "2000-02-29 00:00:00 UTC"),
            (1_748_786_602_999, "2025-06-01 14:03:22 UTC"),
            (u64::MAX, "9999-12-30 22:00:00 UTC"),
        ] {
            assert_eq!(utc(ms), expected);
        }
    }
}
