//! One door for every message: who may send, to whom, and is there room for it.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use model::limits::{BIZ_TYPE_BYTES_MAX, PACKET_ID_BYTES_MAX};
use model::{Account, AccountName, AppId, Content, Party, Resource, Sequence, Target, TopicId};
use thiserror::Error;
use tokio::sync::oneshot;

use crate::Chat;
use crate::commit::{Submission, ToTopic};
use crate::port::{Refused, StoreError, Story};
use crate::sending::{Addressee, Sending};
use crate::topics::TopicCell;

/// Why a message was not taken. Nothing of it was stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum SendError {
    /// The target is no name, or of another app; or the packet is out of its bounds.
    #[error("bad target or packet")]
    BadTarget,
    /// The sender or its app is banned.
    #[error("forbidden")]
    Forbidden,
    /// The receiver has blocked the sender.
    #[error("blocked")]
    Blocked,
    /// The sender is not a member of the topic.
    #[error("not a member")]
    NotMember,
    /// There is no such topic.
    #[error("unknown topic")]
    UnknownTopic,
    /// The payload is over the app's cap.
    #[error("payload too large")]
    TooLarge,
    /// The sender sends too fast.
    #[error("too many requests")]
    RateLimited,
    /// Too much is under way, or the disk is full.
    #[error("busy")]
    Busy,
    /// The store failed.
    #[error("internal error")]
    Unavailable,
}

impl SendError {
    /// The code of a packet's acknowledgement, in the manner of HTTP.
    pub fn code(self) -> u16 {
        match self {
            Self::BadTarget => 400,
            Self::Forbidden | Self::Blocked | Self::NotMember => 403,
            Self::UnknownTopic => 404,
            Self::TooLarge => 413,
            Self::RateLimited => 429,
            Self::Unavailable => 500,
            Self::Busy => 503,
        }
    }

    /// The reason under which it is counted.
    pub fn counted_as(self) -> Refused {
        match self {
            Self::BadTarget | Self::UnknownTopic => Refused::Bad,
            Self::Forbidden | Self::Blocked | Self::NotMember => Refused::Forbidden,
            Self::TooLarge => Refused::TooLarge,
            Self::RateLimited | Self::Busy => Refused::Busy,
            Self::Unavailable => Refused::Unavailable,
        }
    }
}

impl From<StoreError> for SendError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Full => Self::Busy,
            StoreError::Unavailable(_) => Self::Unavailable,
        }
    }
}

/// What its sender is told of a durable message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// Its place.
    pub sequence: Sequence,
    /// Its time, in milliseconds since 1970.
    pub timestamp_ms: u64,
}

/// A message on its way in, to an account by its name or to a topic by its id.
#[derive(Clone, Debug)]
pub struct Outgoing<'a, To = &'a str> {
    /// The app that the packet names for the target; `None` when it names none.
    pub app_id: Option<AppId>,
    /// The target, unchecked.
    pub to: To,
    /// The sender's id for it; empty when it has none.
    pub packet_id: &'a str,
    /// Opaque.
    pub payload: Bytes,
    /// The app's tag; empty when it has none.
    pub biz_type: &'a str,
    /// Whether history and contacts shall know it.
    pub is_stored: bool,
}

/// A message for a topic.
pub type TopicMessage<'a> = Outgoing<'a, TopicId>;

/// Will be the receipt. Dropping it changes nothing of what becomes of the message.
#[derive(Debug)]
pub struct Receipted(oneshot::Receiver<Result<Receipt, SendError>>);

impl Future for Receipted {
    type Output = Result<Receipt, SendError>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let answered = std::task::ready!(Pin::new(&mut self.0).poll(context));
        Poll::Ready(answered.unwrap_or(Err(SendError::Unavailable)))
    }
}

impl Chat {
    /// Takes a message from a device. When this returns, the message is on its way, in the order
    /// of the calls of one task; the receipt follows when it is durable.
    pub async fn send(
        &self,
        account: &Account,
        resource: &Resource,
        outgoing: Outgoing<'_>,
    ) -> Result<Receipted, SendError> {
        let to = self.receiver(account, &outgoing).await;
        self.send_to(account, resource, to, &outgoing)
    }

    /// The same where the receiver is in memory, as a busy one is; `None` when it must be looked
    /// up or made.
    pub fn send_now(
        &self,
        account: &Account,
        resource: &Resource,
        outgoing: &Outgoing<'_>,
    ) -> Option<Result<Receipted, SendError>> {
        let to = match self.check(account, outgoing) {
            Ok(name) => {
                let to = self.accounts.cached(account.app_id, &name)?;
                let is_blocked = self.blacklist.cached(to.uuid, account.uuid)?;
                Ok((to, is_blocked))
            }
            Err(error) => Err(error),
        };
        Some(self.send_to(account, resource, to, outgoing))
    }

    /// Takes a message for a topic from a device, as [`send`](Self::send) does.
    pub async fn send_to_topic(
        &self,
        account: &Account,
        resource: &Resource,
        outgoing: TopicMessage<'_>,
    ) -> Result<Receipted, SendError> {
        let cell = match self.check_bounds(account, &outgoing) {
            Ok(()) => self.topics.cell(outgoing.to).await.map_err(Into::into),
            Err(error) => Err(error),
        };
        self.send_to_cell(account, resource, cell, &outgoing)
    }

    /// The same where the topic is in memory; `None` when it must be looked up.
    pub fn send_to_topic_now(
        &self,
        account: &Account,
        resource: &Resource,
        outgoing: &TopicMessage<'_>,
    ) -> Option<Result<Receipted, SendError>> {
        let cell = match self.check_bounds(account, outgoing) {
            Ok(()) => Ok(self.topics.in_memory(outgoing.to)?),
            Err(error) => Err(error),
        };
        Some(self.send_to_cell(account, resource, cell, outgoing))
    }

