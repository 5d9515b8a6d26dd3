//! Unlimited groups before they are built, and with them how an account says who it is.

use serde_json::json;
use tokio::time::Instant;

use crate::house::{APP, House};

const PATH: &str = "/api/uctopic/topics";
const KEYS: [(&str, &str); 3] = [
    ("appKey", "key"),
    ("appSecret", "secret"),
    ("appAccount", "a"),
];

/// The keys with one more header, or one that is changed.
fn keys_but<'a>(name: &'a str, value: &'a str) -> Vec<(&'a str, &'a str)> {
    let mut headers: Vec<_> = KEYS.into_iter().filter(|(one, _)| *one != name).collect();
    headers.push((name, value));
    headers
}

#[tokio::test]
async fn nobody_is_in_any_group() {
    let house = House::new().await;
    let token = house.token("a").await;
    assert_eq!(
        house.get(PATH, &[("TOKEN", &token)]).await.data(),
        &json!([])
    );
    assert_eq!(
        house.get(PATH, &keys_but("appAccount", "new")).await.data(),
        &json!([])
    );
    let app_id = APP.to_string();
    let headers = [
        ("appId", app_id.as_str()),
        ("appAccount", "小明😀"),
        KEYS[0],
        KEYS[1],
    ];
    house.get("//api/uctopic/topics/", &headers).await.data();
}

#[tokio::test]
async fn a_token_wins_over_keys() {
    let house = House::new().await;
    for token in ["", "no-such-token", "\u{e9}"] {
        let reply = house.get(PATH, &keys_but("token", token)).await;
        reply.is_refused(200, 401, "authentication fail");
    }
    let token = house.token("a").await;
    let headers = [
        ("token", token.as_str()),
        ("appSecret", "wrong"),
        ("appKey", "key"),
    ];
    house.get(PATH, &headers).await.data();
}

#[tokio::test]
async fn bad_keys_are_refused() {
    let house = House::new().await;
    for (name, value) in [
        ("appKey", "other"),
        ("appSecret", "other"),
        ("appId", "1"),
        ("appId", "x"),
        ("appId", "\u{e9}"),
    ] {
        let reply = house.get(PATH, &keys_but(name, value)).await;
        reply.is_refused(200, 401, "authentication fail");
    }
    for missing in 0..3 {
        let headers: Vec<_> = (0..3)
            .filter(|it| *it != missing)
            .map(|it| KEYS[it])
            .collect();
        house
            .get(PATH, &headers)
            .await
            .is_refused(200, 401, "authentication fail");
    }
    house
        .get(PATH, &keys_but("appAccount", "a,b"))
        .await
        .is_bad("appAccount");
    house
        .get(PATH, &[])
        .await
        .is_refused(200, 401, "authentication fail");
}

#[tokio::test]
async fn the_banned_are_forbidden_by_token_and_by_keys() {
    let house = House::new().await;
    let token = house.token("a").await;
    house
        .admin("POST", &format!("/apps/{APP}/accounts/a/ban"), json!({}))
        .await;
    house
        .get(PATH, &[("token", &token)])
        .await
        .is_refused(200, 403, "forbidden");
    house
        .get(PATH, &KEYS)
        .await
        .is_refused(200, 403, "forbidden");
}

#[tokio::test]
async fn everything_else_is_not_built_but_only_for_those_who_may_ask() {
    let house = House::new().await;
    for (method, path) in [
        ("POST", "/api/uctopic"),
        ("DELETE", "/api/uctopic/"),
        ("GET", "/api/uctopic/userlist"),
        ("POST", "/api/uctopic/topics"),
        ("PUT", "/api/uctopic/a/b/c"),
    ] {
        let reply = house.request(method, path, &KEYS, "").await;
        reply.is_refused(200, 501, "not implemented");
        let reply = house.request(method, path, &[], "").await;
        reply.is_refused(200, 401, "authentication fail");
    }
}

#[tokio::test(start_paused = true)]
async fn a_question_that_is_repeated_is_held() {
    let house = House::new().await;
    for (account, seconds) in [("a", 0), ("b", 0), ("a", 3), ("a", 3)] {
        let started = Instant::now();
        house
            .get(PATH, &keys_but("appAccount", account))
            .await
            .data();
        assert_eq!(started.elapsed().as_secs(), seconds, "{account}");
    }
}

#[tokio::test(start_paused = true)]
async fn who_goes_on_asking_with_a_token_that_was_good_once_is_held_too() {
    let house = House::new().await;
    let token = house.token("a").await;
    let ban = format!("/apps/{APP}/accounts/a/ban");
    house.admin("POST", &ban, json!({})).await;
    for seconds in [0, 3, 3] {
        let started = Instant::now();
        let reply = house.get(PATH, &[("token", &token)]).await;
        reply.is_refused(200, 403, "forbidden");
        assert_eq!(started.elapsed().as_secs(), seconds);
    }
    // One that is not ours is no client of ours.
    for _ in 0..3 {
        let started = Instant::now();
        let reply = house.get(PATH, &[("token", "no-such-token")]).await;
        reply.is_refused(200, 401, "authentication fail");
        assert_eq!(started.elapsed().as_secs(), 0);
    }
}
