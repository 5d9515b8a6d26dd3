//! Why it did not arrive, as operators ask it over HTTP.

use std::sync::Arc;

use bytes::Bytes;
use chat::feed::{ListLimit, Next};
use chat::{Outgoing, Session};
use http::{Method, StatusCode};
use model::limits::QUEUE_MS;
use model::{AccountName, Message};
use serde_json::{Value, json};

use crate::world::{Reply, World};

const SECRET: &str = "the payload";

impl World {
    async fn traced(&self, id: &str) -> Reply {
        let path = format!("/apps/{}/trace/{id}", self.app.id);
        self.admin(Method::GET, &path, None).await
    }

    async fn trace(&self, id: &str) -> Value {
        let reply = self.traced(id).await;
        assert_eq!(reply.status, StatusCode::OK, "{}", reply.text);
        reply.json()
    }

    /// Code and English sentence of a verdict.
    async fn verdict(&self, id: &str) -> (String, String) {
        let verdict = &self.trace(id).await["verdict"];
        assert!(!verdict["zh"].as_str().unwrap().is_ascii());
        let text = |name: &str| verdict[name].as_str().unwrap().to_owned();
        (text("code"), text("en"))
    }
}

async fn send(from: &Session, to: &str, packet_id: &str, is_stored: bool) -> Option<String> {
    let outgoing = Outgoing {
        app_id: None,
        to,
        packet_id,
        payload: Bytes::from_static(SECRET.as_bytes()),
        biz_type: "",
        is_stored,
    };
    let receipt = from.send(outgoing).await.ok()?.await.ok()?;
    Some(receipt.sequence.to_string())
}

/// Takes what is there, and acknowledges it if it is to.
async fn take(session: &mut Session, is_acknowledged: bool) -> Vec<Arc<Message>> {
    let size = |_: &Message| 1;
    let limit = ListLimit {
        messages: 50,
        bytes: 50,
        size: &size,
    };
    loop {
        match session.next(&limit) {
            Next::List(list) => {
                if is_acknowledged {
                    session.acknowledge(list.last().unwrap().sequence);
                }
                return list;
            }
            Next::Nothing => return Vec::new(),
            Next::Pull => session.pull().await.unwrap(),
        }
    }
}

fn kinds(trace: &Value) -> Vec<&str> {
    let steps = trace["steps"].as_array().unwrap();
    let kinds = steps.iter().map(|step| {
        assert!(step["en"].as_str().unwrap().ends_with('.'), "{step}");
        assert!(step["zh"].as_str().unwrap().ends_with('。'), "{step}");
        step["kind"].as_str().unwrap()
    });
    kinds.collect()
}

#[tokio::test]
async fn a_message_is_told_in_both_languages() {
    let world = World::new().await;
    let alice = world.session("alice", "desk").await;
    let mut bob = world.session("bob", "phone").await;
    let sequence = send(&alice, "bob", "p/1", true).await.unwrap();
    take(&mut bob, true).await;
    let trace = world.trace("p%2F1").await;
    assert_eq!(trace["packetId"], "p/1");
    assert_eq!(trace["sequence"], *sequence);
    assert_eq!(
        (&trace["from"]["account"], &trace["from"]["resource"]),
        (&json!("alice"), &json!("desk"))
    );
    assert_eq!(
        (&trace["to"]["kind"], &trace["to"]["account"]),
        (&json!("account"), &json!("bob"))
    );
    assert_eq!(
        (&trace["bytes"], &trace["isStored"], &trace["isComplete"]),
        (&json!(SECRET.len()), &json!(true), &json!(true))
    );
    assert_eq!(
        kinds(&trace),
        ["accepted", "stored", "written", "acknowledged"]
    );
    let written = &trace["steps"][2];
    assert_eq!(
        (&written["account"], &written["resource"]),
        (&json!("bob"), &json!("phone"))
    );
    assert_eq!(written["en"], "It was written to bob's device phone.");
    assert_eq!(written["zh"], "已发给 bob 的设备 phone。");
    let verdict = json!({
        "code": "acknowledged",
        "en": "It arrived: the device of bob acknowledged it.",
        "zh": "已送达：bob 的设备已确认收到。",
    });
    assert_eq!(trace["verdict"], verdict);
    assert_eq!(world.trace(&sequence).await["steps"], trace["steps"]);
}

