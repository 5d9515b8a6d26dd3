//! How long a client may be silent, by what it has done before.

use std::time::Duration;

use tokio::io::AsyncReadExt as _;
use tokio::time::{Instant, advance};

use crate::world::World;

/// Asserts that the connection ends after so many seconds and not a second before.
macro_rules! assert_ends_after {
    ($peer:expr, $seconds:expr) => {
        let started = Instant::now();
        $peer.ended().await;
        let took = started.elapsed().as_secs();
        assert!(
            ($seconds..=$seconds + 2).contains(&took),
            "ended after {took} s"
        );
    };
}

#[tokio::test(start_paused = true)]
async fn without_conn_ten_seconds() {
    let world = World::new().await;
    let mut stream = world.stream(1024);
    let started = Instant::now();
    assert_eq!(stream.read(&mut [0; 8]).await.unwrap(), 0);
    assert_eq!(started.elapsed().as_secs(), 10);
}

#[tokio::test(start_paused = true)]
async fn without_bind_ten_minutes() {
    let world = World::new().await;
    let mut peer = world.connected().await;
    assert_ends_after!(peer, 600);
}

#[tokio::test(start_paused = true)]
async fn bound_four_hundred_seconds_from_the_last_sign_of_life() {
    let world = World::new().await;
    let mut peer = world.bound("alice", "desk").await;
    for _ in 0..3 {
        advance(Duration::from_secs(390)).await;
        peer.pong().await;
    }
    assert_ends_after!(peer, 400);
}

#[tokio::test(start_paused = true)]
async fn thirty_seconds_for_the_rest_of_a_frame() {
    let world = World::new().await;
    let mut peer = world.bound("alice", "desk").await;
    advance(Duration::from_secs(100)).await;
    peer.write_raw(&wire::BARE_PING[..5]).await;
    assert_ends_after!(peer, 30);
}
