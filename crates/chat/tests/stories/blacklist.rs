//! Whom an account does not want to hear from.

use chat::{BlockError, SendError};

use crate::world::{World, account_name, list_now, outgoing, take};

#[tokio::test]
async fn what_a_blocked_account_sends_is_refused_and_leaves_no_trace() {
    let world = World::new().await;
    let mut bob = world.session("bob", "desk").await;
    let alice = world.session("alice", "desk").await;
    let (bob_account, name) = (world.account("bob").await, account_name("alice"));
    world.tell(&alice, "bob", "before").await;
    world
        .chat
        .set_blocked(&bob_account, &name, true)
        .await
        .unwrap();
    assert!(world.chat.has_blocked(&bob_account, &name).await.unwrap());
    let sent = alice
        .send(outgoing("bob", "p1", "blocked"))
        .await
        .unwrap()
        .await;
    assert_eq!(sent, Err(SendError::Blocked));
    world.tell(&bob, "alice", "the other way works").await;
    world
        .chat
        .set_blocked(&bob_account, &name, false)
        .await
        .unwrap();
    let sent = alice
        .send(outgoing("bob", "p1", "blocked"))
        .await
        .unwrap()
        .await;
    assert!(sent.is_ok(), "the refused one left no key");
    assert_eq!(take(&mut bob, 2).await, ["before", "blocked"]);
    assert!(list_now(&mut bob).await.is_empty());
}

#[tokio::test]
async fn a_repetition_of_what_was_accepted_before_is_still_answered() {
    let world = World::new().await;
    let alice = world.session("alice", "desk").await;
    let first = alice
        .send(outgoing("bob", "p1", "once"))
        .await
        .unwrap()
        .await
        .unwrap();
    let bob = world.account("bob").await;
    world
        .chat
        .set_blocked(&bob, &account_name("alice"), true)
        .await
        .unwrap();
    let again = alice
        .send(outgoing("bob", "p1", "once"))
        .await
        .unwrap()
        .await;
    assert_eq!(again, Ok(first));
}

#[tokio::test]
async fn group_messages_are_not_blocked_and_oneself_cannot_be() {
    let world = World::new().await;
    let topic = world.topic("alice", &["bob"]).await;
    let mut bob = world.session("bob", "desk").await;
    let bob_account = world.account("bob").await;
    world
        .chat
        .set_blocked(&bob_account, &account_name("alice"), true)
        .await
        .unwrap();
    let alice = world.session("alice", "desk").await;
    world.tell_topic(&alice, topic, "to all").await;
    assert_eq!(take(&mut bob, 1).await, ["to all"]);
    let refused = world
        .chat
        .set_blocked(&bob_account, &account_name("bob"), true)
        .await;
    assert_eq!(refused, Err(BlockError::Oneself));
}
