//! Topics over REST: shapes, rights, refusals.

use http::Method;
use serde_json::json;

use crate::world::World;

fn accounts(data: &serde_json::Value) -> Vec<&str> {
    let members = data["members"].as_array().unwrap();
    members
        .iter()
        .map(|member| member["account"].as_str().unwrap())
        .collect()
}

#[tokio::test]
async fn a_topic_lives_from_its_creation_to_its_dismissal() {
    let world = World::new().await;
    let (a, b) = (world.caller("a").await, world.caller("b").await);
    let path = format!("/api/topic/{}", world.app.id);
    let body = json!({ "topicName": "小组", "accounts": "b, a,,b ,c", "extra": "x" });
    let full = a.post(&path, body).await.success();
    assert_eq!(accounts(&full), ["a", "b", "c"]);
    let id = full["topicInfo"]["topicId"].as_str().unwrap();
    let topic = format!("{path}/{id}");
    assert_eq!(b.get(&topic).await.success(), full);

    let invited = b
        .post(&format!("{topic}/accounts"), json!({ "accounts": "d,a" }))
        .await
        .success();
    assert_eq!(accounts(&invited), ["a", "b", "c", "d"]);
    let kicked = a
        .delete(&format!("{topic}/accounts?accounts=d%2Ca,nobody"))
        .await;
    assert_eq!(accounts(&kicked.success()), ["a", "b", "c"]);
    let fields = json!({ "ownerAccount": "b", "topicName": "", "bulletin": "n", "topicId": id });
    let updated = a.request(Method::PUT, &topic, Some(fields)).await.success();
    let info = &updated["topicInfo"];
    assert_eq!(
        (
            &info["ownerAccount"],
            &info["topicName"],
            &info["bulletin"],
            &info["extra"]
        ),
        (&json!("b"), &json!("小组"), &json!("n"), &json!("x"))
    );
    assert!(
        a.delete(&format!("{topic}/account"))
            .await
            .success()
            .is_null()
    );
    let mine = format!("{path}/account");
    assert_eq!(a.get(&mine).await.success(), json!([]));
    assert_eq!(b.get(&mine).await.success(), json!([info]));
    let dismissed = b.delete(&topic).await.json();
    assert_eq!(
        dismissed,
        json!({ "code": 200, "message": "success！", "data": null })
    );
    assert_eq!(
        b.get(&topic).await.refusal(),
        (500, "query topic fail".into())
    );
}

#[tokio::test]
async fn what_is_refused_says_what_failed() {
    let world = World::new().await;
    let (a, stranger) = (world.caller("a").await, world.caller("s").await);
    let id = a.topic("b").await;
    let topic = format!("/api/topic/{}/{id}", world.app.id);
    let names = || Some(json!({ "accounts": "x" }));
    for (method, tail, body, message) in [
        (Method::GET, "", None, "query topic fail"),
        (Method::POST, "/accounts", names(), "join topic fail"),
        (Method::DELETE, "/account", None, "quit topic fail"),
        (
            Method::DELETE,
            "/accounts?accounts=b",
            None,
            "kick topic fail",
        ),
        (
            Method::PUT,
            "",
            Some(json!({ "bulletin": "x" })),
            "update topic fail",
        ),
        (Method::DELETE, "", None, "dismiss topic fail"),
    ] {
        let reply = stranger
            .request(method, &format!("{topic}{tail}"), body)
            .await;
        assert_eq!(reply.refusal(), (500, message.to_owned()));
    }
    let quit = a.delete(&format!("{topic}/account")).await;
    assert_eq!(quit.refusal(), (500, "quit topic fail".into()));
}

#[tokio::test]
async fn a_bad_field_is_named() {
    let world = World::new().await;
    let a = world.caller("a").await;
    let id = a.topic("b").await;
    let path = format!("/api/topic/{}", world.app.id);
    let long = "x".repeat(257);
    for (method, tail, body, field) in [
        (Method::POST, String::new(), Some(json!({})), "topicName"),
        (
            Method::POST,
            String::new(),
            Some(json!({ "topicName": "" })),
            "topicName",
        ),
        (
            Method::POST,
            String::new(),
            Some(json!({ "topicName": long })),
            "topicName",
        ),
        (
            Method::POST,
            String::new(),
            Some(json!({ "topicName": "t", "accounts": ["x"] })),
            "accounts",
        ),
        (Method::GET, "/abc".into(), None, "topicId"),
        (Method::GET, "/-1".into(), None, "topicId"),
        (Method::GET, "/%225%22".into(), None, "topicId"),
        (
            Method::POST,
            format!("/{id}/accounts"),
            Some(json!({ "accounts": " , " })),
            "accounts",
        ),
        (Method::DELETE, format!("/{id}/accounts"), None, "accounts"),
        (
            Method::PUT,
            format!("/{id}"),
            Some(json!({ "topicId": "1" })),
            "topicId",
        ),
        (
            Method::PUT,
            format!("/{id}"),
            Some(json!({ "topicName": long })),
            "topicName",
        ),
        (
            Method::PUT,
            format!("/{id}"),
            Some(json!({ "ownerUuid": "x" })),
            "ownerUuid",
        ),
        (
            Method::PUT,
            format!("/{id}"),
            Some(json!({ "ownerAccount": "a,b" })),
            "ownerAccount",
        ),
    ] {
        let reply = a.request(method, &format!("{path}{tail}"), body).await;
        let (code, message) = reply.refusal();
        assert_eq!(code, 400, "{tail}: {message}");
        assert!(
            message.starts_with(&format!("invalid parameter: {field}: ")),
            "{message}"
        );
    }
}

#[tokio::test]
async fn more_names_than_a_topic_holds_are_refused_at_once() {
    let world = World::new().await;
    let a = world.caller("a").await;
    let id = a.topic("b").await;
    let names: Vec<_> = (0..501).map(|number| number.to_string()).collect();
    let body = json!({ "accounts": names.join(",") });
    let path = format!("/api/topic/{}/{id}/accounts", world.app.id);
    assert_eq!(
        a.post(&path, body).await.refusal(),
        (500, "join topic fail".into())
    );
}

#[tokio::test]
async fn pushes_reach_topics_of_their_app_only() {
    let world = World::new().await;
    let id = world.caller("a").await.topic("b").await;
    let number: u64 = id.parse().unwrap();
    let push = |route, target: serde_json::Value| {
        let mut fields = json!({ "fromAccount": "backend", "msg": "x" });
        fields
            .as_object_mut()
            .unwrap()
            .extend(target.as_object().unwrap().clone());
        world.push(route, fields)
    };
    for topic in [json!(id), json!(number)] {
        let sent = push("p2t", json!({ "topicId": topic })).await.success();
        assert!(sent["packetId"].is_string());
    }
    let many = push("p2t/more", json!({ "topicIds": ["1", number, "x", id] })).await;
    let ids = many.success()["packetIds"].as_array().unwrap().clone();
    assert_eq!((ids.len(), &ids[1]), (4, &ids[3]));
    let unknown = push("p2t", json!({ "topicId": "1" })).await;
    assert_eq!(unknown.refusal(), (500, "push topic fail".into()));
    for bad in [
        json!({}),
        json!({ "topicId": "abc" }),
        json!({ "topicId": -1 }),
    ] {
        assert_eq!(push("p2t", bad).await.refusal().0, 400);
    }
    for bad in [json!([]), json!("1"), json!(vec!["1"; 1001])] {
        assert_eq!(
            push("p2t/more", json!({ "topicIds": bad }))
                .await
                .refusal()
                .0,
            400
        );
    }
}