#[tokio::test]
async fn only_an_admin_sees_what_a_message_says() {
    let world = World::new().await;
    let alice = world.session("alice", "desk").await;
    let sequence = send(&alice, "bob", "p1", true).await.unwrap();
    assert_eq!(world.trace("p1").await["payload"], "dGhlIHBheWxvYWQ=");
    let body = json!({ "role": "viewer", "name": "wall" });
    let made = world
        .admin(Method::POST, "/tokens", Some(body))
        .await
        .json();
    let viewer = made["token"].as_str().unwrap();
    for id in ["p1", &sequence] {
        let path = format!("/apps/{}/trace/{id}", world.app.id);
        let reply = world.admin_with(viewer, Method::GET, &path, None).await;
        assert_eq!(reply.status, StatusCode::OK);
        assert_eq!(reply.json().get("payload"), None);
        assert!(!reply.text.contains("dGhlIHBheWxvYWQ"));
        assert_eq!(reply.json()["bytes"], SECRET.len());
    }
}

#[tokio::test]
async fn every_verdict_says_who_and_until_when() {
    let world = World::new().await;
    let alice = world.session("alice", "desk").await;
    let until = "2023-11-21 22:13:20 UTC";
    send(&alice, "bob", "p1", true).await;
    let expected = format!(
        "It waits: bob has never logged in, or not for 30 days; it is given to bob at the first \
         login, until {until}."
    );
    assert_eq!(world.verdict("p1").await, ("no-device".into(), expected));

    let mut bob = world.session("bob", "phone").await;
    let (code, en) = world.verdict("p1").await;
    assert_eq!(code, "queued", "{en}");
    take(&mut bob, false).await;
    let (code, en) = world.verdict("p1").await;
    assert_eq!(code, "written", "{en}");
    assert!(
        en.contains("device phone at 2023-11-14 22:13:20 UTC"),
        "{en}"
    );
    drop(bob);
    let expected = format!(
        "It waits: bob has no device online since 2023-11-14 22:13:20 UTC; it is given to bob at \
         the next login, until {until}."
    );
    assert_eq!(world.verdict("p1").await, ("waiting".into(), expected));

    let bob = AccountName::new("bob").unwrap();
    world.chat.ban_account(&world.app, &bob).await.unwrap();
    let (code, en) = world.verdict("p1").await;
    assert_eq!(code, "banned", "{en}");
    world.chat.unban_account(&world.app, &bob).await.unwrap();
    drop(world.session("bob", "pad").await);
    take(&mut world.session("bob", "phone").await, true).await;
    let (code, en) = world.verdict("p1").await;
    assert_eq!(code, "partly", "{en}");
    assert!(en.starts_with("It arrived: 1 of 2 devices of bob"), "{en}");
    take(&mut world.session("bob", "pad").await, true).await;
    let (code, en) = world.verdict("p1").await;
    assert_eq!(en, "It arrived: all 2 devices of bob acknowledged it.");
    assert_eq!(code, "acknowledged");

    send(&alice, "alice", "note", true).await;
    assert_eq!(world.verdict("note").await.0, "nobody");
    send(&alice, "carol", "late", false).await;
    world.clock.advance(QUEUE_MS);
    let (code, en) = world.verdict("late").await;
    let expected = "It did not arrive: no device of carol acknowledged it within 7 days, and it \
                    waits no longer.";
    assert_eq!((&*code, &*en), ("expired", expected));
    let trace = world.trace("late").await;
    assert_eq!(trace["isStored"], false);
    let stored = trace["steps"][1]["en"].as_str().unwrap();
    assert!(stored.contains("isStore=false"), "{stored}");
}

