//! "Why did it not arrive?"

use client::SendOptions;
use client::rest::Method;
use e2e::{Done, Person, Server, Sink, mimc, within};
use serde_json::{Value, json};

/// Sends and waits for the verdict; the packetId, and whether it was taken.
async fn tell(from: &Person, to: &str) -> (String, bool) {
    let sending = from.client.send(to, "hush", SendOptions::default());
    let packet_id = sending.packet_id().to_owned();
    (packet_id, within("a verdict", sending).await.is_ok())
}

/// What the operator is told.
async fn trace(server: &Server, id: &str) -> Value {
    let app_id = server.app().app_id;
    let arguments = ["trace", &*app_id, id, "-o", "json"];
    server.mimc(&arguments).await.json()
}

async fn verdict(server: &Server, id: &str) -> String {
    let trace = trace(server, id).await;
    trace["verdict"]["code"]
        .as_str()
        .expect("a code")
        .to_owned()
}

/// Waits until no device of an account is online.
async fn gone(server: &Server, account: &str) {
    let (admin, app_id) = (server.admin(), server.app().app_id);
    let is_gone = async {
        loop {
            let shown = admin.account(&app_id, account).await.expect("it is known");
            let devices = shown["devices"].as_array().expect("a list");
            if devices.iter().all(|device| device["online"] == false) {
                return;
            }
        }
    };
    within("an end of all sessions", is_gone).await;
}

fn kinds(trace: &Value) -> Vec<&str> {
    let steps = trace["steps"].as_array().expect("a list");
    steps
        .iter()
        .map(|step| step["kind"].as_str().expect("a kind"))
        .collect()
}

#[tokio::test]
async fn a_message_waits_for_who_is_away_and_then_arrives() {
    let server = Server::start().await;
    let app_id = server.app().app_id;
    let ann = server.person("ann", "desk").await;
    server.person("ben", "phone").await.leave().await;
    gone(&server, "ben").await;
    let (id, _) = tell(&ann, "ben").await;
    let waiting = trace(&server, &id).await;
    assert_eq!(waiting["verdict"]["code"], "waiting");
    assert_eq!(
        kinds(&waiting),
        ["accepted", "stored", "offline", "pending"]
    );
    assert_eq!(waiting["isComplete"], true);
    let shown = server.mimc(&["trace", &app_id, &id]).await;
    assert_eq!(shown.code, Some(0), "{shown:?}");
    for part in [
        "from.account",
        "It passed all checks and went to the store.",
        "ben had no device online.",
        "It waits: ben has no device online since 20",
    ] {
        assert!(shown.stdout.contains(part), "{part}: {}", shown.stdout);
    }

    let mut ben = server.person("ben", "phone").await;
    assert_eq!(ben.hear_texts(1).await, ["hush"]);
    ben.leave().await;
    let arrived = trace(&server, &id).await;
    assert_eq!(arrived["verdict"]["code"], "acknowledged");
    let expected = ["accepted", "stored", "offline", "written", "acknowledged"];
    assert_eq!(kinds(&arrived), expected);
    let written = &arrived["steps"][3];
    assert_eq!(
        (&written["account"], &written["resource"]),
        (&json!("ben"), &json!("phone"))
    );
    let sentence = written["en"].as_str().unwrap();
    assert!(sentence.contains("had logged in at"), "{sentence}");
    let sequence = arrived["sequence"].as_str().unwrap();
    assert_eq!(trace(&server, sequence).await, arrived);
    let zh = server
        .mimc(&["trace", &app_id, &id, "--language", "zh"])
        .await;
    assert!(
        zh.stdout.contains("已送达：ben 的设备已确认收到。"),
        "{zh:?}"
    );
}

#[tokio::test]
async fn a_refused_message_says_why() {
    let server = Server::start().await;
    let body = json!({"blackAccount": "ann"});
    let block = server.caller("ben");
    let blocked = block.call(Method::POST, "/api/blacklist/", Some(&body));
    blocked.await.unwrap();
    let ann = server.person("ann", "desk").await;
    let (id, is_taken) = tell(&ann, "ben").await;
    assert!(!is_taken);
    let refused = trace(&server, &id).await;
    assert_eq!(
        (
            &refused["verdict"]["code"],
            &refused["verdict"]["reason"],
            &refused["sequence"]
        ),
        (&json!("refused"), &json!("blocked"), &Value::Null)
    );
    let sentence = refused["verdict"]["en"].as_str().unwrap();
    assert!(sentence.contains("ben has blocked ann"), "{sentence}");
    assert_eq!(refused["from"]["resource"], "desk");
}

