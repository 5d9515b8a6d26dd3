//! Tenants. An app's credentials open the REST API; its settings bound what its accounts do.

use std::fmt;

use subtle::ConstantTimeEq as _;

use crate::limits::PAYLOAD_BYTES_DEFAULT;
use crate::{AppId, Callbacks};

/// SHA-256 of an app secret. The secret itself is shown once and kept nowhere. Comparing two takes
/// the same time wherever they differ.
#[derive(Clone, Copy, Eq)]
pub struct SecretHash(pub [u8; 32]);

impl PartialEq for SecretHash {
    fn eq(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

impl fmt::Debug for SecretHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretHash(…)")
    }
}

/// A tenant.
#[derive(Clone, PartialEq, Eq)]
pub struct App {
    /// Its id, the same in all its clients.
    pub id: AppId,
    /// The public half of its credentials.
    pub key: String,
    /// What is kept of the secret half.
    pub secret: SecretHash,
    /// Signs callbacks: `whsec_` and base64. Readable, since it must sign.
    pub callback_secret: String,
    /// For people.
    pub name: String,
    /// As in `com.example.demo`; every packet to a client carries it.
    pub package: String,
    /// A banned app's accounts can do nothing.
    pub is_banned: bool,
    /// Tokens of an earlier epoch are revoked.
    pub token_epoch: u32,
    /// Milliseconds since 1970.
    pub created_at_ms: u64,
    /// When the lifetime of its accounts was last raised from 0, in milliseconds since 1970:
    /// accounts older than that live as if they had been made then.
    pub ttl_raised_at_ms: u64,
    /// What its operator may change.
    pub settings: AppSettings,
}

/// Without the secrets: an app may be logged.
impl fmt::Debug for App {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("App")
            .field("id", &self.id)
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

/// What an operator sets per app. Limits of the values are in [`crate::limits`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AppSettings {
    /// URL that gets every accepted message.
    pub instant_callback: Option<String>,
    /// URL that gets what did not reach its receivers.
    pub offline_callback: Option<String>,
    /// Lifetime of the app's accounts in seconds; 0 is for ever.
    pub account_ttl_s: u32,
    /// How many members a topic may have.
    pub topic_members_max: u32,
    /// Largest payload in bytes.
    pub payload_bytes_max: u32,
    /// How long history is kept.
    pub retention_days: u32,
}

impl AppSettings {
    /// Which callbacks have somewhere to go.
    pub fn callbacks(&self) -> Callbacks {
        Callbacks {
            instant: self.instant_callback.is_some(),
            offline: self.offline_callback.is_some(),
        }
    }
}

impl Default for AppSettings {
    fn default() -> Self {
        Self {
            instant_callback: None,
            offline_callback: None,
            account_ttl_s: 0,
            topic_members_max: 500,
            payload_bytes_max: PAYLOAD_BYTES_DEFAULT,
            retention_days: 183,
        }
    }
}
