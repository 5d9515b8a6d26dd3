//! Messages, and the conversations that they belong to.

use bytes::Bytes;

use crate::{AccountName, AppId, Resource, Sequence, TopicId, Uuid};

/// An account's end of a message, with its name so that a delivery needs no look-up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Party {
    /// Ours.
    pub uuid: Uuid,
    /// The app's.
    pub account: AccountName,
}

/// Whom a message is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// One account, on all its devices.
    Account(Party),
    /// The members of a topic at the message's sequence.
    Topic(TopicId),
}

/// A message before it has its place: all that its sender decides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Content {
    /// The app of both ends.
    pub app_id: AppId,
    /// Who sent it: always the session's account, never what the packet claims.
    pub from: Party,
    /// The sending device; it gets no copy.
    pub from_resource: Resource,
    /// Whom it is for.
    pub to: Target,
    /// The sender's name for it, unique per device only; empty when it has none.
    pub packet_id: Box<str>,
    /// Opaque, never decoded.
    pub payload: Bytes,
    /// The app's own tag; empty when it has none.
    pub biz_type: Box<str>,
    /// Whether history and contacts know it.
    pub is_stored: bool,
    /// Which callbacks its app wants of it.
    pub callbacks: Callbacks,
}

/// Which callbacks an app has asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Callbacks {
    /// Of every accepted message.
    pub instant: bool,
    /// Of what did not reach its receivers.
    pub offline: bool,
}

/// A message that is durable and has its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Its place among all messages.
    pub sequence: Sequence,
    /// When, in milliseconds since 1970; strictly ascending in a conversation.
    pub timestamp_ms: u64,
    /// What the sender decided.
    pub content: Content,
}

/// What orders messages: a pair of accounts, whichever of them sends, or a topic.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Conversation {
    /// Two accounts, the lower uuid first; the same twice for notes to oneself.
    Pair(Uuid, Uuid),
    /// A topic.
    Topic(TopicId),
}

impl Conversation {
    /// The conversation of two accounts, in either order.
    pub fn between(one: Uuid, other: Uuid) -> Self {
        Self::Pair(one.min(other), one.max(other))
    }
}

impl Content {
    /// The conversation it belongs to.
    pub fn conversation(&self) -> Conversation {
        match &self.to {
            Target::Account(to) => Conversation::between(self.from.uuid, to.uuid),
            Target::Topic(topic) => Conversation::Topic(*topic),
        }
    }
}
