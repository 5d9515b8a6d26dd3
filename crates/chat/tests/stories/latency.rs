//! How long things take, as those who listen are told.

use std::sync::Arc;

use chat::port::{Observer, Story};
use chat::{Config, Ports};
use parking_lot::Mutex;
use tokio::time::Instant;

use crate::world::{World, next_list, outgoing, take};

/// Receipts that were given, and what acknowledged messages took in milliseconds.
#[derive(Default)]
struct Times(Mutex<(usize, Vec<u64>)>);

impl Observer for Times {
    fn observe(&self, story: Story<'_>) {
        let mut times = self.0.lock();
        match story {
            Story::Answered { .. } => times.0 += 1,
            Story::Arrived { took_ms } => times.1.push(took_ms),
            _ => {}
        }
    }
}

async fn world() -> (World, Arc<Times>) {
    let times = Arc::new(Times::default());
    let observer = Arc::clone(&times) as _;
    let world = World::with(Config::default(), |ports| Ports { observer, ..ports }).await;
    (world, times)
}

#[tokio::test]
async fn every_receipt_is_told_and_no_refusal() {
    let (world, times) = world().await;
    let alice = world.session("alice", "desk").await;
    world.tell(&alice, "bob", "one").await;
    let bob = world.account("bob").await;
    let name = alice.account.name.clone();
    world.chat.set_blocked(&bob, &name, true).await.unwrap();
    assert!(world.try_tell(&alice, "bob", "two").await.is_err());
    assert_eq!(times.0.lock().0, 1);
}

#[tokio::test]
async fn a_delivery_takes_until_the_device_acknowledges_and_waiting_for_a_login_does_not_count() {
    let (world, times) = world().await;
    let alice = world.session("alice", "desk").await;
    world.tell(&alice, "bob", "while away").await;
    world.clock.advance(3_600_000);
    let mut bob = world.session("bob", "phone").await;
    take(&mut bob, 1).await;
    assert_eq!(times.0.lock().1, [0; 0]);

    world.clock.advance(1);
    world.tell(&alice, "bob", "now").await;
    let list = next_list(&mut bob).await;
    world.clock.advance(250);
    bob.acknowledge(list[0].sequence);
    assert_eq!(times.0.lock().1, [250]);
}

/// Messages of each batch.
#[derive(Default)]
struct Batches(Mutex<Vec<usize>>);

impl Observer for Batches {
    fn observe(&self, story: Story<'_>) {
        if let Story::Committed { messages, .. } = story {
            self.0.lock().push(messages);
        }
    }
}

#[tokio::test(start_paused = true)]
async fn where_messages_come_fast_a_batch_gathers_and_a_single_one_does_not_wait() {
    let batches = Arc::new(Batches::default());
    let observer = Arc::clone(&batches) as _;
    let world = World::with(Config::default(), |ports| Ports { observer, ..ports }).await;
    let alice = world.session("alice", "desk").await;
    world.tell(&alice, "bob", "first").await;
    let began = Instant::now();
    world.tell(&alice, "bob", "at once").await;
    assert_eq!(Instant::now(), began);

    let send = |number: u32| {
        let sent = alice.send_now(&outgoing("bob", &number.to_string(), "fast"));
        sent.unwrap().unwrap()
    };
    let mut receipts: Vec<_> = (0..9).map(send).collect();
    tokio::task::yield_now().await;
    receipts.extend((9..12).map(send));
    for receipt in receipts {
        receipt.await.unwrap();
    }
    assert_eq!(batches.0.lock().last(), Some(&12));
    assert!(began.elapsed().as_millis() <= 3, "{:?}", began.elapsed());
}
