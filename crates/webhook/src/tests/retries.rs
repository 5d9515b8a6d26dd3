//! The schedule of one delivery, on paused time.

use chat::port::Webhook as _;
use chat::port::{DeliveryKind, DeliveryStatus, SignedPost};

use crate::sample::{self, APP};
use crate::signature::verify;
use crate::stage::{Answer, INSTANT, OFFLINE, Posted, Stage, pass_ms};
use chat::port::TrialError;

/// Milliseconds from the first post to each.
fn times(posts: &[Posted]) -> Vec<u64> {
    posts
        .iter()
        .map(|post| post.at_ms - posts[0].at_ms)
        .collect()
}

#[tokio::test(start_paused = true)]
async fn an_accepted_message_is_posted_once_with_everything() {
    let stage = Stage::new().await;
    stage.set_urls(INSTANT, "");
    let message = stage.send(sample::message(1, 2, "hello"));
    let post = &stage.posts(INSTANT, 1).await[0];
    let json = post.json();
    assert_eq!(json["msgType"], "NORMAL_MSG");
    assert_eq!(json["sequence"], message.sequence.to_string());
    assert_eq!(json["timestamp"], message.timestamp_ms.to_string());
    let request = &post.request;
    assert_eq!(request.timestamp_s, post.at_ms / 1_000);
    let secret = sample::app("", "").callback_secret;
    assert!(verify(
        &secret,
        &request.id,
        request.timestamp_s,
        &request.body,
        &request.signature
    ));
    pass_ms(1_000_000).await;
    assert_eq!(stage.posts_now(INSTANT).len(), 1);
    assert_eq!(stage.statuses().await, [DeliveryStatus::Delivered]);
    assert_eq!(stage.webhooks.counts().delivered, 1);
}

#[tokio::test(start_paused = true)]
async fn a_message_that_is_not_stored_is_posted_too() {
    let stage = Stage::new().await;
    let mut message = sample::message(1, 2, "fleeting");
    message.content.is_stored = false;
    stage.send(message);
    assert_eq!(
        stage.posts(INSTANT, 1).await[0].json()["payload"],
        "ZmxlZXRpbmc="
    );
}

#[tokio::test(start_paused = true)]
async fn after_5_s_30_s_and_5_min_it_is_given_up() {
    let stage = Stage::new().await;
    stage.set_urls(INSTANT, "");
    stage.then(INSTANT, Answer::Status(500));
    stage.send(sample::message(1, 2, "again"));
    let posts = stage.posts(INSTANT, 4).await;
    assert_eq!(times(&posts), [0, 5_000, 35_000, 335_000]);
    pass_ms(1_000_000).await;
    assert_eq!(stage.posts_now(INSTANT).len(), 4);
    for post in &posts {
        assert_eq!(post.request.body, posts[0].request.body);
        assert_eq!(post.request.id, posts[0].request.id);
        assert_eq!(post.request.timestamp_s, post.at_ms / 1_000);
    }
    let row = &stage.rows().await[0];
    assert_eq!(
        (row.status, row.attempts.len()),
        (DeliveryStatus::Failed, 4)
    );
    let attempt = &row.attempts[3];
    assert_eq!((attempt.http_status, &*attempt.url), (Some(500), INSTANT));
    let counts = stage.webhooks.counts();
    assert_eq!((counts.retried, counts.failed), (3, 1));
}

#[tokio::test(start_paused = true)]
async fn silence_ends_after_5_s_and_the_delay_begins_then() {
    let stage = Stage::new().await;
    stage.set_urls(INSTANT, "");
    stage.then(INSTANT, Answer::Hang);
    stage.send(sample::message(1, 2, "anybody?"));
    let posts = stage.posts(INSTANT, 4).await;
    assert_eq!(times(&posts), [0, 10_000, 45_000, 350_000]);
    pass_ms(10_000).await;
    let row = &stage.rows().await[0];
    let attempt = &row.attempts[3];
    assert_eq!(
        (row.status, attempt.took_ms),
        (DeliveryStatus::Failed, 5_000)
    );
    assert_eq!(attempt.error.as_deref(), Some("no answer within 5 s"));
}

