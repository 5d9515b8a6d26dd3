//! Pages and documents that are the same for everybody.

use http::{Method, StatusCode};

use crate::world::World;

#[tokio::test]
async fn pages_say_what_they_are_and_need_nothing_from_elsewhere() {
    let world = World::new().await;
    for (path, kind) in [
        ("/docs", "text/html;charset=UTF-8"),
        ("/docs/", "text/html;charset=UTF-8"),
        ("/docs/zh", "text/html;charset=UTF-8"),
        ("/docs/en/faq", "text/html;charset=UTF-8"),
        ("/docs/zh/api", "text/html;charset=UTF-8"),
        ("/docs/style.css", "text/css;charset=UTF-8"),
        ("/openapi.json", "application/json"),
        ("/chat", "text/html;charset=UTF-8"),
        ("/chat/", "text/html;charset=UTF-8"),
        ("/chat/chat.js", "text/javascript;charset=UTF-8"),
        ("/chat/chat.css", "text/css;charset=UTF-8"),
        ("/chat/icon.svg", "image/svg+xml"),
        ("/sdk/mimc-min_1_0_0.js", "text/javascript;charset=UTF-8"),
        ("/mimc-min_1_0_3.js", "text/javascript;charset=UTF-8"),
    ] {
        let reply = world.get(path).await;
        assert_eq!(reply.status, StatusCode::OK, "{path}");
        assert_eq!(reply.headers["content-type"], kind, "{path}");
        assert_eq!(reply.headers["x-content-type-options"], "nosniff", "{path}");
        if kind.starts_with("text/html") {
            let policy = reply.headers["content-security-policy"].to_str().unwrap();
            assert!(policy.starts_with("default-src 'none'"), "{path}");
        }
        let etag = reply.headers["etag"].to_str().unwrap();
        let again = world
            .request(Method::GET, path, &[("if-none-match", etag)], None)
            .await;
        assert_eq!(
            (again.status, &*again.text),
            (StatusCode::NOT_MODIFIED, ""),
            "{path}"
        );
    }
    let missing = world.get("/docs/en/nothing").await;
    assert_eq!(missing.status, StatusCode::NOT_FOUND);
    assert_eq!(missing.headers["x-content-type-options"], "nosniff");
}

#[tokio::test]
async fn the_index_is_in_the_language_of_the_reader() {
    let world = World::new().await;
    let chinese = [("accept-language", "zh-CN,zh;q=0.9")];
    let reply = world.request(Method::GET, "/docs", &chinese, None).await;
    assert!(reply.text.contains("lang=\"zh-CN\">\n<head>"));
    assert_eq!(reply.headers["vary"], "Accept-Language");
    assert!(
        world
            .get("/docs")
            .await
            .text
            .contains("lang=\"en\">\n<head>")
    );
}

#[tokio::test]
async fn a_method_that_a_route_does_not_have_is_told_so() {
    let world = World::new().await;
    for (method, path) in [
        (Method::PUT, "/api/contact"),
        (Method::GET, "/api/push/p2t"),
    ] {
        let reply = world.request(method, path, &[], None).await;
        assert_eq!(reply.status, StatusCode::METHOD_NOT_ALLOWED);
        assert!(reply.headers.contains_key("allow"), "{path}");
        assert_eq!(reply.json()["code"], 405);
    }
}
