//! An app's own server is told of messages.

use std::io::Write as _;

use client::Target;
use client::admin::{Admin, AdminError, Role, SignedPost};
use client::rest::Push;
use e2e::{Post, Server, Sink, within};
use serde_json::{Value, json};

#[tokio::test]
async fn every_message_is_posted_and_signed() {
    let server = Server::start().await;
    let mut sink = Sink::start(&[]).await;
    server.set(json!({"instantCallback": sink.url()})).await;
    let app_id = server.app().app_id;
    let ann = server.person("ann", "desk").await;
    let receipt = ann.tell("ben", "你好").await;
    let post = sink.next().await;
    let body = post.json();
    assert_eq!(post.text(), "你好");
    for (name, expected) in [
        ("msgType", "NORMAL_MSG"),
        ("fromAppId", &*app_id),
        ("fromAccount", "ann"),
        ("fromResource", "desk"),
        ("toAppId", &*app_id),
        ("toAccount", "ben"),
        ("timestamp", &receipt.timestamp_ms.to_string()),
        ("sequence", &receipt.sequence.to_string()),
    ] {
        assert_eq!(body[name], expected, "{name}");
    }
    let app = server.admin().app(&app_id).await.unwrap();
    let secret = app.more["callbackSecret"].as_str().unwrap();
    assert!(post.is_signed_with(secret), "{post:?}");

    let push = Push::new("robot", "ben", "pushed");
    server.rest().push(&server.app(), &push).await.unwrap();
    let next = sink.next().await;
    assert_eq!(next.text(), "pushed");
    assert_ne!(next.headers["webhook-id"], post.headers["webhook-id"]);
}

#[tokio::test]
async fn who_was_not_reached_is_told_to_the_offline_url() {
    let server = Server::start().await;
    let mut sink = Sink::start(&[]).await;
    server.set(json!({"offlineCallback": sink.url()})).await;
    let made = server
        .caller("ann")
        .create_topic("all", &["ben", "carl"])
        .await;
    let id = made.unwrap().topic_info.topic_id;
    let ann = server.person("ann", "desk").await;
    let mut ben = server.person("ben", "desk").await;
    ann.tell("ben", "he is there").await;
    assert_eq!(ben.hear_texts(1).await, ["he is there"]);
    ann.tell("carl", "he is not").await;
    let post = sink.next().await;
    assert_eq!(
        (post.json()["msgType"].as_str(), &*post.text()),
        (Some("OFFLINE_MSG"), "he is not")
    );
    ben.tell("ann", "heard").await;
    ann.tell(Target::Topic(id), "to all").await;
    assert_eq!(ben.hear_texts(1).await, ["to all"]);
    // Asking for what follows acknowledges what was heard.
    ben.leave().await;
    let body = sink.next().await.json();
    assert_eq!(body["msgType"], "OFFLINE_TOPIC_MSG");
    assert_eq!(body["toAccounts"], json!(["carl"]));
    assert_eq!(body["topicId"], id.to_string());
}

#[tokio::test]
async fn a_refused_callback_comes_again_with_the_same_body_also_after_a_kill() {
    let mut server = Server::start().await;
    let mut sink = Sink::start(&[500]).await;
    server.set(json!({"instantCallback": sink.url()})).await;
    let ann = server.person("ann", "desk").await;
    ann.tell("ben", "again").await;
    let first = sink.next().await;
    let app_id = server.app().app_id;
    within("the attempt", attempted(&server, &app_id)).await;
    server.kill().await;
    server.start_again().await;
    let again = sink.next().await;
    assert_eq!(again.body, first.body);
    assert_eq!(again.headers["webhook-id"], first.headers["webhook-id"]);
    let seconds = |post: &Post| post.headers["webhook-timestamp"].parse::<u64>().unwrap();
    let waited = seconds(&again) - seconds(&first);
    assert!((4..=10).contains(&waited), "{waited} s, not 5");
    ann.tell("ben", "next").await;
    assert_eq!(
        sink.next().await.text(),
        "next",
        "what was taken does not come again"
    );
}

#[tokio::test]
async fn an_operator_lists_replays_and_tests() {
    let server = Server::start().await;
    let mut sink = Sink::start(&[500]).await;
    let app_id = server.app().app_id;
    server.set(json!({"instantCallback": sink.url()})).await;
    let ann = server.person("ann", "desk").await;
    let receipt = ann.tell("ben", "listed").await;
    let first = sink.next().await;
    let listed = within("the attempt", attempted(&server, &app_id)).await;
    assert_eq!(listed["sequence"], receipt.sequence.to_string());
    assert_eq!(listed["attempts"][0]["httpStatus"], 500);
    let id = listed["id"].as_str().unwrap();
    let shown = server.mimc(&["callback", "list", &app_id]).await;
    assert!(shown.stdout.contains(id), "{shown:?}");
    let failed = ["callback", "list", &app_id, "--failed", "-o", "json"];
    let failed = server.mimc(&failed).await.json();
    assert_eq!(failed["callbacks"], json!([]), "it is tried again");

    let replay = ["callback", "replay", &app_id, id, "-o", "json"];
    assert_eq!(server.mimc(&replay).await.json()["replayed"], 1);
    assert_eq!(sink.next().await.body, first.body);
    let all = ["callback", "replay", &app_id, "--failed", "-o", "json"];
    assert_eq!(server.mimc(&all).await.json()["replayed"], 0);
    let unknown = server.mimc(&["callback", "replay", &app_id, "1"]).await;
    assert_eq!(unknown.code, Some(3), "{unknown:?}");

    let test = ["callback", "test", &app_id, "-o", "json"];
    let tested = server.mimc(&test).await.json();
    assert_eq!(
        (&tested["instant"]["httpStatus"], &tested["offline"]),
        (&json!(200), &Value::Null)
    );
    sink.next().await;
    sink.will_answer(&[503]);
    let done = server.mimc(&test).await;
    assert_eq!(done.code, Some(1), "{done:?}");
    sink.next().await;
    assert!(sink.is_empty());
}

