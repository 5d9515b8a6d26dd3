//! Limits by where connections come from.

use std::time::Duration;

use gateway::Config;
use tokio::time::advance;

use crate::world::World;

const HOME: &str = "192.0.2.1";
const ELSEWHERE: &str = "192.0.2.2";

#[tokio::test(start_paused = true)]
async fn after_too_many_bad_logins_of_an_address_none_is_looked_at() {
    let world = World::with(Config {
        login_failures_per_min: 3,
        ..Config::default()
    })
    .await;
    let account = world.account("alice").await;
    let mut peer = world.connected_from(HOME).await.unwrap();
    for _ in 0..3 {
        let answer = peer.bind(&account, "guessed", "desk").await;
        assert_eq!(answer.error_reason(), "invalid-token");
    }
    // Not even a good one; and no client is told to fetch another token.
    let mut other = world.connected_from(HOME).await.unwrap();
    let answer = world.bind(&mut other, "alice", "desk").await;
    assert!(!answer.result());
    assert_eq!(
        (answer.error_type(), answer.error_reason()),
        ("wait", "unavailable")
    );
    let mut elsewhere = world.connected_from(ELSEWHERE).await.unwrap();
    assert!(world.bind(&mut elsewhere, "alice", "desk").await.result());

    advance(Duration::from_secs(20)).await;
    assert!(world.bind(&mut other, "alice", "pad").await.result());
}

#[tokio::test(start_paused = true)]
async fn good_logins_and_expired_tokens_are_never_counted() {
    let world = World::with(Config {
        login_failures_per_min: 1,
        ..Config::default()
    })
    .await;
    let mut peer = world.connected_from(HOME).await.unwrap();
    for _ in 0..5 {
        assert!(world.bind(&mut peer, "alice", "desk").await.result());
    }
    let account = world.account("bob").await;
    let expired = world.chat.tokens.issue(&world.app, &account);
    world.clock.advance(8 * 86_400_000);
    let mut late = world.connected_from(HOME).await.unwrap();
    for _ in 0..5 {
        let answer = late.bind(&account, &expired, "desk").await;
        assert_eq!(answer.error_reason(), "token-expired");
    }
    assert!(world.bind(&mut peer, "alice", "desk").await.result());
}

#[tokio::test]
async fn a_place_is_free_again_when_its_connection_has_ended() {
    let world = World::with(Config {
        connections_per_source_max: 2,
        ..Config::default()
    })
    .await;
    let first = world.connected_from(HOME).await.unwrap();
    let _second = world.connected_from(HOME).await.unwrap();
    assert!(world.connected_from(HOME).await.is_none());
    assert!(world.connected_from(ELSEWHERE).await.is_some());
    drop(first);
    while world.connected_from(HOME).await.is_none() {
        tokio::task::yield_now().await;
    }
}
