//! The product's ports: the real log and database, which take their time, fail when told, and do
//! nothing more for a process that is dead.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use chat::port::{
    Batch, Committed, Found, History, Memberships, Messages, Page, Search, Span, StoreError,
    TopicUpdate, Wanted,
};
use model::{
    AppId, Conversation, Device, DeviceId, Membership, Message, Party, Resource, Roster, Sequence,
    Topic, TopicId, Uuid,
};
use store::embedded::EmbeddedMessages;
use store::sqlite::SqliteDirectory;

use crate::dice::Shared;
use crate::life::Life;
use crate::mutant::Saboteur;

/// How long what a process asks of its disks takes.
pub(crate) struct Pace {
    life: Arc<Life>,
    dice: Shared,
    /// Milliseconds, at most: rolled for each process.
    usual_ms: u64,
    /// One call of the database in so many fails.
    database_fails_one_in: Option<u64>,
}

impl Pace {
    pub(crate) fn new(life: Arc<Life>, dice: Shared, database_fails: bool) -> Arc<Self> {
        let usual_ms = *dice.lock().pick(&[0, 3, 10, 60]);
        Arc::new(Self {
            life,
            dice,
            usual_ms,
            database_fails_one_in: database_fails.then_some(30),
        })
    }

    /// A while of the database, after which it may have failed.
    async fn database(&self) -> Result<(), StoreError> {
        self.pause().await?;
        let one_in = self.database_fails_one_in;
        if one_in.is_some_and(|times| self.dice.lock().one_in(times)) {
            return Err(StoreError::Unavailable("a database that fails".to_owned()));
        }
        Ok(())
    }

    /// A while, after which the process may be dead.
    async fn pause(&self) -> Result<(), StoreError> {
        let pause = {
            let mut dice = self.dice.lock();
            let high = if dice.one_in(30) { 400 } else { self.usual_ms };
            dice.ms(0, high)
        };
        if pause > Duration::ZERO {
            tokio::time::sleep(pause).await;
        }
        self.check()
    }

    fn check(&self) -> Result<(), StoreError> {
        if self.life.is_over() {
            return Err(StoreError::Unavailable("the process is dead".to_owned()));
        }
        Ok(())
    }
}

/// The log.
pub(crate) struct Log {
    pub(crate) store: Arc<EmbeddedMessages>,
    pub(crate) pace: Arc<Pace>,
    pub(crate) saboteur: Arc<Saboteur>,
}

#[async_trait]
impl Messages for Log {
    /// Between a commit and its return there is time to die in.
    async fn commit(&self, mut batch: Batch) -> Result<Committed, StoreError> {
        self.saboteur.batch(&mut batch);
        self.pace.pause().await?;
        let committed = self.store.commit(batch).await?;
        self.pace.pause().await?;
        Ok(committed)
    }

    fn last(&self) -> Sequence {
        self.store.last()
    }

    fn take_place(&self) -> Sequence {
        self.store.take_place()
    }

    fn raise(&self, above: Sequence) {
        self.store.raise(above);
    }

    fn forget(&self, uuid: Uuid) {
        self.store.forget(uuid);
    }

    fn device(&self, device: &DeviceId) -> Option<Device> {
        self.store.device(device)
    }

    fn devices(&self, uuid: Uuid) -> Vec<(Resource, Device)> {
        self.store.devices(uuid)
    }

    fn acknowledge(&self, device: &DeviceId, cursor: Sequence) {
        if let Some(cursor) = self.saboteur.cursor(&*self.store, cursor) {
            self.store.acknowledge(device, cursor);
        }
    }

    fn has_unsaved_cursors(&self) -> bool {
        self.store.has_unsaved_cursors()
    }

    async fn pending(&self, device: &DeviceId, wanted: Wanted<'_>) -> Result<Page, StoreError> {
        self.pace.pause().await?;
        if let Some(page) = self.saboteur.page(wanted.up_to) {
            return Ok(page);
        }
        let page = self.store.pending(device, wanted).await?;
        self.pace.pause().await?;
        Ok(page)
    }
}

#[async_trait]
impl History for Log {
    async fn newest(
        &self,
        conversation: Conversation,
        span: Span,
        limit: usize,
    ) -> Result<Vec<Arc<Message>>, StoreError> {
        self.pace.pause().await?;
        self.store.newest(conversation, span, limit).await
    }

    async fn head(
        &self,
        conversation: Conversation,
        after: Sequence,
    ) -> Result<Option<Sequence>, StoreError> {
        self.store.head(conversation, after).await
    }

    async fn peers(
        &self,
        uuid: Uuid,
        after: Sequence,
        limit: usize,
    ) -> Result<Vec<(Uuid, Sequence)>, StoreError> {
        self.store.peers(uuid, after, limit).await
    }

    async fn message(
        &self,
        conversation: Conversation,
        sequence: Sequence,
    ) -> Result<Option<Arc<Message>>, StoreError> {
        self.store.message(conversation, sequence).await
    }

    async fn after(
        &self,
        sequence: Sequence,
        limit: usize,
    ) -> Result<(Vec<Arc<Message>>, Sequence), StoreError> {
        self.store.after(sequence, limit).await
    }

    async fn at(&self, sequence: Sequence) -> Result<Option<Arc<Message>>, StoreError> {
        self.store.at(sequence).await
    }

    async fn sent_as(&self, search: Search) -> Result<Found, StoreError> {
        self.store.sent_as(search).await
    }
}

/// Topics and who is in them. The database outlives every process: what it has committed is durable.
pub(crate) struct Topics {
    pub(crate) store: Arc<SqliteDirectory>,
    pub(crate) pace: Arc<Pace>,
    pub(crate) saboteur: Arc<Saboteur>,
}

#[async_trait]
impl Memberships for Topics {
    async fn apply(&self, updates: Vec<TopicUpdate>, at: Sequence) -> Result<(), StoreError> {
        self.pace.database().await?;
        self.store.apply(updates, self.saboteur.place(at)).await?;
        self.pace.database().await
    }

    async fn last_boundary(&self) -> Result<Sequence, StoreError> {
        self.store.last_boundary().await
    }

    async fn roster(&self, id: TopicId) -> Result<Option<Roster>, StoreError> {
        self.pace.database().await?;
        self.store.roster(id).await
    }

    async fn members_at(&self, id: TopicId, at: Sequence) -> Result<Vec<Party>, StoreError> {
        self.store.members_at(id, at).await
    }

    async fn of_account(&self, uuid: Uuid, after: Sequence) -> Result<Vec<Membership>, StoreError> {
        self.pace.database().await?;
        let mut memberships = self.store.of_account(uuid, after).await?;
        self.saboteur.memberships(&mut memberships);
        self.pace.database().await?;
        Ok(memberships)
    }

    async fn topics_of(&self, uuid: Uuid) -> Result<Vec<Topic>, StoreError> {
        self.store.topics_of(uuid).await
    }

    async fn sizes(&self, ids: Vec<TopicId>) -> Result<Vec<usize>, StoreError> {
        self.store.sizes(ids).await
    }

    async fn list(
        &self,
        app_id: AppId,
        after: Option<TopicId>,
        limit: usize,
    ) -> Result<Vec<Topic>, StoreError> {
        self.store.list(app_id, after, limit).await
    }

    async fn prune(&self, before: Sequence) -> Result<(), StoreError> {
        self.pace.check()?;
        self.store.prune(before).await
    }
}
