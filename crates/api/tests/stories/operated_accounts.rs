//! Operators look at accounts: who there is, what waits for them, with whom they have to do.

use chat::feed::{ListLimit, Next};
use chat::{Login, Session};
use http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::world::{Reply, World};

const HOUR_MS: u64 = 3_600_000;

impl World {
    fn accounts(&self, tail: &str) -> String {
        format!("/apps/{}/accounts{tail}", self.app.id)
    }

    async fn look(&self, tail: &str) -> Value {
        let reply = self.admin(Method::GET, &self.accounts(tail), None).await;
        assert_eq!(reply.status, StatusCode::OK, "{}", reply.text);
        reply.json()
    }

    async fn ask(&self, method: Method, tail: &str) -> Reply {
        self.admin(method, &self.accounts(tail), None).await
    }

    pub(crate) async fn session(&self, account: &str, resource: &str) -> Session {
        let name = model::AccountName::new(account).unwrap();
        let account = self.chat.accounts.find_or_create(self.app.id, &name);
        let account = account.await.unwrap();
        let login = Login {
            token: &self.chat.tokens.issue(&self.app, &account),
            uuid: account.uuid,
            resource,
            is_only: false,
            window: 1,
        };
        self.chat.login(login, |_| true).await.unwrap()
    }

    async fn tell(&self, from: &str, to: &str) {
        let fields = json!({ "fromAccount": from, "toAccount": to, "msg": "c2VjcmV0" });
        self.push("p2p", fields).await.success();
    }
}

fn names(page: &Value) -> Vec<&str> {
    let accounts = page["accounts"].as_array().unwrap().iter();
    accounts
        .map(|one| one["account"].as_str().unwrap())
        .collect()
}

#[tokio::test]
async fn accounts_are_listed_in_pages_by_how_their_names_begin() {
    let world = World::new().await;
    for name in ["bob", "alice", "al", "小 明/?"] {
        world.caller(name).await;
    }
    let _session = world.session("alice", "desk").await;
    let page = world.look("").await;
    assert_eq!(names(&page), ["al", "alice", "bob", "小 明/?"]);
    assert_eq!(page["next"], Value::Null);
    let online: Vec<_> = page["accounts"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["online"] == true)
        .collect();
    assert_eq!(online, [false, true, false, false]);

    let page = world.look("?prefix=al&limit=1").await;
    assert_eq!((names(&page), &page["next"]), (vec!["al"], &json!("al")));
    let page = world.look("?prefix=al&limit=1&after=al").await;
    assert_eq!((names(&page), &page["next"]), (vec!["alice"], &Value::Null));
    let page = world.look("?prefix=%E5%B0%8F%20").await;
    assert_eq!(names(&page), ["小 明/?"]);
    let one = &page["accounts"][0];
    let shown = world.look("/%E5%B0%8F%20%E6%98%8E%2F%3F").await;
    assert_eq!(shown["uuid"], one["uuid"]);

    let long = format!("?prefix={}", "x".repeat(129));
    for query in ["?limit=0", "?after=a,b", "?after=", &long] {
        let reply = world.ask(Method::GET, query).await;
        assert_eq!(reply.status, StatusCode::BAD_REQUEST, "{query}");
    }
    let (other, _) = world.other_app().await;
    let path = format!("/apps/{}/accounts", other.id);
    let page = world.admin(Method::GET, &path, None).await.json();
    assert_eq!(page, json!({ "accounts": [], "next": null }));
}

#[tokio::test]
async fn what_waits_is_counted_for_each_device_and_for_the_account() {
    let world = World::new().await;
    let mut desk = world.session("bob", "desk").await;
    for _ in 0..3 {
        world.tell("alice", "bob").await;
    }
    desk.pull().await.unwrap();
    let newest = world.look("/alice/contacts").await["contacts"][0]["sequence"].clone();
    let shown = world.look("/bob").await;
    let waits = |count: u64, is_more: bool| json!({ "count": count, "isMore": is_more });
    assert_eq!(shown["pending"], waits(3, false));
    assert_eq!(shown["devices"][0]["pending"], waits(3, false));
    assert_eq!(shown.get("expiresAt"), None);

    let limit = ListLimit {
        messages: 9,
        bytes: 9_999,
        size: &|_| 1,
    };
    let Next::List(list) = desk.next(&limit) else {
        panic!("there is a list");
    };
    assert_eq!(newest, list[2].sequence.to_string());
    desk.acknowledge(list[1].sequence);
    drop(desk);
    let shown = world.look("/bob").await;
    assert_eq!(shown["devices"][0]["online"], false);
    assert_eq!(shown["devices"][0]["pending"], waits(1, false));
    for _ in 0..100 {
        world.tell("alice", "bob").await;
    }
    let shown = world.look("/bob").await;
    assert_eq!(shown["devices"][0]["pending"], waits(100, true));
    assert_eq!(shown["pending"], waits(100, true));
    let shown = world.look("/alice").await;
    assert_eq!(
        shown["pending"],
        waits(0, false),
        "one owes oneself nothing"
    );
}