#[tokio::test]
async fn a_refusal_says_whose_doing_it_is() {
    let world = World::new().await;
    let alice = world.session("alice", "desk").await;
    let bob = world.caller("bob").await;
    bob.post("/api/blacklist/", json!({ "blackAccount": "alice" }))
        .await
        .success();
    assert_eq!(send(&alice, "bob", "p1", true).await, None);
    let trace = world.trace("p1").await;
    assert_eq!(trace["verdict"]["reason"], "blocked");
    assert_eq!(
        trace["verdict"]["en"],
        "Refused: bob has blocked alice. It was not stored, and reaches nobody."
    );
    assert_eq!(
        trace["verdict"]["zh"],
        "被拒绝：bob 已将 alice 拉黑。它没有被存储，不会到达任何人。"
    );
    assert_eq!(
        (&trace["sequence"], &trace["isStored"]),
        (&Value::Null, &Value::Null)
    );
    assert_eq!(trace["steps"][0]["detail"], "blocked");
    assert_eq!(kinds(&trace), ["refused"]);

    let topic = bob.topic("carol").await;
    let topic = model::TopicId(topic.parse().unwrap());
    let outgoing = chat::TopicMessage {
        app_id: None,
        to: topic,
        packet_id: "p2",
        payload: Bytes::from_static(b"x"),
        biz_type: "",
        is_stored: true,
    };
    let sent = alice.send_to_topic(outgoing).await.unwrap().await;
    assert!(sent.is_err());
    let trace = world.trace("p2").await;
    assert_eq!(trace["verdict"]["reason"], "not-member");
    assert_eq!(
        (&trace["to"]["kind"], &trace["to"]["topicId"]),
        (&json!("topic"), &json!(topic.to_string()))
    );

    let large = Outgoing {
        app_id: None,
        to: "bob",
        packet_id: "p3",
        payload: vec![0; 15_361].into(),
        biz_type: "",
        is_stored: true,
    };
    assert!(alice.send(large).await.is_err());
    let (code, en) = world.verdict("p3").await;
    assert_eq!(code, "refused");
    assert!(
        en.contains("15361 bytes is larger than the app allows (15360)"),
        "{en}"
    );
}

#[tokio::test]
async fn of_a_topic_it_says_who_still_waits() {
    let world = World::new().await;
    let alice = world.caller("alice").await;
    let topic = alice.topic("bob,carol").await;
    let sent = world
        .push(
            "p2t",
            json!({ "fromAccount": "alice", "msg": "x", "topicId": topic }),
        )
        .await;
    let sent = sent.success();
    let packet_id = sent["packetId"].as_str().unwrap();
    let trace = world.trace(packet_id).await;
    assert_eq!(
        (&trace["to"]["name"], &trace["to"]["members"]),
        (&json!("t"), &json!(3))
    );
    let (code, en) = world.verdict(packet_id).await;
    assert_eq!(code, "waiting");
    assert!(
        en.starts_with("It reached none of the 2 members yet."),
        "{en}"
    );
    assert!(en.ends_with(": bob, carol."), "{en}");
    take(&mut world.session("bob", "phone").await, true).await;
    let (code, en) = world.verdict(packet_id).await;
    assert_eq!(code, "partly");
    assert!(en.starts_with("It reached 1 of 2 members."), "{en}");
    take(&mut world.session("carol", "phone").await, true).await;
    assert_eq!(world.verdict(packet_id).await.0, "acknowledged");
}

#[tokio::test]
async fn what_is_not_known_is_not_found_and_it_says_how_far_was_looked() {
    let world = World::new().await;
    let alice = world.session("alice", "desk").await;
    send(&alice, "bob", "p1", true).await;
    let reply = world.traced("p2").await;
    assert_eq!(reply.status, StatusCode::NOT_FOUND);
    assert_eq!(
        reply.json()["error"],
        json!({
            "code": "not_found",
            "message": "nothing is known of such a message: what happened since 2023-11-14 22:13:20 \
                        UTC is remembered, and all of the log was looked through",
        })
    );
    assert_eq!(world.traced("p1?from=alice").await.status, StatusCode::OK);
    for (id, status) in [
        ("p1?from=bob", StatusCode::NOT_FOUND),
        ("p1?from=nobody", StatusCode::NOT_FOUND),
        ("p1?from=a,b", StatusCode::BAD_REQUEST),
    ] {
        assert_eq!(world.traced(id).await.status, status, "{id}");
    }
    let (other, _) = world.other_app().await;
    for app in [other.id.to_string(), "1".to_owned(), "x".to_owned()] {
        let path = format!("/apps/{app}/trace/p1");
        let reply = world.admin(Method::GET, &path, None).await;
        assert_eq!(reply.status, StatusCode::NOT_FOUND, "{app}");
    }
}
