//! Cursors that moved are saved soon, whatever else is done meanwhile.

use std::sync::Arc;
use std::time::Duration;

use chat::Config;
use tokio::task::yield_now;
use tokio::time::advance;

use crate::world::{World, take};

#[tokio::test(start_paused = true)]
async fn a_change_of_a_topic_does_not_put_off_the_saving_of_cursors() {
    let mut messages = None;
    let world = World::with(Config::default(), |ports| {
        messages = Some(Arc::clone(&ports.messages));
        ports
    })
    .await;
    let messages = messages.unwrap();
    let alice = world.session("alice", "desk").await;
    let mut bob = world.session("bob", "phone").await;
    world.tell(&alice, "bob", "hello").await;
    take(&mut bob, 1).await;
    // The committing task takes note.
    yield_now().await;
    world.topic("alice", &["carol"]).await;
    assert!(messages.has_unsaved_cursors());
    advance(Duration::from_millis(101)).await;
    yield_now().await;
    assert!(!messages.has_unsaved_cursors());
}
