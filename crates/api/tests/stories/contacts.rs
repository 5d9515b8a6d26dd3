//! Contacts and the blacklist over REST.

use serde_json::{Value, json};

use crate::world::World;

fn names(data: &Value) -> Vec<&str> {
    let contacts = data.as_array().unwrap();
    contacts
        .iter()
        .map(|contact| contact["name"].as_str().unwrap())
        .collect()
}

#[tokio::test]
async fn contacts_are_listed_forgotten_and_come_back() {
    let world = World::new().await;
    let a = world.caller("a").await;
    let topic = a.topic("b").await;
    let tell = |to: &'static str| {
        let fields = json!({ "fromAccount": "a", "toAccount": to, "msg": "x" });
        world.push("p2p", fields)
    };
    tell("b 小&明").await.success();
    let fields = json!({ "fromAccount": "a", "topicId": topic, "msg": "x" });
    world.push("p2t", fields).await.success();
    tell("c").await.success();

    let listed = a.get("/api/contact/").await.success();
    assert_eq!(names(&listed), ["c", "t", "b 小&明"]);
    assert_eq!(
        (&listed[1]["userType"], &listed[1]["id"]),
        (&json!("TOPIC"), &json!(topic))
    );
    assert!(listed[0]["timestamp"].is_string());
    let last = &listed[0]["lastMessage"];
    assert_eq!(
        (&last["fromAccount"], &last["payload"]),
        (&json!("a"), &json!("eA=="))
    );
    assert!(last["sequence"].is_string() && last["fromUuid"].is_string());

    let member = "/api/contact/p2p/session?member=b%20%E5%B0%8F%26%E6%98%8E";
    assert_eq!(names(&a.delete(member).await.success()), ["c", "t"]);
    let session = format!("/api/contact/p2t/session/?topicId={topic}");
    assert_eq!(names(&a.delete(&session).await.success()), ["c"]);
    tell("b 小&明").await.success();
    assert_eq!(
        names(&a.get("/api/contact").await.success()),
        ["b 小&明", "c"]
    );

    for path in [
        "p2p/session",
        "p2p/session?member=",
        "p2t/session",
        "p2t/session?topicId=%225%22",
    ] {
        assert_eq!(
            a.delete(&format!("/api/contact/{path}")).await.refusal().0,
            400,
            "{path}"
        );
    }
}

#[tokio::test]
async fn who_is_blocked_cannot_write() {
    let world = World::new().await;
    let a = world.caller("a").await;
    let path = "/api/blacklist/?blackAccount=b";
    let push = || {
        world.push(
            "p2p",
            json!({ "fromAccount": "b", "toAccount": "a", "msg": "x" }),
        )
    };
    assert_eq!(a.get(path).await.success(), json!({ "isBlack": false }));
    let blocked = a
        .post("/api/blacklist/", json!({ "blackAccount": "b" }))
        .await;
    assert!(blocked.success().is_null());
    assert_eq!(a.get(path).await.success(), json!({ "isBlack": true }));
    assert_eq!(push().await.refusal(), (403, "forbidden".into()));
    assert!(a.delete(path).await.success().is_null());
    push().await.success();
    for body in [
        json!({ "blackAccount": "a" }),
        json!({ "blackAccount": "" }),
        json!({}),
    ] {
        let (code, message) = a.post("/api/blacklist", body).await.refusal();
        assert_eq!(code, 400);
        assert!(
            message.starts_with("invalid parameter: blackAccount: "),
            "{message}"
        );
    }
}
