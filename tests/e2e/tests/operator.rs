//! What an operator does is felt at once.

use client::admin::AdminError;
use client::{Disconnection, Event, KickReason};
use e2e::Server;

#[tokio::test]
async fn a_kicked_account_may_come_back() {
    let server = Server::start().await;
    let app_id = server.app().app_id;
    let ann = server.person("ann", "desk").await;
    let mut ben = server.person("ben", "desk").await;
    server.admin().kick(&app_id, "ben").await.unwrap();
    let is_disconnected = |event: &Event| matches!(event, Event::Disconnected { .. });
    let Event::Disconnected { why, .. } = ben.next_that(is_disconnected).await else {
        unreachable!("it was looked for");
    };
    assert_eq!(why, Disconnection::Kicked(KickReason::Operator));
    ben.connected().await;
    ann.tell("ben", "welcome back").await;
    assert_eq!(ben.hear().await.payload, "welcome back");
}

#[tokio::test]
async fn a_banned_account_stays_out_until_the_ban_is_lifted() {
    let server = Server::start().await;
    let (app_id, admin) = (server.app().app_id, server.admin());
    let ann = server.person("ann", "desk").await;
    let mut ben = server.person("ben", "desk").await;
    admin.ban(&app_id, "ben").await.unwrap();
    let reason = KickReason::Banned;
    assert_eq!(ben.next().await, Event::Kicked { reason });
    ann.tell("ben", "it waits").await;
    let refused = server.rest().token(&server.app(), "ben").await;
    assert!(refused.is_err(), "a banned account gets no token");
    admin.unban(&app_id, "ben").await.unwrap();
    let mut ben = server.person("ben", "desk").await;
    assert_eq!(ben.hear().await.payload, "it waits");
}

#[tokio::test]
async fn a_rotated_secret_ends_sessions_and_tokens() {
    let server = Server::start().await;
    let old = server.app();
    let mut ben = server.person("ben", "desk").await;
    let rotated = server.admin().rotate_secret(&old.app_id).await.unwrap();
    // The client asks for another token, with credentials that no longer count.
    let ended = ben.next_that(Event::is_last).await;
    assert!(matches!(ended, Event::Refused { .. }), "{ended:?}");
    assert!(server.rest().token(&old, "ben").await.is_err());
    let new = rotated.credentials().unwrap();
    assert!(server.rest().token(&new, "ben").await.is_ok());
}

#[tokio::test]
async fn what_is_not_there_is_not_found() {
    let server = Server::start().await;
    let admin = server.admin();
    let app = admin.app("1").await.unwrap_err();
    assert!(matches!(app, AdminError::NotFound(_)), "{app}");
    let account = admin.account(&server.app().app_id, "nobody").await;
    assert!(matches!(account, Err(AdminError::NotFound(_))));
}
