//! Every answer of the API has one shape, and every path one meaning.

use serde_json::json;

use crate::house::House;

#[tokio::test]
async fn an_unknown_path_and_method_are_told_in_the_envelope() {
    let house = House::new().await;
    for path in [
        "/api/nothing",
        "/nothing",
        "/api",
        "/%00",
        "/*",
        "/api/nothing/%ff/%fe",
    ] {
        house.get(path, &[]).await.is_refused(404, 404, "not found");
    }
    for (method, path) in [("GET", "/api/account/token"), ("DELETE", "/api/push/p2p/")] {
        let reply = house.request(method, path, &[], "").await;
        reply.is_refused(405, 405, "method not allowed");
        assert_eq!(reply.headers["allow"], "POST");
    }
}

#[tokio::test]
async fn slashes_do_not_matter() {
    let house = House::new().await;
    for path in [
        "/api/account/token",
        "/api/account/token/",
        "//api//account///token//",
    ] {
        house
            .post_as_app(path, json!({ "appAccount": "a" }))
            .await
            .data();
    }
}

#[tokio::test]
async fn an_absolute_request_line_names_the_host() {
    let house = House::new().await;
    let body = json!({ "appAccount": "a" });
    let reply = house
        .post_as_app("http://chat.example.com:80//api/account/token", body)
        .await;
    assert_eq!(reply.data()["feDomainName"], "chat.example.com");
}

#[tokio::test]
async fn health_and_the_first_page_are_there() {
    let house = House::new().await;
    assert_eq!(house.get("/livez", &[]).await.body, json!({ "live": true }));
    assert_eq!(
        house.get("/readyz/", &[]).await.body,
        json!({ "ready": true })
    );
    assert_eq!(house.get("/metrics", &[]).await.status, 200);
    let page = house.get("/", &[]).await;
    assert!(
        page.headers["content-type"]
            .to_str()
            .unwrap()
            .starts_with("text/html")
    );
}
