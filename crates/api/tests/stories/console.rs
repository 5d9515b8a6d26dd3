//! The console's session: signing in, asking with the cookie, and all that must not work.

use api::Config;
use http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::world::{ADMIN_TOKEN, Reply, World};

const SESSION: &str = "/admin/v1/session";
const HOUR_MS: u64 = 3_600_000;

/// A browser that is signed in.
pub(crate) struct Browser<'a> {
    world: &'a World,
    pub(crate) cookie: String,
    pub(crate) csrf: String,
}

impl World {
    async fn sign_in(&self, body: Value) -> Reply {
        self.request(Method::POST, SESSION, &[], Some(body)).await
    }

    pub(crate) async fn browser(&self, token: &str) -> Browser<'_> {
        let reply = self.sign_in(json!({ "token": token })).await;
        assert_eq!(reply.status, StatusCode::OK, "{}", reply.text);
        Browser {
            world: self,
            cookie: cookie(&reply),
            csrf: reply.json()["csrf"].as_str().unwrap().to_owned(),
        }
    }

    pub(crate) async fn viewer(&self) -> (String, String) {
        let body = json!({ "role": "viewer" });
        let made = self.admin(Method::POST, "/tokens", Some(body)).await.json();
        let text = |name: &str| made[name].as_str().unwrap().to_owned();
        (text("id"), text("token"))
    }
}

impl Browser<'_> {
    async fn ask(&self, method: Method, path: &str, more: &[(&str, &str)]) -> Reply {
        let mut headers = vec![("cookie", &*self.cookie), ("host", "im.example:8080")];
        headers.extend(more);
        let path = format!("/admin/v1{path}");
        self.world.request(method, &path, &headers, None).await
    }

    async fn get(&self, path: &str) -> StatusCode {
        self.ask(Method::GET, path, &[]).await.status
    }

    /// With what the console's own page sends.
    async fn change(&self, method: Method, path: &str) -> Reply {
        let proof = [
            ("x-mimc-csrf", &*self.csrf),
            ("origin", "http://im.example:8080"),
            ("sec-fetch-site", "same-origin"),
        ];
        self.ask(method, path, &proof).await
    }
}

fn set_cookie(reply: &Reply) -> &str {
    reply.headers["set-cookie"].to_str().unwrap()
}

/// The pair that a browser sends back.
fn cookie(reply: &Reply) -> String {
    set_cookie(reply).split(';').next().unwrap().to_owned()
}

