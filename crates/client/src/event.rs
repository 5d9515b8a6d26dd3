//! What happens to a client, in the order in which it happens.

use std::time::Duration;

use crate::message::{Message, OnlineAck, OnlineMessage};

/// One thing that happened. After [`Kicked`](Self::Kicked), [`Refused`](Self::Refused) and
/// [`LoggedOut`](Self::LoggedOut) nothing follows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// Logged in, for the first time or again. What waited for this device follows.
    Connected {
        /// The account's uuid.
        uuid: u64,
    },
    /// The connection is gone, or could not be made. The client tries again by itself, and sends
    /// again whatever was not acknowledged.
    Disconnected {
        /// Why.
        why: Disconnection,
        /// When the next attempt begins.
        retry_in: Duration,
    },
    /// A message, once for each, ascending by sequence. Asking for the next event acknowledges it:
    /// the server will not send it to this device again.
    Message(Message),
    /// A message that is not kept.
    OnlineMessage(OnlineMessage),
    /// Another device's answer to an online message.
    OnlineAck(OnlineAck),
    /// The server ended the session for good: the client stays out.
    Kicked {
        /// Why.
        reason: KickReason,
    },
    /// The server or the token source will not let this client in.
    Refused {
        /// Their words.
        why: String,
    },
    /// As the app wished.
    LoggedOut,
}

impl Event {
    /// Whether nothing can follow.
    pub fn is_last(&self) -> bool {
        matches!(
            self,
            Self::Kicked { .. } | Self::Refused { .. } | Self::LoggedOut
        )
    }

    pub(crate) fn is_status(&self) -> bool {
        matches!(self, Self::Connected { .. } | Self::Disconnected { .. })
    }
}

/// Why there is no connection for now.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Disconnection {
    /// Nobody answers at the server's address.
    #[error("the server cannot be reached: {0}")]
    Unreachable(String),
    /// The server closed the connection, or the network did.
    #[error("the connection ended: {0}")]
    Closed(String),
    /// Pings, messages or the login got no answer in time.
    #[error("the server is silent")]
    Silent,
    /// The server ended the session, but may be joined again.
    #[error("the server ended the session: {0}")]
    Kicked(KickReason),
    /// The token is no longer good: a new one is fetched.
    #[error("the server refused the token: {0}")]
    TokenRefused(String),
    /// There is no token for now.
    #[error("{0}")]
    NoToken(String),
    /// What came was not this protocol.
    #[error("the server broke the protocol: {0}")]
    BadServer(String),
}

/// Why the server ended a session.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KickReason {
    /// The same account and resource logged in elsewhere. Final: two clients that both came back
    /// would evict each other for ever.
    #[error("replaced by another login of the same device")]
    Replaced,
    /// Another device logged in as the only one. Final.
    #[error("another device logged in as the only one")]
    SingleSignOn,
    /// The account or the app was banned. Final.
    #[error("banned")]
    Banned,
    /// This client logged out.
    #[error("logged out")]
    LoggedOut,
    /// An operator ended the session; it may come back.
    #[error("kicked by the operator")]
    Operator,
    /// The token was revoked; a new one may do.
    #[error("the token was revoked")]
    Revoked,
    /// None of these; it may come back.
    #[error("{0}")]
    Other(String),
}

impl KickReason {
    /// From the fields of a KICK.
    pub fn from_wire(reason: &str, desc: &str) -> Self {
        match (reason, desc) {
            ("single-resource-kick", "sso") => Self::SingleSignOn,
            ("single-resource-kick", _) => Self::Replaced,
            ("forbidden", _) => Self::Banned,
            ("logout", _) => Self::LoggedOut,
            ("kicked", _) => Self::Operator,
            ("token-expired", _) => Self::Revoked,
            _ => Self::Other(format!("{reason} {desc}").trim().to_owned()),
        }
    }

    /// Whether the client stays out.
    pub fn is_final(&self) -> bool {
        matches!(self, Self::Replaced | Self::SingleSignOn | Self::Banned)
    }
}
