//! Reading stored messages again.

use std::ops::Range;
use std::sync::Arc;

use async_trait::async_trait;
use model::{Conversation, Message, Sequence, Uuid};

use super::StoreError;

/// Which part of a conversation; half open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Span {
    /// By timestamp, in milliseconds since 1970.
    Time(Range<u64>),
    /// By place.
    Sequence(Range<Sequence>),
}

/// Reads what [`Messages`](super::Messages) has stored. Messages with `is_stored` false are not
/// seen, except by [`message`](Self::message) and [`after`](Self::after).
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
}
