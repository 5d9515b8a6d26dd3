//! A data directory that an earlier version has written is opened, and everything is in it.
//!
//! A released version leaves one behind: `MIMC_FIXTURE=tests/e2e/fixtures/data-VERSION.tar.gz
//! cargo test -p e2e --test upgrade -- --ignored` writes it. Its messages are kept for as long as can be
//! set; what is forgotten after days, as the queue, is not looked for.

use client::Target;
use client::rest::{Caller, HistoryRange, Method};
use e2e::Server;
use serde_json::json;
use tokio::process::Command;

/// Days that the messages are kept: the most that can be set.
const RETENTION_DAYS: u32 = 3_650;
const TEXTS: usize = 40;

#[tokio::test]
async fn what_version_0_1_0_has_written_is_all_there_and_goes_on() {
    let archive = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/data-0.1.0.tar.gz");
    let mut server = Server::unpacked(archive).await;
    // What this version writes into it is read by this version, after a stop and after a crash.
    check(&server, 0).await;
    server.stop().await;
    server.start_again().await;
    check(&server, 1).await;
    server.kill().await;
    server.start_again().await;
    check(&server, 2).await;
    server.stop().await;
    let doctor = server.mimc(&["doctor", "--deep", "-o", "json"]).await;
    assert!(!doctor.stdout.contains("damaged"), "{doctor:?}");
}

/// Everything of the fixture, and what was said in the `rounds` before; says one thing more.
async fn check(server: &Server, rounds: usize) {
    let ann = server.caller("ann");
    let mut said = texts("to ben");
    said.extend((0..rounds).map(|round| format!("again {round}")));
    assert_eq!(history(&ann, &"ben".into()).await, said);

    let topics = ann.topics().await.expect("an answer");
    let [lunch] = &topics[..] else {
        panic!("{topics:?}")
    };
    let roster = ann.topic(lunch.topic_id).await.expect("an answer");
    assert_eq!(roster.accounts(), ["ann", "carl"], "ben has left");
    let lunch = Target::Topic(lunch.topic_id);
    assert_eq!(history(&ann, &lunch).await, texts("to lunch"));

    let path = "/api/blacklist/?blackAccount=eve";
    let reply = ann.call(Method::GET, path, None).await.expect("an answer");
    assert_eq!(reply["isBlack"], true, "{reply}");
    let app_id = server.app().app_id;
    let admin = server.admin();
    let dora = admin.account(&app_id, "dora").await.expect("an answer");
    assert_eq!(dora["banned"], true, "{dora:?}");
    let tokens = serde_json::to_value(admin.tokens().await.expect("an answer")).expect("an answer");
    assert_eq!(tokens["tokens"][0]["name"], "who looks", "{tokens}");

    let device = server.person("ann", "desk").await;
    let ben = server.person("ben", "new").await;
    let receipt = device.tell("ben", &format!("again {rounds}")).await;
    let newest = ann.history(&"ben".into(), HistoryRange::newest(2)).await;
    let newest = newest.expect("an answer");
    assert_eq!(newest[1].sequence, receipt.sequence);
    assert!(newest[0].sequence < receipt.sequence);
    drop(ben);
}

#[tokio::test]
#[ignore = "writes the fixture of a version"]
async fn write_the_fixture_of_this_version() {
    let archive = std::env::var("MIMC_FIXTURE").expect("MIMC_FIXTURE names the file to write");
    let mut server = Server::start().await;
    server.set(json!({"retentionDays": RETENTION_DAYS})).await;
    let caller = server.caller("ann");
    let made = caller
        .create_topic("lunch", &["ben", "carl"])
        .await
        .unwrap();
    let lunch = made.topic_info.topic_id;
    let block = json!({"blackAccount": "eve"});
    server.caller("eve").topics().await.unwrap();
    let path = "/api/blacklist/";
    caller.call(Method::POST, path, Some(&block)).await.unwrap();
    server.caller("dora").topics().await.unwrap();
    let app_id = server.app().app_id;
    let admin = server.admin();
    admin.ban(&app_id, "dora").await.unwrap();
    admin
        .create_token(client::admin::Role::Viewer, "who looks")
        .await
        .unwrap();
    // The first half is in a checkpoint, the second in the end of the log alone.
    let (first, second) = (0..TEXTS / 2, TEXTS / 2..TEXTS);
    say(&server, lunch, first).await;
    server.stop().await;
    server.start_again().await;
    server.caller("ben").quit_topic(lunch).await.unwrap();
    say(&server, lunch, second).await;
    server.kill().await;
    let mut tar = Command::new("tar");
    tar.args(["-czf", &archive, "-C"])
        .arg(server.data_dir())
        .arg(".");
    assert!(tar.status().await.unwrap().success());
}

async fn say(server: &Server, lunch: u64, numbers: std::ops::Range<usize>) {
    let ann = server.person("ann", "desk").await;
    for number in numbers {
        ann.tell("ben", &texts("to ben")[number]).await;
        ann.tell(Target::Topic(lunch), &texts("to lunch")[number])
            .await;
    }
}

fn texts(to: &str) -> Vec<String> {
    (0..TEXTS).map(|number| format!("{number} {to}")).collect()
}

async fn history(caller: &Caller, with: &Target) -> Vec<String> {
    let past = caller.history(with, HistoryRange::newest(200)).await;
    let texts = past
        .expect("an answer")
        .into_iter()
        .map(|message| message.payload);
    texts
        .map(|payload| String::from_utf8_lossy(&payload).into_owned())
        .collect()
}
