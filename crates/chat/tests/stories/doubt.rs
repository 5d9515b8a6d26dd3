//! A database that fails while a topic is changed: what is not known is never said to be not there,
//! and what was done is not said to be refused.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use async_trait::async_trait;
use chat::port::{Memberships, StoreError, TopicUpdate};
use chat::{Config, HistoryError, Part, Ports, SendError, TopicError};
use model::{AppId, Membership, Party, Roster, Sequence, Topic, TopicId, Uuid};
use tokio::sync::{Mutex, Notify};

use crate::world::{World, account_name, take, to_topic};

/// Makes every change, and fails where it is told to.
struct Failing {
    inner: Arc<dyn Memberships>,
    /// So many times from now on, a topic cannot be read.
    reads_fail: AtomicUsize,
    /// The same from the next change on.
    then_reads_fail: AtomicUsize,
    /// Changes are made, and said to have failed.
    hides_success: AtomicBool,
    /// Says that a change has come to the store,
    came: Notify,
    /// and is held while it must wait there.
    gate: Mutex<()>,
}

impl Failing {
    /// After the next change, topics cannot be read so many times.
    fn fail_reads(&self, times: usize) {
        self.then_reads_fail.store(times, Ordering::Relaxed);
    }

    fn heal(&self) {
        self.reads_fail.store(0, Ordering::Relaxed);
    }
}

fn broken() -> StoreError {
    StoreError::Unavailable("the disk does not answer".into())
}

#[async_trait]
impl Memberships for Failing {
    async fn apply(&self, updates: Vec<TopicUpdate>, at: Sequence) -> Result<(), StoreError> {
        self.came.notify_one();
        let _held = self.gate.lock().await;
        self.inner.apply(updates, at).await?;
        let reads_fail = self.then_reads_fail.swap(0, Ordering::Relaxed);
        self.reads_fail.store(reads_fail, Ordering::Relaxed);
        let hides_success = self.hides_success.load(Ordering::Relaxed);
        if hides_success { Err(broken()) } else { Ok(()) }
    }

    async fn roster(&self, id: TopicId) -> Result<Option<Roster>, StoreError> {
        let one_less = |times: usize| times.checked_sub(1);
        let (relaxed, reads_fail) = (Ordering::Relaxed, &self.reads_fail);
        match reads_fail.fetch_update(relaxed, relaxed, one_less) {
            Ok(_) => Err(broken()),
            Err(_) => self.inner.roster(id).await,
        }
    }

    async fn last_boundary(&self) -> Result<Sequence, StoreError> {
        self.inner.last_boundary().await
    }

    async fn members_at(&self, id: TopicId, at: Sequence) -> Result<Vec<Party>, StoreError> {
        self.inner.members_at(id, at).await
    }

    async fn of_account(&self, uuid: Uuid, after: Sequence) -> Result<Vec<Membership>, StoreError> {
        self.inner.of_account(uuid, after).await
    }

    async fn topics_of(&self, uuid: Uuid) -> Result<Vec<Topic>, StoreError> {
        self.inner.topics_of(uuid).await
    }

    async fn sizes(&self, ids: Vec<TopicId>) -> Result<Vec<usize>, StoreError> {
        self.inner.sizes(ids).await
    }

    async fn list(
        &self,
        app_id: AppId,
        after: Option<TopicId>,
        limit: usize,
    ) -> Result<Vec<Topic>, StoreError> {
        self.inner.list(app_id, after, limit).await
    }

    async fn prune(&self, before: Sequence) -> Result<(), StoreError> {
        self.inner.prune(before).await
    }
}

/// A world, its database, and a topic of alice and bob.
async fn world() -> (World, Arc<Failing>, TopicId) {
    let mut failing = None;
    let world = World::with(Config::default(), |ports| {
        let database = Arc::new(Failing {
            inner: Arc::clone(&ports.memberships),
            reads_fail: AtomicUsize::default(),
            then_reads_fail: AtomicUsize::default(),
            hides_success: AtomicBool::default(),
            came: Notify::new(),
            gate: Mutex::default(),
        });
        failing = Some(Arc::clone(&database));
        let memberships = database as _;
        Ports {
            memberships,
            ..ports
        }
    })
    .await;
    let topic = world.topic("alice", &["bob"]).await;
    (world, failing.unwrap(), topic)
}

