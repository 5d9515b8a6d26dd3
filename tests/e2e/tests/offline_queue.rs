//! Who is away gets everything later, once.

use client::token::DevTokens;
use client::{Client, Event};
use e2e::{Server, within};

#[tokio::test]
async fn what_was_sent_to_nobody_waits_in_order() {
    let server = Server::start().await;
    let ann = server.person("ann", "desk").await;
    let expected: Vec<String> = (0..300).map(|number| number.to_string()).collect();
    for text in &expected {
        ann.tell("ben", text).await;
    }
    let mut ben = server.person("ben", "desk").await;
    assert_eq!(ben.hear_texts(300).await, expected);
}

#[tokio::test]
async fn what_was_acknowledged_does_not_come_again_and_what_was_not_does() {
    let server = Server::start().await;
    let ann = server.person("ann", "desk").await;
    let mut ben = server.person("ben", "desk").await;
    for text in ["one", "two", "three"] {
        ann.tell("ben", text).await;
    }
    assert_eq!(ben.hear_texts(2).await, ["one", "two"]);
    ben.leave().await;

    let mut ben = server.person("ben", "desk").await;
    assert_eq!(ben.hear_texts(1).await, ["three"]);
    // Dropped with "three" in hand: it was not acknowledged.
    drop(ben);

    let mut ben = server.person("ben", "desk").await;
    assert_eq!(ben.hear_texts(1).await, ["three"]);
}

#[tokio::test]
async fn the_queue_survives_a_restart() {
    let mut server = Server::start().await;
    let ann = server.person("ann", "desk").await;
    ann.tell("ben", "kept").await;
    server.stop().await;
    server.start_again().await;
    let mut ben = server.person("ben", "desk").await;
    assert_eq!(ben.hear_texts(1).await, ["kept"]);
}

#[tokio::test]
async fn a_client_finds_the_gateway_and_a_token_by_http_alone() {
    let server = Server::start().await;
    let ann = server.person("ann", "desk").await;
    ann.tell("ben", "found").await;
    let tokens = DevTokens {
        rest: server.rest(),
        account: "ben".to_owned(),
    };
    let (_ben, mut events) = Client::builder(server.rest(), tokens).start();
    let heard = async {
        loop {
            if let Some(Event::Message(message)) = events.next().await {
                return message;
            }
        }
    };
    assert_eq!(within("the message", heard).await.payload, "found");
}
