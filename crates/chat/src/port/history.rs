//! Reading stored messages again.

use std::ops::Range;
use std::sync::Arc;

use async_trait::async_trait;
use model::{AppId, Conversation, Message, Sequence, Uuid};

use super::StoreError;

/// Which part of a conversation; half open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Span {
    /// By timestamp, in milliseconds since 1970.
    Time(Range<u64>),
    /// By place.
    Sequence(Range<Sequence>),
}

/// A message that is looked for by what its sender called it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Search {
    /// Of this app,
    pub app_id: AppId,
    /// with this packetId, which is not empty,
    pub packet_id: Box<str>,
    /// sent by this account, if that is known.
    pub from: Option<Uuid>,
    /// Messages in the answer.
    pub limit: usize,
    /// How much of the log is read, in bytes; a part of it that was begun is read to its end.
    pub bytes: u64,
}

/// What a [`Search`] has found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// The newest first.
    pub messages: Vec<Arc<Message>>,
    /// Everything after this place was looked at.
    pub after: Sequence,
}

/// Reads what [`Messages`](super::Messages) has stored. Messages with `is_stored` false are not
/// seen, except by [`message`](Self::message), [`at`](Self::at), [`after`](Self::after) and
/// [`sent_as`](Self::sent_as).
#[async_trait]
pub trait History: Send + Sync + 'static {
    /// The newest `limit` messages of a span, ascending.
    async fn newest(
        &self,
        conversation: Conversation,
        span: Span,
        limit: usize,
    ) -> Result<Vec<Arc<Message>>, StoreError>;

    /// The place of the newest stored message of a conversation after a place, if there is one.
    async fn head(
        &self,
        conversation: Conversation,
        after: Sequence,
    ) -> Result<Option<Sequence>, StoreError>;

    /// The accounts that an account has exchanged stored messages with after a place, with the
    /// newest of each; the newest first. Notes to oneself are not among them.
    async fn peers(
        &self,
        uuid: Uuid,
        after: Sequence,
        limit: usize,
    ) -> Result<Vec<(Uuid, Sequence)>, StoreError>;

    /// One message, stored or queued, by its conversation and place.
    async fn message(
        &self,
        conversation: Conversation,
        sequence: Sequence,
    ) -> Result<Option<Arc<Message>>, StoreError>;

    /// Messages after a place that want callbacks, ascending, stored or queued, and the place up to
    /// which the answer is complete.
    async fn after(
        &self,
        sequence: Sequence,
        limit: usize,
    ) -> Result<(Vec<Arc<Message>>, Sequence), StoreError>;

    /// One message, stored or queued, by its place alone. For people's questions: it may read
    /// through a part of the log.
    async fn at(&self, sequence: Sequence) -> Result<Option<Arc<Message>>, StoreError>;

    /// Messages by their packetId, stored or queued: the log is read back from its end until one is
    /// found. For people's questions, one at a time.
    async fn sent_as(&self, search: Search) -> Result<Found, StoreError>;
}
