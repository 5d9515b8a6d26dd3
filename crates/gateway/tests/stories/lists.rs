//! What a receiver is given, and when.

use crate::world::World;

#[tokio::test]
async fn what_waits_is_given_after_the_login_is_answered() {
    let world = World::new().await;
    let mut sender = world.bound("alice", "desk").await;
    sender.send("bob", "p1", "waiting").await;
    sender.ack().await;
    let mut receiver = world.bound("bob", "phone").await;
    assert_eq!(receiver.list().await[0].1, "waiting");
}

#[tokio::test]
async fn a_second_login_of_the_same_device_gives_nothing_again_and_kicks_nobody() {
    let world = World::new().await;
    let mut sender = world.bound("alice", "desk").await;
    let mut receiver = world.bound("bob", "phone").await;
    sender.send("bob", "p1", "once").await;
    let list = receiver.list().await;
    assert!(world.bind(&mut receiver, "bob", "phone").await.result());
    receiver.pong().await;
    receiver.acknowledge(list[0].0).await;
    sender.send("bob", "p2", "twice").await;
    assert_eq!(receiver.list().await[0].1, "twice");
}

#[tokio::test]
async fn a_pull_gives_again_what_is_not_acknowledged() {
    let world = World::new().await;
    let mut sender = world.bound("alice", "desk").await;
    let mut receiver = world.bound("bob", "phone").await;
    sender.send("bob", "p1", "again").await;
    let first = receiver.list().await;
    receiver.pull().await;
    assert_eq!(receiver.list().await, first);
    receiver.acknowledge(first[0].0).await;
    receiver.pull().await;
    receiver.pong().await;
}

#[tokio::test]
async fn a_client_that_does_not_read_holds_nobody_up() {
    let world = World::new().await;
    let stream = world.stream(512);
    let mut slow = crate::peer::Peer::connect(stream, wire::XmMsgConn::own("")).await;
    assert!(world.bind(&mut slow, "slow", "phone").await.result());
    let mut quick = world.bound("quick", "phone").await;
    let mut sender = world.bound("alice", "desk").await;
    let text = "x".repeat(4_000);
    for number in 0..100 {
        sender.send("slow", &format!("p{number}"), &text).await;
        assert_eq!(sender.ack().await.code(), 0);
    }
    sender.send("quick", "q", "at once").await;
    assert_eq!(quick.list().await[0].1, "at once");
    let mut got = 0;
    while got < 100 {
        let list = slow.list().await;
        got += list.len();
        slow.acknowledge(list.last().unwrap().0).await;
    }
    assert_eq!(got, 100);
}
