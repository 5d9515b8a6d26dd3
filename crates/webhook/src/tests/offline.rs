//! What goes to the offline URL, and when.

use chat::port::{Deliveries as _, DeliveryStatus};
use model::Sequence;
use serde_json::json;

use crate::sample;
use crate::stage::{Answer, INSTANT, OFFLINE, Stage, pass_ms};

const TOPIC: u64 = 12_345_678_901_234_567;

#[tokio::test(start_paused = true)]
async fn nobody_there_is_told_at_once() {
    let stage = Stage::new().await;
    let sent_at_ms = stage.now_ms();
    stage.send(sample::message(1, 2, "later"));
    let offline = stage.posts(OFFLINE, 1).await.remove(0);
    assert_eq!(offline.at_ms, sent_at_ms);
    let instant = stage.posts(INSTANT, 1).await.remove(0);
    let mut expected = instant.json();
    expected["msgType"] = json!("OFFLINE_MSG");
    assert_eq!(offline.json(), expected);
    assert_ne!(offline.request.id, instant.request.id);
    pass_ms(60_000).await;
    assert_eq!(stage.posts_now(OFFLINE).len(), 1);
}

#[tokio::test(start_paused = true)]
async fn who_acknowledges_in_time_was_reached() {
    let stage = Stage::new().await;
    stage.bind(2);
    let message = stage.send(sample::message(1, 2, "hello"));
    pass_ms(9_000).await;
    stage.acknowledge(2, message.sequence);
    pass_ms(60_000).await;
    assert!(stage.posts_now(OFFLINE).is_empty());
    assert_eq!(stage.rows().await.len(), 1, "the instant one");
    assert_eq!(
        stage
            .deliveries
            .undecided(u64::MAX >> 1, 9)
            .await
            .unwrap()
            .deliveries,
        []
    );
}

#[tokio::test(start_paused = true)]
async fn who_is_silent_for_10_s_was_not() {
    let stage = Stage::new().await;
    stage.bind(2);
    let sent_at_ms = stage.now_ms();
    let message = stage.send(sample::message(1, 2, "anybody there?"));
    pass_ms(5_000).await;
    stage.acknowledge(2, Sequence(message.sequence.0 - 1));
    let post = stage.posts(OFFLINE, 1).await.remove(0);
    assert_eq!(post.at_ms - sent_at_ms, 10_000);
}

