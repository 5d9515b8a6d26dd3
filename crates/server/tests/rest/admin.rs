//! Apps, as operators make and change them.

use std::convert::Infallible;

use axum::body::Body;
use futures_util::stream;
use serde_json::{Value, json};
use tokio::sync::oneshot;

use crate::house::{ADMIN_TOKEN, APP, House};

async fn made(house: &House) -> Value {
    let new = json!({ "name": "新应用", "package": "com.example.new" });
    let reply = house.admin("POST", "/apps", new).await;
    assert_eq!(reply.status, 201);
    reply.body
}

#[tokio::test]
async fn the_token_is_needed_for_everything() {
    let house = House::new().await;
    for path in [
        "/admin/v1/apps",
        "/admin/v1/nothing",
        "/admin/v1/apps/1/token",
    ] {
        for bearer in [
            "",
            "Bearer wrong",
            "Bearer ",
            "the-admin-token",
            "Basic the-admin-token",
        ] {
            let reply = house.get(path, &[("authorization", bearer)]).await;
            reply.is_error(401, None);
        }
        house.get(path, &[]).await.is_error(401, None);
    }
}

#[tokio::test]
async fn an_app_is_made_and_its_secret_shown_once() {
    let house = House::new().await;
    let app = made(&house).await;
    assert_eq!(app["appId"].as_str().unwrap().len(), 19);
    let defaults = json!({
        "instantCallback": null, "offlineCallback": null, "accountTtl": 0, "topicMembers": 500,
        "maxPayload": 15360, "retentionDays": 183,
    });
    assert_eq!(app["settings"], defaults);
    assert!(app["createdAt"].is_u64() && app["banned"] == false);

    let id = app["appId"].as_str().unwrap();
    let shown = house
        .admin("GET", &format!("/apps/{id}"), json!({}))
        .await
        .body;
    let mut expected = app.clone();
    expected.as_object_mut().unwrap().remove("appSecret");
    assert_eq!(shown, expected);
    let listed = house.admin("GET", "/apps/", json!({})).await.body;
    let apps = listed["apps"].as_array().unwrap();
    assert!(apps.len() == 2 && apps.contains(&expected));
}

#[tokio::test]
async fn an_app_that_moves_here_keeps_its_credentials_unless_they_are_taken() {
    let house = House::new().await;
    let mut new = json!({ "name": "n", "package": "p", "appId": 5, "appKey": "k" });
    house
        .admin("POST", "/apps", new.clone())
        .await
        .is_error(400, Some("appSecret"));
    new["appSecret"] = json!("s");
    let reply = house.admin("POST", "/apps", new.clone()).await;
    assert_eq!(reply.status, 201);
    assert_eq!(
        (&reply.body["appId"], &reply.body["appKey"]),
        (&json!("5"), &json!("k"))
    );
    house
        .admin("POST", "/apps", new.clone())
        .await
        .is_error(409, None);
    new["appId"] = json!("6");
    house.admin("POST", "/apps", new).await.is_error(409, None);
}

#[tokio::test]
async fn settings_change_together_or_not_at_all() {
    let house = House::new().await;
    let path = format!("/apps/{APP}");
    let before = house.admin("GET", &path, json!({})).await.body;
    for (name, value, status) in [
        ("maxPayload", json!(0), 422),
        ("retentionDays", json!(3651), 422),
        ("topicMembers", json!(100_001), 422),
        ("accountTtl", json!(-1), 422),
        ("maxPayload", json!("x"), 400),
        ("noSuchSetting", json!(1), 400),
        ("instantCallback", json!("ftp://example.com"), 400),
        ("offlineCallback", json!("http://169.254.169.254/"), 400),
    ] {
        let mut change = json!({ "maxPayload": 7, "accountTtl": 7 });
        change[name] = value;
        house
            .admin("PATCH", &path, change)
            .await
            .is_error(status, Some(name));
        assert_eq!(house.admin("GET", &path, json!({})).await.body, before);
    }
    let change = json!({ "maxPayload": 61_440, "instantCallback": "https://example.com/i" });
    let mut expected = before;
    expected["settings"]["maxPayload"] = json!(61_440);
    expected["settings"]["instantCallback"] = json!("https://example.com/i");
    assert_eq!(house.admin("PATCH", &path, change).await.body, expected);
    assert_eq!(house.admin("GET", &path, json!({})).await.body, expected);
}

#[tokio::test]
async fn a_new_secret_ends_the_old_one_and_its_tokens() {
    let house = House::new().await;
    let token = house.token("a").await;
    let reply = house
        .admin("POST", &format!("/apps/{APP}/rotate-secret"), json!({}))
        .await;
    let secret = reply.body["appSecret"].as_str().unwrap();
    let ask = json!({ "appAccount": "a" });
    let refused = house.post_as_app("/api/account/token", ask.clone()).await;
    refused.is_refused(200, 401, "authentication fail");
    let reply = house.get("/api/uctopic/topics", &[("token", &token)]).await;
    reply.is_refused(200, 401, "authentication fail");
    let ask = json!({ "appAccount": "a", "appSecret": secret });
    house.post_as_app("/api/account/token", ask).await.data();
}

#[tokio::test]
async fn two_changes_of_settings_at_a_time_are_both_made() {
    let house = House::new().await;
    let path = format!("/apps/{APP}");
    // The app is looked up before the body is read, which comes after the other change.
    let (sender, arrived) = oneshot::channel::<&str>();
    let late = stream::once(async { Ok::<_, Infallible>(arrived.await.unwrap()) });
    let bearer = format!("Bearer {ADMIN_TOKEN}");
    let headers = [("authorization", &*bearer)];
    let slow_path = format!("/admin/v1{path}");
    let slow = house.request("PATCH", &slow_path, &headers, Body::from_stream(late));
    let quick = async {
        tokio::task::yield_now().await;
        let reply = house
            .admin("PATCH", &path, json!({ "maxPayload": 5 }))
            .await;
        assert_eq!(reply.body["settings"]["maxPayload"], 5);
        sender.send(r#"{"topicMembers":6}"#).unwrap();
    };
    let (reply, ()) = tokio::join!(slow, quick);
    assert_eq!(reply.body["settings"]["maxPayload"], 5);
    assert_eq!(reply.body["settings"]["topicMembers"], 6);
}

#[tokio::test]
async fn an_app_is_banned_unbanned_and_deleted() {
    let house = House::new().await;
    let path = format!("/apps/{APP}");
    for (verb, is_banned) in [("ban", true), ("unban", false)] {
        let reply = house
            .admin("POST", &format!("{path}/{verb}"), json!({}))
            .await;
        assert_eq!(reply.body["banned"], is_banned);
    }
    assert_eq!(house.admin("DELETE", &path, json!({})).await.status, 200);
    for (method, tail) in [
        ("GET", ""),
        ("DELETE", ""),
        ("POST", "/ban"),
        ("POST", "/rotate-secret"),
    ] {
        house
            .admin(method, &format!("{path}{tail}"), json!({}))
            .await
            .is_error(404, None);
    }
}

#[tokio::test]
async fn unknown_paths_and_methods_are_errors_of_the_admin_api() {
    let house = House::new().await;
    for path in [
        "/nothing",
        "/apps/x",
        "/apps/1",
        "/apps/1/nothing",
        "/apps/%ff",
    ] {
        house
            .admin("GET", path, json!({}))
            .await
            .is_error(404, None);
    }
    house
        .admin("PUT", "/apps", json!({}))
        .await
        .is_error(405, None);
    house
        .admin("POST", "/apps", json!([]))
        .await
        .is_error(400, Some("body"));
}