    fn send_to_cell(
        &self,
        account: &Account,
        resource: &Resource,
        cell: Result<Arc<TopicCell>, SendError>,
        outgoing: &TopicMessage<'_>,
    ) -> Result<Receipted, SendError> {
        match cell {
            Ok(cell) => self.submit_to_topic(account, resource, outgoing, cell, true),
            Err(error) => {
                let to = Some(Addressee::Topic(outgoing.to));
                let (packet_id, bytes) = (outgoing.packet_id, outgoing.payload.len());
                self.note_refusal(account, resource, packet_id, bytes, to, error);
                Err(error)
            }
        }
    }

    pub(crate) fn submit_to_topic(
        &self,
        account: &Account,
        resource: &Resource,
        outgoing: &TopicMessage<'_>,
        cell: Arc<TopicCell>,
        needs_member: bool,
    ) -> Result<Receipted, SendError> {
        let content = self.content(account, resource, Target::Topic(outgoing.to), outgoing);
        let topic = Some(ToTopic { cell, needs_member });
        self.submit(Submission {
            content,
            refusal: None,
            topic,
        })
    }

    fn send_to(
        &self,
        account: &Account,
        resource: &Resource,
        to: Result<(Arc<Account>, bool), SendError>,
        outgoing: &Outgoing<'_>,
    ) -> Result<Receipted, SendError> {
        let (to, is_blocked) = match to {
            Ok(to) => to,
            Err(error) => {
                let to = self.known(account.app_id, outgoing.to);
                let (packet_id, bytes) = (outgoing.packet_id, outgoing.payload.len());
                self.note_refusal(account, resource, packet_id, bytes, to, error);
                return Err(error);
            }
        };
        let to = Target::Account(party(&to));
        let content = self.content(account, resource, to, outgoing);
        let refusal = is_blocked.then_some(SendError::Blocked);
        self.submit(Submission {
            content,
            refusal,
            topic: None,
        })
    }

    /// Tells of a message that was refused before it could be submitted.
    pub(crate) fn note_refusal(
        &self,
        from: &Account,
        resource: &Resource,
        packet_id: &str,
        bytes: usize,
        to: Option<Addressee>,
        error: SendError,
    ) {
        let sending = Sending::unaddressed(from, resource, packet_id, bytes);
        self.observer
            .observe(Story::Refused(&Sending { to, ..sending }, error));
    }

    /// The account of a name, where that is in memory.
    fn known(&self, app_id: AppId, name: &str) -> Option<Addressee> {
        let name = AccountName::new(name).ok()?;
        let account = self.accounts.cached(app_id, &name)?;
        Some(Addressee::Account(account.uuid))
    }

    /// The account that a packet is for, made when it is new, and whether it has blocked the sender.
    pub(crate) async fn receiver(
        &self,
        from: &Account,
        outgoing: &Outgoing<'_>,
    ) -> Result<(Arc<Account>, bool), SendError> {
        let name = self.check(from, outgoing)?;
        let to = self.accounts.find_or_create(from.app_id, &name).await?;
        let is_blocked = self.blacklist.is_blocked(to.uuid, from.uuid).await?;
        Ok((to, is_blocked))
    }

    /// All that can be said against a message without looking its receiver up.
    fn check(&self, from: &Account, outgoing: &Outgoing<'_>) -> Result<AccountName, SendError> {
        self.check_bounds(from, outgoing)?;
        AccountName::new(outgoing.to).map_err(|_| SendError::BadTarget)
    }

    fn check_bounds<To>(
        &self,
        from: &Account,
        outgoing: &Outgoing<'_, To>,
    ) -> Result<(), SendError> {
        let app = self.apps.get(from.app_id).ok_or(SendError::Forbidden)?;
        if outgoing.app_id.is_some_and(|named| named != app.id)
            || outgoing.packet_id.len() > PACKET_ID_BYTES_MAX
            || outgoing.biz_type.len() > BIZ_TYPE_BYTES_MAX
        {
            return Err(SendError::BadTarget);
        }
        if outgoing.payload.len() > app.settings.payload_bytes_max as usize {
            return Err(SendError::TooLarge);
        }
        Ok(())
    }

    pub(crate) fn submit(&self, submission: Submission) -> Result<Receipted, SendError> {
        let (reply, receipt) = oneshot::channel();
        let sending = Sending::of(&submission.content);
        let submitted = self.committer.submit(submission, sending, reply);
        self.observer.observe(match submitted {
            Ok(()) => Story::Accepted,
            Err(error) => Story::Refused(&sending, error),
        });
        submitted.map(|()| Receipted(receipt))
    }

    /// A message as its sender decides it, once its target is known.
    pub(crate) fn content<To>(
        &self,
        from: &Account,
        from_resource: &Resource,
        to: Target,
        outgoing: &Outgoing<'_, To>,
    ) -> Content {
        let app = self.apps.get(from.app_id);
        Content {
            app_id: from.app_id,
            from: party(from),
            from_resource: from_resource.clone(),
            to,
            packet_id: outgoing.packet_id.into(),
            payload: outgoing.payload.clone(),
            biz_type: outgoing.biz_type.into(),
            is_stored: outgoing.is_stored,
            callbacks: app.map(|app| app.settings.callbacks()).unwrap_or_default(),
        }
    }
}

/// An account as messages and topics name it.
pub(crate) fn party(account: &Account) -> Party {
    Party {
        uuid: account.uuid,
        account: account.name.clone(),
    }
}
