//! Attempts and receivers of a delivery, each list as one value.
//!
//! ```text
//! attempt   at varint | took varint | url text | status u16, 0 when there was none |
//!           has an error u8 | error text, if it has
//! receiver  uuid u64
//! ```

use chat::port::{ATTEMPTS_KEPT_MAX, Attempt};
use model::Uuid;

use crate::code::{Malformed, Put, Reader};

/// The newest attempts; older ones than are kept are left out.
pub(super) fn attempts_to_bytes(attempts: &[Attempt]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let dropped = attempts.len().saturating_sub(ATTEMPTS_KEPT_MAX);
    for attempt in &attempts[dropped..] {
        bytes.put_varint(attempt.at_ms);
        bytes.put_varint(attempt.took_ms);
        bytes.put_text(&attempt.url);
        bytes.put_u16(attempt.http_status.unwrap_or_default());
        bytes.put_u8(attempt.error.is_some().into());
        if let Some(error) = &attempt.error {
            bytes.put_text(error);
        }
    }
    bytes
}

/// The oldest first.
pub(super) fn attempts(bytes: &[u8]) -> Result<Vec<Attempt>, Malformed> {
    let mut reader = Reader(bytes);
    let mut attempts = Vec::new();
    while !reader.0.is_empty() {
        let (at_ms, took_ms) = (reader.varint()?, reader.varint()?);
        let url = reader.text()?.to_owned();
        let http_status = Some(reader.u16()?).filter(|status| *status != 0);
        let error = match reader.u8()? {
            0 => None,
            _ => Some(reader.text()?.to_owned()),
        };
        attempts.push(Attempt {
            at_ms,
            url,
            http_status,
            error,
            took_ms,
        });
    }
    Ok(attempts)
}

pub(super) fn receivers_to_bytes(receivers: &[Uuid]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(8 * receivers.len());
    for receiver in receivers {
        bytes.put_u64(receiver.0);
    }
    bytes
}

pub(super) fn receivers(bytes: &[u8]) -> Result<Vec<Uuid>, Malformed> {
    let mut reader = Reader(bytes);
    let mut receivers = Vec::with_capacity(bytes.len() / 8);
    while !reader.0.is_empty() {
        receivers.push(Uuid(reader.u64()?));
    }
    Ok(receivers)
}
