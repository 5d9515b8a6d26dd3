//! Reading again: not served by the log yet.

use std::sync::Arc;

use async_trait::async_trait;
use chat::port::{History, Span, StoreError};
use model::{Conversation, Message, Sequence, Uuid};

use super::messages::EmbeddedMessages;

#[async_trait]
impl History for EmbeddedMessages {
    async fn newest(
        &self,
        _: Conversation,
        _: Span,
        _: usize,
    ) -> Result<Vec<Arc<Message>>, StoreError> {
        Err(not_yet())
    }

    async fn head(&self, _: Conversation, _: Sequence) -> Result<Option<Sequence>, StoreError> {
        Err(not_yet())
    }

    async fn peers(
        &self,
        _: Uuid,
        _: Sequence,
        _: usize,
    ) -> Result<Vec<(Uuid, Sequence)>, StoreError> {
        Err(not_yet())
    }

    async fn message(
        &self,
        _: Conversation,
        _: Sequence,
    ) -> Result<Option<Arc<Message>>, StoreError> {
        Err(not_yet())
    }

    async fn after(
        &self,
        _: Sequence,
        _: usize,
    ) -> Result<(Vec<Arc<Message>>, Sequence), StoreError> {
        Err(not_yet())
    }
}

fn not_yet() -> StoreError {
    StoreError::Unavailable("not yet".to_owned())
}
