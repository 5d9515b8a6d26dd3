//! Who is blocked is not heard.

use client::rest::{Caller, Method, Push, RestError};
use client::{SendError, Target};
use e2e::{Person, Server};
use serde_json::json;

#[tokio::test]
async fn a_blocked_sender_is_refused_at_the_moment_of_sending() {
    let mut server = Server::start().await;
    let ann = server.person("ann", "desk").await;
    ann.tell("ben", "before").await;
    let bens = server.caller("ben");
    block(&bens, "ann").await;
    for _ in 0..2 {
        assert_refused(&ann).await;
        let push = Push::new("ann", "ben", "pushed");
        let pushed = server.rest().push(&server.app(), &push).await;
        assert!(matches!(pushed, Err(RestError::Refused { code: 403, .. })));
        assert!(is_blocked(&server.caller("ben"), "ann").await);
        server.kill().await;
        server.start_again().await;
    }
    let bens = server.caller("ben");
    let path = "/api/blacklist/?blackAccount=ann";
    bens.call(Method::DELETE, path, None).await.unwrap();
    assert!(!is_blocked(&bens, "ann").await);
    ann.tell("ben", "after").await;
    let mut ben = server.person("ben", "desk").await;
    let heard = ben.hear_texts(2).await;
    assert_eq!(
        heard,
        ["before", "after"],
        "what was refused does not come later"
    );
}

#[tokio::test]
async fn the_other_direction_and_groups_are_not_affected() {
    let server = Server::start().await;
    let bens = server.caller("ben");
    block(&bens, "ann").await;
    let mut ann = server.person("ann", "desk").await;
    let mut ben = server.person("ben", "desk").await;
    ben.tell("ann", "i can write").await;
    assert_eq!(ann.hear_texts(1).await, ["i can write"]);
    let made = bens.create_topic("both", &["ann"]).await.unwrap();
    let topic = Target::Topic(made.topic_info.topic_id);
    ann.tell(topic, "so can i, here").await;
    assert_eq!(ben.hear_texts(1).await, ["so can i, here"]);
}

async fn block(caller: &Caller, other: &str) {
    let body = json!({"blackAccount": other});
    // A second time changes nothing.
    for _ in 0..2 {
        let done = caller
            .call(Method::POST, "/api/blacklist/", Some(&body))
            .await;
        done.expect("it is blocked");
    }
}

async fn is_blocked(caller: &Caller, other: &str) -> bool {
    let path = format!("/api/blacklist/?blackAccount={other}");
    let data = caller.call(Method::GET, &path, None).await;
    let data = data.expect("an answer");
    data["isBlack"].as_bool().expect("it is or it is not")
}

async fn assert_refused(ann: &Person) {
    let refused = ann.try_tell("ben", "blocked").await;
    let Err(SendError::Refused(why)) = refused else {
        panic!("{refused:?}");
    };
    assert_eq!((why.code, &*why.text), (403, "blocked"));
}
