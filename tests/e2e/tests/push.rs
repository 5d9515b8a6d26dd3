//! The app's backend speaks for its users.

use client::rest::{Push, PushMany, RestError};
use e2e::Server;

#[tokio::test]
async fn a_push_is_a_message_of_its_sender() {
    let server = Server::start().await;
    let mut ben = server.person("ben", "desk").await;
    let push = Push::new("robot", "ben", "from the backend");
    let packet_id = server.rest().push(&server.app(), &push).await.unwrap();
    let heard = ben.hear().await;
    assert_eq!(heard.payload, "from the backend");
    assert_eq!(
        (heard.packet_id, &*heard.from.account),
        (packet_id, "robot")
    );
}

#[tokio::test]
async fn a_push_to_many_reaches_each_once() {
    let server = Server::start().await;
    let mut ben = server.person("ben", "desk").await;
    let push = PushMany::new("robot", ["ben", "carl", "ben"], vec![0xff, 0x00]);
    let ids = server.rest().push_many(&server.app(), &push).await.unwrap();
    assert_eq!((ids.len(), &ids[0]), (3, &ids[2]));
    assert_eq!(ben.hear().await.payload, vec![0xff, 0x00]);
    let mut carl = server.person("carl", "desk").await;
    assert_eq!(carl.hear().await.packet_id, ids[1]);
    server
        .rest()
        .push(&server.app(), &Push::new("robot", "ben", "next"))
        .await
        .unwrap();
    assert_eq!(ben.hear().await.payload, "next");
}

#[tokio::test]
async fn wrong_credentials_push_nothing() {
    let server = Server::start().await;
    let mut app = server.app();
    app.app_secret = "d3Jvbmc=".into();
    let push = Push::new("robot", "ben", "x");
    let refused = server.rest().push(&app, &push).await.unwrap_err();
    assert!(
        matches!(refused, RestError::Refused { code: 401, .. }),
        "{refused}"
    );
}
