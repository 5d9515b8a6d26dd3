//! A bound device: what its connection does in its name.

use std::sync::Arc;
use std::time::Duration;

use model::limits::BOUNDARY_MS;
use model::{Account, AppId, DeviceId, SecurityKey, Sequence, Target, Uuid};
use tokio::time::Instant;

use crate::Chat;
use crate::feed::{Feed, ListLimit, Next, PAGE};
use crate::login::{Login, LoginError};
use crate::mailbox::{End, Fleeting, Mailbox, OnlineAck};
use crate::port::{Page, StoreError, Story, Wanted};
use crate::send::{Outgoing, Receipted, SendError, TopicMessage, party};

/// A session. It ends when it is dropped.
pub struct Session {
    chat: Arc<Chat>,
    /// Whose it is, as of the login.
    pub account: Arc<Account>,
    mailbox: Arc<Mailbox>,
    feed: Feed,
    /// Everything stored while it is bound is above it.
    bound_at: Sequence,
    /// When the store was last told that the device is there.
    noted_at: Instant,
}

/// How often the store is told that a device is there which acknowledges nothing.
const NOTE_EVERY: Duration = Duration::from_hours(24);

impl Session {
    pub(crate) fn new(
        chat: Arc<Chat>,
        account: Arc<Account>,
        mailbox: Arc<Mailbox>,
        feed: Feed,
    ) -> Self {
        let bound_at = Sequence::at_ms(chat.clock.now_ms());
        Self {
            chat,
            account,
            mailbox,
            feed,
            bound_at,
            noted_at: Instant::now(),
        }
    }

    /// Whether a login is for the device that is bound here.
    pub fn is_for(&self, login: &Login<'_>) -> bool {
        self.uuid() == login.uuid && &*self.device().resource == login.resource
    }

    /// The bound device logs in again: the session goes on, nothing is given again.
    pub async fn renew(
        &self,
        login: Login<'_>,
        is_signed: impl FnOnce(&SecurityKey) -> bool,
    ) -> Result<(), LoginError> {
        self.chat.verify(&login, is_signed).await?;
        if login.is_only {
            self.chat
                .router
                .end(login.uuid, Some(&self.mailbox), End::SingleSignOn);
        }
        Ok(())
    }

    /// Which device this is.
    pub fn device(&self) -> &DeviceId {
        self.mailbox.device()
    }

    /// The account's app.
    pub fn app_id(&self) -> AppId {
        self.account.app_id
    }

    /// Where news for this session arrive.
    pub fn mailbox(&self) -> &Arc<Mailbox> {
        &self.mailbox
    }

    /// What the device is given, and when to look.
    pub fn feed(&self) -> &Feed {
        &self.feed
    }

    /// Sends to a topic, as [`Chat::send_to_topic`] does, where that needs no waiting: `None` when
    /// it does.
    pub fn send_to_topic_now(
        &self,
        outgoing: &TopicMessage<'_>,
    ) -> Option<Result<Receipted, SendError>> {
        self.chat
            .send_to_topic_now(&self.account, &self.device().resource, outgoing)
    }

    /// Sends to a topic, as [`Chat::send_to_topic`] does.
    pub async fn send_to_topic(&self, outgoing: TopicMessage<'_>) -> Result<Receipted, SendError> {
        self.chat
            .send_to_topic(&self.account, &self.device().resource, outgoing)
            .await
    }

    /// Sends a message, as [`Chat::send`] does, where that needs no waiting: `None` when it does.
    pub fn send_now(&self, outgoing: &Outgoing<'_>) -> Option<Result<Receipted, SendError>> {
        self.chat
            .send_now(&self.account, &self.device().resource, outgoing)
    }

    /// Sends a message, as [`Chat::send`] does.
    pub async fn send(&self, outgoing: Outgoing<'_>) -> Result<Receipted, SendError> {
        self.chat
            .send(&self.account, &self.device().resource, outgoing)
            .await
    }

    /// The next list for the device, see [`Feed`].
    pub fn next(&mut self, limit: &ListLimit<'_>) -> Next {
        let next = self.feed.next(limit);
        match &next {
            Next::List(list) => {
                self.chat
                    .observer
                    .observe(Story::Written(self.device(), list));
            }
            Next::Nothing => self.settle(),
            Next::Pull => {}
        }
        next
    }

