//! Sending for app servers: the same door, without a session.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use bytes::Bytes;
use model::{Account, AccountName, App, Resource, Target, TopicId};

use crate::Chat;
use crate::commit::Submission;
use crate::secret;
use crate::send::{Outgoing, Receipted, SendError, TopicMessage, party};
use crate::sending::Addressee;

/// What an app server says in the name of an account.
#[derive(Clone, Debug)]
pub struct Push {
    /// In whose name; made when it is new.
    pub from: AccountName,
    /// In the name of which device; it gets no copy.
    pub from_resource: Resource,
    /// Opaque.
    pub payload: Bytes,
    /// The app's tag; empty when it has none.
    pub biz_type: String,
    /// Whether history and contacts shall know it.
    pub is_stored: bool,
}

/// Makes packetIds: a random text of this process and a counter.
pub(crate) struct PacketIds {
    prefix: String,
    count: AtomicU64,
}

impl PacketIds {
    pub(crate) fn new() -> Self {
        Self {
            prefix: secret::text::<12>(),
            count: AtomicU64::new(0),
        }
    }

    fn next(&self) -> String {
        format!(
            "{}_{}",
            self.prefix,
            self.count.fetch_add(1, Ordering::Relaxed)
        )
    }
}

impl Chat {
    /// Sends one message and returns its packetId when it is durable.
    pub async fn push_p2p(
        &self,
        app: &Arc<App>,
        push: Push,
        to: &AccountName,
    ) -> Result<String, SendError> {
        let from = self.pusher(app, &push).await?;
        let to = self.accounts.find_or_create(app.id, to).await?;
        let packet_id = self.push_ids.next();
        let submission = self.submission(&from, &push, &to, &packet_id).await?;
        self.submit(submission)?.await?;
        Ok(packet_id)
    }

    /// Sends one message to a topic and returns its packetId when it is durable. Its account need
    /// not be a member.
    pub async fn push_p2t(
        &self,
        app: &Arc<App>,
        push: Push,
        topic: TopicId,
    ) -> Result<String, SendError> {
        let from = self.pusher(app, &push).await?;
        let packet_id = self.push_ids.next();
        self.submit_push(&from, &push, topic, &packet_id)
            .await?
            .await?;
        Ok(packet_id)
    }

    /// Sends to many topics, as [`push_p2p_many`](Self::push_p2p_many) does to accounts.
    pub async fn push_p2t_many(
        &self,
        app: &Arc<App>,
        push: Push,
        topics: &[Option<TopicId>],
    ) -> Result<Vec<String>, SendError> {
        let from = self.pusher(app, &push).await?;
        let mut packet_ids: HashMap<TopicId, String> = HashMap::with_capacity(topics.len());
        let mut submitted = Vec::with_capacity(topics.len());
        for topic in topics.iter().flatten() {
            if let Entry::Vacant(place) = packet_ids.entry(*topic) {
                let packet_id = place.insert(self.push_ids.next());
                submitted.push(self.submit_push(&from, &push, *topic, packet_id).await);
            }
        }
        self.await_all(app, submitted).await?;
        let id_of = |topic: &Option<TopicId>| match topic {
            Some(topic) => packet_ids[topic].clone(),
            None => self.packet_id_of_nothing(&from, &push),
        };
        Ok(topics.iter().map(id_of).collect())
    }

    async fn submit_push(
        &self,
        from: &Account,
        push: &Push,
        topic: TopicId,
        packet_id: &str,
    ) -> Result<Receipted, SendError> {
        let to = Some(Addressee::Topic(topic));
        let cell = self.topics.cell(topic).await;
        let cell = cell.map_err(|error| self.refused(from, push, packet_id, to, error.into()))?;
        let outgoing = TopicMessage {
            app_id: None,
            to: topic,
            packet_id,
            payload: push.payload.clone(),
            biz_type: &push.biz_type,
            is_stored: push.is_stored,
        };
        self.submit_to_topic(from, &push.from_resource, &outgoing, cell, false)
    }

