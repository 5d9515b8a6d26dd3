//! Users of an app.

use std::fmt;

use subtle::ConstantTimeEq as _;

use crate::{AccountName, AppId, Uuid};

/// Keys the BIND signature and the payload cipher of one account. Clients get it with their
/// token, so it must stay readable; it never appears in a log. Comparing two takes the same time
/// wherever they differ.
#[derive(Clone, Copy, Eq)]
pub struct SecurityKey(pub [u8; 16]);

impl PartialEq for SecurityKey {
    fn eq(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

impl fmt::Debug for SecurityKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecurityKey(…)")
    }
}

/// A user of an app: made when first named, by a token request or as a target.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// Ours, permanent.
    pub uuid: Uuid,
    /// The app it belongs to.
    pub app_id: AppId,
    /// The app's own name for it.
    pub name: AccountName,
    /// Shared with its clients.
    pub security_key: SecurityKey,
    /// A banned account has no sessions and gets no tokens.
    pub is_banned: bool,
    /// Tokens of an earlier epoch are revoked.
    pub token_epoch: u32,
    /// Milliseconds since 1970.
    pub created_at_ms: u64,
}
