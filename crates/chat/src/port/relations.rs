//! What an account thinks of others: whom it has blocked, which contacts it has hidden.

use async_trait::async_trait;
use model::{Conversation, Sequence, Uuid};

use super::StoreError;

/// Keeps relations. What a call has answered is durable and seen by every later call.
#[async_trait]
pub trait Relations: Send + Sync + 'static {
    /// Whom an account has blocked, in no order.
    async fn blocked(&self, owner: Uuid) -> Result<Vec<Uuid>, StoreError>;

    /// Blocks, or lifts a block. Doing it again changes nothing.
    async fn set_blocked(
        &self,
        owner: Uuid,
        other: Uuid,
        is_blocked: bool,
    ) -> Result<(), StoreError>;

    /// The conversations that an account has hidden, with the newest message it hid.
    async fn hidden(&self, owner: Uuid) -> Result<Vec<(Conversation, Sequence)>, StoreError>;

    /// Hides a conversation up to a message; a newer message shows it again.
    async fn hide(
        &self,
        owner: Uuid,
        conversation: Conversation,
        up_to: Sequence,
    ) -> Result<(), StoreError>;
}