#[tokio::test]
async fn a_temporary_account_says_when_it_ends() {
    let world = World::new().await;
    world.caller("bob").await;
    let path = format!("/apps/{}", world.app.id);
    world.clock.advance(HOUR_MS);
    let raised_at = world.chat.clock.now_ms();
    world
        .admin(Method::PATCH, &path, Some(json!({ "accountTtl": 7_200 })))
        .await;
    assert_eq!(
        world.look("/bob").await["expiresAt"],
        raised_at + 2 * HOUR_MS
    );
    world.clock.advance(HOUR_MS);
    world.caller("late").await;
    assert_eq!(
        world.look("/late").await["expiresAt"],
        raised_at + 3 * HOUR_MS
    );
}

#[tokio::test]
async fn topics_and_contacts_of_an_account_are_listed_in_pages_without_any_payload() {
    let world = World::new().await;
    let (alice, bob) = (world.caller("alice").await, world.caller("bob").await);
    let first = alice.topic("bob").await;
    let second = bob.topic("carol,dave").await;
    world.clock.advance(5);
    world.tell("carol", "bob").await;
    world.clock.advance(5);
    let fields = json!({ "fromAccount": "bob", "topicId": second, "msg": "c2VjcmV0" });
    world.push("p2t", fields).await.success();

    let page = world.look("/bob/topics?limit=1").await;
    assert_eq!(
        (&page["topics"][0]["topicId"], &page["next"]),
        (&json!(first), &json!(first))
    );
    let page = world.look(&format!("/bob/topics?after={first}")).await;
    let topic = &page["topics"][0];
    assert_eq!(
        (
            &topic["topicId"],
            &topic["members"],
            &topic["owner"]["account"],
            &page["next"]
        ),
        (&json!(second), &json!(3), &json!("bob"), &Value::Null)
    );
    assert!(topic["joined"].as_str().unwrap().parse::<u64>().unwrap() > 0);
    assert_eq!(world.look("/bob/topics?after=1").await["topics"], json!([]));

    let page = world.look("/bob/contacts?limit=1").await;
    let newest = &page["contacts"][0];
    assert_eq!(
        (&newest["kind"], &newest["topicId"]),
        (&json!("topic"), &json!(second))
    );
    assert_eq!(page["next"], newest["sequence"]);
    let after = format!("/bob/contacts?after={}", page["next"].as_str().unwrap());
    let page = world.look(&after).await;
    let next = &page["contacts"][0];
    assert_eq!(
        (&next["kind"], &next["account"], &page["next"]),
        (&json!("account"), &json!("carol"), &Value::Null)
    );
    assert_eq!(
        newest["at"].as_u64().unwrap() - next["at"].as_u64().unwrap(),
        5
    );
    assert!(!page.to_string().contains("secret") && !page.to_string().contains("c2Vj"));
}

#[tokio::test]
async fn an_operator_blocks_as_the_account_itself_would() {
    let world = World::new().await;
    let bob = world.caller("bob").await;
    for other in ["alice", "new/one"] {
        let tail = format!("/bob/blacklist/{}", other.replace('/', "%2F"));
        for _ in 0..2 {
            let reply = world.ask(Method::PUT, &tail).await;
            assert_eq!(reply.json(), json!({ "account": other, "blocked": true }));
        }
    }
    let shown = bob.get("/api/blacklist?blackAccount=alice").await.success();
    assert_eq!(shown, json!({ "isBlack": true }));
    let page = world.look("/bob/blacklist?limit=1").await;
    let after = format!("/bob/blacklist?after={}", page["next"].as_str().unwrap());
    let rest = world.look(&after).await;
    let mut both = [names(&page), names(&rest)].concat();
    both.sort_unstable();
    assert_eq!(
        (both, &rest["next"]),
        (vec!["alice", "new/one"], &Value::Null)
    );

    let reply = world.ask(Method::DELETE, "/bob/blacklist/alice").await;
    assert_eq!(
        reply.json(),
        json!({ "account": "alice", "blocked": false })
    );
    let shown = bob.get("/api/blacklist?blackAccount=alice").await.success();
    assert_eq!(shown, json!({ "isBlack": false }));
    for (method, tail, status) in [
        (Method::PUT, "/bob/blacklist/bob", StatusCode::BAD_REQUEST),
        (Method::PUT, "/bob/blacklist/a,b", StatusCode::BAD_REQUEST),
        (Method::PUT, "/nobody/blacklist/bob", StatusCode::NOT_FOUND),
        (
            Method::DELETE,
            "/nobody/blacklist/bob",
            StatusCode::NOT_FOUND,
        ),
    ] {
        assert_eq!(world.ask(method, tail).await.status, status, "{tail}");
    }
}

#[tokio::test]
async fn nobody_has_nothing() {
    let world = World::new().await;
    for tail in ["", "/topics", "/contacts", "/blacklist"] {
        let reply = world.ask(Method::GET, &format!("/nobody{tail}")).await;
        assert_eq!(reply.status, StatusCode::NOT_FOUND, "{tail}");
        let path = format!("/apps/1/accounts/nobody{tail}");
        let reply = world.admin(Method::GET, &path, None).await;
        assert_eq!(reply.status, StatusCode::NOT_FOUND, "{path}");
    }
    world.caller("bob").await;
    for tail in ["/topics", "/contacts", "/blacklist"] {
        for query in ["?limit=0", "?after=x"] {
            let reply = world.ask(Method::GET, &format!("/bob{tail}{query}")).await;
            assert_eq!(reply.status, StatusCode::BAD_REQUEST, "{tail}{query}");
        }
    }
}
