//! The rules without which an acknowledged message could be lost, reordered or doubled.

use std::collections::{BTreeMap, HashSet};
use std::pin::Pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use crate::world::{World, list_now, next_list, outgoing, take, text, wait};
use chat::mailbox::MAILBOX_MESSAGES_MAX;
use model::Sequence;

#[tokio::test]
async fn a_message_survives_the_end_of_its_sender() {
    let world = World::new().await;
    let mut receiver = world.session("bob", "phone").await;
    let sender = world.session("alice", "desk").await;
    let receipted = sender
        .send(outgoing("bob", "p1", "last words"))
        .await
        .unwrap();
    drop(receipted);
    drop(sender);
    assert_eq!(take(&mut receiver, 1).await, ["last words"]);
}

#[tokio::test]
async fn a_send_that_is_given_up_at_any_moment_is_whole_or_nothing() {
    let world = World::new().await;
    let sender = world.session("alice", "desk").await;
    let mut receiver = world.session("bob", "phone").await;
    let mut sent = Vec::new();
    for polls in 0..6 {
        let name = format!("given up after {polls}");
        let mut telling = Box::pin(world.try_tell(&sender, "bob", &name));
        for _ in 0..polls {
            if poll_once(&mut telling).await {
                sent.push(name.clone());
                break;
            }
            tokio::task::yield_now().await;
        }
        drop(telling);
        world.tell(&sender, "bob", "marker").await;
    }
    let mut got = Vec::new();
    while got.iter().filter(|text| *text == "marker").count() < 6 {
        got.extend(take(&mut receiver, 1).await);
    }
    let unique: HashSet<_> = got.iter().filter(|text| *text != "marker").collect();
    assert_eq!(unique.len(), got.len() - 6, "nothing is doubled");
    assert!(
        sent.iter().all(|name| unique.contains(name)),
        "what had a receipt is there"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn sequences_ascend_over_64_senders_and_a_receiver_that_comes_and_goes() {
    const SENDERS: usize = 64;
    const EACH: usize = 40;
    let world = Arc::new(World::new().await);
    let senders = (0..SENDERS).map(|number| {
        let world = Arc::clone(&world);
        tokio::spawn(async move {
            let session = world.session(&format!("sender {number}"), "desk").await;
            for count in 0..EACH {
                world
                    .tell(&session, "bob", &format!("{number}:{count}"))
                    .await;
            }
        })
    });
    let senders: Vec<_> = senders.collect();

    let mut got: BTreeMap<Sequence, String> = BTreeMap::new();
    let mut acknowledged = Sequence(0);
    let mut dice = 7_u64;
    while got.len() < SENDERS * EACH {
        let mut receiver = world.session("bob", "phone").await;
        let mut newest = acknowledged;
        loop {
            let list = next_list(&mut receiver).await;
            assert!(
                list[0].sequence > newest,
                "a living session is never given older ones"
            );
            assert!(list.is_sorted_by(|one, other| one.sequence < other.sequence));
            newest = list.last().unwrap().sequence;
            let fresh = list.iter().map(|message| (message.sequence, text(message)));
            got.extend(fresh);
            dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            if dice >> 61 == 0 {
                break; // The connection is lost before the list is acknowledged.
            }
            receiver.acknowledge(newest);
            acknowledged = newest;
            if got.len() == SENDERS * EACH {
                break;
            }
        }
    }
    for sender in senders {
        sender.await.unwrap();
    }
    for number in 0..SENDERS {
        let prefix = format!("{number}:");
        let own: Vec<_> = got
            .values()
            .filter(|text| text.starts_with(&prefix))
            .collect();
        let expected: Vec<_> = (0..EACH).map(|count| format!("{number}:{count}")).collect();
        assert_eq!(
            own,
            expected.iter().collect::<Vec<_>>(),
            "in the order of sending"
        );
    }
}

#[tokio::test]
async fn a_session_that_takes_nothing_falls_back_to_pulling_and_slows_nobody() {
    let world = World::new().await;
    let sender = world.session("alice", "desk").await;
    let mut slow = world.session("slow", "phone").await;
    let mut quick = world.session("quick", "phone").await;
    assert!(
        list_now(&mut slow).await.is_empty(),
        "it has caught up and is live"
    );
    let count = MAILBOX_MESSAGES_MAX * 3;
    for number in 0..count {
        world.tell(&sender, "slow", &number.to_string()).await;
    }
    world.tell(&sender, "quick", "at once").await;
    assert_eq!(take(&mut quick, 1).await, ["at once"]);
    let expected: Vec<_> = (0..count).map(|number| number.to_string()).collect();
    assert_eq!(take(&mut slow, count).await, expected);
}

#[tokio::test]
async fn an_account_without_a_session_costs_the_sender_nothing_and_pulls_at_login() {
    let world = World::new().await;
    let sender = world.session("alice", "desk").await;
    for number in 0..120 {
        world.tell(&sender, "bob", &number.to_string()).await;
    }
    let mut receiver = world.session("bob", "phone").await;
    let expected: Vec<_> = (0..120).map(|number| number.to_string()).collect();
    assert_eq!(take(&mut receiver, 120).await, expected);
}

#[tokio::test]
async fn no_second_list_before_the_first_is_acknowledged() {
    let world = World::new().await;
    let sender = world.session("alice", "desk").await;
    let mut receiver = world.session("bob", "phone").await;
    world.tell(&sender, "bob", "one").await;
    let first = next_list(&mut receiver).await;
    world.tell(&sender, "bob", "two").await;
    assert!(list_now(&mut receiver).await.is_empty());
    receiver.acknowledge(first[0].sequence);
    assert_eq!(take(&mut receiver, 1).await, ["two"]);
}

#[tokio::test]
async fn an_acknowledgement_is_never_taken_beyond_what_was_written() {
    let world = World::new().await;
    let sender = world.session("alice", "desk").await;
    let mut receiver = world.session("bob", "phone").await;
    world.tell(&sender, "bob", "one").await;
    receiver.acknowledge(Sequence(u64::MAX >> 1));
    assert_eq!(text(&next_list(&mut receiver).await[0]), "one");
    receiver.acknowledge(Sequence(u64::MAX >> 1));
    world.tell(&sender, "bob", "two").await;
    drop(receiver);
    let mut again = world.session("bob", "phone").await;
    assert_eq!(take(&mut again, 1).await, ["two"]);
}

#[tokio::test(start_paused = true)]
async fn a_refused_list_comes_again_at_once_and_then_once_a_second() {
    let world = World::new().await;
    let sender = world.session("alice", "desk").await;
    let mut receiver = world.session("bob", "phone").await;
    world.tell(&sender, "bob", "one").await;
    let first = next_list(&mut receiver).await;
    receiver.refuse();
    assert_eq!(next_list(&mut receiver).await, first, "at once");
    receiver.refuse();
    receiver.refuse();
    assert!(
        list_now(&mut receiver).await.is_empty(),
        "the position has not moved"
    );
    let asked = tokio::time::Instant::now();
    assert_eq!(next_list(&mut receiver).await, first);
    assert_eq!(asked.elapsed(), Duration::from_secs(1));
    receiver.acknowledge(first[0].sequence);
    receiver.refuse();
    assert!(
        list_now(&mut receiver).await.is_empty(),
        "all is acknowledged"
    );
}

#[tokio::test]
async fn a_list_that_is_refused_and_then_acknowledged_all_the_same_holds_nothing_up() {
    let world = World::new().await;
    let sender = world.session("alice", "desk").await;
    let mut receiver = world.session("bob", "phone").await;
    let large = "x".repeat(1_350);
    let first = world.tell(&sender, "bob", &large).await;
    world.tell(&sender, "bob", "next").await;
    assert_eq!(next_list(&mut receiver).await[0].sequence, first.sequence);
    receiver.refuse();
    receiver.acknowledge(first.sequence);
    assert_eq!(
        text(&next_list(&mut receiver).await[0]),
        large,
        "it was refused"
    );
    assert_eq!(text(&next_list(&mut receiver).await[0]), "next");
}

#[tokio::test(start_paused = true)]
async fn a_refusal_that_waits_is_void_when_its_list_is_acknowledged() {
    let world = World::new().await;
    let sender = world.session("alice", "desk").await;
    let mut receiver = world.session("bob", "phone").await;
    let first = world.tell(&sender, "bob", "first").await;
    for _ in 0..2 {
        assert_eq!(next_list(&mut receiver).await[0].sequence, first.sequence);
        receiver.refuse();
    }
    receiver.acknowledge(first.sequence);
    let second = world.tell(&sender, "bob", "second").await;
    assert_eq!(next_list(&mut receiver).await[0].sequence, second.sequence);
    tokio::time::sleep(Duration::from_secs(2)).await;
    assert!(
        list_now(&mut receiver).await.is_empty(),
        "the second list was never refused"
    );
}

#[tokio::test]
async fn a_cursor_passes_what_holds_nothing_for_the_device() {
    let world = World::new().await;
    let mut sender = world.session("alice", "desk").await;
    let receipt = world.tell(&sender, "bob", "hello").await;
    drop(sender);
    sender = world.session("alice", "desk").await;
    assert!(list_now(&mut sender).await.is_empty());
    assert!(
        sender.feed().cursor() >= receipt.sequence,
        "it need not be looked at again"
    );
}

#[tokio::test]
async fn what_is_queued_in_a_session_that_ends_waits_for_the_next() {
    let world = World::new().await;
    let sender = world.session("alice", "desk").await;
    let receiver = world.session("bob", "phone").await;
    world.tell(&sender, "bob", "kept").await;
    wait(&receiver).await;
    drop(receiver);
    let mut again = world.session("bob", "phone").await;
    assert_eq!(take(&mut again, 1).await, ["kept"]);
}

#[tokio::test]
async fn every_device_but_the_sending_one_gets_a_copy() {
    let world = World::new().await;
    let mut desk = world.session("alice", "desk").await;
    let mut phone = world.session("alice", "phone").await;
    let mut peer = world.session("bob", "desk").await;
    world.tell(&desk, "bob", "hello").await;
    world.tell(&phone, "alice", "note to self").await;
    assert_eq!(take(&mut peer, 1).await, ["hello"]);
    assert_eq!(take(&mut phone, 1).await, ["hello"]);
    assert_eq!(take(&mut desk, 1).await, ["note to self"]);
    assert!(list_now(&mut phone).await.is_empty());
}

/// Whether a future is ready when it is polled once.
async fn poll_once<F: Future + Unpin>(future: &mut F) -> bool {
    std::future::poll_fn(|context| Poll::Ready(Pin::new(&mut *future).poll(context).is_ready()))
        .await
}
