//! With whom somebody has talked lately.

use client::Target;
use client::rest::Contact;
use e2e::Server;

#[tokio::test]
async fn the_newest_conversation_is_first_at_both_ends() {
    let mut server = Server::start().await;
    let ann = server.person("ann", "desk").await;
    ann.tell("ben", "one").await;
    ann.tell("carl", "two").await;
    let last = ann.tell("ben", "three").await;
    for _ in 0..2 {
        let contacts = server.caller("ann").contacts().await.unwrap();
        assert_eq!(names(&contacts), ["ben", "carl"]);
        assert_eq!(contacts[0].with, Target::from("ben"));
        assert_eq!(contacts[0].timestamp_ms, last.timestamp_ms);
        let message = &contacts[0].last_message;
        assert_eq!(message.sequence, last.sequence);
        assert_eq!(
            (&*message.from_account, &*message.payload),
            ("ann", b"three".as_slice())
        );
        let theirs = server.caller("carl").contacts().await.unwrap();
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
    ann.tell("小明", "two").await;
    let mine = server.caller("ann");
    let left = mine.forget_contact(&Target::from("小明")).await.unwrap();
    assert_eq!(names(&left), ["ben"]);
    let theirs = server.caller("小明").contacts().await.unwrap();
    assert_eq!(names(&theirs), ["ann"], "only one's own list changes");
    let xiaoming = server.person("小明", "desk").await;
    xiaoming.tell("ann", "three").await;
    assert_eq!(names(&mine.contacts().await.unwrap()), ["小明", "ben"]);
}

#[tokio::test]
async fn a_group_is_a_contact_of_its_members_until_they_leave() {
    let server = Server::start().await;
    let owner = server.caller("ann");
    let made = owner.create_topic("lunch", &["ben", "carl"]).await.unwrap();
    let id = made.topic_info.topic_id;
    let theirs = server.caller("ben");
    assert_eq!(theirs.contacts().await.unwrap(), []);
    let ann = server.person("ann", "desk").await;
    ann.tell(Target::Topic(id), "hungry?").await;
    let contacts = theirs.contacts().await.unwrap();
    assert_eq!(names(&contacts), ["lunch"]);
    assert_eq!(contacts[0].with, Target::Topic(id));
    theirs.quit_topic(id).await.unwrap();
    assert_eq!(theirs.contacts().await.unwrap(), []);
    let carls = server.caller("carl");
    assert_eq!(names(&carls.contacts().await.unwrap()), ["lunch"]);
    assert_eq!(carls.forget_contact(&Target::Topic(id)).await.unwrap(), []);
}

fn names(contacts: &[Contact]) -> Vec<&str> {
    contacts.iter().map(|contact| &*contact.name).collect()
}
