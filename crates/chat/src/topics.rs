//! Groups: who may change them, and how a change takes its place among the messages.
//!
//! A change is checked under the topic's own lock, then made by the committing task between two
//! batches. So the audience of a message is the membership at its sequence.

mod cells;

use std::collections::HashSet;
use std::sync::Arc;

use model::limits::{TOPIC_NAME_BYTES_MAX, TOPIC_TEXT_BYTES_MAX};
use model::{Account, AccountName, App, AppId, Party, Roster, Topic, TopicId, Uuid};
use thiserror::Error;

use crate::Chat;
use crate::port::{StoreError, TopicChange, TopicUpdate};
use crate::secret;
use crate::send::party;
pub(crate) use cells::{TopicCell, Topics};

/// Why a topic was not changed or shown. A refusal changes nothing.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum TopicError {
    /// The caller may not, the topic is unknown or dismissed, or there is no room.
    #[error("refused")]
    Refused,
    /// A field is out of its bounds.
    #[error("{field}: {why}")]
    Bad {
        /// Which.
        field: &'static str,
        /// What would be right.
        why: String,
    },
    /// The store has no room for it.
    #[error("no space left in the store")]
    StoreFull,
    /// The store failed.
    #[error("unavailable")]
    Unavailable,
}

impl From<StoreError> for TopicError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Full => Self::StoreFull,
            StoreError::Unavailable(_) => Self::Unavailable,
        }
    }
}

/// What a topic's owner changes; what is absent stays.
#[derive(Clone, Debug, Default)]
pub struct TopicFields {
    /// A member who owns it from now on.
    pub owner_account: Option<AccountName>,
    /// The same by uuid; both must agree.
    pub owner_uuid: Option<Uuid>,
    /// For people; never empty.
    pub name: Option<String>,
    /// Empty clears.
    pub bulletin: Option<String>,
    /// For the app.
    pub extra: Option<String>,
}

impl Chat {
    /// Makes a topic of the owner and others, in this order.
    pub async fn create_topic(
        &self,
        owner: &Account,
        name: &str,
        extra: &str,
        others: &[AccountName],
    ) -> Result<Arc<Roster>, TopicError> {
        check_texts(Some(name), None, Some(extra))?;
        let app = self.apps.get(owner.app_id).ok_or(TopicError::Refused)?;
        if app.settings.account_ttl_s > 0 {
            return Err(TopicError::Refused);
        }
        let others: Vec<_> = others
            .iter()
            .filter(|name| **name != owner.name)
            .cloned()
            .collect();
        if 1 + others.len() > app.settings.topic_members_max as usize {
            return Err(TopicError::Refused);
        }
        let others = self.accounts.find_or_create_all(app.id, &others).await?;
        let members = std::iter::once(party(owner)).chain(others.iter().map(|one| party(one)));
        let members = members.collect();
        let id = secret::topic_id();
        let topic = Topic {
            id,
            app_id: app.id,
            owner: party(owner),
            name: name.to_owned(),
            bulletin: String::new(),
            extra: extra.to_owned(),
            created_at_ms: self.clock.now_ms(),
        };
        let cell = self.topics.cell(id).await?;
        let changes = vec![TopicChange::Create(topic), TopicChange::Join(members)];
        self.change_topics(vec![TopicUpdate { topic: id, changes }])
            .await?;
        let made = self.topics.roster(id, &cell).await?;
        made.ok_or(TopicError::Unavailable)
    }

    /// A topic, for one of its members.
    pub async fn topic(&self, caller: &Account, id: TopicId) -> Result<Arc<Roster>, TopicError> {
        member_of(self.topics.cell(id).await?.roster()?, caller)
    }

    /// The topics an account is in, in join order.
    pub async fn topics_of(&self, caller: &Account) -> Result<Vec<Topic>, TopicError> {
        Ok(self.topics.store().topics_of(caller.uuid).await?)
    }

