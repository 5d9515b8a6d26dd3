//! The story of the README: two people talk.

use client::{Event, SendOptions, Target};
use e2e::Server;

#[tokio::test]
async fn two_people_talk() {
    let server = Server::start().await;
    let ann = server.person("ann", "desk").await;
    let mut ben = server.person("ben", "phone").await;

    let receipt = ann.tell("ben", "你好, Ben 👋").await;
    let heard = ben.hear().await;
    assert_eq!(heard.payload, "你好, Ben 👋");
    assert_eq!(heard.from, ann.device);
    assert_eq!(heard.to, Target::from("ben"));
    assert_eq!(heard.sequence, receipt.sequence);
    assert_eq!(heard.timestamp_ms, receipt.timestamp_ms);
}

#[tokio::test]
async fn a_conversation_keeps_its_order_both_ways() {
    let server = Server::start().await;
    let mut ann = server.person("ann", "desk").await;
    let mut ben = server.person("ben", "desk").await;
    let expected: Vec<String> = (0..200).map(|number| number.to_string()).collect();
    for text in &expected {
        drop(ann.client.send("ben", text.clone(), SendOptions::default()));
        drop(ben.client.send("ann", text.clone(), SendOptions::default()));
    }
    assert_eq!(ben.hear_texts(200).await, expected);
    assert_eq!(ann.hear_texts(200).await, expected);
}

#[tokio::test]
async fn payloads_are_bytes_and_keep_their_kind() {
    let server = Server::start().await;
    let ann = server.person("ann", "desk").await;
    let mut ben = server.person("ben", "desk").await;
    let options = SendOptions {
        biz_type: Some("image".to_owned()),
        ..SendOptions::default()
    };
    let bytes: Vec<u8> = (0..=255).cycle().take(15_360).collect();
    ann.client
        .send("ben", bytes.clone(), options)
        .await
        .unwrap();
    ann.tell("ben", "").await;
    let heard = ben.hear().await;
    assert_eq!(
        (heard.payload.as_ref(), &*heard.biz_type),
        (&bytes[..], "image")
    );
    assert_eq!(ben.hear().await.payload, "");
}

#[tokio::test]
async fn a_payload_over_the_cap_is_refused_and_the_session_lives() {
    let server = Server::start().await;
    let ann = server.person("ann", "desk").await;
    let mut ben = server.person("ben", "desk").await;
    let refused = ann.try_tell("ben", &"x".repeat(15_361)).await.unwrap_err();
    assert!(refused.to_string().contains("413"), "{refused}");
    ann.tell("ben", "small").await;
    assert_eq!(ben.hear().await.payload, "small");
}

#[tokio::test]
async fn online_messages_reach_who_is_there_and_are_answered() {
    let server = Server::start().await;
    let mut ann = server.person("ann", "desk").await;
    let mut ben = server.person("ben", "desk").await;
    let packet_id = ann.client.send_online("ben", None, "typing");
    let is_online = |event: &Event| matches!(event, Event::OnlineMessage(_));
    let Event::OnlineMessage(heard) = ben.next_that(is_online).await else {
        unreachable!("it was looked for");
    };
    assert_eq!(
        (heard.payload.as_ref(), &heard.from),
        (&b"typing"[..], &ann.device)
    );
    ben.client.acknowledge_online(&heard);
    let is_ack = |event: &Event| matches!(event, Event::OnlineAck(_));
    let Event::OnlineAck(ack) = ann.next_that(is_ack).await else {
        unreachable!("it was looked for");
    };
    assert_eq!((ack.packet_id, ack.code), (packet_id, 0));
}
