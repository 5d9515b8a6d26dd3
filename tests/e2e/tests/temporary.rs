//! Accounts that end by themselves.

use client::rest::RestError;
use client::{Event, Target};
use e2e::{Person, Server};
use serde_json::json;

/// Seconds; the server is given 5 more.
const TTL: u32 = 2;

#[tokio::test]
async fn an_account_ends_with_its_sessions_and_its_name_begins_anew() {
    let server = Server::start().await;
    let mut ben = server.person("ben", "desk").await;
    let mut carl = server.person("carl", "desk").await;
    ben.tell("carl", "from the old one").await;
    let first = server.rest().token(&server.app(), "ben").await.unwrap();
    server.set(json!({"accountTtl": TTL})).await;
    reborn(&mut ben, first.uuid).await;
    server.set(json!({"accountTtl": 0})).await;
    assert_eq!(carl.hear_texts(1).await, ["from the old one"]);
}

#[tokio::test]
async fn nobody_makes_topics_while_accounts_are_temporary() {
    let server = Server::start().await;
    let caller = server.caller("ann");
    server.set(json!({"accountTtl": 60})).await;
    let refused = caller.create_topic("no", &["ben"]).await.unwrap_err();
    assert!(
        matches!(refused, RestError::Refused { code: 500, .. }),
        "{refused}"
    );
    server.set(json!({"accountTtl": 0})).await;
    caller.create_topic("yes", &["ben"]).await.unwrap();
}

#[tokio::test]
async fn an_account_that_is_to_end_ends_also_after_a_kill_and_leaves_its_topics() {
    let mut server = Server::start().await;
    let made = server.caller("ann").create_topic("lunch", &["ben"]).await;
    let id = made.unwrap().topic_info.topic_id;
    let mut ben = server.person("ben", "desk").await;
    let first = server.rest().token(&server.app(), "ben").await.unwrap();
    server.set(json!({"accountTtl": TTL})).await;
    server.kill().await;
    server.start_again().await;
    reborn(&mut ben, first.uuid).await;
    server.set(json!({"accountTtl": 0})).await;
    let caller = server.caller("ben");
    let topics = caller.topics().await.unwrap();
    assert_eq!(topics, [], "the new account sees nothing of the old one");
    assert!(ben.try_tell(Target::Topic(id), "hello?").await.is_err());
}

/// The client asks for a new token by itself: the name is another account then.
async fn reborn(person: &mut Person, first: u64) {
    let is_other = |event: &Event| matches!(event, Event::Connected { uuid } if *uuid != first);
    person.next_that(is_other).await;
}
