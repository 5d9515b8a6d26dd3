//! Recent contacts: the conversations of an account by their newest stored message. Nothing is kept
//! for them but what the account has hidden.

use std::collections::HashMap;
use std::sync::Arc;

use model::limits::{CONTACT_MS, CONTACTS_MAX};
use model::{Account, AccountName, Conversation, Message, Sequence, Target, Topic, TopicId, Uuid};

use crate::Chat;
use crate::port::StoreError;

/// A conversation that an account has had lately.
#[derive(Clone, Debug)]
pub struct Contact {
    /// With whom.
    pub who: Who,
    /// Its newest stored message.
    pub last: Arc<Message>,
}

/// The other end of a contact.
#[derive(Clone, Debug)]
pub enum Who {
    /// Another account.
    Account {
        /// Ours.
        uuid: Uuid,
        /// The app's.
        name: AccountName,
    },
    /// A topic the account is in.
    Topic(Topic),
}

impl Chat {
    /// The caller's contacts of the last 30 days, the newest first, at most 1,000.
    pub async fn contacts(&self, caller: &Account) -> Result<Vec<Contact>, StoreError> {
        let since = Sequence::at_ms(self.clock.now_ms().saturating_sub(CONTACT_MS));
        let hidden: HashMap<_, _> = self
            .relations
            .hidden(caller.uuid)
            .await?
            .into_iter()
            .collect();
        let is_shown = |conversation: &Conversation, head: Sequence| {
            hidden.get(conversation).is_none_or(|up_to| *up_to < head)
        };
        let mut heads = Vec::new();
        let limit = CONTACTS_MAX + hidden.len();
        for (peer, head) in self.history.peers(caller.uuid, since, limit).await? {
            let conversation = Conversation::between(caller.uuid, peer);
            if is_shown(&conversation, head) {
                heads.push((head, conversation, None));
            }
        }
        for (topic, joined) in self.topics_joined(caller).await? {
            let conversation = Conversation::Topic(topic.id);
            let head = self.history.head(conversation, joined.max(since)).await?;
            if let Some(head) = head.filter(|head| is_shown(&conversation, *head)) {
                heads.push((head, conversation, Some(topic)));
            }
        }
        heads.sort_by_key(|(head, ..)| std::cmp::Reverse(*head));
        heads.truncate(CONTACTS_MAX);
        let mut contacts = Vec::with_capacity(heads.len());
        for (head, conversation, topic) in heads {
            let Some(last) = self.history.message(conversation, head).await? else {
                continue;
            };
            let who = match topic {
                Some(topic) => Who::Topic(topic),
                None => match other_end(&last, caller.uuid) {
                    Some(who) => who,
                    None => continue,
                },
            };
            contacts.push(Contact { who, last });
        }
        Ok(contacts)
    }

    pub(crate) async fn topics_joined(
        &self,
        caller: &Account,
    ) -> Result<Vec<(Topic, Sequence)>, StoreError> {
        let store = self.topics.store();
        let memberships = store.of_account(caller.uuid, Sequence(u64::MAX)).await?;
        let joined: HashMap<_, _> = memberships
            .iter()
            .filter(|membership| membership.left.is_none())
            .map(|membership| (membership.topic, membership.joined))
            .collect();
        let topics = store.topics_of(caller.uuid).await?;
        let with_joined =
            |topic: Topic| joined.get(&topic.id).copied().map(|joined| (topic, joined));
        Ok(topics.into_iter().filter_map(with_joined).collect())
    }

    /// Takes an account out of the caller's contacts until there is a newer message.
    pub async fn hide_account(
        &self,
        caller: &Account,
        peer: &AccountName,
    ) -> Result<(), StoreError> {
        match self.accounts.find(caller.app_id, peer).await? {
            Some(peer) => {
                self.hide(caller, Conversation::between(caller.uuid, peer.uuid))
                    .await
            }
            None => Ok(()),
        }
    }

    /// Takes a topic out of the caller's contacts until there is a newer message.
    pub async fn hide_topic(&self, caller: &Account, topic: TopicId) -> Result<(), StoreError> {
        let roster = self.topics.cell(topic).await?.roster()?;
        match roster.filter(|roster| roster.member(caller.uuid).is_some()) {
            Some(_) => self.hide(caller, Conversation::Topic(topic)).await,
            None => Ok(()),
        }
    }

    async fn hide(&self, caller: &Account, conversation: Conversation) -> Result<(), StoreError> {
        match self.history.head(conversation, Sequence(0)).await? {
            Some(head) => self.relations.hide(caller.uuid, conversation, head).await,
            None => Ok(()),
        }
    }
}

fn other_end(message: &Message, own: Uuid) -> Option<Who> {
    let Target::Account(to) = &message.content.to else {
        return None;
    };
    let from = &message.content.from;
    let other = if from.uuid == own { to } else { from };
    Some(Who::Account {
        uuid: other.uuid,
        name: other.account.clone(),
    })
}
