//! What an operator does with callbacks.

use async_trait::async_trait;
use bytes::Bytes;
use model::{App, AppId};
use thiserror::Error;

use super::{Attempt, Delivery, DeliveryKind, DeliveryPage, ListDeliveries, StoreError};

/// Why nothing was posted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum TrialError {
    /// There is no such app.
    #[error("there is no such app")]
    NoApp,
    /// The app has no URL of this kind.
    #[error("the app has no such callback URL")]
    NoUrl,
}

/// What an app's server is sent, or was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallbackRequest {
    /// Where to.
    pub url: String,
    /// By their names in small letters.
    pub headers: Vec<(&'static str, String)>,
    /// JSON.
    pub body: Bytes,
}

/// A request that an app's server says it has got.
#[derive(Clone, Copy, Debug)]
pub struct SignedPost<'a> {
    /// `webhook-id`.
    pub id: &'a str,
    /// `webhook-timestamp`, in seconds since 1970.
    pub timestamp_s: u64,
    /// `webhook-signature`: one or several, separated by blanks.
    pub signatures: &'a str,
    /// As it came.
    pub body: &'a [u8],
}

/// What a signature is worth.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckedSignature {
    /// Whether one of those given is right.
    pub is_valid: bool,
    /// The right one.
    pub expected: String,
}

/// The engine that posts callbacks, as its operator sees it.
#[async_trait]
pub trait Webhook: Send + Sync + 'static {
    /// Deliveries of an app, the newest first.
    async fn list(&self, app_id: AppId, wanted: ListDeliveries)
    -> Result<DeliveryPage, StoreError>;

    /// A delivery of the app; `None`: there is none with this id.
    async fn delivery(&self, app_id: AppId, id: &str) -> Result<Option<Delivery>, StoreError>;

    /// What was posted at a delivery's newest attempt, or would be now before the first; `None`
    /// when the message is no longer kept, or the app has no URL.
    async fn request(&self, delivery: &Delivery) -> Result<Option<CallbackRequest>, StoreError>;

    /// Checks a signature by the app's callback secret; `None`: the secret has no good form.
    fn check_signature(&self, app: &App, post: SignedPost<'_>) -> Option<CheckedSignature>;

    /// Posts a delivery of the app again, with all its retries before it. Whether there is one
    /// with this id.
    async fn replay(&self, app_id: AppId, id: &str) -> Result<bool, StoreError>;

    /// Posts all failed deliveries of the app again. Returns how many.
    async fn replay_failed(&self, app_id: AppId) -> Result<usize, StoreError>;

    /// Posts a sample event to one of the app's URLs now, once. Nothing is kept.
    async fn test(&self, app_id: AppId, kind: DeliveryKind) -> Result<Attempt, TrialError>;

    /// The app's URL was cleared: what is open for it is dropped.
    async fn url_cleared(&self, app_id: AppId, kind: DeliveryKind) -> Result<(), StoreError>;

    /// The app was deleted: all that it was owed is dropped.
    async fn app_deleted(&self, app_id: AppId) -> Result<(), StoreError>;
}

/// Owes nobody anything.
#[derive(Clone, Copy, Debug)]
pub struct NoCallbacks;

#[async_trait]
impl Webhook for NoCallbacks {
    async fn list(&self, _: AppId, _: ListDeliveries) -> Result<DeliveryPage, StoreError> {
        Ok(DeliveryPage {
            deliveries: Vec::new(),
            next: None,
        })
    }

    async fn delivery(&self, _: AppId, _: &str) -> Result<Option<Delivery>, StoreError> {
        Ok(None)
    }

    async fn request(&self, _: &Delivery) -> Result<Option<CallbackRequest>, StoreError> {
        Ok(None)
    }

    fn check_signature(&self, _: &App, _: SignedPost<'_>) -> Option<CheckedSignature> {
        None
    }

    async fn replay(&self, _: AppId, _: &str) -> Result<bool, StoreError> {
        Ok(false)
    }

    async fn replay_failed(&self, _: AppId) -> Result<usize, StoreError> {
        Ok(0)
    }

    async fn test(&self, _: AppId, _: DeliveryKind) -> Result<Attempt, TrialError> {
        Err(TrialError::NoUrl)
    }

    async fn url_cleared(&self, _: AppId, _: DeliveryKind) -> Result<(), StoreError> {
        Ok(())
    }

    async fn app_deleted(&self, _: AppId) -> Result<(), StoreError> {
        Ok(())
    }
}
