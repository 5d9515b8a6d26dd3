//! Accounts that end.

use std::time::Duration;

use chat::mailbox::End;
use chat::{SendError, TopicError};

use crate::world::{World, account_name, list_now};

const TTL_S: u32 = 60;

impl World {
    pub(crate) async fn set_ttl(&self, account_ttl_s: u32) {
        self.chat
            .apps
            .change_settings(self.app.id, |settings| {
                settings.account_ttl_s = account_ttl_s;
            })
            .await
            .unwrap();
    }

    /// Moves both clocks and lets what is due be done.
    pub(crate) async fn pass(&self, seconds: u32) {
        self.clock.advance(u64::from(seconds) * 1000);
        tokio::time::sleep(Duration::from_secs(2)).await;
    }
}

#[tokio::test(start_paused = true)]
async fn an_account_ends_with_all_that_it_had() {
    let world = World::new().await;
    world.set_ttl(TTL_S).await;
    let old = world.account("alice").await;
    let token = world.token("alice").await;
    let session = world.session("alice", "desk").await;
    let bob = world.session("bob", "desk").await;
    world.tell(&bob, "alice", "for the old one").await;
    world.pass(TTL_S - 1).await;
    assert_eq!(session.mailbox().ended(), None);
    world.pass(1).await;
    assert_eq!(session.mailbox().ended(), Some(End::Revoked));
    assert!(world.chat.authenticate(&token).await.is_err());
    assert_ne!(world.account("alice").await.uuid, old.uuid);
    let mut again = world.session("alice", "desk").await;
    assert!(list_now(&mut again).await.is_empty());
}

#[tokio::test(start_paused = true)]
async fn switching_the_lifetime_on_ends_nobody_at_once_and_off_ends_nobody() {
    let world = World::new().await;
    let uuid = world.account("alice").await.uuid;
    world.pass(10 * TTL_S).await;
    world.set_ttl(TTL_S).await;
    world.pass(TTL_S / 2).await;
    assert_eq!(world.account("alice").await.uuid, uuid);
    world.set_ttl(0).await;
    world.pass(10 * TTL_S).await;
    assert_eq!(world.account("alice").await.uuid, uuid);
    world.set_ttl(TTL_S).await;
    world.pass(TTL_S).await;
    assert_ne!(world.account("alice").await.uuid, uuid);
}

#[tokio::test(start_paused = true)]
async fn topics_pass_to_the_earliest_member_and_end_with_the_last() {
    let world = World::new().await;
    let topic = world.topic("alice", &["bob"]).await;
    let (alice, bob) = (world.account("alice").await, world.account("bob").await);
    world.set_ttl(TTL_S).await;
    let refused = world.chat.create_topic(&alice, "t", "", &[]).await.err();
    assert_eq!(
        refused,
        Some(TopicError::Refused),
        "temporary accounts make no topics"
    );
    world.pass(TTL_S / 2).await;
    world
        .chat
        .invite(&bob, topic, &[account_name("carol")])
        .await
        .unwrap();
    let carol = world.account("carol").await;
    world.pass(TTL_S / 2).await;
    let roster = world.chat.topic(&carol, topic).await.unwrap();
    assert_eq!(
        (roster.topic.owner.uuid, roster.members.len()),
        (carol.uuid, 1)
    );
    world.pass(TTL_S).await;
    let late = world.session("dave", "desk").await;
    assert_eq!(
        world.try_tell_topic(&late, topic, "anybody?").await,
        Err(SendError::UnknownTopic)
    );
}
