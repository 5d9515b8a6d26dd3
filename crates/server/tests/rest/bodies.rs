//! Bodies that are too large, too slow, or no JSON.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};

use api::Config;
use axum::body::Body;
use bytes::Bytes;
use hyper::body::Frame;
use serde_json::json;

use crate::house::House;

const PATH: &str = "/api/account/token";

#[tokio::test]
async fn what_is_no_object_is_a_bad_body() {
    let house = House::new().await;
    let deep = "[".repeat(100_000);
    for body in [
        "",
        "{",
        "[]",
        "null",
        "\"secret\"",
        "{\"appSecret\": secret",
        &deep,
    ] {
        let reply = house.post(PATH, body.to_owned()).await;
        reply.is_bad("body");
        assert!(!reply.body.to_string().contains("secret"));
    }
    house.post(PATH, "{}").await.is_bad("appId");
    let deep = format!(r#"{{"appId":{deep}{}}}"#, "]".repeat(100_000));
    house.post(PATH, deep).await.is_bad("appId");
}

#[tokio::test]
async fn a_mebibyte_is_taken_and_no_more() {
    let house = House::new().await;
    let body = |length: usize| format!("{{\"x\":\"{}\"}}", "x".repeat(length - 8));
    house.post(PATH, body(1 << 20)).await.is_bad("appId");
    house
        .post(PATH, body((1 << 20) + 1))
        .await
        .is_refused(413, 413, "request body too large");
    let reply = house
        .admin("POST", "/apps", json!({ "name": "x".repeat(1 << 20) }))
        .await;
    reply.is_error(413, None);
}

#[tokio::test(start_paused = true)]
async fn a_body_that_does_not_come_is_waited_for_30_seconds() {
    let house = House::new().await;
    let started = tokio::time::Instant::now();
    house
        .post(PATH, Body::new(Never))
        .await
        .is_refused(408, 408, "request timeout");
    assert_eq!(started.elapsed().as_secs(), 30);
}

#[tokio::test]
async fn a_server_that_is_about_to_end_waits_for_no_body() {
    let house = House::new().await;
    house.end();
    house
        .post(PATH, Body::new(Never))
        .await
        .is_refused(503, 503, "busy");
    house.post(PATH, "{}").await.is_bad("appId");
    assert_eq!(house.get("/readyz", &[]).await.status, 503);
    assert_eq!(house.get("/livez", &[]).await.status, 200);
}

#[tokio::test]
async fn bodies_beyond_what_all_may_take_are_refused_as_busy() {
    let house = House::with_config(Config {
        bodies_kib_max: 1,
        ..Config::default()
    })
    .await;
    house
        .post(PATH, "x".repeat(4096))
        .await
        .is_refused(503, 503, "busy");
    house.post(PATH, "x".repeat(2048)).await.is_bad("body");
}

/// Announced, but never sent.
struct Never;

impl hyper::body::Body for Never {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        Poll::Pending
    }
}
