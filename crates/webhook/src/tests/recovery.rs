//! Nothing is lost and nothing doubled: restarts, full queues, a store that is away.

use std::collections::HashSet;

use chat::port::{Deliveries as _, DeliveryStatus};

use crate::stage::{Answer, INSTANT, OFFLINE, Stage, pass_ms};
use crate::{Config, sample};

/// The packetIds that were posted to the instant URL.
fn packets(stage: &Stage) -> Vec<String> {
    let posts = stage.posts_now(INSTANT);
    let packet = |json: serde_json::Value| json["packetId"].as_str().unwrap().to_owned();
    posts.iter().map(|post| packet(post.json())).collect()
}

#[tokio::test(start_paused = true)]
async fn the_schedule_goes_on_over_restarts() {
    let mut stage = Stage::new().await;
    stage.set_urls(INSTANT, "");
    stage.then(INSTANT, Answer::Status(500));
    stage.send(sample::message(1, 2, "again"));
    let begun_at_ms = stage.posts(INSTANT, 1).await[0].at_ms;
    pass_ms(2_000).await;
    stage.restart().await;
    stage.posts(INSTANT, 2).await;
    pass_ms(10_000).await;
    stage.restart().await;
    stage.posts(INSTANT, 3).await;
    pass_ms(100_000).await;
    stage.restart().await;
    let posts = stage.posts(INSTANT, 4).await;
    let times: Vec<_> = posts.iter().map(|post| post.at_ms - begun_at_ms).collect();
    assert_eq!(times, [0, 5_000, 35_000, 335_000]);
    assert!(
        posts
            .iter()
            .all(|post| post.request.body == posts[0].request.body)
    );
    assert!(
        posts
            .iter()
            .all(|post| post.request.id == posts[0].request.id)
    );
    pass_ms(1_000_000).await;
    assert_eq!(stage.statuses().await, [DeliveryStatus::Failed]);
}

#[tokio::test(start_paused = true)]
async fn an_attempt_that_a_crash_cut_off_is_made_again_with_its_id() {
    let mut stage = Stage::new().await;
    stage.set_urls(INSTANT, "");
    stage.script(INSTANT, &[Answer::Hang]);
    stage.send(sample::message(1, 2, "cut off"));
    stage.posts(INSTANT, 1).await;
    stage.restart().await;
    let posts = stage.posts(INSTANT, 2).await;
    assert_eq!(posts[1].request.id, posts[0].request.id);
    assert_eq!(posts[1].at_ms, posts[0].at_ms);
}

#[tokio::test(start_paused = true)]
async fn what_was_committed_before_a_crash_is_posted_once() {
    let mut stage = Stage::new().await;
    stage.set_urls(INSTANT, "");
    stage.send(sample::message(1, 2, "before"));
    stage.posts(INSTANT, 1).await;
    for number in 0..700 {
        stage.commit(sample::message(1, 2, &number.to_string()));
    }
    stage.restart().await;
    stage.send(sample::message(1, 2, "after"));
    stage.posts(INSTANT, 702).await;
    pass_ms(60_000).await;
    let packets = packets(&stage);
    assert_eq!(packets.len(), 702);
    assert_eq!(packets.iter().collect::<HashSet<_>>().len(), 702);
}

#[tokio::test(start_paused = true)]
async fn a_full_queue_is_made_up_for_from_the_log() {
    let stage = Stage::with(Config {
        queue_max: 4,
        ..Config::default()
    })
    .await;
    stage.set_urls(INSTANT, "");
    for number in 0..300 {
        stage.send(sample::message(1, 2, &number.to_string()));
    }
    stage.posts(INSTANT, 300).await;
    assert!(stage.webhooks.counts().overflows > 0);
    stage.send(sample::message(1, 2, "after"));
    pass_ms(60_000).await;
    let packets = packets(&stage);
    assert_eq!(packets.len(), 301);
    assert_eq!(packets.iter().collect::<HashSet<_>>().len(), 301);
}

#[tokio::test(start_paused = true)]
async fn a_store_that_is_away_loses_nothing() {
    let stage = Stage::new().await;
    stage.set_down(true);
    stage.send(sample::message(1, 2, "one"));
    pass_ms(3_500).await;
    stage.send(sample::message(1, 3, "two"));
    pass_ms(3_500).await;
    assert!(stage.posts_now(INSTANT).is_empty());
    stage.set_down(false);
    stage.posts(INSTANT, 2).await;
    stage.posts(OFFLINE, 2).await;
    pass_ms(60_000).await;
    assert_eq!(stage.posts_now(INSTANT).len(), 2);
    assert_eq!(stage.posts_now(OFFLINE).len(), 2);
}

#[tokio::test(start_paused = true)]
async fn the_position_moves_with_messages_that_go_nowhere() {
    let stage = Stage::new().await;
    stage.set_urls("", "");
    let message = stage.send(sample::message(1, 2, "nobody listens"));
    pass_ms(20_000).await;
    assert_eq!(stage.deliveries.position().await.unwrap(), message.sequence);
}

#[tokio::test(start_paused = true)]
async fn a_stop_takes_in_what_was_committed_and_records_what_ends() {
    let stage = Stage::new().await;
    stage.set_urls(INSTANT, "");
    let message = stage.send(sample::message(1, 2, "last words"));
    stage.webhooks.stop().await;
    assert_eq!(stage.deliveries.position().await.unwrap(), message.sequence);
    assert_eq!(stage.rows().await.len(), 1);
    stage.send(sample::message(1, 2, "too late"));
    pass_ms(60_000).await;
    assert_eq!(stage.rows().await.len(), 1);
}

#[tokio::test(start_paused = true)]
async fn what_was_there_before_the_first_start_is_not_posted() {
    let mut stage = Stage::new().await;
    stage.set_urls(INSTANT, "");
    stage.commit(sample::message(1, 2, "long ago"));
    stage.forget_rows();
    stage.restart().await;
    stage.send(sample::message(1, 2, "now"));
    pass_ms(60_000).await;
    assert_eq!(packets(&stage), ["now"]);
}

#[tokio::test(start_paused = true)]
async fn what_came_after_the_first_start_is_posted_however_soon_that_ended() {
    let mut stage = Stage::new().await;
    stage.set_urls(INSTANT, "");
    stage.commit(sample::message(1, 2, "long ago"));
    stage.forget_rows();
    stage.restart().await;
    stage.commit(sample::message(1, 2, "at once"));
    stage.restart().await;
    pass_ms(60_000).await;
    assert_eq!(packets(&stage), ["at once"]);
}
