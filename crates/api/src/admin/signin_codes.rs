//! One-time sign-ins: a code that a start prints, or that somebody with a token asks for, and that
//! the console exchanges for a session. In memory only, and only as hashes.

use std::collections::HashMap;

use chat::secret;
use parking_lot::Mutex;

use crate::admin::access::TokenId;

/// Codes at a time; the oldest makes room for a new one.
const CODES_MAX: usize = 100;

/// Codes that have not been used yet.
#[derive(Default)]
pub struct SignInCodes {
    open: Mutex<HashMap<[u8; 32], Open>>,
}

/// What is kept of a code.
struct Open {
    token: TokenId,
    ends_at_ms: u64,
}

impl SignInCodes {
    /// How many minutes a code may be used.
    pub const LIFE_MIN: u64 = 15;

    /// A code that signs in by the first token, as a start prints it. It is good once.
    pub fn for_first_token(&self, now_ms: u64) -> String {
        self.issue(TokenId::First, now_ms).0
    }

    /// A code that signs in by a token, and when it ends, in milliseconds since 1970.
    pub(crate) fn issue(&self, token: TokenId, now_ms: u64) -> (String, u64) {
        let code = secret::text::<32>();
        let ends_at_ms = now_ms + Self::LIFE_MIN * 60_000;
        let mut open = self.open.lock();
        open.retain(|_, one| one.ends_at_ms > now_ms);
        if open.len() >= CODES_MAX {
            let oldest = open.iter().min_by_key(|(_, one)| one.ends_at_ms);
            let oldest = oldest.map(|(hash, _)| *hash);
            oldest.map(|hash| open.remove(&hash));
        }
        open.insert(secret::hash(&code).0, Open { token, ends_at_ms });
        (code, ends_at_ms)
    }

    /// By which token a code signs in. It is good for nothing afterwards.
    pub(crate) fn redeem(&self, code: &str, now_ms: u64) -> Option<TokenId> {
        let used = self.open.lock().remove(&secret::hash(code).0)?;
        (used.ends_at_ms > now_ms).then_some(used.token)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIFE_MS: u64 = SignInCodes::LIFE_MIN * 60_000;

    #[test]
    fn a_code_is_good_once_and_for_fifteen_minutes() {
        let codes = SignInCodes::default();
        let code = codes.for_first_token(5);
        assert_eq!(codes.redeem("other", 5), None);
        assert_eq!(codes.redeem(&code, 5 + LIFE_MS - 1), Some(TokenId::First));
        assert_eq!(codes.redeem(&code, 6), None);
        let late = codes.for_first_token(5);
        assert_eq!(codes.redeem(&late, 5 + LIFE_MS), None);
        assert!(codes.open.lock().is_empty());
    }

    #[test]
    fn of_too_many_the_oldest_goes() {
        let codes = SignInCodes::default();
        let first = codes.for_first_token(1);
        let second = codes.for_first_token(2);
        for _ in 1..CODES_MAX {
            codes.for_first_token(3);
        }
        assert_eq!(codes.open.lock().len(), CODES_MAX);
        assert_eq!(codes.redeem(&first, 3), None);
        assert_eq!(codes.redeem(&second, 3), Some(TokenId::First));
    }
}
