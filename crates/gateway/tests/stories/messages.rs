//! Sends and their answers.

use wire::PacketType;

use crate::peer::{Peer, Said};
use crate::world::World;

#[tokio::test]
async fn a_message_is_acknowledged_and_delivered() {
    let world = World::new().await;
    let mut receiver = world.bound("bob", "phone").await;
    let mut sender = world.bound("alice", "desk").await;
    sender.send("bob", "p1", "hello").await;
    let ack = sender.ack().await;
    assert_eq!((ack.packet_id(), ack.code()), ("p1", 0));
    let list = receiver.list().await;
    assert_eq!(list, [(ack.sequence().cast_unsigned(), "hello".to_owned())]);
}

#[tokio::test]
async fn a_sender_whose_socket_drops_at_any_byte_loses_nothing_that_was_taken() {
    let world = World::new().await;
    let mut receiver = world.bound("bob", "phone").await;
    let mut probe = world.bound("alice", "rxxx").await;
    let len = probe.sealed("bob", "p", "cut at 000").len();
    for cut in 0..=len {
        let mut sender = world.bound("alice", &format!("r{cut:03}")).await;
        let frame = sender.sealed("bob", "p", &format!("cut at {cut:03}"));
        sender.write_raw(&frame[..cut.min(frame.len())]).await;
        drop(sender);
    }
    // The frame that was whole is on its way although its sender is gone; nothing else is.
    let list = receiver.list().await;
    assert_eq!(list[0].1, format!("cut at {len:03}"));
    receiver.acknowledge(list[0].0).await;
    receiver.pong().await;
}

#[tokio::test]
async fn answers_come_in_the_order_of_the_sends() {
    let world = World::new().await;
    let mut sender = world.bound("alice", "desk").await;
    for number in 0..40 {
        let to = if number % 3 == 0 { "a,b" } else { "bob" };
        sender.send(to, &format!("p{number}"), "hello").await;
    }
    for number in 0..40 {
        let ack = sender.ack().await;
        assert_eq!(ack.packet_id(), format!("p{number}"));
        assert_eq!(ack.code(), if number % 3 == 0 { 400 } else { 0 });
    }
}

#[tokio::test]
async fn packets_that_cannot_be_read_are_answered_where_a_client_would_wait() {
    let world = World::new().await;
    let mut sender = world.bound("alice", "desk").await;
    let garbage = wire::SequenceAck {
        resource: Some("\u{1}".repeat(9)),
        ..Default::default()
    };
    let frame = sender.packet(PacketType::P2pMessage, "p1", &garbage);
    sender.write_raw(&frame).await;
    assert_eq!(sender.ack().await.code(), 400);
    let frame = sender.packet(PacketType::P2tMessage, "p2", &garbage);
    sender.write_raw(&frame).await;
    assert_eq!(sender.ack().await.code(), 400);
    for kind in [
        PacketType::RtsSignal,
        PacketType::Compound,
        PacketType::PacketAck,
    ] {
        let frame = sender.packet(kind, "p3", &garbage);
        sender.write_raw(&frame).await;
    }
    sender.pong().await;
}

#[tokio::test]
async fn before_login_a_message_is_ignored() {
    let world = World::new().await;
    let account = world.account("alice").await;
    let mut sender = world.connected().await;
    sender.become_device(&account, "desk");
    sender.send("bob", "p1", "too early").await;
    sender.pong().await;
}

#[tokio::test]
async fn what_follows_a_logout_in_the_same_breath_is_refused_with_401() {
    let world = World::new().await;
    let mut sender = world.bound("alice", "desk").await;
    let message = sender.sealed("bob", "p1", "too late");
    sender.command("UBND").await;
    sender.write_raw(&message).await;
    let mut said = vec![sender.next().await, sender.next().await];
    assert!(matches!(said.remove(0), Said::Kick(kick) if kick.reason() == "logout"));
    assert!(matches!(said.remove(0), Said::Ack(ack) if ack.code() == 401));
    sender.ended().await;
}

#[tokio::test]
async fn a_stream_that_holds_bytes_until_it_is_flushed_gives_all_of_them() {
    let world = World::new().await;
    let (ours, theirs) = tokio::io::duplex(1 << 20);
    // As TLS does when the socket has no room.
    let place = world.gateway.admit(None).unwrap();
    let stream = tokio::io::BufStream::new(theirs);
    assert!(world.gateway.serve_stream(stream, place));
    let mut receiver = Peer::connect(ours, wire::XmMsgConn::own("udid")).await;
    assert!(world.bind(&mut receiver, "bob", "phone").await.result());
    let mut sender = world.bound("alice", "desk").await;
    sender.send("bob", "p1", "hello").await;
    assert_eq!(sender.ack().await.code(), 0);
    assert_eq!(receiver.list().await[0].1, "hello");
    receiver.pong().await;
}
