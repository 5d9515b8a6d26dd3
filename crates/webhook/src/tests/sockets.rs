//! The whole engine over real sockets.

use std::sync::Arc;
use std::time::Duration;

use chat::port::DeliveryStatus;
use model::{App, AppId};
use tokio::time::timeout;

use crate::signature::verify;
use crate::sink::{Sink, answer};
use crate::stage::{Stage, pass_ms};
use crate::{Config, HttpPost, sample};

async fn stage(allow_private: bool) -> Stage {
    let post = Arc::new(HttpPost::new(allow_private));
    Stage::over(Config::default(), Some(post)).await
}

/// Until it has got so many posts.
async fn arrived(sink: &Sink, count: usize) {
    let wait = async {
        while sink.posts().len() < count {
            pass_ms(2).await;
        }
    };
    let patience = Duration::from_secs(2);
    timeout(patience, wait).await.expect("so many posts arrive");
}

/// Until so many attempts of the first row are recorded.
async fn tried(stage: &Stage, count: usize) {
    let wait = async {
        loop {
            let rows = stage.rows().await;
            if rows.first().is_some_and(|row| row.attempts.len() >= count) {
                return;
            }
            pass_ms(2).await;
        }
    };
    let patience = Duration::from_secs(2);
    timeout(patience, wait)
        .await
        .expect("so many attempts are made");
}

#[tokio::test]
async fn a_message_arrives_signed() {
    let stage = stage(true).await;
    let sink = Sink::start(answer("200 OK")).await;
    stage.set_urls(&sink.url("127.0.0.1"), "");
    stage.send(sample::message(1, 2, "hello"));
    arrived(&sink, 1).await;
    let post = sink.posts().remove(0);
    let secret = sample::app("", "").callback_secret;
    let timestamp_s = post.header("webhook-timestamp").parse().unwrap();
    let (id, signature) = (post.header("webhook-id"), post.header("webhook-signature"));
    assert!(verify(&secret, id, timestamp_s, &post.body, signature));
    tried(&stage, 1).await;
    assert_eq!(stage.statuses().await, [DeliveryStatus::Delivered]);
}

#[tokio::test]
async fn a_server_that_hangs_delays_no_other() {
    let stage = stage(true).await;
    let hanging = Sink::start("").await;
    let good = Sink::start(answer("200 OK")).await;
    stage.set_urls(&hanging.url("127.0.0.1"), "");
    let other = AppId(7);
    stage.add_app(App {
        id: other,
        ..sample::app(&good.url("127.0.0.1"), "")
    });
    for _ in 0..100 {
        stage.send(sample::message(1, 2, "into the void"));
    }
    arrived(&hanging, Config::default().posts_per_app_max).await;
    let mut message = sample::message(1, 2, "another app");
    message.content.app_id = other;
    stage.send(message);
    arrived(&good, 1).await;
    assert_eq!(hanging.posts().len(), Config::default().posts_per_app_max);
}

#[tokio::test]
async fn without_permission_this_machine_is_not_posted_to() {
    let stage = stage(false).await;
    let sink = Sink::start(answer("200 OK")).await;
    stage.set_urls(&sink.url("localhost"), "");
    stage.send(sample::message(1, 2, "x"));
    tried(&stage, 1).await;
    let row = stage.rows().await.remove(0);
    let error = row.attempts[0].error.clone().unwrap();
    assert!(error.contains("private network"), "{error}");
    assert_eq!((sink.connections(), row.attempts[0].http_status), (0, None));
}
