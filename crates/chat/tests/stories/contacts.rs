//! Recent contacts.

use chat::Who;
use model::limits::CONTACT_MS;

use crate::world::{World, account_name};

impl World {
    async fn contact_names(&self, caller: &str) -> Vec<String> {
        let caller = self.account(caller).await;
        let contacts = self.chat.contacts(&caller).await.unwrap();
        let name = |who| match who {
            Who::Account { name, .. } => name.to_string(),
            Who::Topic(topic) => topic.name,
        };
        contacts
            .into_iter()
            .map(|contact| name(contact.who))
            .collect()
    }
}

#[tokio::test]
async fn the_newest_comes_first_and_each_conversation_once() {
    let world = World::new().await;
    let topic = world.topic("alice", &["bob"]).await;
    let alice = world.session("alice", "desk").await;
    world.tell(&alice, "bob", "one").await;
    world.tell_topic(&alice, topic, "two").await;
    world.tell(&alice, "carol", "three").await;
    world.tell(&alice, "alice", "to myself").await;
    assert_eq!(
        world.contact_names("alice").await,
        ["carol", "topic", "bob"]
    );
    assert_eq!(world.contact_names("bob").await, ["topic", "alice"]);
    world.tell(&alice, "bob", "four").await;
    assert_eq!(
        world.contact_names("alice").await,
        ["bob", "carol", "topic"]
    );
}

#[tokio::test]
async fn a_hidden_one_comes_back_with_a_newer_message() {
    let world = World::new().await;
    let topic = world.topic("alice", &["bob"]).await;
    let session = world.session("alice", "desk").await;
    world.tell(&session, "bob", "hello").await;
    world.tell_topic(&session, topic, "hello all").await;
    let alice = world.account("alice").await;
    let bob = account_name("bob");
    world.chat.hide_account(&alice, &bob).await.unwrap();
    world.chat.hide_topic(&alice, topic).await.unwrap();
    assert!(world.contact_names("alice").await.is_empty());
    assert_eq!(
        world.contact_names("bob").await,
        ["topic", "alice"],
        "the other end's stay"
    );
    world.tell(&session, "bob", "again").await;
    assert_eq!(world.contact_names("alice").await, ["bob"]);
}

#[tokio::test]
async fn a_topic_is_a_contact_from_the_first_message_after_joining_until_leaving() {
    let world = World::new().await;
    let topic = world.topic("alice", &["bob"]).await;
    let session = world.session("alice", "desk").await;
    world.tell_topic(&session, topic, "before carol").await;
    let (alice, bob) = (world.account("alice").await, world.account("bob").await);
    world
        .chat
        .invite(&alice, topic, &[account_name("carol")])
        .await
        .unwrap();
    assert!(world.contact_names("carol").await.is_empty());
    world.tell_topic(&session, topic, "after").await;
    assert_eq!(world.contact_names("carol").await, ["topic"]);
    world.chat.quit(&bob, topic).await.unwrap();
    assert!(world.contact_names("bob").await.is_empty());
}

#[tokio::test]
async fn after_a_month_it_is_no_recent_contact() {
    let world = World::new().await;
    let session = world.session("alice", "desk").await;
    world.tell(&session, "bob", "long ago").await;
    world.clock.advance(CONTACT_MS + 1);
    assert!(world.contact_names("alice").await.is_empty());
}
