//! This machine's clock: for what it says to others, never for the order of anything.

use std::time::{SystemTime, UNIX_EPOCH};

/// Milliseconds since 1970; 0 on a machine that believes to live before.
#[expect(clippy::disallowed_methods, reason = "this is the clock")]
pub(crate) fn ms() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    let ms = since.unwrap_or_default().as_millis();
    i64::try_from(ms).unwrap_or(i64::MAX)
}
