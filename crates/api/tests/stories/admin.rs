//! Operators over HTTP: topics, and what viewers may do.

use http::{Method, StatusCode};
use serde_json::json;

use crate::world::{ADMIN_TOKEN, World};

#[tokio::test]
async fn topics_are_listed_in_pages_shown_and_dismissed() {
    let world = World::new().await;
    let a = world.caller("a").await;
    let mut ids = Vec::new();
    for _ in 0..3 {
        ids.push(a.topic("b").await);
    }
    ids.sort_by_key(|id| id.parse::<u64>().unwrap());
    let topics = format!("/apps/{}/topics", world.app.id);
    let page = world
        .admin(Method::GET, &format!("{topics}?limit=2"), None)
        .await
        .json();
    assert_eq!(
        (&page["topics"][0]["topicId"], &page["next"]),
        (&json!(ids[0]), &json!(ids[1]))
    );
    let after = format!("{topics}?limit=2&after={}", ids[1]);
    let page = world.admin(Method::GET, &after, None).await.json();
    assert_eq!(
        (&page["topics"][0]["topicId"], &page["next"]),
        (&json!(ids[2]), &json!(null))
    );

    let one = format!("{topics}/{}", ids[0]);
    let shown = world.admin(Method::GET, &one, None).await.json();
    assert_eq!(
        (&shown["owner"]["account"], &shown["members"][1]["account"]),
        (&json!("a"), &json!("b"))
    );
    let (other, _) = world.other_app().await;
    let foreign = format!("/apps/{}/topics/{}", other.id, ids[0]);
    for method in [Method::GET, Method::DELETE] {
        let reply = world.admin(method, &foreign, None).await;
        assert_eq!(reply.status, StatusCode::NOT_FOUND);
    }
    let dismissed = world.admin(Method::DELETE, &one, None).await;
    assert_eq!(dismissed.status, StatusCode::OK);
    for path in [&*one, &format!("{topics}/x")] {
        assert_eq!(
            world.admin(Method::GET, path, None).await.status,
            StatusCode::NOT_FOUND
        );
    }
    let bad = world
        .admin(Method::GET, &format!("{topics}?limit=0"), None)
        .await;
    assert_eq!(bad.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn a_viewer_looks_sees_no_secret_and_changes_nothing() {
    let world = World::new().await;
    let body = json!({ "role": "viewer", "name": "wall" });
    let made = world.admin(Method::POST, "/tokens", Some(body)).await;
    assert_eq!(made.status, StatusCode::CREATED);
    let made = made.json();
    let viewer = made["token"].as_str().unwrap();

    let app = format!("/apps/{}", world.app.id);
    for path in ["/apps", &app, "/tokens", "/stats", &format!("{app}/topics")] {
        let reply = world.admin_with(viewer, Method::GET, path, None).await;
        assert_eq!(reply.status, StatusCode::OK, "{path}");
        for secret in [
            &*world.app.callback_secret,
            &*world.secret,
            viewer,
            ADMIN_TOKEN,
        ] {
            assert!(!reply.text.contains(secret), "{path}");
        }
    }
    let shown = world.admin(Method::GET, &app, None).await;
    assert!(shown.text.contains(&world.app.callback_secret));
    for (method, path) in [
        (Method::POST, "/apps".to_owned()),
        (Method::PATCH, app.clone()),
        (Method::DELETE, app.clone()),
        (Method::POST, format!("{app}/rotate-secret")),
        (Method::POST, format!("{app}/token")),
        (Method::DELETE, format!("{app}/topics/1")),
        (Method::POST, "/tokens".to_owned()),
    ] {
        let reply = world
            .admin_with(viewer, method, &path, Some(json!({})))
            .await;
        assert_eq!(reply.status, StatusCode::FORBIDDEN, "{path}");
    }

    let token = format!("/tokens/{}", made["id"].as_str().unwrap());
    assert_eq!(
        world.admin(Method::DELETE, &token, None).await.status,
        StatusCode::OK
    );
    assert_eq!(
        world.admin(Method::DELETE, &token, None).await.status,
        StatusCode::NOT_FOUND
    );
    let reply = world.admin_with(viewer, Method::GET, "/apps", None).await;
    assert_eq!(reply.status, StatusCode::UNAUTHORIZED);
}
