//! What was said can be read again: by count, by time and by sequence.

use std::collections::VecDeque;

use client::rest::{Caller, HistoryRange, Method, PastMessage, RestError};
use client::token::AdminTokens;
use client::{Receipt, SendOptions, Target};
use e2e::{Person, Server, within};
use serde_json::{Value, json};

/// More than ten answers of a walk.
const MESSAGES: usize = 2_000;
const PAGE: u64 = 200;
/// Messages on their way.
const WINDOW: usize = 256;
/// Past any clock.
const EVER: i64 = 4_102_444_800_000;

#[tokio::test]
async fn a_walk_by_count_meets_every_message_once_also_after_a_restart() {
    let mut server = Server::start().await;
    let ann = server.person("ann", "desk").await;
    let said = say(&ann, "ben", MESSAGES).await;
    let ascending = said.is_sorted_by(|a, b| a.0 < b.0 && a.1 < b.1);
    assert!(ascending, "sequence and time ascend within a conversation");
    assert_eq!(walk(&server, "ben", "ann").await, said);
    server.stop().await;
    server.start_again().await;
    assert_eq!(walk(&server, "ann", "ben").await, said);
    server.kill().await;
    server.start_again().await;
    assert_eq!(walk(&server, "ben", "ann").await, said);
}

#[tokio::test]
async fn by_time_and_by_sequence_give_the_range_and_no_more() {
    let mut server = Server::start().await;
    let ann = server.person("ann", "desk").await;
    let said = say(&ann, "ben", 50).await;
    // Another conversation, which is none of this one.
    say(&ann, "carl", 5).await;
    for _ in 0..2 {
        let ben = server.caller("ben");
        let (from, to) = (said[10].1, said[20].1);
        let by_time = json!({"utcFromTime": from, "utcToTime": to.to_string()});
        assert_eq!(asked(&ben, "query", "ann", by_time).await, said[10..20]);
        let (start, stop) = (said[10].0, said[20].0);
        let by_sequence = json!({"startSeq": start.to_string(), "stopSeq": stop});
        let found = asked(&ben, "queryOnSequence", "ann", by_sequence).await;
        assert_eq!(found, said[10..20]);
        server.kill().await;
        server.start_again().await;
    }
}

#[tokio::test]
async fn the_client_reads_each_range_of_people_and_of_groups() {
    let server = Server::start().await;
    let owner = server.caller("ann");
    let made = owner.create_topic("lunch", &["ben"]).await.unwrap();
    let ann = server.person("ann", "desk").await;
    for with in [Target::from("ben"), Target::Topic(made.topic_info.topic_id)] {
        let said = say(&ann, with.clone(), 9).await;
        let seen_by_ben = match &with {
            Target::Account(_) => Target::from("ann"),
            topic @ Target::Topic(_) => topic.clone(),
        };
        let ben = server.caller("ben");
        let ranges = [
            (HistoryRange::newest(4), 5..9),
            (before(said[5].1, 3), 2..5),
            (before(said[0].1, 3), 0..0),
            (between(said[2].1, said[7].1), 2..7),
            (sequences(said[3].0, said[4].0), 3..4),
        ];
        for (range, expected) in ranges {
            let found = ben.history(&seen_by_ben, range).await.unwrap();
            let place = |one: &PastMessage| (one.sequence, one.timestamp_ms);
            let places: Vec<_> = found.iter().map(place).collect();
            assert_eq!(places, said[expected], "{range:?}");
            let is_hers = |one: &PastMessage| one.from == "ann" && one.to == with;
            assert!(found.iter().all(is_hers), "{found:?}");
        }
    }
}

#[tokio::test]
async fn a_reader_whose_token_was_revoked_gets_another_and_reads_on() {
    let server = Server::start().await;
    let ann = server.person("ann", "desk").await;
    let said = ann.tell("ben", "hello").await;
    let (admin, app_id) = (server.admin(), server.app().app_id);
    let tokens = AdminTokens {
        admin: server.admin(),
        app_id: app_id.clone(),
        account: "ben".to_owned(),
    };
    let only = server.rest().token(&server.app(), "ben").await.unwrap();
    let renewing = Caller::by_tokens(server.rest(), tokens).await.unwrap();
    let fixed = Caller::by_token(server.rest(), &only).unwrap();
    let last = HistoryRange::newest(1);
    assert!(fixed.history(&Target::from("ann"), last).await.is_ok());
    admin.rotate_secret(&app_id).await.unwrap();
    let refused = fixed.history(&Target::from("ann"), last).await;
    assert!(matches!(refused, Err(RestError::Refused { code: 401, .. })));
    let found = renewing.history(&Target::from("ann"), last).await.unwrap();
    assert_eq!(found[0].sequence, said.sequence);
    assert_eq!(found[0].payload, "hello");
}

#[tokio::test]
async fn what_is_not_to_be_kept_is_heard_and_not_found() {
    let server = Server::start().await;
    let ann = server.person("ann", "desk").await;
    let mut ben = server.person("ben", "desk").await;
    let fleeting = SendOptions {
        is_store: false,
        ..SendOptions::default()
    };
    within("a receipt", ann.client.send("ben", "fleeting", fleeting))
        .await
        .unwrap();
    let kept = ann.tell("ben", "kept").await;
    assert_eq!(ben.hear_texts(2).await, ["fleeting", "kept"]);
    let found = walk(&server, "ben", "ann").await;
    assert_eq!(found, [(kept.sequence, kept.timestamp_ms)]);
}

