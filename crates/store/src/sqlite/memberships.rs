//! Topics and who is in them, through the same connections as apps and accounts.

use async_trait::async_trait;
use chat::port::{Memberships, StoreError, TopicUpdate};
use model::{AppId, Membership, Party, Roster, Sequence, Topic, TopicId, Uuid};

use super::SqliteDirectory;
use super::topics;

#[async_trait]
impl Memberships for SqliteDirectory {
    async fn apply(&self, updates: Vec<TopicUpdate>, at: Sequence) -> Result<(), StoreError> {
        self.database
            .write(move |connection| {
                for update in &updates {
                    for change in &update.changes {
                        topics::change(connection, update.topic, change, at)?;
                    }
                }
                topics::raise_boundary(connection, at)
            })
            .await
    }

    async fn last_boundary(&self) -> Result<Sequence, StoreError> {
        self.database.read(topics::last_boundary).await
    }

    async fn roster(&self, id: TopicId) -> Result<Option<Roster>, StoreError> {
        self.database
            .read(move |connection| topics::roster(connection, id))
            .await
    }

    async fn members_at(&self, id: TopicId, at: Sequence) -> Result<Vec<Party>, StoreError> {
        self.database
            .read(move |connection| topics::members_at(connection, id, at))
            .await
    }

    async fn of_account(&self, uuid: Uuid, after: Sequence) -> Result<Vec<Membership>, StoreError> {
        self.database
            .read(move |connection| topics::of_account(connection, uuid, after))
            .await
    }

    async fn topics_of(&self, uuid: Uuid) -> Result<Vec<Topic>, StoreError> {
        self.database
            .read(move |connection| topics::topics_of(connection, uuid))
            .await
    }

    async fn sizes(&self, ids: Vec<TopicId>) -> Result<Vec<usize>, StoreError> {
        self.database
            .read(move |connection| ids.iter().map(|id| topics::size(connection, *id)).collect())
            .await
    }

    async fn list(
        &self,
        app_id: AppId,
        after: Option<TopicId>,
        limit: usize,
    ) -> Result<Vec<Topic>, StoreError> {
        self.database
            .read(move |connection| topics::list(connection, app_id, after, limit))
            .await
    }

    async fn prune(&self, before: Sequence) -> Result<(), StoreError> {
        self.database
            .write(move |connection| topics::prune(connection, before))
            .await
    }
}
