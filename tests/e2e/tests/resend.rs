//! Whatever happens to the connection, a message is stored once.

use client::SendOptions;
use client::arrival::Arrival;
use client::connection::Connection;
use client::session::{LoginOptions, Session};
use client::{Receipt, SendRefused, Target};
use e2e::{Server, within};

#[tokio::test]
async fn the_same_packet_again_is_answered_as_the_first_time_and_shown_once() {
    let mut server = Server::start().await;
    let mut ben = server.person("ben", "desk").await;
    let first = send_once(&server, "ann", "p-1", "hello").await.unwrap();
    assert_eq!(send_once(&server, "ann", "p-1", "hello").await, Ok(first));
    server.kill().await;
    server.start_again().await;
    assert_eq!(send_once(&server, "ann", "p-1", "hello").await, Ok(first));
    let other = send_once(&server, "ann", "p-1", "other").await.unwrap();
    assert!(
        other.sequence > first.sequence,
        "another payload is another message"
    );
    assert_eq!(ben.hear_texts(2).await, ["hello", "other"]);
}

#[tokio::test]
async fn what_waits_while_the_server_is_down_is_sent_in_order_when_it_is_back() {
    let mut server = Server::start().await;
    let ann = server.person("ann", "desk").await;
    let mut ben = server.person("ben", "desk").await;
    ann.tell("ben", "before").await;
    server.kill().await;
    let sendings: Vec<_> = (0..100)
        .map(|number| {
            let text = number.to_string();
            ann.client.send("ben", text, SendOptions::default())
        })
        .collect();
    server.start_again().await;
    let mut last = 0;
    for sending in sendings {
        let receipt = within("a receipt", sending).await.unwrap();
        assert!(receipt.sequence > last);
        last = receipt.sequence;
    }
    let mut expected = vec!["before".to_owned()];
    expected.extend((0..100).map(|number| number.to_string()));
    assert_eq!(ben.hear_texts(101).await, expected);
}

/// One packet over a connection of its own.
async fn send_once(
    server: &Server,
    from: &str,
    packet_id: &str,
    text: &str,
) -> Result<Receipt, SendRefused> {
    let envelope = server
        .rest()
        .token(&server.app(), from)
        .await
        .expect("the app may ask for tokens");
    let connection = Connection::open(server.tcp())
        .await
        .expect("the gateway answers");
    let login = Session::login(connection, &envelope, "raw", LoginOptions::default());
    let mut session = login.await.expect("the token is good");
    let (to, payload) = (Target::from("ben"), text.to_owned().into());
    session.queue_message(packet_id, &to, &payload, &SendOptions::default());
    loop {
        if let Arrival::Ack(ack) = within("an ack", session.next())
            .await
            .expect("the connection lives")
        {
            assert_eq!(ack.packet_id, packet_id);
            return ack.outcome;
        }
    }
}