    /// Sends to many and returns a packetId for each, in their order: a name that is listed twice
    /// has one message and the same packetId twice, one that is bad (`None`) only a packetId. What
    /// fails for one is logged and harms no other.
    pub async fn push_p2p_many(
        &self,
        app: &Arc<App>,
        push: Push,
        to: &[Option<AccountName>],
    ) -> Result<Vec<String>, SendError> {
        let from = self.pusher(app, &push).await?;
        let mut packet_ids: HashMap<&AccountName, String> = HashMap::with_capacity(to.len());
        let mut receivers = Vec::with_capacity(to.len());
        for name in to.iter().flatten() {
            packet_ids.entry(name).or_insert_with(|| {
                receivers.push(name.clone());
                self.push_ids.next()
            });
        }
        let accounts = self.accounts.find_or_create_all(app.id, &receivers).await?;
        let mut submitted = Vec::with_capacity(accounts.len());
        for to in &accounts {
            let packet_id = &packet_ids[&to.name];
            let submission = self.submission(&from, &push, to, packet_id).await;
            submitted.push(match submission {
                Ok(submission) => self.submit(submission),
                Err(error) => {
                    let to = Some(Addressee::Account(to.uuid));
                    Err(self.refused(&from, &push, packet_id, to, error))
                }
            });
        }
        self.await_all(app, submitted).await?;
        let id_of = |name: &Option<AccountName>| match name {
            Some(name) => packet_ids[name].clone(),
            None => self.packet_id_of_nothing(&from, &push),
        };
        Ok(to.iter().map(id_of).collect())
    }

    /// Awaits the receipts of a list. An error only when nothing could be done for any of it.
    async fn await_all(
        &self,
        app: &App,
        submitted: Vec<Result<Receipted, SendError>>,
    ) -> Result<(), SendError> {
        let of = submitted.len();
        let mut sent = 0;
        let mut failure = None;
        for receipted in submitted {
            let receipt = match receipted {
                Ok(receipted) => receipted.await,
                Err(error) => Err(error),
            };
            match receipt {
                Ok(_) => sent += 1,
                Err(error) => failure = Some(error),
            }
        }
        let Some(error) = failure else { return Ok(()) };
        tracing::warn!(app = %app.id, %error, sent, of, "a push reached a part of its list");
        let is_ours = matches!(error, SendError::Busy | SendError::Unavailable);
        if sent == 0 && is_ours {
            Err(error)
        } else {
            Ok(())
        }
    }

    async fn submission(
        &self,
        from: &Account,
        push: &Push,
        to: &Account,
        packet_id: &str,
    ) -> Result<Submission, SendError> {
        let is_blocked = self.blacklist.is_blocked(to.uuid, from.uuid).await?;
        let outgoing = Outgoing {
            app_id: None,
            to: &*to.name,
            packet_id,
            payload: push.payload.clone(),
            biz_type: &push.biz_type,
            is_stored: push.is_stored,
        };
        let content = self.content(
            from,
            &push.from_resource,
            Target::Account(party(to)),
            &outgoing,
        );
        let refusal = is_blocked.then_some(SendError::Blocked);
        Ok(Submission {
            content,
            refusal,
            topic: None,
        })
    }

    /// An element of a list that is no target has its packetId as all others.
    fn packet_id_of_nothing(&self, from: &Account, push: &Push) -> String {
        let packet_id = self.push_ids.next();
        self.refused(from, push, &packet_id, None, SendError::BadTarget);
        packet_id
    }

    /// Tells of a message of a push that got no further.
    fn refused(
        &self,
        from: &Account,
        push: &Push,
        packet_id: &str,
        to: Option<Addressee>,
        error: SendError,
    ) -> SendError {
        let bytes = push.payload.len();
        self.note_refusal(from, &push.from_resource, packet_id, bytes, to, error);
        error
    }

    /// The account that a push speaks for, when it may.
    async fn pusher(&self, app: &App, push: &Push) -> Result<Arc<Account>, SendError> {
        if push.payload.len() > app.settings.payload_bytes_max as usize {
            return Err(SendError::TooLarge);
        }
        let from = self.accounts.find_or_create(app.id, &push.from).await?;
        if from.is_banned || app.is_banned {
            return Err(SendError::Forbidden);
        }
        Ok(from)
    }
}