#[tokio::test]
async fn nobody_reads_what_others_have_said() {
    let server = Server::start().await;
    let ann = server.person("ann", "desk").await;
    ann.tell("ben", "between us").await;
    let body = json!({"fromAccount": "ann", "toAccount": "ben", "utcToTime": EVER, "count": 1});
    let path = "/api/msg/p2p/queryOnCount";
    let carl = server.caller("carl");
    let refused = carl.call(Method::POST, path, Some(&body)).await;
    assert!(matches!(refused, Err(RestError::Refused { code: 401, .. })));
}

#[tokio::test]
async fn members_read_a_group_also_what_was_said_before_they_joined() {
    let mut server = Server::start().await;
    let owner = server.caller("ann");
    let made = owner.create_topic("lunch", &["ben"]).await.unwrap();
    let id = made.topic_info.topic_id;
    let ann = server.person("ann", "desk").await;
    let said = say(&ann, Target::Topic(id), 30).await;
    let refused = group_page(&server.caller("carl"), "carl", id, EVER).await;
    assert!(matches!(refused, Err(RestError::Refused { code: 500, .. })));
    owner.invite(id, &["carl"]).await.unwrap();
    for _ in 0..2 {
        let page = group_page(&server.caller("carl"), "carl", id, EVER).await;
        assert_eq!(places(&page.unwrap()), said);
        server.kill().await;
        server.start_again().await;
    }
    owner.dismiss_topic(id).await.unwrap();
    assert!(group_page(&owner, "ann", id, EVER).await.is_err());
}

fn before(before_ms: i64, count: u32) -> HistoryRange {
    HistoryRange::Newest { before_ms, count }
}

fn between(from_ms: i64, to_ms: i64) -> HistoryRange {
    HistoryRange::Time { from_ms, to_ms }
}

fn sequences(from: i64, to: i64) -> HistoryRange {
    HistoryRange::Sequences { from, to }
}

/// Sequence and time of each, in the order of sending.
async fn say(from: &Person, to: impl Into<Target>, count: usize) -> Vec<(i64, i64)> {
    let to = to.into();
    let send = |number: usize| {
        let text = number.to_string();
        from.client.send(to.clone(), text, SendOptions::default())
    };
    let mut said = Vec::with_capacity(count);
    let mut waiting = VecDeque::new();
    let mut numbers = 0..count;
    loop {
        waiting.extend(numbers.by_ref().take(WINDOW - waiting.len()).map(send));
        let Some(sending) = waiting.pop_front() else {
            return said;
        };
        let Receipt {
            sequence,
            timestamp_ms,
        } = within("a receipt", sending).await.expect("it is taken");
        said.push((sequence, timestamp_ms));
    }
}

/// From the newest back, page by page; the oldest first in the result.
async fn walk(server: &Server, account: &str, peer: &str) -> Vec<(i64, i64)> {
    let caller = server.caller(account);
    let mut found = Vec::new();
    let mut before = EVER;
    loop {
        let body = json!({
            "fromAccount": account,
            "toAccount": peer,
            "utcToTime": before,
            "count": PAGE,
        });
        let path = "/api/msg/p2p/queryOnCount";
        let page = caller.call(Method::POST, path, Some(&body)).await;
        let page = page.expect("a page");
        let mut earlier = places(&page);
        if earlier.is_empty() {
            assert_eq!(page["timestamp"], 0);
            return found;
        }
        assert_eq!(page["timestamp"], earlier[0].1);
        before = earlier[0].1;
        earlier.append(&mut found);
        found = earlier;
    }
}

async fn asked(caller: &Caller, route: &str, peer: &str, range: Value) -> Vec<(i64, i64)> {
    let mut body = json!({"fromAccount": peer, "toAccount": "ben"});
    if let (Value::Object(body), Value::Object(range)) = (&mut body, range) {
        body.extend(range);
    }
    let path = format!("/api/msg/p2p/{route}");
    let answer = caller.call(Method::POST, &path, Some(&body)).await;
    places(&answer.expect("a page"))
}

async fn group_page(
    caller: &Caller,
    account: &str,
    topic: u64,
    before: i64,
) -> Result<Value, RestError> {
    let body = json!({
        "account": account,
        "topicId": topic.to_string(),
        "utcToTime": before,
        "count": PAGE,
    });
    let path = "/api/msg/p2t/queryOnCount";
    caller.call(Method::POST, path, Some(&body)).await
}

fn places(page: &Value) -> Vec<(i64, i64)> {
    let messages = page["messages"].as_array();
    let messages = messages.unwrap_or_else(|| panic!("no messages: {page}"));
    assert_eq!(page["row"], messages.len());
    let place = |message: &Value| {
        let sequence = message["sequence"].as_str()?.parse().ok()?;
        Some((sequence, message["ts"].as_i64()?))
    };
    messages
        .iter()
        .map(|message| place(message).unwrap_or_else(|| panic!("{message}")))
        .collect()
}
