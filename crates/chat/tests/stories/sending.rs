//! What is accepted, what is refused, and what is recognised as sent before.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::world::{World, account_name, list_now, outgoing, resource, take};
use async_trait::async_trait;
use bytes::Bytes;
use chat::port::{Batch, Committed, Messages, Page, StoreError, Wanted};
use chat::{Config, Outgoing, Ports, Push, SendError};
use model::{AppId, Device, DeviceId, Resource, Sequence, Uuid};
use tokio::sync::Semaphore;

#[tokio::test]
async fn the_same_packet_again_is_the_same_message() {
    let world = World::new().await;
    let sender = world.session("alice", "desk").await;
    let mut receiver = world.session("bob", "phone").await;
    let first = sender
        .send(outgoing("bob", "p1", "once"))
        .await
        .unwrap()
        .await
        .unwrap();
    let again = sender
        .send(outgoing("bob", "p1", "once"))
        .await
        .unwrap()
        .await
        .unwrap();
    assert_eq!(again, first);
    let other = sender
        .send(outgoing("bob", "p1", "twice"))
        .await
        .unwrap()
        .await
        .unwrap();
    assert_ne!(other, first);
    assert_eq!(take(&mut receiver, 2).await, ["once", "twice"]);
}

#[tokio::test]
async fn bad_targets_and_packets_are_refused() {
    let world = World::new().await;
    let sender = world.session("alice", "desk").await;
    for to in ["", "a,b", "a\nb", &"x".repeat(129)] {
        let refused = world.try_tell(&sender, to, "hello").await;
        assert_eq!(refused, Err(SendError::BadTarget), "{to:.5}");
    }
    let elsewhere = Outgoing {
        app_id: Some(AppId(1)),
        ..outgoing("bob", "", "hello")
    };
    assert_eq!(
        sender.send(elsewhere).await.err(),
        Some(SendError::BadTarget)
    );
    let long = "x".repeat(513);
    assert_eq!(
        sender.send(outgoing("bob", &long, "hello")).await.err(),
        Some(SendError::BadTarget)
    );
}

#[tokio::test]
async fn a_payload_may_be_as_large_as_the_app_says() {
    let world = World::new().await;
    let sender = world.session("alice", "desk").await;
    world
        .chat
        .apps
        .change_settings(world.app.id, |settings| {
            settings.payload_bytes_max = 10;
        })
        .await
        .unwrap();
    assert!(
        world
            .try_tell(&sender, "bob", &"x".repeat(10))
            .await
            .is_ok()
    );
    let refused = world.try_tell(&sender, "bob", &"x".repeat(11)).await;
    assert_eq!(refused, Err(SendError::TooLarge));
}

#[tokio::test]
async fn a_push_is_a_message_of_its_account() {
    let world = World::new().await;
    let mut receiver = world.session("bob", "phone").await;
    let (mut desk, mut phone) = (
        world.session("alice", "desk").await,
        world.session("alice", "phone").await,
    );
    let app = &world.app;
    world
        .chat
        .push_p2p(app, push("alice", "phone", "hello"), &account_name("bob"))
        .await
        .unwrap();
    assert_eq!(take(&mut receiver, 1).await, ["hello"]);
    assert_eq!(take(&mut desk, 1).await, ["hello"]);
    assert!(
        list_now(&mut phone).await.is_empty(),
        "the device it names sent it"
    );
}

#[tokio::test]
async fn a_push_list_has_a_packet_id_for_each_place() {
    let world = World::new().await;
    let mut receiver = world.session("bob", "phone").await;
    let listed = ["bob", "carol", "bob"].map(|name| Some(account_name(name)));
    let listed = [listed.as_slice(), &[None]].concat();
    let pushed = world
        .chat
        .push_p2p_many(&world.app, push("alice", "server", "all"), &listed);
    let ids = pushed.await.unwrap();
    assert_eq!(ids.len(), 4);
    assert_eq!(ids[0], ids[2], "one message");
    assert!(ids[0] != ids[1] && ids[1] != ids[3] && ids[0] != ids[3]);
    assert_eq!(take(&mut receiver, 1).await, ["all"]);
    assert!(list_now(&mut receiver).await.is_empty());
}

#[tokio::test]
async fn a_banned_account_pushes_nothing_and_is_still_sent_to() {
    let world = World::new().await;
    world.account("alice").await;
    world
        .chat
        .ban_account(&world.app, &account_name("alice"))
        .await
        .unwrap();
    let (app, bob) = (&world.app, account_name("bob"));
    let refused = world
        .chat
        .push_p2p(app, push("alice", "server", "x"), &bob)
        .await;
    assert_eq!(refused, Err(SendError::Forbidden));
    let alice = account_name("alice");
    assert!(
        world
            .chat
            .push_p2p(app, push("bob", "server", "x"), &alice)
            .await
            .is_ok()
    );
}

