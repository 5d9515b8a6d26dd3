//! Sessions of the console: what a cookie stands for. In memory only; each is as good as the token
//! that it was begun with, and ends with it.

use std::collections::HashMap;

use chat::secret;
use parking_lot::Mutex;
use subtle::ConstantTimeEq as _;

use crate::admin::access::TokenId;

/// The longest that a session lasts, however busy it is, in milliseconds.
pub(crate) const LIFE_MS_MAX: u64 = 12 * 60 * 60 * 1_000;
/// Sessions at a time; the one that was used longest ago makes room for a new one.
const SESSIONS_MAX: usize = 1_000;

/// By which a session is known here: the hash of its cookie.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct SessionKey([u8; 32]);

pub(crate) struct Sessions {
    /// How long a session lasts that is not used, in milliseconds.
    idle_ms: u64,
    open: Mutex<HashMap<SessionKey, Open>>,
}

struct Open {
    token_id: TokenId,
    csrf: String,
    began_at_ms: u64,
    used_at_ms: u64,
}

/// A session that has just been used.
#[derive(Clone)]
pub(crate) struct Session {
    pub(crate) key: SessionKey,
    /// What it was begun with.
    pub(crate) token_id: TokenId,
    /// What a request must repeat to change something.
    csrf: String,
    /// When it ends if nothing more is asked, in milliseconds since 1970.
    pub(crate) ends_at_ms: u64,
}

impl Session {
    pub(crate) fn csrf(&self) -> &str {
        &self.csrf
    }

    pub(crate) fn is_csrf(&self, given: &[u8]) -> bool {
        self.csrf.as_bytes().ct_eq(given).into()
    }
}

impl Sessions {
    pub(crate) fn new(idle_s: u64) -> Self {
        Self {
            idle_ms: idle_s.saturating_mul(1_000),
            open: Mutex::default(),
        }
    }

    /// A new session, and its cookie's value, which is kept nowhere.
    pub(crate) fn begin(&self, token_id: TokenId, now_ms: u64) -> (String, Session) {
        let cookie = secret::text::<32>();
        let key = key(&cookie);
        let begun = Open {
            token_id,
            csrf: secret::text::<32>(),
            began_at_ms: now_ms,
            used_at_ms: now_ms,
        };
        let mut open = self.open.lock();
        open.retain(|_, one| self.ends_at_ms(one) > now_ms);
        if open.len() >= SESSIONS_MAX {
            let stalest = open.iter().min_by_key(|(_, one)| one.used_at_ms);
            let stalest = stalest.map(|(key, _)| *key);
            stalest.map(|key| open.remove(&key));
        }
        let session = self.view(key, &begun);
        open.insert(key, begun);
        (cookie, session)
    }

    /// The session of a cookie, which lasts longer by this.
    pub(crate) fn used(&self, cookie: &str, now_ms: u64) -> Option<Session> {
        let key = key(cookie);
        let mut open = self.open.lock();
        let one = open.get_mut(&key)?;
        if self.ends_at_ms(one) <= now_ms {
            open.remove(&key);
            return None;
        }
        one.used_at_ms = now_ms;
        Some(self.view(key, one))
    }

    pub(crate) fn end(&self, key: SessionKey) {
        self.open.lock().remove(&key);
    }

    /// Ends all that were begun with a token.
    pub(crate) fn end_of(&self, token_id: &TokenId) {
        self.open.lock().retain(|_, one| one.token_id != *token_id);
    }

    fn view(&self, key: SessionKey, one: &Open) -> Session {
        Session {
            key,
            token_id: one.token_id.clone(),
            csrf: one.csrf.clone(),
            ends_at_ms: self.ends_at_ms(one),
        }
    }

    fn ends_at_ms(&self, one: &Open) -> u64 {
        let idle = one.used_at_ms.saturating_add(self.idle_ms);
        idle.min(one.began_at_ms.saturating_add(LIFE_MS_MAX))
    }
}

fn key(cookie: &str) -> SessionKey {
    SessionKey(secret::hash(cookie).0)
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE_MS: u64 = 60_000;

    #[test]
    fn a_session_lasts_while_it_is_used_but_not_for_ever() {
        let sessions = Sessions::new(60);
        let (cookie, begun) = sessions.begin(TokenId::First, 0);
        assert_eq!(begun.ends_at_ms, MINUTE_MS);
        let mut now_ms = 0;
        while let Some(session) = sessions.used(&cookie, now_ms) {
            assert!(session.is_csrf(begun.csrf().as_bytes()) && !session.is_csrf(b""));
            assert!(session.ends_at_ms <= LIFE_MS_MAX);
            now_ms += MINUTE_MS - 1;
        }
        assert!((LIFE_MS_MAX..LIFE_MS_MAX + MINUTE_MS).contains(&now_ms));
        let (cookie, _) = sessions.begin(TokenId::First, 0);
        assert!(sessions.used(&cookie, MINUTE_MS).is_none());
        assert!(sessions.open.lock().is_empty());
    }

    #[test]
    fn a_session_ends_alone_or_with_its_token() {
        let sessions = Sessions::new(60);
        let other = TokenId::Other("x".into());
        let (one, begun) = sessions.begin(other.clone(), 0);
        let (two, _) = sessions.begin(other.clone(), 0);
        let (three, _) = sessions.begin(TokenId::First, 0);
        sessions.end(begun.key);
        let is_open = |cookie: &str| sessions.used(cookie, 1).is_some();
        assert_eq!(
            (is_open(&one), is_open(&two), is_open(&three)),
            (false, true, true)
        );
        sessions.end_of(&other);
        assert_eq!((is_open(&two), is_open(&three)), (false, true));
    }

    #[test]
    fn of_too_many_the_one_used_longest_ago_ends() {
        let sessions = Sessions::new(60);
        let (first, _) = sessions.begin(TokenId::First, 0);
        let (second, _) = sessions.begin(TokenId::First, 1);
        sessions.used(&first, 2);
        for _ in 1..SESSIONS_MAX {
            sessions.begin(TokenId::First, 3);
        }
        assert_eq!(sessions.open.lock().len(), SESSIONS_MAX);
        assert!(sessions.used(&first, 4).is_some());
        assert!(sessions.used(&second, 4).is_none());
    }
}
