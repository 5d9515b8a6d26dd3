//! What accounts log in with: signed, self-contained, revoked by epochs.
//!
//! ```text
//! token = base64url( version u8 | uuid u64 | expires_at_ms u64 | app epoch u32 |
//!                    account epoch u32 | nonce 8 bytes | HMAC-SHA-256 of all that, 16 bytes )
//! ```
//! Big-endian. A ban or a new app secret raises an epoch, and all earlier tokens are void.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use model::{Account, App, Uuid};
use sha2::Sha256;
use thiserror::Error;

use crate::Chat;
use crate::port::{Clock, StoreError};
use crate::secret;

const VERSION: u8 = 1;
const CLAIMS_BYTES: usize = 33;
const MAC_BYTES: usize = 16;
/// A longer text is no token of ours and is not even decoded.
const TEXT_BYTES_MAX: usize = 128;

/// Why a token opens nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum TokenError {
    /// It is not ours.
    #[error("the token is not valid")]
    Invalid,
    /// It was good once: it was revoked, or its account is gone.
    #[error("the token was revoked")]
    Revoked,
    /// Its time is over; a new one will do.
    #[error("the token has expired")]
    Expired,
    /// Its account or app is banned.
    #[error("the account or its app is banned")]
    Forbidden,
    /// The store failed.
    #[error("the store is unavailable")]
    Unavailable,
}

/// What a token is, to whoever wonders why it opens nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenVerdict {
    /// It opens its account.
    Valid,
    /// It is no token at all, or was cut.
    Malformed,
    /// This installation has not signed it.
    Foreign,
    /// Its account, or its app, is no longer there.
    Gone,
    /// Its app is banned.
    AppBanned,
    /// Its account is banned.
    AccountBanned,
    /// The app's secret was changed, or the app was banned, after it was issued.
    RevokedWithApp,
    /// The account was banned after it was issued.
    RevokedWithAccount,
    /// Its time is over.
    Expired,
}

/// A token that was looked into.
#[derive(Clone, Debug)]
pub struct ExplainedToken {
    /// What is wrong with it first.
    pub verdict: TokenVerdict,
    /// Whose it says it is, when it is ours.
    pub uuid: Option<Uuid>,
    /// Until when, in milliseconds since 1970, when it is ours.
    pub expires_at_ms: Option<u64>,
    /// Its account, when that is there.
    pub account: Option<Arc<Account>>,
}

/// Makes and reads tokens.
pub struct Tokens {
    key: Hmac<Sha256>,
    clock: Arc<dyn Clock>,
    ttl_ms: u64,
}

struct Claims {
    uuid: Uuid,
    expires_at_ms: u64,
    app_epoch: u32,
    account_epoch: u32,
}

impl Tokens {
    pub(crate) fn new(key: [u8; 32], clock: Arc<dyn Clock>, ttl_s: u64) -> Self {
        let key = Hmac::new_from_slice(&key).expect("HMAC takes keys of any size");
        Self {
            key,
            clock,
            ttl_ms: ttl_s.saturating_mul(1000),
        }
    }

