//! What the product needs from outside, one narrow trait per ability. Each says in prose what it
//! guarantees; `store/src/contract.rs` and `cluster/src/contract.rs` hold implementations to it.

mod clock;
mod deliveries;
mod directory;
mod history;
mod memberships;
mod messages;
mod observer;
mod relations;
mod router;
mod webhook;

pub use crate::sending::{Addressee, DeviceKey, Sending, TextKey};
pub use clock::Clock;
pub use deliveries::{
    ATTEMPTS_KEPT_MAX, Attempt, BadCursor, Decided, Deliveries, Delivery, DeliveryCursor,
    DeliveryKind, DeliveryPage, DeliveryStatus, Due, ListDeliveries, Tried,
};
pub use directory::{CreateAppError, Directory, ListAccounts};
pub use history::{Found, History, Search, Span};
pub use memberships::{Memberships, TopicChange, TopicUpdate};
pub use messages::{
    Batch, Committed, Entry, Messages, NewDevice, Outcome, Page, PageLimit, Wanted,
};
pub use observer::{Observer, Refused, Silent, Story};
pub use relations::Relations;
pub use router::Router;
pub use webhook::{
    CallbackRequest, CheckedSignature, NoCallbacks, SignedPost, TrialError, Webhook,
};

use thiserror::Error;

/// Why a store did not do what it was asked.
#[derive(Clone, Debug, Error)]
pub enum StoreError {
    /// There is no space for more; nothing was stored. Works again when there is.
    #[error("no space left in the store")]
    Full,
    /// Anything else. Logged where it arose; the text is for the log, not for clients.
    #[error("{0}")]
    Unavailable(String),
}