#[tokio::test(start_paused = true)]
async fn an_acknowledgement_before_the_intake_counts() {
    let stage = Stage::new().await;
    stage.bind(2);
    let message = stage.commit(sample::message(1, 2, "fast"));
    stage.acknowledge(2, message.sequence);
    stage.webhooks.committed(&[message]);
    pass_ms(60_000).await;
    assert!(stage.posts_now(OFFLINE).is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_topic_names_members_in_order_and_who_was_not_reached() {
    let stage = Stage::new().await;
    stage.set_members(TOPIC, &[3, 1, 4, 2]);
    stage.bind(1);
    stage.bind(2);
    let sent_at_ms = stage.now_ms();
    let message = stage.send(sample::to_topic(1, TOPIC, "all"));
    let instant = stage.posts(INSTANT, 1).await.remove(0).json();
    let all = ["account-3", "account-1", "account-4", "account-2"];
    assert_eq!(instant["msgType"], "NORMAL_TOPIC_MSG");
    assert_eq!(instant["toAccounts"], json!(all));
    assert_eq!(instant["topicId"], TOPIC.to_string());
    pass_ms(300).await;
    stage.acknowledge(2, message.sequence);
    let offline = stage.posts(OFFLINE, 1).await.remove(0);
    assert_eq!(
        offline.at_ms - sent_at_ms,
        300,
        "all bound ones have acknowledged"
    );
    assert_eq!(offline.json()["msgType"], "OFFLINE_TOPIC_MSG");
    assert_eq!(
        offline.json()["toAccounts"],
        json!(["account-3", "account-4"])
    );
    pass_ms(60_000).await;
    assert_eq!(stage.posts_now(OFFLINE).len(), 1);
}

#[tokio::test(start_paused = true)]
async fn retries_name_the_same_receivers_whoever_came_meanwhile() {
    let stage = Stage::new().await;
    stage.set_members(TOPIC, &[1, 2, 3]);
    stage.then(OFFLINE, Answer::Status(500));
    let message = stage.send(sample::to_topic(1, TOPIC, "all"));
    stage.posts(OFFLINE, 1).await;
    stage.acknowledge(2, message.sequence);
    let posts = stage.posts(OFFLINE, 2).await;
    assert_eq!(posts[1].request.body, posts[0].request.body);
}

#[tokio::test(start_paused = true)]
async fn a_topic_that_all_have_reached_is_told_to_nobody() {
    let stage = Stage::new().await;
    stage.set_members(TOPIC, &[1, 2, 3]);
    stage.bind(2);
    stage.bind(3);
    let message = stage.send(sample::to_topic(1, TOPIC, "all"));
    pass_ms(10).await;
    stage.acknowledge(2, message.sequence);
    pass_ms(10).await;
    stage.acknowledge(3, message.sequence);
    pass_ms(60_000).await;
    assert!(stage.posts_now(OFFLINE).is_empty());
}

#[tokio::test(start_paused = true)]
async fn notes_to_oneself_and_lonely_topics_have_no_receivers() {
    let stage = Stage::new().await;
    stage.set_members(TOPIC, &[1]);
    stage.send(sample::message(1, 1, "note"));
    stage.send(sample::to_topic(1, TOPIC, "alone"));
    stage.posts(INSTANT, 2).await;
    pass_ms(60_000).await;
    assert!(stage.posts_now(OFFLINE).is_empty());
}

#[tokio::test(start_paused = true)]
async fn the_open_question_survives_a_restart() {
    let mut stage = Stage::new().await;
    stage.bind(2);
    stage.bind(3);
    let sent_at_ms = stage.now_ms();
    stage.send(sample::message(1, 2, "silent"));
    let reached = stage.send(sample::message(1, 3, "reached"));
    pass_ms(4_000).await;
    stage.restart().await;
    pass_ms(1_000).await;
    stage.acknowledge(3, reached.sequence);
    let post = stage.posts(OFFLINE, 1).await.remove(0);
    assert_eq!(post.at_ms - sent_at_ms, 10_000);
    assert_eq!(post.json()["toAccount"], "account-2");
    pass_ms(60_000).await;
    assert_eq!(stage.posts_now(OFFLINE).len(), 1);
}

#[tokio::test(start_paused = true)]
async fn after_a_restart_devices_have_time_to_come_back() {
    let mut stage = Stage::new().await;
    let silent = stage.commit(sample::message(1, 2, "comes back"));
    stage.commit(sample::message(1, 3, "does not"));
    stage.restart().await;
    pass_ms(3_000).await;
    stage.bind(2);
    stage.acknowledge(2, silent.sequence);
    let post = stage.posts(OFFLINE, 1).await.remove(0);
    assert_eq!(post.json()["toAccount"], "account-3");
    pass_ms(60_000).await;
    assert_eq!(stage.posts_now(OFFLINE).len(), 1);
}

#[tokio::test(start_paused = true)]
async fn over_the_maximum_of_waits_the_question_is_decided_after_its_time() {
    let stage = Stage::with(crate::Config {
        waits_per_app_max: 0,
        ..crate::Config::default()
    })
    .await;
    stage.bind(2);
    stage.bind(3);
    let sent_at_ms = stage.now_ms();
    let reached = stage.send(sample::message(1, 2, "reached"));
    stage.send(sample::message(1, 3, "not"));
    stage.acknowledge(2, reached.sequence);
    let post = stage.posts(OFFLINE, 1).await.remove(0);
    assert_eq!(post.at_ms - sent_at_ms, 10_000);
    pass_ms(60_000).await;
    assert_eq!(stage.posts_now(OFFLINE).len(), 1);
    let rows = stage.rows().await;
    assert!(
        rows.iter()
            .all(|row| row.status == DeliveryStatus::Delivered)
    );
}
