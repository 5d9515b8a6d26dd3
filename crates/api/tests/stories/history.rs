//! Roaming history over REST.

use serde_json::{Value, json};

use crate::world::World;

const FAR_MS: u64 = 1 << 41;

async fn talk(world: &World) {
    for number in 0..5 {
        let (from, to) = if number % 2 == 0 {
            ("a", "b")
        } else {
            ("b", "a")
        };
        let fields = json!({
            "fromAccount": from, "toAccount": to, "msg": number.to_string(), "bizType": "TEXT",
        });
        world.push("p2p", fields).await.success();
    }
}

fn sequences(data: &Value) -> Vec<&str> {
    let rows = data["messages"].as_array().unwrap();
    rows.iter()
        .map(|row| row["sequence"].as_str().unwrap())
        .collect()
}

#[tokio::test]
async fn both_ends_read_by_count_by_time_and_by_sequence() {
    let world = World::new().await;
    talk(&world).await;
    for (caller, peer) in [("a", "b"), ("b", "a")] {
        let caller_of = world.caller(caller).await;
        let ask = |route: &'static str, range: Value| {
            let mut body = json!({ "fromAccount": caller, "toAccount": peer });
            body.as_object_mut()
                .unwrap()
                .extend(range.as_object().unwrap().clone());
            let path = format!("/api/msg/p2p/{route}");
            let caller = &caller_of;
            async move { caller.post(&path, body).await.success() }
        };
        let all = ask(
            "queryOnCount/",
            json!({ "utcToTime": FAR_MS, "count": "9" }),
        )
        .await;
        assert_eq!(
            (&all["row"], &all["fromAccount"]),
            (&json!(5), &json!(caller))
        );
        let rows = all["messages"].as_array().unwrap();
        assert_eq!(all["timestamp"], rows[0]["ts"]);
        assert_eq!(
            (&rows[1]["fromAccount"], &rows[1]["payload"]),
            (&json!("b"), &json!("MQ=="))
        );
        assert_eq!(
            (&rows[1]["toAccount"], &rows[1]["bizType"]),
            (&json!("a"), &json!("TEXT"))
        );
        let (first, last) = (&rows[1], &rows[3]);
        let range = json!({ "utcFromTime": first["ts"], "utcToTime": last["ts"] });
        for route in ["query", "query/", "queryOnTime", "queryOnTime/"] {
            let data = ask(route, range.clone()).await;
            assert_eq!(sequences(&data), sequences(&all)[1..3], "{route}");
        }
        let range = json!({ "startSeq": first["sequence"], "stopSeq": last["sequence"] });
        let data = ask("queryOnSequence", range).await;
        assert_eq!(sequences(&data), sequences(&all)[1..3]);
        let none = ask("queryOnCount", json!({ "utcToTime": 1000, "count": 5 })).await;
        assert_eq!((&none["row"], &none["timestamp"]), (&json!(0), &json!(0)));
    }
}

#[tokio::test]
async fn nobody_else_reads_and_nobody_is_made_by_asking() {
    let world = World::new().await;
    talk(&world).await;
    let body = |from: &str, to: &str| json!({ "fromAccount": from, "toAccount": to, "utcToTime": FAR_MS, "count": 5 });
    let path = "/api/msg/p2p/queryOnCount";
    let stranger = world.caller("c").await;
    let refused = (401, "authentication fail".to_owned());
    assert_eq!(stranger.post(path, body("a", "b")).await.refusal(), refused);
    let a = world.caller("a").await;
    let mut foreign = body("a", "b");
    foreign["appId"] = json!("1");
    assert_eq!(a.post(path, foreign).await.refusal(), refused);
    assert_eq!(a.post(path, body("a", "nobody")).await.success()["row"], 0);
    let nobody = model::AccountName::new("nobody").unwrap();
    let found = world.chat.accounts.find(world.app.id, &nobody).await;
    assert!(found.unwrap().is_none());
    assert_eq!(
        world
            .request(http::Method::POST, path, &[], Some(json!({})))
            .await
            .refusal(),
        refused
    );
}

#[tokio::test]
async fn members_read_a_topic_and_by_sequence_it_stands_as_the_sender() {
    let world = World::new().await;
    let a = world.caller("a").await;
    let topic = a.topic("b").await;
    let fields = json!({ "fromAccount": "backend", "topicId": topic, "msg": "x" });
    world.push("p2t", fields).await.success();
    let ask = |account: &str, range: Value| {
        let mut body = json!({ "account": account, "topicId": topic });
        body.as_object_mut()
            .unwrap()
            .extend(range.as_object().unwrap().clone());
        body
    };
    let by_count = json!({ "utcToTime": FAR_MS, "count": 5 });
    let data = a
        .post("/api/msg/p2t/queryOnCount", ask("a", by_count.clone()))
        .await
        .success();
    let row = &data["messages"][0];
    assert_eq!(
        (&row["fromAccount"], &row["senderAccount"]),
        (&json!("backend"), &json!("backend"))
    );
    assert!(row.get("toAccount").is_none());
    let all = json!({ "startSeq": 0, "stopSeq": u64::MAX });
    let data = a
        .post("/api/msg/p2t/queryOnSequence/", ask("a", all))
        .await
        .success();
    let row = &data["messages"][0];
    assert_eq!(
        (&row["fromAccount"], &row["senderAccount"]),
        (&json!(topic), &json!("backend"))
    );
    assert_eq!(
        (&row["toAccount"], &row["topicId"]),
        (&json!("a"), &json!(topic))
    );

    let path = "/api/msg/p2t/queryOnCount";
    let stranger = world.caller("c").await;
    let refused = stranger
        .post(path, ask("c", by_count.clone()))
        .await
        .refusal();
    assert_eq!(refused, (500, "query topic fail".into()));
    let refused = stranger.post(path, ask("a", by_count)).await.refusal();
    assert_eq!(refused, (401, "authentication fail".into()));
}
