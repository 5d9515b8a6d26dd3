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
use crate::port::Clock;
use crate::secret;

const VERSION: u8 = 1;
const CLAIMS_BYTES: usize = 33;
const MAC_BYTES: usize = 16;
/// A longer text is no token of ours and is not even decoded.
const TEXT_BYTES_MAX: usize = 128;

/// Why a token opens nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum TokenError {
    /// It is not ours, or it was revoked.
    #[error("the token is not valid")]
    Invalid,
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

    /// Whether it was issued by these, whatever it says.
    #[cfg(feature = "properties")]
    pub(crate) fn is_signed(&self, token: &str) -> bool {
        self.read(token).is_some()
    }

    fn read(&self, token: &str) -> Option<Claims> {
        if token.len() > TEXT_BYTES_MAX {
            return None;
        }
        let bytes = URL_SAFE_NO_PAD.decode(token).ok()?;
        let (claims, mac) = bytes.split_at_checked(CLAIMS_BYTES)?;
        if mac.len() != MAC_BYTES || claims[0] != VERSION {
            return None;
        }
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

impl Chat {
    /// Whose token this is.
    pub async fn authenticate(&self, token: &str) -> Result<(Arc<App>, Arc<Account>), TokenError> {
        let claims = self.tokens.read(token).ok_or(TokenError::Invalid)?;
        let account = self.accounts.find_by_uuid(claims.uuid).await;
        let account = account
            .map_err(|_| TokenError::Unavailable)?
            .ok_or(TokenError::Invalid)?;
        let app = self.apps.get(account.app_id).ok_or(TokenError::Invalid)?;
        if app.is_banned || account.is_banned {
            return Err(TokenError::Forbidden);
        }
        if (claims.app_epoch, claims.account_epoch) != (app.token_epoch, account.token_epoch) {
            return Err(TokenError::Invalid);
        }
        if claims.expires_at_ms <= self.clock.now_ms() {
            return Err(TokenError::Expired);
        }
        Ok((app, account))
    }
}