#[tokio::test]
async fn a_change_that_is_read_back_at_the_second_time_is_answered_as_made() {
    let (world, database, topic) = world().await;
    let (alice, bob) = (world.account("alice").await, world.account("bob").await);
    let carol = [account_name("carol")];
    database.fail_reads(1);
    let roster = world.chat.invite(&alice, topic, &carol).await.unwrap();
    assert_eq!(roster.members.len(), 3);
    database.fail_reads(1);
    world.chat.quit(&bob, topic).await.unwrap();
    database.fail_reads(1);
    let made = world.chat.create_topic(&alice, "made", "", &carol).await;
    assert_eq!(made.unwrap().members.len(), 2);
    database.fail_reads(1);
    world.chat.dismiss(&alice, topic).await.unwrap();
    let gone = world.chat.topic(&alice, topic).await;
    assert_eq!(gone.err(), Some(TopicError::Refused));
}

#[tokio::test]
async fn while_a_changed_topic_cannot_be_read_nobody_is_told_that_it_is_not_there() {
    let (world, database, topic) = world().await;
    let session = world.session("alice", "desk").await;
    let alice = world.account("alice").await;
    database.fail_reads(usize::MAX);
    let carol = [account_name("carol")];
    let unknown = world.chat.invite(&alice, topic, &carol).await;
    assert_eq!(unknown.err(), Some(TopicError::Unavailable), "invite");
    let sent = world.try_tell_topic(&session, topic, "too soon").await;
    assert_eq!(sent, Err(SendError::Unavailable), "send");
    let shown = world.chat.topic(&alice, topic).await;
    assert_eq!(shown.err(), Some(TopicError::Unavailable), "show");
    let dismissed = world.chat.dismiss(&alice, topic).await;
    assert_eq!(dismissed, Err(TopicError::Unavailable), "dismiss");
    let part = Part::Sequence(Sequence(0)..Sequence(u64::MAX));
    let history = world.chat.topic_history(&alice, topic, part).await;
    assert_eq!(history.err(), Some(HistoryError::Unavailable));

    database.heal();
    world.tell_topic(&session, topic, "welcome").await;
    let mut carol = world.session("carol", "phone").await;
    assert_eq!(take(&mut carol, 1).await, ["welcome"]);
    database.fail_reads(usize::MAX);
    let made = world.chat.create_topic(&alice, "made", "", &[]).await;
    assert_eq!(made.err(), Some(TopicError::Unavailable), "create");
    let names = world.chat.topics_of(&alice).await.unwrap();
    assert_eq!(names.len(), 2, "it was made");
}

#[tokio::test]
async fn a_message_behind_a_change_that_cannot_be_read_may_be_sent_again() {
    let (world, database, topic) = world().await;
    let alice = world.session("alice", "desk").await;
    let (chat, owner) = (Arc::clone(&world.chat), world.account("alice").await);
    let held = database.gate.lock().await;
    let names = [account_name("carol")];
    let inviting = tokio::spawn(async move { chat.invite(&owner, topic, &names).await });
    // The first was of the topic's making.
    database.came.notified().await;
    database.came.notified().await;
    let queued = alice.send_to_topic(to_topic(topic, "1", "hello")).await;
    database.fail_reads(usize::MAX);
    drop(held);
    assert_eq!(queued.unwrap().await, Err(SendError::Unavailable));
    let invited = inviting.await.unwrap();
    assert_eq!(invited.err(), Some(TopicError::Unavailable));

    database.heal();
    let again = alice.send_to_topic(to_topic(topic, "1", "hello")).await;
    again.unwrap().await.unwrap();
    let mut carol = world.session("carol", "phone").await;
    assert_eq!(take(&mut carol, 1).await, ["hello"]);
}

#[tokio::test]
async fn a_change_whose_outcome_is_hidden_is_looked_at() {
    let (world, database, topic) = world().await;
    let alice = world.account("alice").await;
    let session = world.session("alice", "desk").await;
    database.hides_success.store(true, Ordering::Relaxed);
    let carol = [account_name("carol")];
    let unknown = world.chat.invite(&alice, topic, &carol).await;
    assert_eq!(unknown.err(), Some(TopicError::Unavailable));
    world.tell_topic(&session, topic, "welcome").await;
    let mut carol = world.session("carol", "phone").await;
    assert_eq!(take(&mut carol, 1).await, ["welcome"]);
    let unknown = world.chat.dismiss(&alice, topic).await;
    assert_eq!(unknown, Err(TopicError::Unavailable));
    let sent = world.try_tell_topic(&session, topic, "anybody?").await;
    assert_eq!(sent, Err(SendError::UnknownTopic));
}
