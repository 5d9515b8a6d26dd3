//! Topics and who is in them.

use async_trait::async_trait;
use model::{AppId, Membership, Party, Roster, Sequence, Topic, TopicId, Uuid};

use super::StoreError;

/// One change of a topic. What it says has been checked: nobody joins twice, the owner stays.
#[derive(Clone, Debug)]
pub enum TopicChange {
    /// It exists from now on, without members.
    Create(Topic),
    /// These are members from now on, in this order, after those there are.
    Join(Vec<Party>),
    /// These are members no longer.
    Leave(Vec<Uuid>),
    /// It has this owner, name, bulletin and extra from now on; the order of members stays.
    Describe(Topic),
    /// It exists no longer, and has no members.
    Dismiss,
}

/// Changes of one topic, in their order.
#[derive(Clone, Debug)]
pub struct TopicUpdate {
    /// Which topic.
    pub topic: TopicId,
    /// What changes.
    pub changes: Vec<TopicChange>,
}

/// Keeps topics. Memberships are intervals of sequences; those that ended are remembered for 8
/// days, so that what was said during them still reaches a device that was away.
#[async_trait]
pub trait Memberships: Send + Sync + 'static {
    /// Makes changes, all of them or none, at one place in the order of messages: what has a lower
    /// sequence is for the members before, what has a higher one for the members after.
    async fn apply(&self, updates: Vec<TopicUpdate>, at: Sequence) -> Result<(), StoreError>;

    /// The highest place at which a change was made; 0 when there was none.
    async fn last_boundary(&self) -> Result<Sequence, StoreError>;

    /// A topic with its members; `None` for one that is unknown or dismissed.
    async fn roster(&self, id: TopicId) -> Result<Option<Roster>, StoreError>;

    /// Who was in a topic at a place, in join order, dismissed or not; as far as it is remembered.
    async fn members_at(&self, id: TopicId, at: Sequence) -> Result<Vec<Party>, StoreError>;

    /// The times of an account in topics that go on, or ended after a place.
    async fn of_account(&self, uuid: Uuid, after: Sequence) -> Result<Vec<Membership>, StoreError>;

    /// The topics an account is in, in the order in which it joined them.
    async fn topics_of(&self, uuid: Uuid) -> Result<Vec<Topic>, StoreError>;

    /// How many members each of these topics has, in their order; 0 for one that is unknown.
    async fn sizes(&self, ids: Vec<TopicId>) -> Result<Vec<usize>, StoreError>;

    /// An app's topics in the order of their ids, after one.
    async fn list(
        &self,
        app_id: AppId,
        after: Option<TopicId>,
        limit: usize,
    ) -> Result<Vec<Topic>, StoreError>;

    /// Forgets memberships that ended before a place.
    async fn prune(&self, before: Sequence) -> Result<(), StoreError>;
}
