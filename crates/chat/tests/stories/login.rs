//! Who gets a session, and what ends it.

use crate::world::{World, account_name};
use std::time::Duration;

use chat::mailbox::End;
use chat::{Config, Login, LoginError};
use model::limits::DAY_MS;
use tokio::time::Instant;

#[tokio::test]
async fn a_good_token_and_signature_open_a_session() {
    let world = World::new().await;
    let session = world.session("alice", "desk").await;
    assert_eq!(&*session.device().resource, "desk");
    assert_eq!(world.chat.sessions(), 1);
    drop(session);
    assert_eq!(world.chat.sessions(), 0);
}

#[tokio::test]
async fn anything_else_does_not() {
    let world = World::new().await;
    let token = world.token("alice").await;
    let uuid = world.account("alice").await.uuid;
    let login = Login {
        token: &token,
        uuid,
        resource: "desk",
        is_only: false,
        window: 1,
    };
    let refused = world.chat.login(login, |_| false).await.err();
    assert_eq!(refused, Some(LoginError::Invalid), "a bad signature");
    let others = world.token("bob").await;
    let refused = world
        .chat
        .login(
            Login {
                token: &others,
                ..login
            },
            |_| true,
        )
        .await
        .err();
    assert_eq!(
        refused,
        Some(LoginError::Invalid),
        "another account's token"
    );
    for broken in [
        "",
        "bad",
        &token[1..],
        &format!("{token}A"),
        &"A".repeat(10_000),
    ] {
        let refused = world
            .chat
            .login(
                Login {
                    token: broken,
                    ..login
                },
                |_| true,
            )
            .await
            .err();
        assert_eq!(refused, Some(LoginError::Invalid), "token {broken:.20}");
    }
    let refused = world
        .chat
        .login(
            Login {
                resource: "a\nb",
                ..login
            },
            |_| true,
        )
        .await
        .err();
    assert_eq!(refused, Some(LoginError::BadResource));
    assert_eq!(world.chat.sessions(), 0);
}

#[tokio::test]
async fn a_token_expires() {
    let config = Config {
        token_ttl_s: 60,
        ..Config::default()
    };
    let world = World::with(config, |ports| ports).await;
    let token = world.token("alice").await;
    world.clock.advance(59_999);
    assert!(world.login("alice", "desk", &token, false).await.is_ok());
    world.clock.advance(1);
    let refused = world.login("alice", "desk", &token, false).await.err();
    assert_eq!(refused, Some(LoginError::Expired));
}

#[tokio::test]
async fn a_newer_session_of_the_device_replaces_the_older() {
    let world = World::new().await;
    let older = world.session("alice", "desk").await;
    let other = world.session("alice", "phone").await;
    let newer = world.session("alice", "desk").await;
    assert_eq!(older.mailbox().ended(), Some(End::Replaced));
    assert_eq!(other.mailbox().ended(), None);
    drop(older);
    assert_eq!(newer.mailbox().ended(), None);
    assert_eq!(
        world.chat.sessions(),
        2,
        "the end of the older leaves the newer"
    );
}

#[tokio::test]
async fn the_only_device_ends_all_others() {
    let world = World::new().await;
    let (desk, phone) = (
        world.session("alice", "desk").await,
        world.session("alice", "phone").await,
    );
    let only = world.try_session("alice", "tablet", true).await.unwrap();
    assert_eq!(desk.mailbox().ended(), Some(End::SingleSignOn));
    assert_eq!(phone.mailbox().ended(), Some(End::SingleSignOn));
    assert_eq!(only.mailbox().ended(), None);
}

#[tokio::test]
async fn a_ban_ends_sessions_and_voids_tokens() {
    let world = World::new().await;
    let name = account_name("alice");
    let token = world.token("alice").await;
    let session = world.session("alice", "desk").await;
    world
        .chat
        .ban_account(&world.app, &name)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(session.mailbox().ended(), Some(End::Banned));
    let refused = world.login("alice", "desk", &token, false).await.err();
    assert_eq!(refused, Some(LoginError::Banned));
    world
        .chat
        .unban_account(&world.app, &name)
        .await
        .unwrap()
        .unwrap();
    let refused = world.login("alice", "desk", &token, false).await.err();
    assert_eq!(
        refused,
        Some(LoginError::Invalid),
        "a token from before the ban"
    );
    assert!(world.try_session("alice", "desk", false).await.is_ok());
}

#[tokio::test]
async fn a_new_secret_ends_sessions_and_voids_tokens_of_its_app_only() {
    let world = World::new().await;
    let token = world.token("alice").await;
    let session = world.session("alice", "desk").await;
    let (app, secret) = world
        .chat
        .rotate_secret(world.app.id)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(session.mailbox().ended(), Some(End::Revoked));
    let refused = world.login("alice", "desk", &token, false).await.err();
    assert_eq!(refused, Some(LoginError::Invalid));
    assert!(
        world
            .chat
            .apps
            .authenticate(app.id, &app.key, &secret)
            .is_some()
    );
    assert!(
        world
            .chat
            .apps
            .authenticate(app.id, &app.key, "another")
            .is_none()
    );
}

#[tokio::test]
async fn a_deleted_app_takes_its_accounts_with_it() {
    let world = World::new().await;
    let token = world.token("alice").await;
    let session = world.session("alice", "desk").await;
    assert!(world.chat.delete_app(world.app.id).await.unwrap());
    assert!(!world.chat.delete_app(world.app.id).await.unwrap());
    assert_eq!(session.mailbox().ended(), Some(End::Revoked));
    assert!(world.chat.authenticate(&token).await.is_err());
}

#[tokio::test(start_paused = true)]
async fn a_device_that_is_bound_for_weeks_is_not_forgotten() {
    let world = World::new().await;
    let mut session = world.session("alice", "desk").await;
    for _ in 0..40 {
        world.clock.advance(DAY_MS);
        tokio::time::advance(Duration::from_millis(DAY_MS)).await;
        session.heard(Instant::now());
    }
    let uuid = world.account("alice").await.uuid;
    let known = world
        .chat
        .devices(uuid)
        .await
        .unwrap()
        .into_iter()
        .any(|report| report.device.is_some());
    assert!(known, "it has its place in the queue");
}
