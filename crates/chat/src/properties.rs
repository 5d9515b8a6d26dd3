//! What holds of whatever is shown as a token.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::port::Clock;
use crate::tokens::Tokens;

#[derive(Debug)]
struct Epoch;

impl Clock for Epoch {
    fn now_ms(&self) -> u64 {
        0
    }
}

/// Only what was signed with the key is a token: a text that nobody issued is none.
///
/// # Panics
///
/// When it is taken for one.
pub fn token(bytes: &[u8]) {
    let tokens = Tokens::new([7; 32], Arc::new(Epoch), 60);
    let encoded = URL_SAFE_NO_PAD.encode(bytes);
    for text in [&String::from_utf8_lossy(bytes), &*encoded] {
        assert!(tokens.owner(text).is_none(), "{text:?} was never issued");
    }
}