    /// A member brings others in; those who are in already are ignored. Over the app's cap nobody
    /// is added.
    pub async fn invite(
        &self,
        caller: &Account,
        id: TopicId,
        names: &[AccountName],
    ) -> Result<Arc<Roster>, TopicError> {
        let cell = self.topics.cell(id).await?;
        let _changing = cell.changing.lock().await;
        let roster = member_of(self.topics.roster(id, &cell).await?, caller)?;
        let app = self.apps.get(caller.app_id).ok_or(TopicError::Refused)?;
        let mut known: HashSet<&AccountName> = roster
            .members
            .iter()
            .map(|member| &member.party.account)
            .collect();
        let new = names.iter().filter(|name| known.insert(*name));
        let new: Vec<AccountName> = new.cloned().collect();
        if new.is_empty() {
            return Ok(roster);
        }
        if roster.members.len() + new.len() > app.settings.topic_members_max as usize {
            return Err(TopicError::Refused);
        }
        let accounts = self.accounts.find_or_create_all(app.id, &new).await?;
        let joining = accounts.iter().map(|account| party(account)).collect();
        self.change(id, &cell, vec![TopicChange::Join(joining)])
            .await
    }

    /// A member other than the owner leaves.
    pub async fn quit(&self, caller: &Account, id: TopicId) -> Result<(), TopicError> {
        let cell = self.topics.cell(id).await?;
        let _changing = cell.changing.lock().await;
        let roster = member_of(self.topics.roster(id, &cell).await?, caller)?;
        if roster.topic.owner.uuid == caller.uuid {
            return Err(TopicError::Refused);
        }
        self.change(id, &cell, vec![TopicChange::Leave(vec![caller.uuid])])
            .await
            .map(drop)
    }

    /// The owner removes others; unknown names are ignored, and so is his own.
    pub async fn remove_members(
        &self,
        caller: &Account,
        id: TopicId,
        names: &[AccountName],
    ) -> Result<Arc<Roster>, TopicError> {
        let cell = self.topics.cell(id).await?;
        let _changing = cell.changing.lock().await;
        let roster = owned_by(self.topics.roster(id, &cell).await?, caller)?;
        let names: HashSet<_> = names.iter().collect();
        let leaving: Vec<_> = roster
            .members
            .iter()
            .map(|member| &member.party)
            .filter(|party| party.uuid != caller.uuid && names.contains(&party.account))
            .map(|party| party.uuid)
            .collect();
        if leaving.is_empty() {
            return Ok(roster);
        }
        self.change(id, &cell, vec![TopicChange::Leave(leaving)])
            .await
    }

    /// The owner changes what the topic says of itself, or hands it over.
    pub async fn update_topic(
        &self,
        caller: &Account,
        id: TopicId,
        fields: TopicFields,
    ) -> Result<Arc<Roster>, TopicError> {
        let texts = (
            fields.name.as_deref(),
            fields.bulletin.as_deref(),
            fields.extra.as_deref(),
        );
        check_texts(texts.0, texts.1, texts.2)?;
        let cell = self.topics.cell(id).await?;
        let _changing = cell.changing.lock().await;
        let roster = owned_by(self.topics.roster(id, &cell).await?, caller)?;
        let mut topic = roster.topic.clone();
        if let Some(owner) = new_owner(&roster, &fields)? {
            topic.owner = owner;
        }
        topic.name = fields.name.unwrap_or(topic.name);
        topic.bulletin = fields.bulletin.unwrap_or(topic.bulletin);
        topic.extra = fields.extra.unwrap_or(topic.extra);
        if topic == roster.topic {
            return Ok(roster);
        }
        self.change(id, &cell, vec![TopicChange::Describe(topic)])
            .await
    }

    /// The owner ends the topic.
    pub async fn dismiss(&self, caller: &Account, id: TopicId) -> Result<(), TopicError> {
        let cell = self.topics.cell(id).await?;
        let _changing = cell.changing.lock().await;
        owned_by(self.topics.roster(id, &cell).await?, caller)?;
        let changes = vec![TopicChange::Dismiss];
        self.change_topics(vec![TopicUpdate { topic: id, changes }])
            .await
    }

    /// The operator ends a topic of an app; whether there was one.
    pub async fn dismiss_topic(&self, app: &App, id: TopicId) -> Result<bool, TopicError> {
        let cell = self.topics.cell(id).await?;
        let _changing = cell.changing.lock().await;
        let roster = self.topics.roster(id, &cell).await?;
        if roster.is_none_or(|roster| roster.topic.app_id != app.id) {
            return Ok(false);
        }
        let changes = vec![TopicChange::Dismiss];
        self.change_topics(vec![TopicUpdate { topic: id, changes }])
            .await
            .map(|()| true)
    }

