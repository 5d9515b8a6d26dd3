//! KICK: the end of a binding, with the words that make each client do the right thing next.
//!
//! ```text
//! 1 type | 2 reason | 3 desc
//! ```

use crate::XmMsgKick;

/// Why a binding ends. A shutdown is not among them: connections just close.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum KickCause {
    /// A newer connection bound the same device. Any other words than these start an endless war
    /// of two connections that evict each other.
    Replaced,
    /// Another device of the account bound itself as the only one.
    Sso,
    /// The client asked for it.
    Logout,
    /// The operator asked for it.
    Kicked,
    /// The account or the app is banned.
    Banned,
    /// The token does not count any more.
    Revoked,
}

impl KickCause {
    /// type, reason and desc on the wire.
    pub fn words(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::Replaced => ("wait", "single-resource-kick", "replaced"),
            Self::Sso => ("wait", "single-resource-kick", "sso"),
            Self::Logout => ("wait", "logout", "logout"),
            Self::Kicked => ("wait", "kicked", "kicked"),
            Self::Banned => ("cancel", "forbidden", "banned"),
            Self::Revoked => ("wait", "token-expired", "revoked"),
        }
    }
}

impl From<KickCause> for XmMsgKick {
    fn from(cause: KickCause) -> Self {
        let (kind, reason, desc) = cause.words();
        Self {
            r#type: Some(kind.to_owned()),
            reason: Some(reason.to_owned()),
            desc: Some(desc.to_owned()),
        }
    }
}
