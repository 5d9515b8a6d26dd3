//! Who may ask, and who is online.

use chat::Login;
use http::Method;
use model::AccountName;
use serde_json::json;

use crate::world::World;

#[tokio::test]
async fn a_token_or_keys_open_their_own_app_only() {
    let world = World::new().await;
    let (other, _) = world.other_app().await;
    let (app, secret) = (&world.app, &world.secret);
    let path = format!("/api/topic/{}/account", app.id);
    let foreign = format!("/api/topic/{}/account", other.id);
    let keys = [
        ("appKey", &*app.key),
        ("appSecret", &**secret),
        ("appAccount", "小明😀"),
    ];
    let mine = world.request(Method::GET, &path, &keys, None).await;
    assert_eq!(mine.success(), json!([]));
    let refused = (401, "authentication fail".to_owned());
    for path in [&foreign, "/api/topic/x/account"] {
        let reply = world.request(Method::GET, path, &keys, None).await;
        assert_eq!(reply.refusal(), refused, "{path}");
    }
    let caller = world.caller("a").await;
    assert_eq!(caller.get(&foreign).await.refusal(), refused);
    assert_eq!(caller.get(&path).await.success(), json!([]));
    let name = AccountName::new("小明😀").unwrap();
    let leaked = world.chat.accounts.find(other.id, &name).await.unwrap();
    assert!(leaked.is_none(), "a refused question makes no account");
}

#[tokio::test]
async fn an_account_in_a_header_may_be_base64() {
    let world = World::new().await;
    let headers = [
        ("appKey", &*world.app.key),
        ("appSecret", &*world.secret),
        ("appAccount", "5bCP5piO"),
        ("appAccountEncode", "base64"),
    ];
    let path = format!("/api/topic/{}", world.app.id);
    let body = json!({ "topicName": "t" });
    let made = world
        .request(Method::POST, &path, &headers, Some(body))
        .await;
    assert_eq!(made.success()["topicInfo"]["ownerAccount"], "小明");
}

#[tokio::test]
async fn status_tells_the_devices_that_are_bound_and_makes_nobody() {
    let world = World::new().await;
    let caller = world.caller("a").await;
    let name = AccountName::new("a").unwrap();
    let account = world
        .chat
        .accounts
        .find(world.app.id, &name)
        .await
        .unwrap()
        .unwrap();
    let token = world.chat.tokens.issue(&world.app, &account);
    let mut sessions = Vec::new();
    for resource in ["web", "phone"] {
        let login = Login {
            token: &token,
            uuid: account.uuid,
            resource,
            is_only: false,
            window: 1,
        };
        sessions.push(world.chat.login(login, |_| true).await.unwrap());
    }
    let expected = json!([
        { "account": "nobody", "onlineResources": [] },
        { "account": "a", "onlineResources": ["phone", "web"] },
    ]);
    for accounts in [json!("nobody, a,nobody"), json!(["nobody", "a"])] {
        let reply = caller
            .post("/api/account/status", json!({ "accounts": accounts }))
            .await;
        assert_eq!(reply.success(), expected);
    }
    let nobody = AccountName::new("nobody").unwrap();
    assert!(
        world
            .chat
            .accounts
            .find(world.app.id, &nobody)
            .await
            .unwrap()
            .is_none()
    );
}
