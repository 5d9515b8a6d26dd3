//! Messages of app servers.

use std::collections::HashSet;

use serde_json::{Value, json};

use crate::house::{APP, House};

fn packet_ids(data: &Value) -> Vec<String> {
    serde_json::from_value(data["packetIds"].clone()).unwrap()
}

#[tokio::test]
async fn every_push_has_its_own_packet_id() {
    let house = House::new().await;
    let push = json!({ "fromAccount": "a", "toAccount": "b", "msg": "x" });
    let one = house.post_as_app("/api/push/p2p/", push.clone()).await;
    let other = house.post_as_app("/api/push/p2p", push).await;
    assert_ne!(one.data()["packetId"], other.data()["packetId"]);
}

#[tokio::test]
async fn a_list_gets_a_packet_id_for_every_place() {
    let house = House::new().await;
    let to = json!(["b", "x,y", "b", "", 7, null, "c"]);
    let push = json!({ "fromAccount": "a", "toAccounts": to, "msg": "x" });
    let reply = house.post_as_app("/api/push/p2p/more", push).await;
    let ids = packet_ids(reply.data());
    assert_eq!(ids.len(), 7);
    assert_eq!(ids[0], ids[2], "b is listed twice and gets one message");
    assert_eq!(ids.iter().collect::<HashSet<_>>().len(), 6);
}

#[tokio::test]
async fn a_list_has_one_to_a_thousand_elements() {
    let house = House::new().await;
    let push = async |to: Value| {
        let push = json!({ "fromAccount": "a", "toAccounts": to, "msg": "x" });
        house.post_as_app("/api/push/p2p/more", push).await
    };
    let names = |count: usize| {
        (0..count)
            .map(|number| number.to_string())
            .collect::<Vec<_>>()
    };
    assert_eq!(
        packet_ids(push(json!(names(1000))).await.data()).len(),
        1000
    );
    for bad in [
        json!(names(1001)),
        json!([]),
        json!("a"),
        json!(null),
        json!({}),
    ] {
        push(bad).await.is_bad("toAccounts");
    }
}

#[tokio::test]
async fn a_payload_over_the_cap_is_refused() {
    let house = House::new().await;
    house
        .admin("PATCH", &format!("/apps/{APP}"), json!({ "maxPayload": 4 }))
        .await;
    for (msg, kind, fits) in [
        ("1234", "", true),
        ("12345", "", false),
        ("MTIzNA==", "base64", true),
    ] {
        let push = json!({ "fromAccount": "a", "toAccount": "b", "msg": msg, "msgType": kind });
        let reply = house.post_as_app("/api/push/p2p", push).await;
        if fits {
            reply.data();
        } else {
            reply.is_refused(200, 413, "payload too large");
        }
    }
}

#[tokio::test]
async fn the_banned_push_nothing() {
    let house = House::new().await;
    house.token("a").await;
    house
        .admin("POST", &format!("/apps/{APP}/accounts/a/ban"), json!({}))
        .await;
    for path in ["/api/push/p2p", "/api/push/p2p/more"] {
        let push = json!({ "fromAccount": "a", "toAccount": "b", "toAccounts": ["b"], "msg": "x" });
        house
            .post_as_app(path, push)
            .await
            .is_refused(200, 403, "forbidden");
    }
}

#[tokio::test]
async fn credentials_are_looked_at_before_the_message() {
    let house = House::new().await;
    for path in ["/api/push/p2p", "/api/push/p2p/more"] {
        let reply = house
            .post_as_app(path, json!({ "appSecret": "wrong" }))
            .await;
        reply.is_refused(200, 401, "authentication fail");
    }
}
