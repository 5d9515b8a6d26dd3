//! With whom somebody has talked lately.

use client::Target;
use client::rest::{Caller, Method};
use e2e::Server;
use serde_json::Value;

#[tokio::test]
async fn the_newest_conversation_is_first_at_both_ends() {
    let mut server = Server::start().await;
    let ann = server.person("ann", "desk").await;
    ann.tell("ben", "one").await;
    ann.tell("carl", "two").await;
    let last = ann.tell("ben", "three").await;
    for _ in 0..2 {
        let contacts = list(&server.caller("ann")).await;
        assert_eq!(names(&contacts), ["ben", "carl"]);
        assert_eq!(contacts[0]["userType"], "USER");
        let message = &contacts[0]["lastMessage"];
        assert_eq!(message["sequence"], last.sequence.to_string());
        assert_eq!(message["fromAccount"], "ann");
        let theirs = list(&server.caller("carl")).await;
        assert_eq!(names(&theirs), ["ann"]);
        server.kill().await;
        server.start_again().await;
    }
}

#[tokio::test]
async fn a_forgotten_conversation_comes_back_with_the_next_message() {
    let server = Server::start().await;
    let ann = server.person("ann", "desk").await;
    ann.tell("ben", "one").await;
    ann.tell("carl", "two").await;
    let mine = server.caller("ann");
    let path = "/api/contact/p2p/session?member=carl";
    let left = mine.call(Method::DELETE, path, None).await.unwrap();
    assert_eq!(names(left.as_array().unwrap()), ["ben"]);
    let theirs = list(&server.caller("carl")).await;
    assert_eq!(names(&theirs), ["ann"], "only one's own list changes");
    let carl = server.person("carl", "desk").await;
    carl.tell("ann", "three").await;
    assert_eq!(names(&list(&mine).await), ["carl", "ben"]);
}

#[tokio::test]
async fn a_group_is_a_contact_of_its_members_until_they_leave() {
    let server = Server::start().await;
    let owner = server.caller("ann");
    let made = owner.create_topic("lunch", &["ben", "carl"]).await.unwrap();
    let id = made.topic_info.topic_id;
    let theirs = server.caller("ben");
    assert_eq!(list(&theirs).await, Vec::<Value>::new());
    let ann = server.person("ann", "desk").await;
    ann.tell(Target::Topic(id), "hungry?").await;
    let contacts = list(&theirs).await;
    assert_eq!(names(&contacts), ["lunch"]);
    assert_eq!(contacts[0]["id"], id.to_string());
    assert_eq!(contacts[0]["userType"], "TOPIC");
    theirs.quit_topic(id).await.unwrap();
    assert_eq!(list(&theirs).await, Vec::<Value>::new());
    assert_eq!(names(&list(&server.caller("carl")).await), ["lunch"]);
}

async fn list(caller: &Caller) -> Vec<Value> {
    let data = caller.call(Method::GET, "/api/contact/", None).await;
    let data = data.expect("the answer is a list");
    data.as_array().cloned().unwrap_or_else(|| panic!("{data}"))
}

fn names(contacts: &[Value]) -> Vec<&str> {
    let names = contacts.iter().map(|contact| contact["name"].as_str());
    names.map(|name| name.expect("a name")).collect()
}
