//! Many apps, one engine: who is slow is slow alone.

use model::{App, AppId, Message};

use crate::Config;
use crate::sample;
use crate::stage::{Answer, INSTANT, Stage, pass_ms};

fn other(number: u64) -> App {
    let url = format!("http://{number}.example/");
    App {
        id: AppId(number),
        ..sample::app(&url, "")
    }
}

fn from_other(number: u64, text: &str) -> Message {
    let mut message = sample::message(1, 2, text);
    message.content.app_id = AppId(number);
    message
}

#[tokio::test(start_paused = true)]
async fn a_hanging_server_delays_no_other_app() {
    let stage = Stage::new().await;
    stage.set_urls(INSTANT, "");
    stage.add_app(other(7));
    stage.then(INSTANT, Answer::Hang);
    for _ in 0..200 {
        stage.send(sample::message(1, 2, "into the void"));
    }
    pass_ms(1_000).await;
    let sent_at_ms = stage.now_ms();
    for _ in 0..20 {
        stage.send(from_other(7, "another app"));
    }
    let posts = stage.posts("http://7.example/", 20).await;
    assert!(posts.iter().all(|post| post.at_ms == sent_at_ms));
    let limit = Config::default().posts_per_app_max;
    assert_eq!(
        (stage.under_way_max(), stage.posts_now(INSTANT).len()),
        (limit, limit)
    );
}

#[tokio::test(start_paused = true)]
async fn all_that_waits_for_a_slow_server_is_posted_in_the_end() {
    let stage = Stage::new().await;
    stage.set_urls(INSTANT, "");
    stage.then(INSTANT, Answer::Hang);
    for number in 0..50 {
        stage.send(sample::message(1, 2, &number.to_string()));
    }
    pass_ms(7_000).await;
    stage.then(INSTANT, Answer::Status(200));
    pass_ms(40_000).await;
    let mut ids: Vec<_> = stage.rows().await.iter().map(|row| row.status).collect();
    ids.dedup();
    assert_eq!(ids, [chat::port::DeliveryStatus::Delivered]);
}

#[tokio::test(start_paused = true)]
async fn posts_of_all_apps_have_a_maximum_and_many_hanging_ones_leave_room() {
    let stage = Stage::with(Config {
        posts_per_app_max: 4,
        posts_max: 12,
        ..Config::default()
    })
    .await;
    for number in 1..=6 {
        stage.add_app(other(number));
        stage.then(&format!("http://{number}.example/"), Answer::Hang);
        for _ in 0..10 {
            stage.send(from_other(number, "into the void"));
        }
    }
    pass_ms(1_000).await;
    // Two apps have four each; above half of the maximum the four others have one each.
    assert_eq!(stage.under_way_max(), 12);
    let posts = |number: u64| stage.posts_now(&format!("http://{number}.example/")).len();
    assert!((1..=6).all(|number| posts(number) >= 1));
    pass_ms(60_000).await;
    assert_eq!(stage.under_way_max(), 12);
}

#[tokio::test(start_paused = true)]
async fn an_attempt_that_panics_gives_its_slot_back() {
    let stage = Stage::with(Config {
        posts_per_app_max: 1,
        ..Config::default()
    })
    .await;
    stage.set_urls(INSTANT, "");
    stage.script(INSTANT, &[Answer::Panic, Answer::Panic]);
    stage.send(sample::message(1, 2, "one"));
    stage.send(sample::message(1, 2, "two"));
    stage.posts(INSTANT, 4).await;
}