    /// A new token; those given before stay good.
    pub fn issue(&self, app: &App, account: &Account) -> String {
        let expires_at_ms = self.clock.now_ms().saturating_add(self.ttl_ms);
        let mut bytes = Vec::with_capacity(CLAIMS_BYTES + MAC_BYTES);
        bytes.push(VERSION);
        bytes.extend(account.uuid.0.to_be_bytes());
        bytes.extend(expires_at_ms.to_be_bytes());
        bytes.extend(app.token_epoch.to_be_bytes());
        bytes.extend(account.token_epoch.to_be_bytes());
        bytes.extend(secret::random::<8>());
        let mac = self
            .key
            .clone()
            .chain_update(&bytes)
            .finalize()
            .into_bytes();
        bytes.extend(&mac[..MAC_BYTES]);
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// Whose token it is, if it was issued by these, whether or not it is still good.
    pub fn owner(&self, token: &str) -> Option<Uuid> {
        self.read(token).map(|claims| claims.uuid)
    }

    fn read(&self, token: &str) -> Option<Claims> {
        self.claims(&decode(token)?)
    }

    /// Of what [`decode`] has given; `None`: not signed here.
    fn claims(&self, bytes: &[u8]) -> Option<Claims> {
        let (claims, mac) = bytes.split_at_checked(CLAIMS_BYTES)?;
        self.key
            .clone()
            .chain_update(claims)
            .verify_truncated_left(mac)
            .ok()?;
        Some(Claims {
            uuid: Uuid(u64::from_be_bytes(claims[1..9].try_into().ok()?)),
            expires_at_ms: u64::from_be_bytes(claims[9..17].try_into().ok()?),
            app_epoch: u32::from_be_bytes(claims[17..21].try_into().ok()?),
            account_epoch: u32::from_be_bytes(claims[21..25].try_into().ok()?),
        })
    }
}

/// The bytes of a text that has the form of a token.
fn decode(token: &str) -> Option<Vec<u8>> {
    if token.len() > TEXT_BYTES_MAX {
        return None;
    }
    let bytes = URL_SAFE_NO_PAD.decode(token).ok()?;
    let is_whole = bytes.len() == CLAIMS_BYTES + MAC_BYTES && bytes[0] == VERSION;
    is_whole.then_some(bytes)
}

impl Chat {
    /// Looks into a token: in the order in which [`authenticate`](Self::authenticate) does.
    pub async fn explain_token(&self, token: &str) -> Result<ExplainedToken, StoreError> {
        let without = |verdict| ExplainedToken {
            verdict,
            uuid: None,
            expires_at_ms: None,
            account: None,
        };
        let Some(bytes) = decode(token) else {
            return Ok(without(TokenVerdict::Malformed));
        };
        let Some(claims) = self.tokens.claims(&bytes) else {
            return Ok(without(TokenVerdict::Foreign));
        };
        let account = self.accounts.find_by_uuid(claims.uuid).await?;
        let app = account.as_ref().and_then(|one| self.apps.get(one.app_id));
        let verdict = match (&account, &app) {
            (Some(account), Some(app)) => self.verdict(&claims, app, account),
            _ => TokenVerdict::Gone,
        };
        Ok(ExplainedToken {
            verdict,
            uuid: Some(claims.uuid),
            expires_at_ms: Some(claims.expires_at_ms),
            account,
        })
    }

    fn verdict(&self, claims: &Claims, app: &App, account: &Account) -> TokenVerdict {
        if app.is_banned {
            TokenVerdict::AppBanned
        } else if account.is_banned {
            TokenVerdict::AccountBanned
        } else if claims.app_epoch != app.token_epoch {
            TokenVerdict::RevokedWithApp
        } else if claims.account_epoch != account.token_epoch {
            TokenVerdict::RevokedWithAccount
        } else if claims.expires_at_ms <= self.clock.now_ms() {
            TokenVerdict::Expired
        } else {
            TokenVerdict::Valid
        }
    }

    /// Whose token this is.
    pub async fn authenticate(&self, token: &str) -> Result<(Arc<App>, Arc<Account>), TokenError> {
        let claims = self.tokens.read(token).ok_or(TokenError::Invalid)?;
        let account = self.accounts.find_by_uuid(claims.uuid).await;
        let account = account
            .map_err(|_| TokenError::Unavailable)?
            .ok_or(TokenError::Revoked)?;
        let app = self.apps.get(account.app_id).ok_or(TokenError::Revoked)?;
        match self.verdict(&claims, &app, &account) {
            TokenVerdict::Valid => Ok((app, account)),
            TokenVerdict::AppBanned | TokenVerdict::AccountBanned => Err(TokenError::Forbidden),
            TokenVerdict::Expired => Err(TokenError::Expired),
            _ => Err(TokenError::Revoked),
        }
    }
}