pub(crate) fn push(from: &str, from_resource: &str, text: &str) -> Push {
    Push {
        from: account_name(from),
        from_resource: resource(from_resource),
        payload: Bytes::copy_from_slice(text.as_bytes()),
        biz_type: String::new(),
        is_stored: true,
    }
}

/// A store that commits only when it is let, and fails when it is told.
pub(crate) struct Gated {
    inner: Arc<dyn Messages>,
    pub(crate) gate: Semaphore,
    pub(crate) is_broken: AtomicBool,
}

#[async_trait]
impl Messages for Gated {
    async fn commit(&self, batch: Batch) -> Result<Committed, StoreError> {
        if !batch.entries.is_empty() {
            self.gate.acquire().await.unwrap().forget();
        }
        if self.is_broken.load(Ordering::SeqCst) {
            return Err(StoreError::Unavailable("told to fail".into()));
        }
        self.inner.commit(batch).await
    }

    fn last(&self) -> Sequence {
        self.inner.last()
    }

    fn device(&self, device: &DeviceId) -> Option<Device> {
        self.inner.device(device)
    }

    fn devices(&self, uuid: Uuid) -> Vec<(Resource, Device)> {
        self.inner.devices(uuid)
    }

    fn acknowledge(&self, device: &DeviceId, cursor: Sequence) {
        self.inner.acknowledge(device, cursor);
    }

    fn has_unsaved_cursors(&self) -> bool {
        self.inner.has_unsaved_cursors()
    }

    fn take_place(&self) -> Sequence {
        self.inner.take_place()
    }

    fn raise(&self, above: Sequence) {
        self.inner.raise(above);
    }

    fn forget(&self, uuid: Uuid) {
        self.inner.forget(uuid);
    }

    async fn pending(&self, device: &DeviceId, wanted: Wanted<'_>) -> Result<Page, StoreError> {
        self.inner.pending(device, wanted).await
    }
}

pub(crate) async fn gated(in_flight_kib_max: usize) -> (World, Arc<Gated>) {
    let mut gated = None;
    let config = Config {
        in_flight_kib_max,
        ..Config::default()
    };
    let world = World::with(config, |ports| {
        let store = Arc::new(Gated {
            inner: Arc::clone(&ports.messages),
            gate: Semaphore::new(0),
            is_broken: AtomicBool::new(false),
        });
        gated = Some(Arc::clone(&store));
        Ports {
            messages: store,
            ..ports
        }
    });
    (world.await, gated.unwrap())
}

#[tokio::test]
async fn when_too_much_is_under_way_it_is_said_before_anything_is_stored() {
    let (world, store) = gated(3 * 2).await;
    let sender = world.session("alice", "desk").await;
    let mut receiver = world.session("bob", "phone").await;
    let mut receipts = Vec::new();
    for text in ["one", "two", "three"] {
        receipts.push(sender.send(outgoing("bob", "", text)).await.unwrap());
    }
    assert_eq!(
        sender.send(outgoing("bob", "", "four")).await.err(),
        Some(SendError::Busy)
    );
    store.gate.add_permits(10);
    for receipt in receipts {
        receipt.await.unwrap();
    }
    assert_eq!(take(&mut receiver, 3).await, ["one", "two", "three"]);
    world.tell(&sender, "bob", "room again").await;
    assert_eq!(take(&mut receiver, 1).await, ["room again"]);
}

#[tokio::test]
async fn a_store_that_fails_refuses_the_batch_and_nothing_of_it_is_delivered() {
    let (world, store) = gated(1024).await;
    let sender = world.session("alice", "desk").await;
    let mut receiver = world.session("bob", "phone").await;
    store.is_broken.store(true, Ordering::SeqCst);
    store.gate.add_permits(10);
    let refused = world.try_tell(&sender, "bob", "lost").await;
    assert_eq!(refused, Err(SendError::Unavailable));
    store.is_broken.store(false, Ordering::SeqCst);
    world.tell(&sender, "bob", "kept").await;
    assert_eq!(take(&mut receiver, 1).await, ["kept"]);
}

#[tokio::test]
async fn a_stop_commits_what_was_accepted() {
    let (world, store) = gated(1024).await;
    let sender = world.session("alice", "desk").await;
    let receipt = sender.send(outgoing("bob", "", "in time")).await.unwrap();
    store.gate.add_permits(1);
    world.chat.stop().await;
    assert!(receipt.await.is_ok());
    let late = world.try_tell(&sender, "bob", "too late").await;
    assert_eq!(late, Err(SendError::Unavailable));
}
