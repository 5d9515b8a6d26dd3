//! What an operator does with callbacks.

use async_trait::async_trait;
use chat::port::{
    Attempt, CallbackRequest, CheckedSignature, Delivery, DeliveryKind, DeliveryPage,
    ListDeliveries, SignedPost, StoreError, TrialError, Webhook,
};
use model::{App, AppId};

use crate::{Webhooks, attempt, signature, trial};

#[async_trait]
impl Webhook for Webhooks {
    async fn list(
        &self,
        app_id: AppId,
        wanted: ListDeliveries,
    ) -> Result<DeliveryPage, StoreError> {
        self.ports.deliveries.list(app_id, wanted).await
    }

    async fn delivery(&self, app_id: AppId, id: &str) -> Result<Option<Delivery>, StoreError> {
        self.ports.deliveries.delivery(app_id, id).await
    }

    async fn request(&self, delivery: &Delivery) -> Result<Option<CallbackRequest>, StoreError> {
        attempt::again(&self.ports, delivery).await
    }

    fn check_signature(&self, app: &App, post: SignedPost<'_>) -> Option<CheckedSignature> {
        let SignedPost {
            id,
            timestamp_s,
            signatures,
            body,
        } = post;
        let secret = &app.callback_secret;
        let expected = signature::sign(secret, id, timestamp_s, body).ok()?;
        Some(CheckedSignature {
            is_valid: signature::verify(secret, id, timestamp_s, body, signatures),
            expected,
        })
    }

    async fn replay(&self, app_id: AppId, id: &str) -> Result<bool, StoreError> {
        let now_ms = self.ports.clock.now_ms();
        let is_there = self.ports.deliveries.replay(app_id, id, now_ms).await?;
        if is_there {
            self.bell.ring_replay(app_id, id, now_ms);
        }
        Ok(is_there)
    }

    async fn replay_failed(&self, app_id: AppId) -> Result<usize, StoreError> {
        let now_ms = self.ports.clock.now_ms();
        let count = self.ports.deliveries.replay_failed(app_id, now_ms).await?;
        if count > 0 {
            self.bell.ring(app_id, now_ms);
        }
        Ok(count)
    }

    async fn test(&self, app_id: AppId, kind: DeliveryKind) -> Result<Attempt, TrialError> {
        trial::run(&self.ports, app_id, kind).await
    }

    async fn url_cleared(&self, app_id: AppId, kind: DeliveryKind) -> Result<(), StoreError> {
        self.ports.deliveries.clear(app_id, kind).await?;
        Ok(())
    }

    async fn app_deleted(&self, app_id: AppId) -> Result<(), StoreError> {
        self.ports.deliveries.forget(app_id).await
    }
}
