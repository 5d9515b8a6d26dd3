//! Requests that come too often: of an app, and with wrong credentials from an address.

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use api::{Config, PeerAddress};
use axum::body::Body;
use http::Request;
use serde_json::{Value, json};
use tokio::time::advance;

use crate::house::{ADMIN_TOKEN, APP, House, Reply};

const HOME: &str = "192.0.2.1";
const BLACKLIST: &str = "/api/blacklist?blackAccount=b";

/// A request from an address.
struct From<'a> {
    house: &'a House,
    peer: &'static str,
}

impl From<'_> {
    async fn ask(&self, method: &str, path: &str, headers: &[(&str, &str)], body: Value) -> Reply {
        let peer: IpAddr = self.peer.parse().unwrap();
        let mut request = Request::builder().method(method).uri(path);
        for (name, value) in headers {
            request = request.header(*name, value.as_bytes());
        }
        let address = PeerAddress(SocketAddr::new(peer, 4321));
        let request = request.extension(address);
        let body = Body::from(body.to_string());
        self.house.call(request.body(body).unwrap()).await
    }

    async fn by_body(&self, secret: &str) -> Reply {
        let body = json!({ "appId": APP, "appKey": "key", "appSecret": secret, "appAccount": "a" });
        self.ask("POST", "/api/account/token", &[], body).await
    }

    async fn by_token(&self, token: &str) -> Reply {
        let headers = [("token", token)];
        self.ask("GET", BLACKLIST, &headers, json!(null)).await
    }

    async fn by_keys(&self, secret: &str) -> Reply {
        let headers = [
            ("appKey", "key"),
            ("appSecret", secret),
            ("appAccount", "a"),
        ];
        self.ask("GET", BLACKLIST, &headers, json!(null)).await
    }

    async fn as_admin(&self, token: &str) -> Reply {
        let bearer = format!("Bearer {token}");
        let headers = [("authorization", &*bearer)];
        self.ask("GET", "/admin/v1/apps", &headers, json!(null))
            .await
    }
}

async fn house(app_requests_per_s: u32, auth_failures_per_min: u32) -> House {
    House::with_config(Config {
        app_requests_per_s,
        auth_failures_per_min,
        ..Config::default()
    })
    .await
}

#[track_caller]
fn is_too_many(reply: &Reply, retry_after: &str) {
    reply.is_refused(429, 429, "too many requests");
    assert_eq!(reply.headers["retry-after"], retry_after);
    assert_eq!(reply.headers["access-control-allow-origin"], "*");
}

#[tokio::test(start_paused = true)]
async fn an_app_has_so_many_requests_a_second_however_it_authenticates() {
    let house = house(4, 0).await;
    let home = From {
        house: &house,
        peer: HOME,
    };
    let token = house.token("a").await;
    home.by_body("secret").await.data();
    home.by_token(&token).await.data();
    home.by_keys("secret").await.data();
    for reply in [
        home.by_body("secret").await,
        home.by_token(&token).await,
        home.by_keys("secret").await,
    ] {
        is_too_many(&reply, "1");
    }
    let wrong = home.by_body("wrong").await;
    wrong.is_refused(200, 401, "authentication fail");
    advance(Duration::from_millis(250)).await;
    home.by_keys("secret").await.data();
    is_too_many(&home.by_keys("secret").await, "1");
}

#[tokio::test(start_paused = true)]
async fn a_request_over_the_limit_of_its_app_does_nothing() {
    let house = house(1, 0).await;
    house.token("a").await;
    let keys = [
        ("appKey", "key"),
        ("appSecret", "secret"),
        ("appAccount", "new"),
    ];
    is_too_many(&house.get(BLACKLIST, &keys).await, "1");
    let account = format!("/apps/{APP}/accounts/new");
    let shown = house.admin("GET", &account, json!({})).await;
    shown.is_error(404, None);
}

#[tokio::test(start_paused = true)]
async fn wrong_credentials_of_every_kind_count_for_their_address() {
    let house = house(0, 4).await;
    let home = From {
        house: &house,
        peer: HOME,
    };
    let token = house.token("a").await;
    for reply in [
        home.by_body("wrong").await,
        home.by_token("wrong").await,
        home.by_keys("wrong").await,
    ] {
        reply.is_refused(200, 401, "authentication fail");
    }
    home.as_admin("wrong").await.is_error(401, None);
    // Not even good ones are looked at now.
    for reply in [
        home.by_body("secret").await,
        home.by_token(&token).await,
        home.by_keys("secret").await,
    ] {
        is_too_many(&reply, "15");
    }
    let admin = home.as_admin(ADMIN_TOKEN).await;
    admin.is_error(429, None);
    assert_eq!(admin.headers["retry-after"], "15");
    // Who shows none is told to, and other addresses are not concerned.
    let bare = home.ask("GET", BLACKLIST, &[], json!(null)).await;
    bare.is_refused(200, 401, "authentication fail");
    let peer = "192.0.2.2";
    let other = From {
        house: &house,
        peer,
    };
    other.by_token(&token).await.data();

    advance(Duration::from_secs(15)).await;
    for _ in 0..10 {
        home.by_token(&token).await.data();
        home.by_body("secret").await.data();
    }
    home.by_token("wrong")
        .await
        .is_refused(200, 401, "authentication fail");
    is_too_many(&home.by_token(&token).await, "15");
}

#[tokio::test(start_paused = true)]
async fn a_token_that_was_good_once_is_no_guess() {
    let house = house(0, 2).await;
    let home = From {
        house: &house,
        peer: HOME,
    };
    let (revoked, good) = (house.token("a").await, house.token("b").await);
    for change in ["ban", "unban"] {
        let path = format!("/apps/{APP}/accounts/a/{change}");
        house.admin("POST", &path, json!({})).await;
    }
    for _ in 0..4 {
        let reply = home.by_token(&revoked).await;
        reply.is_refused(200, 401, "authentication fail");
    }
    home.by_token(&good).await.data();
}

#[tokio::test(start_paused = true)]
async fn an_ipv6_network_is_one_address() {
    let house = house(0, 1).await;
    let from = |peer| From {
        house: &house,
        peer,
    };
    from("2001:db8::1").by_token("wrong").await;
    is_too_many(&from("2001:db8::ffff:2").by_token("wrong").await, "60");
    let other = from("2001:db8:0:1::1").by_token("wrong").await;
    other.is_refused(200, 401, "authentication fail");
}

#[tokio::test(start_paused = true)]
async fn zero_is_no_limit() {
    let house = house(0, 0).await;
    let home = From {
        house: &house,
        peer: HOME,
    };
    for _ in 0..1_000 {
        home.by_token("wrong")
            .await
            .is_refused(200, 401, "authentication fail");
    }
    home.by_keys("secret").await.data();
}
