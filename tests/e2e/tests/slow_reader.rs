//! Who does not read slows nobody else, and loses nothing.

use client::arrival::Arrival;
use client::connection::Connection;
use client::session::{LoginOptions, Session};
use e2e::{Server, within};

const MESSAGES: usize = 600;

/// 600 messages of 4 KiB are more than sockets and windows hold.
fn text(number: usize) -> String {
    format!("{number} {}", "x".repeat(4_096))
}

#[tokio::test]
async fn an_app_that_takes_nothing_still_sends_and_gets_all_in_the_end() {
    let server = Server::start().await;
    let ann = server.person("ann", "desk").await;
    let mut ben = server.person("ben", "desk").await;
    for number in 0..MESSAGES {
        ann.tell("ben", &text(number)).await;
        if number % 100 == 0 {
            ben.tell("ann", "I can speak").await;
        }
    }
    let expected: Vec<String> = (0..MESSAGES).map(text).collect();
    assert_eq!(ben.hear_texts(MESSAGES).await, expected);
}

#[tokio::test]
async fn a_socket_that_is_not_read_holds_up_nobody() {
    let server = Server::start().await;
    let ann = server.person("ann", "desk").await;
    let mut carl = server.person("carl", "desk").await;
    let envelope = server.rest().token(&server.app(), "ben").await.unwrap();
    let connection = Connection::open(server.tcp()).await.unwrap();
    let login = Session::login(connection, &envelope, "desk", LoginOptions::default());
    let mut ben = login.await.unwrap();

    for number in 0..MESSAGES {
        ann.tell("ben", &text(number)).await;
    }
    ann.tell("carl", "quick").await;
    assert_eq!(carl.hear().await.payload, "quick");

    let mut heard = Vec::new();
    while heard.len() < MESSAGES {
        if let Arrival::List(list) = within("a list", ben.next()).await.unwrap() {
            heard.extend(list.messages.into_iter().map(|message| message.payload));
            ben.queue_sequence_ack(list.max_sequence);
        }
    }
    let expected: Vec<String> = (0..MESSAGES).map(text).collect();
    assert_eq!(heard, expected);
}
