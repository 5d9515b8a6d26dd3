//! What travels: messages as an app sees them, receipts and refusals.

use bytes::Bytes;

/// To whom a message goes.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Target {
    /// An account of the same app, by the app's own name for it.
    Account(String),
    /// A topic, by its id.
    Topic(u64),
}

impl<T: Into<String>> From<T> for Target {
    fn from(account: T) -> Self {
        Self::Account(account.into())
    }
}

/// A device: one resource of one account.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Device {
    /// The app's own name for its user.
    pub account: String,
    /// Which of the account's devices.
    pub resource: String,
}

impl Device {
    /// The device `resource` of `account`.
    pub fn new(account: impl Into<String>, resource: impl Into<String>) -> Self {
        Self {
            account: account.into(),
            resource: resource.into(),
        }
    }
}

impl std::fmt::Display for Device {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}", self.account, self.resource)
    }
}

/// How a message is to be treated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SendOptions {
    /// Whether history keeps it; delivery and the queue for offline devices do not depend on it.
    pub is_store: bool,
    /// The app's own kind of message.
    pub biz_type: Option<String>,
    /// Names the message, uniquely among those of this device in 7 days: what is sent again under
    /// the same id with the same target and payload is answered as the first time. `None` makes one.
    pub packet_id: Option<String>,
}

impl Default for SendOptions {
    fn default() -> Self {
        Self {
            is_store: true,
            biz_type: None,
            packet_id: None,
        }
    }
}

/// A delivered message, of an account or of a topic.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Its place: ascending over everything that a device is given.
    pub sequence: i64,
    /// When the server took it, in milliseconds since 1970; ascending within a conversation.
    pub timestamp_ms: i64,
    /// The sender's name for it, unique among the messages of the sending device.
    pub packet_id: String,
    /// The sender.
    pub from: Device,
    /// The account or topic that it was sent to: not this one, for copies of what another device
    /// of this account sent.
    pub to: Target,
    /// Opaque.
    pub payload: Bytes,
    /// The app's own kind of message, empty when it has none.
    pub biz_type: String,
}

/// A message for devices that are online now, never kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OnlineMessage {
    /// The sender's name for it.
    pub packet_id: String,
    /// The sender.
    pub from: Device,
    /// The sender's uuid, which an acknowledgement names.
    pub from_uuid: u64,
    /// Opaque.
    pub payload: Bytes,
    /// The app's own kind of message, empty when it has none.
    pub biz_type: String,
}

/// The answer of a receiving device to an [`OnlineMessage`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OnlineAck {
    /// Of the message.
    pub packet_id: String,
    /// The receiver's verdict, 0 when fine.
    pub code: i32,
    /// Its words.
    pub text: String,
}

/// The server has the message safe on disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// Its place.
    pub sequence: i64,
    /// When it was taken, in milliseconds since 1970.
    pub timestamp_ms: i64,
}

/// The server will not take the message: it was not stored, and sending it again unchanged would be
/// judged afresh.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("refused with code {code}: {text}")]
pub struct SendRefused {
    /// 400 bad target; 403 blocked, banned or no member; 404 no such topic; 413 too large; 429 too
    /// many; 500 and 503 the server's own trouble, worth another try.
    pub code: i32,
    /// The server's words.
    pub text: String,
}