#[tokio::test]
async fn after_a_restart_the_log_says_what_it_proves() {
    let mut server = Server::start().await;
    let ann = server.person("ann", "desk").await;
    let mut ben = server.person("ben", "phone").await;
    let (heard, _) = tell(&ann, "ben").await;
    assert_eq!(ben.hear_texts(1).await, ["hush"]);
    ben.leave().await;
    gone(&server, "ben").await;
    let (waits, _) = tell(&ann, "ben").await;
    let (to_stranger, _) = tell(&ann, "stranger").await;
    server.stop().await;
    server.start_again().await;

    let trace_of_heard = trace(&server, &heard).await;
    assert_eq!(trace_of_heard["isComplete"], false);
    assert_eq!(kinds(&trace_of_heard), ["stored", "passed"]);
    assert_eq!(trace_of_heard["steps"][1]["at"], Value::Null);
    assert_eq!(trace_of_heard["verdict"]["code"], "acknowledged");
    assert_eq!(trace_of_heard["payload"], "aHVzaA==");
    let sequence = trace_of_heard["sequence"].as_str().unwrap();
    assert_eq!(trace(&server, sequence).await, trace_of_heard);
    assert_eq!(verdict(&server, &waits).await, "waiting");
    assert_eq!(verdict(&server, &to_stranger).await, "no-device");
}

#[tokio::test]
async fn who_only_looks_sees_no_payload_and_what_is_not_there_is_not_found() {
    let server = Server::start().await;
    let app_id = server.app().app_id;
    let ann = server.person("ann", "desk").await;
    let (id, _) = tell(&ann, "ben").await;
    assert_eq!(trace(&server, &id).await["payload"], "aHVzaA==");

    let create = ["admin", "token", "create", "--role", "viewer", "-o", "json"];
    let made = server.mimc(&create).await.json();
    let viewer = async |token: &str, id: &str| {
        let mut command = mimc(&["trace", &app_id, id, "-o", "json"]);
        command.env("MIMC_ADMIN_TOKEN", token);
        let http = server.ready()["http"].as_str().unwrap();
        command.env("MIMC_SERVER", format!("http://{http}"));
        let output = within("a trace", command.output()).await.unwrap();
        Done {
            code: output.status.code(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    };
    let token = made["token"].as_str().unwrap();
    let seen = viewer(token, &id).await.json();
    assert_eq!((seen.get("payload"), &seen["bytes"]), (None, &json!(4)));
    assert_eq!(viewer("wrong", &id).await.code, Some(4));

    for (arguments, code) in [
        (vec!["trace", &app_id, "nothing"], 3),
        (vec!["trace", &app_id, "1"], 3),
        (vec!["trace", "1", &id], 3),
        (vec!["trace", &app_id, &id, "--from", "nobody"], 3),
        (vec!["trace", &app_id, &id, "--from", "ann"], 0),
        (vec!["trace", &app_id], 2),
    ] {
        let done = server.mimc(&arguments).await;
        assert_eq!(done.code, Some(code), "{done:?}");
    }
    let nothing = server.mimc(&["trace", &app_id, "nothing"]).await;
    assert!(
        nothing
            .stderr
            .contains("is remembered, and all of the log was looked through"),
        "{nothing:?}"
    );
}

#[tokio::test]
async fn callbacks_are_a_part_of_the_story() {
    let server = Server::start().await;
    let mut sink = Sink::start(&[500]).await;
    server.set(json!({"instantCallback": sink.url()})).await;
    let ann = server.person("ann", "desk").await;
    let (id, _) = tell(&ann, "ben").await;
    sink.next().await;
    sink.next().await;
    // The second answer may not have been noted yet.
    let answered = async {
        loop {
            let trace = trace(&server, &id).await;
            let steps = trace["steps"].as_array().unwrap().iter();
            let statuses: Vec<_> = steps
                .filter_map(|step| step["callback"].get("httpStatus"))
                .cloned()
                .collect();
            if statuses == [json!(500), json!(200)] {
                let kinds = kinds(&trace);
                assert!(kinds.contains(&"callback-failed"), "{kinds:?}");
                assert!(kinds.contains(&"callback-delivered"), "{kinds:?}");
                return;
            }
        }
    };
    within("both answers", answered).await;
}
