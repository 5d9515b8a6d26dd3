//! What an operator sees of accounts: who there is, their devices and what waits for these, their
//! topics. Nothing here changes anything.

use model::limits::BOUNDARY_MS;
use model::{
    Account, App, AppId, Device, DeviceId, Membership, Resource, Sequence, Topic, TopicId, Uuid,
};

use crate::port::{ListAccounts, PageLimit, StoreError, Wanted};
use crate::{Chat, secret, temporary};

/// Waiting messages that are counted; beyond it there are more.
const PENDING_COUNTED_MAX: usize = 100;
/// And how much of them is read for that.
const PENDING_READ_MAX: PageLimit = PageLimit {
    messages: PENDING_COUNTED_MAX + 1,
    bytes: 256 * 1024,
};

/// An account in a list.
#[derive(Clone, Debug)]
pub struct ListedAccount {
    /// Who.
    pub account: Account,
    /// Whether a device of it is bound now.
    pub is_online: bool,
}

/// A device of an account.
#[derive(Clone, Debug)]
pub struct DeviceReport {
    /// Which.
    pub resource: Resource,
    /// Whether it is bound now.
    pub is_online: bool,
    /// Its place in the queue; `None` for one that is just logging in.
    pub device: Option<Device>,
    /// What it has not acknowledged.
    pub pending: Pending,
}

/// A device as it is seen without asking for what waits for it.
pub(crate) struct SeenDevice {
    pub(crate) resource: Resource,
    pub(crate) is_online: bool,
    /// `None` for one that is just logging in.
    pub(crate) device: Option<Device>,
}

/// Messages that wait.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pending {
    /// As far as they were counted: up to 100, or 256 KiB.
    pub count: usize,
    /// Whether there are more.
    pub is_more: bool,
}

/// A topic that an account is in.
#[derive(Clone, Debug)]
pub struct JoinedTopic {
    /// Which.
    pub topic: Topic,
    /// What has a higher sequence is for the account.
    pub joined: Sequence,
    /// How many members it has.
    pub members: usize,
}

impl Chat {
    /// Accounts of an app by how their names begin, in the order of the names' bytes.
    pub async fn list_accounts(
        &self,
        app_id: AppId,
        wanted: ListAccounts,
    ) -> Result<Vec<ListedAccount>, StoreError> {
        let accounts = self.accounts.directory().accounts(app_id, wanted).await?;
        let listed = accounts.into_iter().map(|account| ListedAccount {
            is_online: !self.router.bound(account.uuid).is_empty(),
            account,
        });
        Ok(listed.collect())
    }

    /// When a temporary account ends, in milliseconds since 1970; `None` for others.
    pub fn ends_at_ms(&self, app: &App, account: &Account) -> Option<u64> {
        temporary::ends_at_ms(app, account)
    }

    /// The devices of an account, by resource, with what waits for each.
    pub async fn devices(&self, uuid: Uuid) -> Result<Vec<DeviceReport>, StoreError> {
        let queue = self.queue(uuid).await?;
        let mut reports = Vec::new();
        for seen in self.seen_devices(uuid) {
            let pending = match seen.device {
                Some(device) => queue.after(self, &seen.resource, device.cursor).await?,
                None => Pending::default(),
            };
            reports.push(DeviceReport {
                resource: seen.resource,
                is_online: seen.is_online,
                device: seen.device,
                pending,
            });
        }
        Ok(reports)
    }

    /// The devices of an account that are remembered or bound, by resource.
    pub(crate) fn seen_devices(&self, uuid: Uuid) -> Vec<SeenDevice> {
        let bound = self.router.bound(uuid);
        let known = self.messages.devices(uuid).into_iter();
        let mut seen: Vec<_> = known
            .map(|(resource, device)| SeenDevice {
                is_online: bound.contains(&resource),
                resource,
                device: Some(device),
            })
            .collect();
        for resource in bound {
            if seen.iter().all(|one| one.resource != resource) {
                seen.push(SeenDevice {
                    resource,
                    is_online: true,
                    device: None,
                });
            }
        }
        seen.sort_by(|one, other| one.resource.cmp(&other.resource));
        seen
    }

    /// What no device of an account has acknowledged.
    pub async fn pending(&self, uuid: Uuid) -> Result<Pending, StoreError> {
        let cursors = self.messages.devices(uuid).into_iter();
        let highest = cursors.map(|(_, device)| device.cursor).max();
        let queue = self.queue(uuid).await?;
        queue
            .after(self, &no_device(), highest.unwrap_or_default())
            .await
    }

    /// The topics an account is in, in the order in which it joined them, after one.
    pub async fn joined_topics(
        &self,
        account: &Account,
        after: Option<TopicId>,
        limit: usize,
    ) -> Result<Vec<JoinedTopic>, StoreError> {
        let mut joined = self.topics_joined(account).await?;
        if let Some(after) = after {
            let place = joined.iter().position(|(topic, _)| topic.id == after);
            joined.drain(..place.map_or(joined.len(), |place| place + 1));
        }
        joined.truncate(limit);
        let ids = joined.iter().map(|(topic, _)| topic.id).collect();
        let sizes = self.topics.store().sizes(ids).await?;
        let topics = joined.into_iter().zip(sizes);
        Ok(topics
            .map(|((topic, joined), members)| JoinedTopic {
                topic,
                joined,
                members,
            })
            .collect())
    }

    async fn queue(&self, uuid: Uuid) -> Result<Queue, StoreError> {
        // The end is taken before the memberships, as a session does.
        let up_to = self.messages.last();
        let remembered = Sequence::at_ms(self.clock.now_ms().saturating_sub(BOUNDARY_MS));
        let memberships = self.topics.store().of_account(uuid, remembered).await?;
        Ok(Queue {
            uuid,
            up_to,
            memberships,
        })
    }
}

/// A resource that nobody has: it is owed no copies of what the account itself has sent.
fn no_device() -> Resource {
    Resource::new(&secret::text::<16>()).expect("letters and digits")
}

/// An account's queue as it is at a moment.
struct Queue {
    uuid: Uuid,
    up_to: Sequence,
    memberships: Vec<Membership>,
}

impl Queue {
    async fn after(
        &self,
        chat: &Chat,
        resource: &Resource,
        after: Sequence,
    ) -> Result<Pending, StoreError> {
        let device = DeviceId {
            uuid: self.uuid,
            resource: resource.clone(),
        };
        let wanted = Wanted {
            after,
            up_to: self.up_to,
            memberships: &self.memberships,
            limit: PENDING_READ_MAX,
        };
        let page = chat.messages.pending(&device, wanted).await?;
        let count = page.messages.len();
        Ok(Pending {
            count: count.min(PENDING_COUNTED_MAX),
            is_more: count > PENDING_COUNTED_MAX || !page.is_last,
        })
    }
}