    /// Reads from the store, after [`Next::Pull`]. After an error the feed waits a while.
    pub async fn pull(&mut self) -> Result<(), StoreError> {
        match self.page().await {
            Ok(page) => {
                self.feed.take_page(page);
                Ok(())
            }
            Err(error) => {
                self.feed.retry_later();
                Err(error)
            }
        }
    }

    async fn page(&self) -> Result<Page, StoreError> {
        let chat = &self.chat;
        // The end is taken before the memberships: a change of topics that is not among them has
        // a later place.
        let up_to = chat.messages.last();
        let remembered = Sequence::at_ms(chat.clock.now_ms().saturating_sub(BOUNDARY_MS));
        let memberships = chat
            .topics
            .store()
            .of_account(self.uuid(), remembered)
            .await?;
        let after = self.feed.position();
        let wanted = Wanted {
            after,
            up_to,
            memberships: &memberships,
            limit: PAGE,
        };
        chat.messages.pending(self.device(), wanted).await
    }

    /// The device has given a sign of life: one that is bound for weeks is not forgotten.
    pub fn heard(&mut self, now: Instant) {
        if now.duration_since(self.noted_at) >= NOTE_EVERY {
            self.noted_at = now;
            self.save(self.feed.cursor());
        }
    }

    /// The device has everything up to here, of what was written on this connection.
    pub fn acknowledge(&mut self, sequence: Sequence) {
        if let Some(cursor) = self.feed.acknowledge(sequence) {
            self.save(cursor);
            let observer = &self.chat.observer;
            observer.observe(Story::Acknowledged(self.device(), cursor));
            // What waited for the device says nothing about how long messages take.
            if cursor > self.bound_at {
                let took_ms = self.chat.clock.now_ms().saturating_sub(cursor.ms());
                observer.observe(Story::Arrived { took_ms });
            }
        }
    }

    /// The device refused a list, or asks for what it has not acknowledged.
    pub fn refuse(&mut self) {
        self.feed.refuse();
    }

    /// A packet of the device was refused before it became a message.
    pub fn note_refusal(&self, packet_id: &str, error: SendError) {
        let resource = &self.device().resource;
        self.chat
            .note_refusal(&self.account, resource, packet_id, 0, None, error);
    }

    /// Sends something that only reaches devices that are online. What cannot be sent is dropped:
    /// such messages have no answer.
    pub async fn send_online(&self, outgoing: Outgoing<'_>, to_resource: Option<&str>) {
        let receiver = self.chat.receiver(&self.account, &outgoing).await;
        let Ok((to, false)) = receiver else {
            return self.chat.observer.observe(Story::Ignored);
        };
        let resource = &self.device().resource;
        let target = Target::Account(party(&to));
        let content = self
            .chat
            .content(&self.account, resource, target, &outgoing);
        self.chat
            .router
            .relay(to.uuid, to_resource, &Arc::new(Fleeting::Message(content)));
    }

    /// Passes the answer to an online message on to the device that sent it.
    pub async fn acknowledge_online(&self, to: &DeviceId, ack: OnlineAck) {
        // Only within the app: a uuid alone would reach anybody's device.
        let receiver = self.chat.accounts.find_by_uuid(to.uuid).await;
        if !matches!(receiver, Ok(Some(account)) if account.app_id == self.app_id()) {
            return self.chat.observer.observe(Story::Ignored);
        }
        let answer = Fleeting::Acknowledgement(ack);
        self.chat
            .router
            .relay(to.uuid, Some(&to.resource), &Arc::new(answer));
    }

    /// The uuid of the account.
    pub fn uuid(&self) -> Uuid {
        self.account.uuid
    }

    fn settle(&mut self) {
        let before = self.feed.cursor();
        let cursor = self.feed.settled_cursor();
        if cursor > before {
            self.save(cursor);
        }
    }

    fn save(&self, cursor: Sequence) {
        self.chat.messages.acknowledge(self.device(), cursor);
        self.chat.committer.cursors_moved();
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        self.chat.router.detach(&self.mailbox);
        // Notes when the device was last seen.
        self.save(self.feed.cursor());
        self.chat.observer.observe(Story::Unbound(self.device()));
    }
}
