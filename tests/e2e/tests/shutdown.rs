//! A server that is told to end does so in good order.

use client::{Disconnection, Event, SendOptions};
use e2e::{Server, within};

#[tokio::test]
async fn sigterm_closes_clients_without_a_kick_and_exits_with_0() {
    let mut server = Server::start().await;
    let mut ann = server.person("ann", "desk").await;
    let (status, more_lines) = server.stop().await;
    assert!(status.success(), "{status}");
    assert!(
        more_lines.is_empty(),
        "stdout has the ready line only: {more_lines:?}"
    );
    let Event::Disconnected { why, .. } = ann.next().await else {
        panic!("the client must see the end");
    };
    assert!(matches!(why, Disconnection::Closed(_)), "{why}");
}

#[tokio::test]
async fn clients_come_back_after_a_restart() {
    let mut server = Server::start().await;
    let mut ann = server.person("ann", "desk").await;
    let mut ben = server.person("ben", "desk").await;
    server.stop().await;
    server.start_again().await;
    ann.connected().await;
    ben.connected().await;
    ann.tell("ben", "still here").await;
    assert_eq!(ben.hear().await.payload, "still here");
}

#[tokio::test]
async fn what_was_acknowledged_under_load_is_there_after_sigterm() {
    let mut server = Server::start().await;
    let ann = server.person("ann", "desk").await;
    let mut sendings: Vec<_> = (0..500)
        .map(|number: u32| {
            let text = number.to_string();
            ann.client.send("ben", text, SendOptions::default())
        })
        .collect();
    for sending in sendings.drain(..100) {
        within("a receipt", sending).await.unwrap();
    }
    server.stop().await;
    server.start_again().await;
    for sending in sendings {
        within("a receipt", sending).await.unwrap();
    }
    let mut ben = server.person("ben", "desk").await;
    let expected: Vec<String> = (0..500).map(|number: u32| number.to_string()).collect();
    assert_eq!(ben.hear_texts(500).await, expected);
}