fn code(reply: &Reply) -> String {
    reply.json()["error"]["code"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_token_is_exchanged_for_a_cookie_that_no_script_reads() {
    let world = World::new().await;
    let reply = world.sign_in(json!({ "token": ADMIN_TOKEN })).await;
    let body = reply.json();
    assert_eq!(body["role"], "admin");
    let now_ms = world.chat.clock.now_ms();
    assert_eq!(body["expiresAt"], now_ms + HOUR_MS);
    assert!(!reply.text.contains(ADMIN_TOKEN));
    let attributes = set_cookie(&reply).split_once("; ").unwrap().1;
    assert_eq!(
        attributes,
        "HttpOnly; SameSite=Strict; Path=/admin; Max-Age=43200"
    );
    assert_eq!(reply.headers["cache-control"], "no-store");

    let browser = world.browser(ADMIN_TOKEN).await;
    let shown = browser.ask(Method::GET, "/session", &[]).await.json();
    assert_eq!(
        (&shown["role"], &shown["csrf"]),
        (&json!("admin"), &json!(browser.csrf))
    );
    assert_eq!(browser.get("/apps").await, StatusCode::OK);
    let banned = browser
        .change(Method::POST, &format!("/apps/{}/ban", world.app.id))
        .await;
    assert_eq!(banned.json()["banned"], true);
}

#[tokio::test]
async fn a_page_that_came_over_tls_gets_a_cookie_for_tls_only() {
    let world = World::new().await;
    let headers = [("origin", "https://im.example"), ("host", "im.example")];
    let body = Some(json!({ "token": ADMIN_TOKEN }));
    let reply = world.request(Method::POST, SESSION, &headers, body).await;
    assert!(set_cookie(&reply).ends_with("; Secure"), "{reply:?}");
}

#[tokio::test]
async fn a_code_signs_in_once_and_for_fifteen_minutes() {
    let world = World::new().await;
    let first = world
        .signin_codes
        .for_first_token(world.chat.clock.now_ms());
    let made = world.admin(Method::POST, "/signin-codes", None).await;
    assert_eq!(made.status, StatusCode::CREATED);
    let second = made.json()["signin"].as_str().unwrap().to_owned();
    for code in [&first, &second] {
        let reply = world.sign_in(json!({ "signin": code })).await;
        assert_eq!(
            (reply.status, &reply.json()["role"]),
            (StatusCode::OK, &json!("admin"))
        );
        let again = world.sign_in(json!({ "signin": code })).await;
        assert_eq!(again.status, StatusCode::UNAUTHORIZED);
    }
    let made = world
        .admin(Method::POST, "/signin-codes", None)
        .await
        .json();
    let ends_in_ms = made["expiresAt"].as_u64().unwrap() - world.chat.clock.now_ms();
    world.clock.advance(ends_in_ms);
    let late = world.sign_in(json!({ "signin": made["signin"] })).await;
    assert_eq!(late.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_code_is_given_for_a_token_and_not_for_a_cookie() {
    let world = World::new().await;
    let browser = world.browser(ADMIN_TOKEN).await;
    let refused = browser.change(Method::POST, "/signin-codes").await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    let (_, viewer) = world.viewer().await;
    let refused = world
        .admin_with(&viewer, Method::POST, "/signin-codes", None)
        .await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn what_signs_nobody_in_is_told_and_counted_against_the_address() {
    let world = World::with_config(Config {
        auth_failures_per_min: 2,
        ..Config::default()
    })
    .await;
    for body in [
        json!({}),
        json!({ "token": 1 }),
        json!({ "token": ADMIN_TOKEN, "signin": "x" }),
        json!([]),
    ] {
        assert_eq!(world.sign_in(body).await.status, StatusCode::BAD_REQUEST);
    }
    for body in [json!({ "token": "wrong" }), json!({ "signin": "wrong" })] {
        let reply = world.sign_in(body).await;
        assert_eq!(reply.status, StatusCode::UNAUTHORIZED);
        assert!(!reply.headers.contains_key("set-cookie"));
    }
    for body in [json!({ "token": ADMIN_TOKEN }), json!({ "signin": "x" })] {
        let reply = world.sign_in(body).await;
        assert_eq!(reply.status, StatusCode::TOO_MANY_REQUESTS);
        assert!(reply.headers.contains_key("retry-after"));
    }
}

#[tokio::test]
async fn another_page_can_neither_change_anything_nor_sign_anybody_in() {
    let world = World::new().await;
    let browser = world.browser(ADMIN_TOKEN).await;
    let csrf = ("x-mimc-csrf", &*browser.csrf);
    let ban = format!("/apps/{}/ban", world.app.id);
    for headers in [
        &[][..],
        &[("x-mimc-csrf", "")],
        &[("x-mimc-csrf", "guessed")],
        &[("origin", "http://im.example:8080")],
        &[csrf, ("origin", "https://evil.example")],
        &[csrf, ("origin", "http://im.example")],
        &[csrf, ("origin", "null")],
        &[csrf, ("sec-fetch-site", "cross-site")],
    ] {
        for (method, path) in [(Method::POST, &*ban), (Method::DELETE, "/session")] {
            let reply = browser.ask(method, path, headers).await;
            let refused = (reply.status, code(&reply));
            assert_eq!(
                refused,
                (StatusCode::FORBIDDEN, "csrf".into()),
                "{headers:?}"
            );
        }
    }
    assert!(!world.chat.apps.get(world.app.id).unwrap().is_banned);
    assert_eq!(browser.get("/session").await, StatusCode::OK);

    for (name, value) in [
        ("origin", "https://evil.example"),
        ("sec-fetch-site", "same-site"),
    ] {
        let headers = [("host", "im.example"), (name, value)];
        let body = Some(json!({ "token": ADMIN_TOKEN }));
        let reply = world.request(Method::POST, SESSION, &headers, body).await;
        assert_eq!(
            (reply.status, &*code(&reply)),
            (StatusCode::FORBIDDEN, "csrf")
        );
    }
}

#[tokio::test]
async fn a_token_in_the_header_needs_no_proof_and_goes_before_a_cookie() {
    let world = World::new().await;
    let (_, viewer) = world.viewer().await;
    let browser = world.browser(&viewer).await;
    let bearer = format!("Bearer {ADMIN_TOKEN}");
    let headers = [
        ("authorization", &*bearer),
        ("origin", "https://evil.example"),
    ];
    let ban = format!("/apps/{}/ban", world.app.id);
    let reply = browser.ask(Method::POST, &ban, &headers).await;
    assert_eq!(reply.status, StatusCode::OK);
    let wrong = [("authorization", "Bearer wrong")];
    let reply = browser.ask(Method::GET, "/apps", &wrong).await;
    assert_eq!(reply.status, StatusCode::UNAUTHORIZED);
    let reply = browser
        .ask(Method::GET, "/session", &[("authorization", &bearer)])
        .await;
    assert_eq!(
        reply.status,
        StatusCode::UNAUTHORIZED,
        "a token is no session"
    );
}

#[tokio::test]
async fn a_session_ends_by_signing_out() {
    let world = World::new().await;
    let (_, viewer) = world.viewer().await;
    let browser = world.browser(&viewer).await;
    let other = world.browser(&viewer).await;
    let reply = browser.change(Method::DELETE, "/session").await;
    assert_eq!((reply.status, &*reply.text), (StatusCode::NO_CONTENT, ""));
    assert!(set_cookie(&reply).starts_with("mimc_console=; "));
    assert!(set_cookie(&reply).contains("Max-Age=0"));
    assert_eq!(browser.get("/apps").await, StatusCode::UNAUTHORIZED);
    assert_eq!(browser.get("/session").await, StatusCode::UNAUTHORIZED);
    assert_eq!(other.get("/apps").await, StatusCode::OK);
}

#[tokio::test]
async fn a_new_sign_in_ends_the_session_before_it() {
    let world = World::new().await;
    let browser = world.browser(ADMIN_TOKEN).await;
    let headers = [("cookie", &*browser.cookie)];
    let body = Some(json!({ "token": ADMIN_TOKEN }));
    let reply = world.request(Method::POST, SESSION, &headers, body).await;
    assert_ne!(cookie(&reply), browser.cookie);
    assert_eq!(browser.get("/apps").await, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_session_ends_with_its_token_and_has_no_more_rights_than_it() {
    let world = World::new().await;
    let (id, viewer) = world.viewer().await;
    let browser = world.browser(&viewer).await;
    let admin = world.browser(ADMIN_TOKEN).await;
    let refused = browser
        .change(Method::POST, &format!("/apps/{}/ban", world.app.id))
        .await;
    assert_eq!(
        (refused.status, &*code(&refused)),
        (StatusCode::FORBIDDEN, "forbidden")
    );
    let revoked = admin.change(Method::DELETE, &format!("/tokens/{id}")).await;
    assert_eq!(revoked.status, StatusCode::OK);
    assert_eq!(browser.get("/apps").await, StatusCode::UNAUTHORIZED);
    assert_eq!(admin.get("/apps").await, StatusCode::OK);
}

#[tokio::test]
async fn a_session_ends_when_nobody_uses_it() {
    let world = World::new().await;
    let browser = world.browser(ADMIN_TOKEN).await;
    world.clock.advance(HOUR_MS - 1);
    assert_eq!(browser.get("/apps").await, StatusCode::OK);
    world.clock.advance(HOUR_MS - 1);
    assert_eq!(browser.get("/apps").await, StatusCode::OK);
    world.clock.advance(HOUR_MS);
    assert_eq!(browser.get("/apps").await, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn other_methods_of_a_session_are_none() {
    let world = World::new().await;
    let reply = world.admin(Method::PUT, "/session", None).await;
    assert_eq!(reply.status, StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(code(&reply), "method_not_allowed");
}
