//! What the engine needs from outside, beside [`chat::port::Deliveries`] and
//! [`chat::port::Clock`].

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use chat::port::{Page, PageLimit, StoreError};
use model::{App, AppId, Conversation, Message, Party, Sequence, TopicId, Uuid};

/// Reads the log. An error is about the store as a whole and passes; a message that is damaged is as
/// one that is no longer kept.
#[async_trait]
pub trait Events: Send + Sync + 'static {
    /// The newest sequence that can be read; what is committed later has higher ones.
    fn newest(&self) -> Sequence;

    /// Messages after a sequence, those that are not for history included. Ascending. It may leave
    /// out messages of apps that had no callback URL when they were committed. `reached` and
    /// `is_last` of the page are about the whole log, so that what is of no interest is passed
    /// over in one step. Asked after a crash for what was committed in the last seconds, and when
    /// the queue was full.
    async fn after(&self, sequence: Sequence, limit: PageLimit) -> Result<Page, StoreError>;

    /// One message, unless it is no longer kept.
    async fn message(
        &self,
        conversation: Conversation,
        sequence: Sequence,
    ) -> Result<Option<Arc<Message>>, StoreError>;
}

/// What is known of a receiver.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Presence {
    /// A device of it is bound now.
    pub is_bound: bool,
    /// A device of it, bound or not, has acknowledged the sequence that was asked for.
    pub has_acknowledged: bool,
}

/// Knows who receives what.
#[async_trait]
pub trait Audience: Send + Sync + 'static {
    /// The members of a topic at a sequence, in the order in which they joined. The same for the
    /// same sequence as long as a message with it can be posted, whatever became of the topic.
    async fn members(&self, topic: TopicId, at: Sequence) -> Result<Vec<Party>, StoreError>;

    /// How each of these accounts stands, in their order.
    async fn presence(
        &self,
        uuids: &[Uuid],
        sequence: Sequence,
    ) -> Result<Vec<Presence>, StoreError>;
}

/// Knows the apps as they are now. Asked for every committed message: must not block.
pub trait Tenants: Send + Sync + 'static {
    /// The app with its settings; `None` once it is deleted.
    fn app(&self, id: AppId) -> Option<Arc<App>>;
}

/// What is to be posted.
#[derive(Clone)]
pub struct Request {
    /// Where to.
    pub url: String,
    /// `webhook-id`.
    pub id: String,
    /// `webhook-timestamp`, in seconds since 1970.
    pub timestamp_s: u64,
    /// `webhook-signature`.
    pub signature: String,
    /// JSON.
    pub body: Bytes,
}

impl Request {
    /// What it is sent with.
    pub fn headers(&self) -> [(&'static str, String); 5] {
        [
            ("content-type", "application/json".to_owned()),
            ("user-agent", "OpenMIMC".to_owned()),
            ("webhook-id", self.id.clone()),
            ("webhook-timestamp", self.timestamp_s.to_string()),
            ("webhook-signature", self.signature.clone()),
        ]
    }
}

/// Without URL, signature and body: a request may be logged.
impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

/// Carries a request to a server of an app.
#[async_trait]
pub trait Post: Send + Sync + 'static {
    /// Posts once and answers with the status, without following redirects, or says for people
    /// why there was none. Takes as long as it takes: the caller gives up by dropping it.
    async fn post(&self, request: Request) -> Result<u16, String>;
}
