//! What every answer says to browsers.

use api::{Config, Encrypted};
use axum::body::Body;
use http::{HeaderMap, Request};

use crate::house::House;

/// Pages, scripts, answers and refusals.
const PATHS: [&str; 12] = [
    "/",
    "/chat",
    "/docs",
    "/docs/en/faq",
    "/docs/no/such/page",
    "/openapi.json",
    "/livez",
    "/metrics",
    "/sdk/mimc-min_1_0_0.js",
    "/gslb?list=x",
    "/admin/v1/apps",
    "/no/such/path",
];

#[track_caller]
fn has(headers: &HeaderMap, name: &str, words: &str, path: &str) {
    let value = headers.get(name).map(|value| value.to_str().unwrap());
    let value = value.unwrap_or_default();
    assert!(value.contains(words), "{path}: {name}: {value}");
    assert_eq!(headers.get_all(name).iter().count(), 1, "{path}: {name}");
}

#[tokio::test]
async fn every_answer_is_on_its_guard() {
    let house = House::new().await;
    for path in PATHS {
        let headers = house.get(path, &[]).await.headers;
        has(
            &headers,
            "content-security-policy",
            "default-src 'none'",
            path,
        );
        has(
            &headers,
            "content-security-policy",
            "frame-ancestors 'none'",
            path,
        );
        has(&headers, "referrer-policy", "no-referrer", path);
        has(&headers, "x-content-type-options", "nosniff", path);
        has(&headers, "x-frame-options", "DENY", path);
        has(&headers, "cache-control", "", path);
        assert!(!headers.contains_key("strict-transport-security"), "{path}");
        assert!(!headers.contains_key("server"), "{path}");
    }
}

#[tokio::test]
async fn no_page_runs_or_styles_what_stands_in_it() {
    let house = House::new().await;
    for path in ["/", "/chat", "/docs", "/docs/en/faq"] {
        let headers = house.get(path, &[]).await.headers;
        let policy = headers["content-security-policy"].to_str().unwrap();
        for word in ["unsafe-inline", "unsafe-eval", "script-src *", "http:"] {
            assert!(!policy.contains(word), "{path}: {policy}");
        }
        has(&headers, "cross-origin-opener-policy", "same-origin", path);
    }
}

#[tokio::test]
async fn what_is_no_public_text_is_kept_by_nobody() {
    let house = House::new().await;
    let token = house.token("a").await;
    for (path, headers) in [
        ("/api/blacklist?blackAccount=b", [("token", &*token)]),
        (
            "/admin/v1/apps",
            [("authorization", "Bearer the-admin-token")],
        ),
    ] {
        let reply = house.get(path, &headers).await;
        assert_eq!(reply.status, 200);
        has(&reply.headers, "cache-control", "no-store", path);
    }
}

#[tokio::test]
async fn browsers_are_told_to_come_by_tls_where_that_is_configured_and_so() {
    let house = House::with_config(Config {
        hsts_s: 300,
        ..Config::default()
    })
    .await;
    let mut request = Request::get("/").body(Body::empty()).unwrap();
    let plain = house.get("/", &[]).await;
    assert!(!plain.headers.contains_key("strict-transport-security"));
    request.extensions_mut().insert(Encrypted);
    let encrypted = house.call(request).await;
    assert_eq!(
        encrypted.headers["strict-transport-security"],
        "max-age=300"
    );
}