#[tokio::test(start_paused = true)]
async fn only_200_is_success() {
    for answer in [201, 204, 301, 307, 404, 503].map(Answer::Status) {
        let stage = Stage::new().await;
        stage.script(INSTANT, &[answer, Answer::Refuse]);
        stage.send(sample::message(1, 2, "once more"));
        assert_eq!(
            times(&stage.posts(INSTANT, 3).await),
            [0, 5_000, 35_000],
            "{answer:?}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn the_url_is_the_one_at_the_time_of_the_attempt() {
    let stage = Stage::new().await;
    stage.set_urls(INSTANT, "");
    stage.then(INSTANT, Answer::Refuse);
    stage.send(sample::message(1, 2, "moving"));
    let first = stage.posts(INSTANT, 1).await[0].clone();
    stage.set_urls("http://new.example/", "");
    let second = stage.posts("http://new.example/", 1).await[0].clone();
    assert_eq!(second.request.body, first.request.body);
    assert_eq!(second.request.id, first.request.id);
}

#[tokio::test(start_paused = true)]
async fn without_a_url_what_is_open_is_dropped() {
    let stage = Stage::new().await;
    stage.set_urls(INSTANT, "");
    stage.then(INSTANT, Answer::Status(500));
    stage.send(sample::message(1, 2, "one"));
    stage.send(sample::message(1, 2, "two"));
    stage.posts(INSTANT, 2).await;
    stage.set_urls("", "");
    pass_ms(6_000).await;
    assert!(stage.rows().await.is_empty());
    stage.set_urls(INSTANT, "");
    pass_ms(1_000_000).await;
    assert_eq!(stage.posts_now(INSTANT).len(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_cleared_url_drops_at_once_and_only_its_kind() {
    let stage = Stage::new().await;
    stage.then(INSTANT, Answer::Status(500));
    stage.then(OFFLINE, Answer::Status(500));
    stage.send(sample::message(1, 2, "never again"));
    stage.posts(INSTANT, 1).await;
    stage.posts(OFFLINE, 1).await;
    pass_ms(1).await;
    stage.set_urls("", OFFLINE);
    stage
        .webhooks
        .url_cleared(APP, DeliveryKind::Instant)
        .await
        .unwrap();
    stage.set_urls(INSTANT, OFFLINE);
    assert_eq!(stage.posts(OFFLINE, 4).await.len(), 4);
    assert_eq!(stage.posts_now(INSTANT).len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_deleted_app_is_posted_nothing() {
    let stage = Stage::new().await;
    stage.then(INSTANT, Answer::Status(500));
    stage.send(sample::message(1, 2, "gone"));
    stage.posts(INSTANT, 1).await;
    stage.remove_app(APP);
    pass_ms(1_000_000).await;
    assert_eq!(stage.posts_now(INSTANT).len(), 1);
    assert!(stage.rows().await.is_empty());
}

#[tokio::test(start_paused = true)]
async fn without_urls_there_are_no_rows() {
    let stage = Stage::new().await;
    stage.set_urls("", "");
    stage.send(sample::message(1, 2, "nobody listens"));
    stage.set_urls(INSTANT, "");
    stage.send(sample::message(1, 2, "somebody does"));
    pass_ms(60_000).await;
    assert_eq!(stage.posts_now(INSTANT).len(), 1);
    assert_eq!(stage.rows().await.len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_replay_posts_at_once_with_all_its_retries() {
    let stage = Stage::new().await;
    stage.set_urls(INSTANT, "");
    stage.then(INSTANT, Answer::Status(500));
    stage.send(sample::message(1, 2, "failed"));
    stage.posts(INSTANT, 4).await;
    pass_ms(1).await;
    let replayed_at_ms = stage.now_ms();
    let row = stage.rows().await.remove(0);
    assert!(stage.webhooks.replay(APP, &row.id).await.unwrap());
    let posts = stage.posts(INSTANT, 8).await;
    assert_eq!(posts[4].at_ms, replayed_at_ms);
    assert_eq!(times(&posts[4..]), [0, 5_000, 35_000, 335_000]);
    assert_eq!(posts[7].request.body, posts[0].request.body);
    pass_ms(1).await;
    let row = stage.rows().await.remove(0);
    assert_eq!(
        (row.status, row.attempts.len()),
        (DeliveryStatus::Failed, 8)
    );
    stage.then(INSTANT, Answer::Status(200));
    assert_eq!(stage.webhooks.replay_failed(APP).await.unwrap(), 1);
    stage.posts(INSTANT, 9).await;
    pass_ms(1).await;
    assert_eq!(stage.statuses().await, [DeliveryStatus::Delivered]);
    assert!(!stage.webhooks.replay(APP, "cb_unknown").await.unwrap());
}

#[tokio::test(start_paused = true)]
async fn a_retry_can_be_replayed_before_its_time() {
    let stage = Stage::new().await;
    stage.set_urls(INSTANT, "");
    stage.script(INSTANT, &[Answer::Status(500)]);
    stage.send(sample::message(1, 2, "impatient"));
    stage.posts(INSTANT, 1).await;
    pass_ms(1).await;
    let row = stage.rows().await.remove(0);
    assert!(stage.webhooks.replay(APP, &row.id).await.unwrap());
    assert_eq!(times(&stage.posts(INSTANT, 2).await), [0, 1]);
    pass_ms(1_000_000).await;
    assert_eq!(stage.posts_now(INSTANT).len(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_message_that_is_gone_fails_and_says_so() {
    let stage = Stage::new().await;
    stage.set_urls(INSTANT, "");
    stage.script(INSTANT, &[Answer::Status(500)]);
    stage.send(sample::message(1, 2, "old"));
    stage.posts(INSTANT, 1).await;
    stage.forget_messages();
    pass_ms(6_000).await;
    let row = stage.rows().await.remove(0);
    assert_eq!(
        (row.status, row.attempts.len()),
        (DeliveryStatus::Failed, 2)
    );
    assert_eq!(
        row.attempts[1].error.as_deref(),
        Some("the message is no longer kept")
    );
}

#[tokio::test(start_paused = true)]
async fn a_test_is_posted_once_and_reported() {
    let stage = Stage::new().await;
    stage.set_urls(INSTANT, "");
    stage.script(INSTANT, &[Answer::Status(418)]);
    let report = stage
        .webhooks
        .test(APP, DeliveryKind::Instant)
        .await
        .unwrap();
    assert_eq!((report.http_status, &*report.url), (Some(418), INSTANT));
    assert_eq!(report.error.as_deref(), Some("answered 418, not 200"));
    assert_eq!(
        stage.posts_now(INSTANT)[0].json()["packetId"],
        "callback-test"
    );
    let refused = stage.webhooks.test(APP, DeliveryKind::Offline).await;
    assert_eq!(refused, Err(TrialError::NoUrl));
    pass_ms(60_000).await;
    assert_eq!(stage.posts_now(INSTANT).len(), 1);
    assert!(stage.rows().await.is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_replay_during_the_last_attempt_is_not_lost() {
    let stage = Stage::new().await;
    stage.set_urls(INSTANT, "");
    stage.then(INSTANT, Answer::Hang);
    stage.send(sample::message(1, 2, "one more"));
    stage.posts(INSTANT, 4).await;
    pass_ms(2_000).await;
    let row = stage.rows().await.remove(0);
    assert!(stage.webhooks.replay(APP, &row.id).await.unwrap());
    let posts = stage.posts(INSTANT, 8).await;
    assert_eq!(times(&posts[3..6]), [0, 5_000, 15_000]);
    pass_ms(10_000).await;
    assert_eq!(stage.statuses().await, [DeliveryStatus::Failed]);
}

#[tokio::test(start_paused = true)]
async fn what_was_posted_can_be_read_again_byte_for_byte() {
    let stage = Stage::new().await;
    stage.set_urls(INSTANT, "");
    stage.script(INSTANT, &[Answer::Status(500)]);
    stage.send(sample::message(1, 2, "hello"));
    let posts = stage.posts(INSTANT, 2).await;
    pass_ms(100).await;
    let [first, newest] = [&posts[0].request, &posts[1].request];
    assert_ne!(first.signature, newest.signature, "it was sent later");
    let webhooks = &stage.webhooks;
    let delivery = webhooks.delivery(APP, &newest.id).await.unwrap().unwrap();
    stage.set_urls("http://elsewhere.example/", "");
    let again = webhooks.request(&delivery).await.unwrap().unwrap();
    assert_eq!((&again.url, &again.body), (&newest.url, &newest.body));
    assert_eq!(again.headers, newest.headers());
    let unknown = webhooks.delivery(APP, "cb_unknown").await.unwrap();
    assert_eq!(unknown, None);
    stage.forget_messages();
    assert_eq!(webhooks.request(&delivery).await.unwrap(), None);
}

#[tokio::test(start_paused = true)]
async fn a_signature_is_checked_by_the_secret_of_the_app() {
    let stage = Stage::new().await;
    stage.set_urls(INSTANT, "");
    stage.send(sample::message(1, 2, "hello"));
    let Posted { request, .. } = &stage.posts(INSTANT, 1).await[0];
    let app = sample::app(INSTANT, "");
    let check = |body: &[u8]| {
        let post = SignedPost {
            id: &request.id,
            timestamp_s: request.timestamp_s,
            signatures: &request.signature,
            body,
        };
        stage.webhooks.check_signature(&app, post).unwrap()
    };
    let right = check(&request.body);
    assert!(right.is_valid);
    assert_eq!(right.expected, request.signature);
    let wrong = check(b"{}");
    assert!(!wrong.is_valid && wrong.expected != request.signature);
}

#[tokio::test(start_paused = true)]
async fn a_clock_that_is_set_back_holds_up_no_retry() {
    let mut stage = Stage::new().await;
    stage.set_urls(INSTANT, "");
    stage.then(INSTANT, Answer::Status(500));
    stage.send(sample::message(1, 2, "late"));
    stage.posts(INSTANT, 1).await;
    stage.set_clock_back(86_400_000);
    pass_ms(60_000).await;
    assert_eq!(stage.posts_now(INSTANT).len(), 3);
    stage.set_clock_back(86_400_000);
    stage.restart().await;
    pass_ms(1_000).await;
    assert_eq!(stage.posts_now(INSTANT).len(), 4);
}

#[tokio::test(start_paused = true)]
async fn a_clock_that_is_set_back_leaves_no_question_open() {
    let stage = Stage::new().await;
    stage.set_urls("", OFFLINE);
    stage.bind(2);
    stage.send(sample::message(1, 2, "is anybody there?"));
    pass_ms(5_000).await;
    stage.set_clock_back(86_400_000);
    pass_ms(120_000).await;
    assert_eq!(stage.posts_now(OFFLINE).len(), 1);
}
