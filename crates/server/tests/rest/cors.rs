//! Pages of other origins.

use api::Config;

use crate::house::House;

const ORIGIN: (&str, &str) = ("origin", "https://chat.example.com");

#[tokio::test]
async fn a_preflight_is_answered_on_every_path_of_the_api() {
    let house = House::new().await;
    for path in [
        "/api/account/token",
        "/api/uctopic/topics/",
        "//api/no/such/",
        "/gslb/",
    ] {
        let reply = house.request("OPTIONS", path, &[ORIGIN], "").await;
        assert_eq!(reply.status, 204);
        assert_eq!(reply.headers["access-control-allow-origin"], "*");
        let headers = reply.headers["access-control-allow-headers"]
            .to_str()
            .unwrap();
        assert!(headers.contains("appAccountEncode") && headers.contains("content-type"));
        assert_eq!(
            reply.headers["access-control-allow-methods"],
            "GET, POST, PUT, DELETE"
        );
    }
}

#[tokio::test]
async fn refusals_carry_the_allowed_origin_too() {
    let house = House::new().await;
    for (method, path) in [
        ("GET", "/api/nothing"),
        ("GET", "/api/push/p2p"),
        ("POST", "/api/push/p2p"),
    ] {
        let reply = house.request(method, path, &[ORIGIN], "").await;
        assert_eq!(
            reply.headers["access-control-allow-origin"], "*",
            "{method} {path}"
        );
    }
}

#[tokio::test]
async fn only_the_configured_origins_are_allowed() {
    let cors_origins = vec!["https://chat.example.com".to_owned()];
    let house = House::with_config(Config {
        cors_origins,
        ..Config::default()
    })
    .await;
    let reply = house.get("/api/nothing", &[ORIGIN]).await;
    assert_eq!(reply.headers["access-control-allow-origin"], ORIGIN.1);
    assert_eq!(reply.headers["vary"], "Origin");
    let reply = house
        .get("/api/nothing", &[("origin", "https://evil.example")])
        .await;
    assert!(!reply.headers.contains_key("access-control-allow-origin"));
}

#[tokio::test]
async fn administration_is_closed_to_them() {
    let house = House::new().await;
    for path in ["/admin/v1/apps", "/metrics", "/dev/token"] {
        let reply = house.request("OPTIONS", path, &[ORIGIN], "").await;
        assert!(
            !reply.headers.contains_key("access-control-allow-origin"),
            "{path}"
        );
    }
}