    /// A topic of an app, for its operator.
    pub async fn app_topic(
        &self,
        app: &App,
        id: TopicId,
    ) -> Result<Option<Arc<Roster>>, TopicError> {
        let roster = self.topics.cell(id).await?.roster()?;
        Ok(roster.filter(|roster| roster.topic.app_id == app.id))
    }

    /// An app's topics in the order of their ids, after one, for its operator.
    pub async fn app_topics(
        &self,
        app_id: AppId,
        after: Option<TopicId>,
        limit: usize,
    ) -> Result<Vec<Topic>, TopicError> {
        Ok(self.topics.store().list(app_id, after, limit).await?)
    }

    /// An account that is gone leaves its topics: an owned one passes to its earliest member, the
    /// last one out dismisses it.
    pub(crate) async fn leave_all_topics(&self, uuid: Uuid) -> Result<(), TopicError> {
        for topic in self.topics.store().topics_of(uuid).await? {
            let cell = self.topics.cell(topic.id).await?;
            let _changing = cell.changing.lock().await;
            let Some(roster) = self.topics.roster(topic.id, &cell).await? else {
                continue;
            };
            let mut changes = Vec::new();
            let heir = roster
                .members
                .iter()
                .find(|member| member.party.uuid != uuid);
            match heir {
                None => changes.push(TopicChange::Dismiss),
                Some(heir) => {
                    if roster.topic.owner.uuid == uuid {
                        let owner = heir.party.clone();
                        changes.push(TopicChange::Describe(Topic {
                            owner,
                            ..roster.topic.clone()
                        }));
                    }
                    changes.push(TopicChange::Leave(vec![uuid]));
                }
            }
            self.change_topics(vec![TopicUpdate {
                topic: topic.id,
                changes,
            }])
            .await?;
        }
        Ok(())
    }

    async fn change(
        &self,
        topic: TopicId,
        cell: &TopicCell,
        changes: Vec<TopicChange>,
    ) -> Result<Arc<Roster>, TopicError> {
        self.change_topics(vec![TopicUpdate { topic, changes }])
            .await?;
        let roster = self.topics.roster(topic, cell).await?;
        roster.ok_or(TopicError::Refused)
    }

    async fn change_topics(&self, updates: Vec<TopicUpdate>) -> Result<(), TopicError> {
        Ok(self.committer.change_topics(updates).await?)
    }
}

/// The topic as a member of the same app sees it.
fn member_of(roster: Option<Arc<Roster>>, caller: &Account) -> Result<Arc<Roster>, TopicError> {
    roster
        .filter(|roster| roster.member(caller.uuid).is_some())
        .ok_or(TopicError::Refused)
}

fn owned_by(roster: Option<Arc<Roster>>, caller: &Account) -> Result<Arc<Roster>, TopicError> {
    roster
        .filter(|roster| roster.topic.owner.uuid == caller.uuid)
        .ok_or(TopicError::Refused)
}

/// The member whom the fields name as owner, if they name one.
fn new_owner(roster: &Roster, fields: &TopicFields) -> Result<Option<Party>, TopicError> {
    if fields.owner_account.is_none() && fields.owner_uuid.is_none() {
        return Ok(None);
    }
    let is_named = |party: &Party| {
        fields
            .owner_account
            .as_ref()
            .is_none_or(|account| party.account == *account)
            && fields.owner_uuid.is_none_or(|uuid| party.uuid == uuid)
    };
    let mut parties = roster.members.iter().map(|member| &member.party);
    parties
        .find(|party| is_named(party))
        .cloned()
        .map(Some)
        .ok_or(TopicError::Refused)
}

fn check_texts(
    name: Option<&str>,
    bulletin: Option<&str>,
    extra: Option<&str>,
) -> Result<(), TopicError> {
    if name == Some("") {
        return Err(TopicError::Bad {
            field: "topicName",
            why: "must not be empty".into(),
        });
    }
    let bounds = [
        ("topicName", name, TOPIC_NAME_BYTES_MAX),
        ("bulletin", bulletin, TOPIC_TEXT_BYTES_MAX),
        ("extra", extra, TOPIC_TEXT_BYTES_MAX),
    ];
    for (field, text, bytes_max) in bounds {
        if text.is_some_and(|text| text.len() > bytes_max) {
            let why = format!("must not be longer than {bytes_max} bytes");
            return Err(TopicError::Bad { field, why });
        }
    }
    Ok(())
}
