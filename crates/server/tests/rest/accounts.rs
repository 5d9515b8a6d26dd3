//! Accounts, as operators see and treat them.

use serde_json::json;

use crate::house::{APP, House};

fn path(account: &str, verb: &str) -> String {
    format!("/apps/{APP}/accounts/{account}{verb}")
}

#[tokio::test]
async fn an_account_is_shown_without_its_key() {
    let house = House::new().await;
    let body = json!({ "appAccount": "小明 /?" });
    let token = house.post_as_app("/api/account/token", body).await;
    let reply = house
        .admin("GET", &path("%E5%B0%8F%E6%98%8E%20%2F%3F", ""), json!({}))
        .await;
    assert_eq!(reply.status, 200);
    assert_eq!(reply.body["account"], "小明 /?");
    assert_eq!(reply.body["uuid"], token.data()["miUserId"]);
    assert_eq!(reply.body["devices"], json!([]));
    let key = token.data()["miUserSecurityKey"].as_str().unwrap();
    assert!(!reply.body.to_string().contains(key));
}

#[tokio::test]
async fn an_account_nobody_named_is_not_there() {
    let house = House::new().await;
    for account in ["nobody", "a%2Cb", "%ff"] {
        house
            .admin("GET", &path(account, ""), json!({}))
            .await
            .is_error(404, None);
        for verb in ["/kick", "/ban", "/unban"] {
            house
                .admin("POST", &path(account, verb), json!({}))
                .await
                .is_error(404, None);
        }
    }
}

#[tokio::test]
async fn an_account_is_banned_unbanned_and_kicked() {
    let house = House::new().await;
    house.token("a").await;
    for (verb, is_banned) in [("/ban", true), ("/unban", false)] {
        let reply = house.admin("POST", &path("a", verb), json!({})).await;
        assert_eq!(reply.body["banned"], is_banned);
    }
    let reply = house.admin("POST", &path("a", "/kick"), json!({})).await;
    assert_eq!(reply.body, json!({ "sessions": 0 }));
}

#[tokio::test]
async fn an_operator_gets_a_token_in_the_apps_own_envelope() {
    let house = House::new().await;
    let path = format!("/apps/{APP}/token");
    let reply = house.admin("POST", &path, json!({ "account": "a" })).await;
    let token = reply.data()["token"].as_str().unwrap();
    house
        .get("/api/uctopic/topics", &[("token", token)])
        .await
        .data();
    house
        .admin("POST", &path, json!({}))
        .await
        .is_error(400, Some("account"));
    house
        .admin("POST", "/apps/1/token", json!({ "account": "a" }))
        .await
        .is_error(404, None);
}
