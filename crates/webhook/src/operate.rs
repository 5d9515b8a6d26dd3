//! What an operator does with callbacks.

use async_trait::async_trait;
use chat::port::{
    Attempt, DeliveryKind, DeliveryPage, ListDeliveries, StoreError, TrialError, Webhook,
};
use model::AppId;

use crate::{Webhooks, trial};

#[async_trait]
impl Webhook for Webhooks {
    async fn list(
        &self,
        app_id: AppId,
        wanted: ListDeliveries,
    ) -> Result<DeliveryPage, StoreError> {
        self.ports.deliveries.list(app_id, wanted).await
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
