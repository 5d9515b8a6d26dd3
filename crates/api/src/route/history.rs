//! /api/msg: what was said before, by time, by count and by sequence.

pub(crate) mod p2p;
pub(crate) mod p2t;

use std::sync::Arc;

use chat::Part;
use model::limits::{HISTORY_COUNT_MAX, HISTORY_WINDOW_MS_MAX};
use model::{Message, Sequence};

use crate::fields::Fields;
use crate::refusal::BadParameter;

fn by_time(fields: &Fields) -> Result<Part, BadParameter> {
    let from = fields.number("utcFromTime")?;
    let to = fields.number("utcToTime")?;
    if from >= to {
        return Err(BadParameter::new("utcToTime", "must be after utcFromTime"));
    }
    if to - from > HISTORY_WINDOW_MS_MAX {
        let why = format!("must not be more than {HISTORY_WINDOW_MS_MAX} ms after utcFromTime");
        return Err(BadParameter::new("utcToTime", why));
    }
    Ok(Part::Time(from..to))
}

fn by_count(fields: &Fields) -> Result<Part, BadParameter> {
    let before_ms = fields.number("utcToTime")?;
    let count = fields.number("count")?;
    if count == 0 {
        return Err(BadParameter::new("count", "must not be 0"));
    }
    let count = usize::try_from(count)
        .unwrap_or(HISTORY_COUNT_MAX)
        .min(HISTORY_COUNT_MAX);
    Ok(Part::Count { before_ms, count })
}

fn by_sequence(fields: &Fields) -> Result<Part, BadParameter> {
    let start = fields.number("startSeq")?;
    let stop = fields.number("stopSeq")?;
    if start > stop {
        return Err(BadParameter::new("stopSeq", "must not be below startSeq"));
    }
    Ok(Part::Sequence(Sequence(start)..Sequence(stop)))
}

/// The time of the earliest message; 0 when there is none.
fn earliest(messages: &[Arc<Message>]) -> u64 {
    messages.first().map_or(0, |message| message.timestamp_ms)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(of: fn(&Fields) -> Result<Part, BadParameter>, json: &str) -> Result<String, String> {
        let fields = Fields::parse(json.as_bytes()).unwrap();
        of(&fields)
            .map(|part| format!("{part:?}"))
            .map_err(|bad| bad.field.into_owned())
    }

    #[test]
    fn a_window_has_up_to_a_day() {
        let day = HISTORY_WINDOW_MS_MAX;
        let of = |from: u64, to: u64| {
            let json = format!(r#"{{"utcFromTime":"{from}","utcToTime":{to}}}"#);
            read(by_time, &json).is_ok()
        };
        assert!(of(5, 5 + day) && of(0, 1));
        assert!(!of(5, 6 + day) && !of(5, 5) && !of(5, 4));
        assert_eq!(
            read(by_time, r#"{"utcToTime":5}"#),
            Err("utcFromTime".into())
        );
        let huge = format!(r#"{{"utcFromTime":0,"utcToTime":{}}}"#, "9".repeat(99));
        assert_eq!(read(by_time, &huge), Err("utcToTime".into()));
    }

    #[test]
    fn a_count_is_one_to_two_hundred_and_more_is_that() {
        let of = |count: &str| read(by_count, &format!(r#"{{"utcToTime":1,"count":{count}}}"#));
        for count in ["200", "201", "\"99999999999999999999999\""] {
            let expected = "Count { before_ms: 1, count: 200 }";
            assert_eq!(of(count).as_deref(), Ok(expected), "{count}");
        }
        for count in ["0", "-1", "\"\"", "1.5", "null"] {
            assert_eq!(of(count), Err("count".into()), "{count}");
        }
    }

    #[test]
    fn a_range_of_sequences_does_not_run_backwards() {
        let of = |start: u64, stop: u64| {
            let json = format!(r#"{{"startSeq":{start},"stopSeq":{stop}}}"#);
            read(by_sequence, &json).is_ok()
        };
        assert!(of(1, 2) && of(1, 1) && !of(2, 1));
    }
}
