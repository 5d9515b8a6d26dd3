//! Payloads: the number of the message, and filling.

/// The payload of a message, so many bytes long or a little longer.
pub(crate) fn of(number: usize, bytes: usize) -> String {
    let mut text = format!("m{number} ");
    text.extend(std::iter::repeat_n('.', bytes.saturating_sub(text.len())));
    text
}

/// Which message a payload is of.
pub(crate) fn number(payload: &[u8]) -> Option<usize> {
    let text = std::str::from_utf8(payload).ok()?;
    let (number, filling) = text.strip_prefix('m')?.split_once(' ')?;
    filling.bytes().all(|byte| byte == b'.').then_some(())?;
    number.parse().ok()
}
