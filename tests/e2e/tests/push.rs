//! The app's backend speaks for its users.

use client::Target;
use client::rest::{Method, Push, PushMany, RestError};
use e2e::Server;
use serde_json::{Value, json};

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

#[tokio::test]
async fn a_push_to_a_topic_needs_no_membership() {
    let server = Server::start().await;
    let made = server.caller("ann").create_topic("news", &["ben"]).await;
    let topic = Target::Topic(made.unwrap().topic_info.topic_id);
    let mut ann = server.person("ann", "desk").await;
    let mut ben = server.person("ben", "desk").await;
    let push = Push::new("robot", topic.clone(), "to all");
    let packet_id = server.rest().push(&server.app(), &push).await.unwrap();
    for member in [&mut ann, &mut ben] {
        let heard = member.hear().await;
        assert_eq!((&heard.packet_id, &heard.to), (&packet_id, &topic));
        assert_eq!(
            (&*heard.payload, &*heard.from.account),
            (&b"to all"[..], "robot")
        );
    }
    let nowhere = Push::new("robot", Target::Topic(1), "to nobody");
    let refused = server
        .rest()
        .push(&server.app(), &nowhere)
        .await
        .unwrap_err();
    assert!(
        matches!(refused, RestError::Refused { code: 500, .. }),
        "{refused}"
    );
}

#[tokio::test]
async fn a_push_to_topics_reaches_those_that_are_there() {
    let server = Server::start().await;
    let owner = server.caller("ann");
    let one = owner
        .create_topic("one", &["ben"])
        .await
        .unwrap()
        .topic_info
        .topic_id;
    let two = owner
        .create_topic("two", &["ben"])
        .await
        .unwrap()
        .topic_info
        .topic_id;
    let mut ben = server.person("ben", "desk").await;
    let app = server.app();
    let body = json!({
        "appId": app.app_id,
        "appKey": app.app_key,
        "appSecret": app.app_secret.expose(),
        "fromAccount": "robot",
        "msg": "to all",
        "topicIds": [one.to_string(), "1", two, one],
    });
    let path = "/api/push/p2t/more";
    let reply = server
        .rest()
        .call(Method::POST, path, &[], Some(&body))
        .await
        .unwrap();
    let ids = reply.body["data"]["packetIds"].as_array();
    let ids = ids.unwrap_or_else(|| panic!("{reply:?}"));
    assert_eq!(
        (ids.len(), &ids[0]),
        (4, &ids[3]),
        "a topic that is listed twice gets one"
    );
    let mut heard = [ben.hear().await, ben.hear().await].map(|message| message.packet_id);
    let mut expected = [&ids[0], &ids[2]].map(|id| id.as_str().map(str::to_owned).unwrap());
    heard.sort();
    expected.sort();
    assert_eq!(heard, expected);
    assert!(ids.iter().all(Value::is_string));
}
