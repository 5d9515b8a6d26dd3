//! How bindings and connections end.

use model::AccountName;

use crate::peer::Said;
use crate::world::World;

#[tokio::test]
async fn a_newer_connection_of_the_device_has_the_older_kicked() {
    let world = World::new().await;
    let mut older = world.bound("alice", "desk").await;
    let mut newer = world.bound("alice", "desk").await;
    let Said::Kick(kick) = older.next().await else {
        panic!("expected KICK")
    };
    assert_eq!(
        (kick.reason(), kick.desc()),
        ("single-resource-kick", "replaced")
    );
    older.ended().await;
    newer.pong().await;
}

#[tokio::test]
async fn another_device_on_the_same_connection_ends_the_first_without_a_kick() {
    let world = World::new().await;
    let mut peer = world.bound("alice", "one").await;
    assert!(world.bind(&mut peer, "alice", "two").await.result());
    peer.pong().await;
    assert_eq!(world.chat.sessions(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_refused_login_is_told_after_a_second_and_leaves_the_connection() {
    let world = World::new().await;
    let account = world.account("alice").await;
    let mut peer = world.connected().await;
    let asked = tokio::time::Instant::now();
    let answer = peer.bind(&account, "bad", "desk").await;
    assert!(!answer.result());
    assert_eq!(
        (answer.error_type(), answer.error_reason()),
        ("auto", "invalid-token")
    );
    assert!(asked.elapsed() >= std::time::Duration::from_secs(1));
    assert!(world.bind(&mut peer, "alice", "desk").await.result());
}

#[tokio::test]
async fn an_operator_ends_sessions() {
    let world = World::new().await;
    let alice = AccountName::new("alice").unwrap();
    let mut peer = world.bound("alice", "desk").await;
    world.chat.kick_account(&world.app, &alice).await.unwrap();
    assert!(matches!(peer.next().await, Said::Kick(kick) if kick.reason() == "kicked"));
    let mut peer = world.bound("alice", "desk").await;
    world.chat.ban_account(&world.app, &alice).await.unwrap();
    assert!(matches!(peer.next().await, Said::Kick(kick) if kick.desc() == "banned"));
    peer.ended().await;
}

#[tokio::test]
async fn a_stop_answers_what_was_sent_and_closes_without_a_kick() {
    let world = World::new().await;
    let mut peer = world.bound("alice", "desk").await;
    let mut silent = world.connected().await;
    peer.send("bob", "p1", "last").await;
    // It has been read once its answer is there.
    assert_eq!(peer.ack().await.code(), 0);
    world.gateway.stop();
    peer.ended().await;
    silent.ended().await;
    drop((peer, silent));
    world.gateway.stopped().await;
    assert_eq!(world.gateway.connections(), (0, 0));
    let mut late = world.stream(1024);
    let read = tokio::io::AsyncReadExt::read(&mut late, &mut [0; 8])
        .await
        .unwrap();
    assert_eq!(read, 0, "no new connections");
}
