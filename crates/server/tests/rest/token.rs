//! Tokens, and the credentials that get them.

use std::sync::Arc;

use api::Config;
use model::AppId;
use serde_json::json;
use store::memory::MemoryDirectory;

use crate::house::{APP, House};

const PATH: &str = "/api/account/token";

#[tokio::test]
async fn every_field_has_its_type() {
    let house = House::new().await;
    let reply = house
        .post_as_app(PATH, json!({ "appAccount": "小明😀" }))
        .await;
    let data = reply.data();
    assert_eq!(data["appId"], APP.to_string());
    assert_eq!(data["appAccount"], "小明😀");
    assert_eq!(data["appPackage"], "com.example.test");
    assert_eq!(
        (&data["miChid"], &data["regionBucket"]),
        (&json!(9), &json!(0))
    );
    assert!(data["miUserId"].as_str().unwrap().parse::<i64>().unwrap() > 0);
    assert_eq!(data["miUserSecurityKey"].as_str().unwrap().len(), 24);
    assert_eq!(data["feDomainName"], "localhost");
    assert!(!reply.body.to_string().contains("secret\""));
}

#[tokio::test]
async fn the_domains_are_the_configured_ones() {
    let config = Config {
        fe_domain: "fe.example.com".into(),
        relay_domain: "relay.example.com".into(),
        ..Config::default()
    };
    let house = House::with_config(config).await;
    let reply = house.post_as_app(PATH, json!({ "appAccount": "a" })).await;
    assert_eq!(reply.data()["feDomainName"], "fe.example.com");
    assert_eq!(reply.data()["relayDomainName"], "relay.example.com");
}

#[tokio::test]
async fn an_app_id_keeps_every_digit() {
    let house = House::new().await;
    for (app_id, is_good) in [
        (json!(APP), true),
        (json!(APP.to_string()), true),
        (json!(APP + 1), false),
        (json!((APP - 1).to_string()), false),
    ] {
        let reply = house
            .post_as_app(PATH, json!({ "appAccount": "a", "appId": app_id }))
            .await;
        if is_good {
            reply.data();
        } else {
            reply.is_refused(200, 401, "authentication fail");
        }
    }
}

#[tokio::test]
async fn wrong_credentials_get_nothing_and_make_no_account() {
    let house = House::new().await;
    for (field, value) in [("appSecret", "wrong"), ("appKey", "wrong"), ("appId", "1")] {
        let reply = house
            .post_as_app(PATH, json!({ "appAccount": "a", field: value }))
            .await;
        reply.is_refused(200, 401, "authentication fail");
    }
    house
        .admin("GET", &format!("/apps/{APP}/accounts/a"), json!({}))
        .await
        .is_error(404, None);
}

#[tokio::test]
async fn a_bad_field_is_named() {
    let house = House::new().await;
    for account in [
        json!(null),
        json!(""),
        json!("a,b"),
        json!(7),
        json!("x".repeat(129)),
    ] {
        house
            .post_as_app(PATH, json!({ "appAccount": account }))
            .await
            .is_bad("appAccount");
    }
    house
        .post_as_app(PATH, json!({ "appKey": [] }))
        .await
        .is_bad("appKey");
    house
        .post_as_app(PATH, json!({ "appSecret": null }))
        .await
        .is_bad("appSecret");
    house
        .post_as_app(PATH, json!({ "appId": "x" }))
        .await
        .is_bad("appId");
    house
        .post_as_app(PATH, json!({ "appId": 1.5 }))
        .await
        .is_bad("appId");
}

#[tokio::test]
async fn the_banned_are_forbidden() {
    let house = House::new().await;
    house.token("a").await;
    house
        .admin("POST", &format!("/apps/{APP}/accounts/a/ban"), json!({}))
        .await;
    let ask = async |account: &str| {
        house
            .post_as_app(PATH, json!({ "appAccount": account }))
            .await
    };
    ask("a").await.is_refused(200, 403, "forbidden");
    ask("b").await.data();
    house
        .admin("POST", &format!("/apps/{APP}/ban"), json!({}))
        .await;
    ask("b").await.is_refused(200, 403, "forbidden");
}

#[tokio::test]
async fn the_demo_chat_has_a_door_of_its_own_in_development_only() {
    let house = House::new().await;
    let body = json!({ "account": "a" }).to_string();
    house
        .post("/dev/token", body.clone())
        .await
        .is_refused(404, 404, "not found");
    let directory = Arc::new(MemoryDirectory::new());
    let house = House::with(Config::default(), directory, Some(AppId(APP))).await;
    assert_eq!(
        house.post("/dev/token", body).await.data()["appId"],
        APP.to_string()
    );
    house.post("/dev/token", "{}").await.is_bad("account");
}
