//! Reading again: the port, served by the log.
//!
//! Segments are walked from the newest back until there is enough; which may hold something is
//! known from their extents and filters in memory. What is damaged is left out.

mod called_back;
mod newest;
mod peers;
mod search;

use std::sync::Arc;

use async_trait::async_trait;
use chat::port::{Found, History, Search, Span, StoreError};
use model::{Conversation, Message, Sequence, Uuid};

use super::messages::EmbeddedMessages;

#[async_trait]
impl History for EmbeddedMessages {
    async fn newest(
        &self,
        conversation: Conversation,
        span: Span,
        limit: usize,
    ) -> Result<Vec<Arc<Message>>, StoreError> {
        self.blocking(move |shared| Ok(shared.newest(conversation, span, limit)))
            .await
    }

    async fn head(
        &self,
        conversation: Conversation,
        after: Sequence,
    ) -> Result<Option<Sequence>, StoreError> {
        self.blocking(move |shared| Ok(shared.head(conversation, after)))
            .await
    }

    async fn peers(
        &self,
        uuid: Uuid,
        after: Sequence,
        limit: usize,
    ) -> Result<Vec<(Uuid, Sequence)>, StoreError> {
        self.blocking(move |shared| Ok(shared.peers(uuid, after, limit)))
            .await
    }

    async fn message(
        &self,
        conversation: Conversation,
        sequence: Sequence,
    ) -> Result<Option<Arc<Message>>, StoreError> {
        self.blocking(move |shared| Ok(shared.message_at(conversation, sequence)))
            .await
    }

    async fn at(&self, sequence: Sequence) -> Result<Option<Arc<Message>>, StoreError> {
        self.blocking(move |shared| Ok(shared.at(sequence))).await
    }

    async fn sent_as(&self, search: Search) -> Result<Found, StoreError> {
        self.blocking(move |shared| Ok(shared.sent_as(&search)))
            .await
    }

    async fn after(
        &self,
        sequence: Sequence,
        limit: usize,
    ) -> Result<(Vec<Arc<Message>>, Sequence), StoreError> {
        self.blocking(move |shared| Ok(shared.called_back(sequence, limit)))
            .await
    }
}