#[tokio::test]
async fn an_operator_sees_what_was_posted_and_a_viewer_does_not() {
    let server = Server::start().await;
    let mut sink = Sink::start(&[]).await;
    let app_id = server.app().app_id;
    server.set(json!({"instantCallback": sink.url()})).await;
    let ann = server.person("ann", "desk").await;
    ann.tell("ben", "a secret").await;
    let post = sink.next().await;
    let listed = within("the attempt", attempted(&server, &app_id)).await;
    let id = listed["id"].as_str().unwrap();
    let show = ["callback", "show", &app_id, id, "-o", "json"];
    let shown = server.mimc(&show).await.json();
    let request = &shown["request"];
    assert_eq!(request["url"], sink.url());
    assert_eq!(request["body"], *post.body);
    for name in [
        "webhook-id",
        "webhook-timestamp",
        "webhook-signature",
        "content-type",
    ] {
        assert_eq!(request["headers"][name], post.headers[name], "{name}");
    }
    let mut rest = shown;
    rest.as_object_mut().unwrap().remove("request");
    assert_eq!(rest, listed);

    let viewer = server.admin().create_token(Role::Viewer, "").await.unwrap();
    let viewer = Admin::new(server.rest(), viewer.token.expose()).unwrap();
    let seen = viewer.callback(&app_id, id).await.unwrap();
    assert_eq!((&seen["request"], &seen["id"]), (&Value::Null, &json!(id)));
    let unknown = server.admin().callback(&app_id, "cb_unknown").await;
    assert!(
        matches!(unknown, Err(AdminError::NotFound(_))),
        "{unknown:?}"
    );
}

#[tokio::test]
async fn an_operator_has_a_signature_checked() {
    let server = Server::start().await;
    let mut sink = Sink::start(&[]).await;
    let app_id = server.app().app_id;
    server.set(json!({"instantCallback": sink.url()})).await;
    server.person("ann", "desk").await.tell("ben", "x").await;
    let post = sink.next().await;
    let body = post.body.clone();
    let admin = server.admin();
    let right = SignedPost {
        id: &post.headers["webhook-id"],
        timestamp: &post.headers["webhook-timestamp"],
        signature: &post.headers["webhook-signature"],
        body: &body,
    };
    let checked = async |post: SignedPost<'_>| {
        let told = admin.verify_callback(&app_id, &post).await.unwrap();
        assert_eq!(told["expected"].as_str().unwrap().len(), "v1,".len() + 44);
        let sentence = told["sentence"]["en"].as_str().unwrap().to_owned();
        assert!(told["sentence"]["zh"].as_str().unwrap().contains("签名"));
        (told["valid"] == true, sentence)
    };
    let (is_valid, sentence) = checked(right).await;
    assert!(
        is_valid && sentence == "The signature is right.",
        "{sentence}"
    );
    let padded = format!("{body}\n");
    let old = "1700000000";
    for (post, expected) in [
        (
            SignedPost {
                body: &padded,
                ..right
            },
            "without the blanks",
        ),
        (
            SignedPost {
                body: "{}",
                ..right
            },
            "is wrong",
        ),
        (
            SignedPost {
                id: "cb_x",
                ..right
            },
            "is wrong",
        ),
        (
            SignedPost {
                timestamp: old,
                ..right
            },
            "is wrong",
        ),
        (
            SignedPost {
                signature: "x",
                ..right
            },
            "no signature of the form",
        ),
    ] {
        let (is_valid, sentence) = checked(post).await;
        assert!(!is_valid && sentence.contains(expected), "{sentence}");
    }
    let stale = SignedPost {
        timestamp: old,
        ..right
    };
    let told = admin.verify_callback(&app_id, &stale).await.unwrap();
    let signature = told["expected"].as_str().unwrap();
    let (is_valid, sentence) = checked(SignedPost { signature, ..stale }).await;
    assert!(is_valid && sentence.contains("away from now"), "{sentence}");
    let bad = SignedPost {
        timestamp: "soon",
        ..right
    };
    let refused = admin.verify_callback(&app_id, &bad).await;
    assert!(matches!(
        refused,
        Err(AdminError::Refused { status: 400, .. })
    ));

    let mut file = tempfile::NamedTempFile::new().unwrap();
    let path = file.path().to_str().unwrap().to_owned();
    file.write_all(post.body.as_bytes()).unwrap();
    let verify = [
        "callback",
        "verify",
        &app_id,
        "--id",
        right.id,
        "--timestamp",
        right.timestamp,
        "--signature",
        right.signature,
        "--body",
        &path,
    ];
    let done = server.mimc(&verify).await;
    assert_eq!(
        (done.code, done.stdout.trim()),
        (Some(0), "The signature is right.")
    );
    file.write_all(b" ").unwrap();
    assert_eq!(server.mimc(&verify).await.code, Some(1));
}

/// The first callback of the list, once it was tried.
async fn attempted(server: &Server, app_id: &str) -> Value {
    loop {
        let page = server.admin().callbacks(app_id, false, None).await;
        let page = page.expect("a list");
        let first = page["callbacks"][0].clone();
        let attempts = first["attempts"].as_array();
        if attempts.is_some_and(|attempts| !attempts.is_empty()) {
            return first;
        }
        tokio::task::yield_now().await;
    }
}
