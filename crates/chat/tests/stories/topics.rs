//! Groups: who gets what is said, and who may change them.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use chat::port::{Observer, Story};
use chat::{Config, Ports, SendError, TopicError, TopicFields};
use model::TopicId;

use crate::world::{World, account_name, list_now, next_list, take, text, to_topic};

#[tokio::test]
async fn every_member_gets_a_message_once_and_the_sending_device_does_not() {
    let world = World::new().await;
    let topic = world.topic("alice", &["bob", "carol"]).await;
    let mut desk = world.session("alice", "desk").await;
    let mut others = [
        world.session("alice", "phone").await,
        world.session("bob", "phone").await,
        world.session("carol", "phone").await,
    ];
    let receipt = world.tell_topic(&desk, topic, "hello all").await;
    for session in &mut others {
        let list = next_list(session).await;
        assert_eq!((list.len(), list[0].sequence), (1, receipt.sequence));
        assert_eq!(list[0].timestamp_ms, receipt.timestamp_ms);
    }
    assert!(list_now(&mut desk).await.is_empty());
}

/// Counts what was stored.
#[derive(Default)]
struct Stored(AtomicUsize);

impl Observer for Stored {
    fn observe(&self, story: Story<'_>) {
        if let Story::Stored(..) = story {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }
}

#[tokio::test]
async fn a_message_to_a_group_of_500_that_are_all_online_is_stored_once() {
    let stored = Arc::new(Stored::default());
    let observer = Arc::clone(&stored) as _;
    let world = World::with(Config::default(), |ports| Ports { observer, ..ports }).await;
    let names: Vec<_> = (1..500).map(|number| format!("member {number}")).collect();
    let names: Vec<_> = names.iter().map(String::as_str).collect();
    let topic = world.topic("alice", &names).await;
    let mut members = Vec::new();
    for name in &names {
        let mut session = world.session(name, "phone").await;
        assert!(list_now(&mut session).await.is_empty());
        members.push(session);
    }
    let alice = world.session("alice", "desk").await;
    world.tell_topic(&alice, topic, "to all").await;
    for session in &mut members {
        assert_eq!(take(session, 1).await, ["to all"]);
    }
    assert_eq!(stored.0.load(Ordering::Relaxed), 1);
}

#[tokio::test]
async fn an_offline_member_pulls_what_was_said_while_a_member() {
    let world = World::new().await;
    let topic = world.topic("alice", &["bob"]).await;
    let alice = world.session("alice", "desk").await;
    let owner = world.account("alice").await;
    let bob = [account_name("bob")];
    world.tell_topic(&alice, topic, "first time").await;
    world
        .chat
        .remove_members(&owner, topic, &bob)
        .await
        .unwrap();
    world.tell_topic(&alice, topic, "in between").await;
    world.chat.invite(&owner, topic, &bob).await.unwrap();
    world.tell_topic(&alice, topic, "second time").await;
    world.chat.dismiss(&owner, topic).await.unwrap();
    let mut session = world.session("bob", "phone").await;
    assert_eq!(take(&mut session, 2).await, ["first time", "second time"]);
    assert!(list_now(&mut session).await.is_empty());
}

#[tokio::test]
async fn a_new_member_gets_what_comes_after_and_nothing_from_before() {
    let world = World::new().await;
    let topic = world.topic("alice", &[]).await;
    let alice = world.session("alice", "desk").await;
    let mut bob = world.session("bob", "phone").await;
    world.tell_topic(&alice, topic, "before").await;
    let owner = world.account("alice").await;
    world
        .chat
        .invite(&owner, topic, &[account_name("bob")])
        .await
        .unwrap();
    world.tell_topic(&alice, topic, "after").await;
    assert_eq!(take(&mut bob, 1).await, ["after"]);
    drop(bob);
    let mut again = world.session("bob", "other").await;
    assert!(list_now(&mut again).await.is_empty());
}

#[tokio::test]
async fn strangers_and_unknown_topics_are_refused() {
    let world = World::new().await;
    let topic = world.topic("alice", &["bob"]).await;
    let stranger = world.session("stranger", "desk").await;
    let refused = world.try_tell_topic(&stranger, topic, "let me in").await;
    assert_eq!(refused, Err(SendError::NotMember));
    let unknown = world
        .try_tell_topic(&stranger, TopicId(1), "anybody?")
        .await;
    assert_eq!(unknown, Err(SendError::UnknownTopic));
    let alice = world.session("alice", "desk").await;
    world
        .chat
        .dismiss(&world.account("alice").await.clone(), topic)
        .await
        .unwrap();
    let dismissed = world.try_tell_topic(&alice, topic, "anybody?").await;
    assert_eq!(dismissed, Err(SendError::UnknownTopic));
}

#[tokio::test]
async fn a_repetition_is_recognised_even_after_a_kick() {
    let world = World::new().await;
    let topic = world.topic("alice", &["bob"]).await;
    let bob = world.session("bob", "phone").await;
    let first = bob
        .send_to_topic(to_topic(topic, "p1", "once"))
        .await
        .unwrap()
        .await
        .unwrap();
    let owner = world.account("alice").await;
    world
        .chat
        .remove_members(&owner, topic, &[account_name("bob")])
        .await
        .unwrap();
    let again = bob
        .send_to_topic(to_topic(topic, "p1", "once"))
        .await
        .unwrap()
        .await;
    assert_eq!(again, Ok(first));
    let new = bob
        .send_to_topic(to_topic(topic, "p2", "again"))
        .await
        .unwrap()
        .await;
    assert_eq!(new, Err(SendError::NotMember));
}

#[tokio::test]
async fn p2p_and_group_messages_come_in_one_order_and_never_in_one_list() {
    let world = World::new().await;
    let topic = world.topic("alice", &["bob"]).await;
    let alice = world.session("alice", "desk").await;
    for number in 0..5 {
        world.tell(&alice, "bob", &format!("p2p {number}")).await;
        world
            .tell_topic(&alice, topic, &format!("group {number}"))
            .await;
    }
    let mut bob = world.session("bob", "phone").await;
    let mut texts = Vec::new();
    while texts.len() < 10 {
        let list = next_list(&mut bob).await;
        assert_eq!(list.len(), 1, "kinds alternate, so each list has one");
        bob.acknowledge(list[0].sequence);
        texts.push(text(&list[0]));
    }
    let expected: Vec<_> = (0..5)
        .flat_map(|number| [format!("p2p {number}"), format!("group {number}")])
        .collect();
    assert_eq!(texts, expected);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_audience_of_a_message_is_the_membership_at_its_sequence_live_and_pulled() {
    let world = Arc::new(World::new().await);
    let topic = world.topic("alice", &["bob"]).await;
    let alice = world.session("alice", "desk").await;
    let sender = {
        let world = Arc::clone(&world);
        tokio::spawn(async move {
            for number in 0..300 {
                world.tell_topic(&alice, topic, &number.to_string()).await;
            }
        })
    };
    let mut live = world.session("bob", "live").await;
    let owner = world.account("alice").await;
    let bob = [account_name("bob")];
    while !sender.is_finished() {
        world
            .chat
            .remove_members(&owner, topic, &bob)
            .await
            .unwrap();
        world.chat.invite(&owner, topic, &bob).await.unwrap();
    }
    sender.await.unwrap();
    world
        .tell(&world.session("carol", "desk").await, "bob", "the end")
        .await;
    let mut pulled = world.session("bob", "pulled").await;
    let until_end = async |session: &mut chat::Session| {
        let mut texts = Vec::new();
        while texts.last().is_none_or(|last| last != "the end") {
            let list = next_list(session).await;
            session.acknowledge(list.last().unwrap().sequence);
            texts.extend(list.iter().map(|message| text(message)));
        }
        texts
    };
    // The second device is new, but its account has acknowledged nothing yet.
    let (one, other) = (until_end(&mut pulled).await, until_end(&mut live).await);
    assert_eq!(one, other);
}

#[tokio::test]
async fn who_may_change_a_topic() {
    let world = World::new().await;
    let topic = world.topic("alice", &["bob", "carol"]).await;
    let [alice, bob, stranger] = [
        world.account("alice").await,
        world.account("bob").await,
        world.account("eve").await,
    ];
    let chat = &world.chat;
    let dave = [account_name("dave")];
    assert_eq!(
        chat.topic(&stranger, topic).await.err(),
        Some(TopicError::Refused)
    );
    assert_eq!(
        chat.invite(&stranger, topic, &dave).await.err(),
        Some(TopicError::Refused)
    );
    assert_eq!(
        chat.remove_members(&bob, topic, &dave).await.err(),
        Some(TopicError::Refused)
    );
    assert_eq!(
        chat.dismiss(&bob, topic).await.err(),
        Some(TopicError::Refused)
    );
    assert_eq!(
        chat.quit(&alice, topic).await.err(),
        Some(TopicError::Refused)
    );
    let fields = TopicFields {
        bulletin: Some("x".into()),
        ..TopicFields::default()
    };
    let refused = chat.update_topic(&bob, topic, fields.clone()).await.err();
    assert_eq!(refused, Some(TopicError::Refused));
    assert_eq!(
        chat.invite(&bob, topic, &dave).await.unwrap().members.len(),
        4
    );
    chat.quit(&bob, topic).await.unwrap();
    let changed = chat.update_topic(&alice, topic, fields).await.unwrap();
    assert_eq!(
        (changed.topic.bulletin.as_str(), changed.members.len()),
        ("x", 3)
    );
}

#[tokio::test]
async fn a_topic_is_handed_over_to_a_member_only() {
    let world = World::new().await;
    let topic = world.topic("alice", &["bob", "carol"]).await;
    let [alice, bob] = [world.account("alice").await, world.account("bob").await];
    world.account("eve").await;
    let to = |name: &str| TopicFields {
        owner_account: Some(account_name(name)),
        ..TopicFields::default()
    };
    let refused = world
        .chat
        .update_topic(&alice, topic, to("eve"))
        .await
        .err();
    assert_eq!(refused, Some(TopicError::Refused));
    let carol = world.account("carol").await.uuid;
    let torn = TopicFields {
        owner_uuid: Some(carol),
        ..to("bob")
    };
    let refused = world.chat.update_topic(&alice, topic, torn).await.err();
    assert_eq!(
        refused,
        Some(TopicError::Refused),
        "two owners that disagree"
    );
    let changed = world
        .chat
        .update_topic(&alice, topic, to("bob"))
        .await
        .unwrap();
    assert_eq!(changed.topic.owner.uuid, bob.uuid);
    let order: Vec<_> = changed
        .members
        .iter()
        .map(|one| &*one.party.account)
        .collect();
    assert_eq!(order, ["alice", "bob", "carol"]);
    world.chat.quit(&alice, topic).await.unwrap();
}

#[tokio::test]
async fn over_the_cap_nobody_is_added() {
    let world = World::new().await;
    world
        .chat
        .apps
        .change_settings(world.app.id, |settings| {
            settings.topic_members_max = 3;
        })
        .await
        .unwrap();
    let topic = world.topic("alice", &["bob"]).await;
    let alice = world.account("alice").await;
    let names = ["carol", "dave"].map(account_name);
    let refused = world.chat.invite(&alice, topic, &names).await.err();
    assert_eq!(refused, Some(TopicError::Refused));
    assert_eq!(
        world.chat.topic(&alice, topic).await.unwrap().members.len(),
        2
    );
    assert_eq!(
        world
            .chat
            .invite(&alice, topic, &names[..1])
            .await
            .unwrap()
            .members
            .len(),
        3
    );
}

#[tokio::test]
async fn topics_are_listed_in_join_order() {
    let world = World::new().await;
    let first = world.topic("alice", &["bob"]).await;
    let second = world.topic("bob", &["alice"]).await;
    let third = world.topic("carol", &[]).await;
    let (carol, alice) = (world.account("carol").await, world.account("alice").await);
    world
        .chat
        .invite(&carol, third, &[account_name("alice")])
        .await
        .unwrap();
    let listed = world.chat.topics_of(&alice).await.unwrap();
    let ids: Vec<_> = listed.iter().map(|topic| topic.id).collect();
    assert_eq!(ids, [first, second, third]);
}

#[tokio::test]
async fn many_names_come_and_go_in_their_order() {
    const MEMBERS: u32 = 2_000;
    let world = World::new().await;
    world
        .chat
        .apps
        .change_settings(world.app.id, |settings| {
            settings.topic_members_max = MEMBERS;
        })
        .await
        .unwrap();
    let topic = world.topic("alice", &["0"]).await;
    let alice = world.account("alice").await;
    let names: Vec<_> = (0..MEMBERS - 1)
        .map(|number| account_name(&number.to_string()))
        .collect();
    // Those who are in, and those who are named twice, are not counted.
    let invited = [&names[..], &names[..5]].concat();
    let roster = world.chat.invite(&alice, topic, &invited).await.unwrap();
    let members = roster.members[1..].iter();
    assert!(members.map(|member| &member.party.account).eq(&names));
    let roster = world
        .chat
        .remove_members(&alice, topic, &names)
        .await
        .unwrap();
    assert_eq!(roster.members.len(), 1);
}
