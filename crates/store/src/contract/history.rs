//! Guarantees of [`History`].
//!
//! [`History`]: chat::port::History

#![allow(missing_docs, reason = "the names are the sentences")]

use std::sync::Arc;

use chat::port::{Search, Span};
use model::{AppId, Callbacks, Content, Conversation, Message, Sequence, TopicId, Uuid};

use super::sample::{content, stored, text, to_topic};
use super::{Log, TestClock};

const PAIR: Conversation = Conversation::Pair(Uuid(1), Uuid(2));
const TOPIC: Conversation = Conversation::Topic(TopicId(7));

fn unstored(content: Content) -> Content {
    Content {
        is_stored: false,
        ..content
    }
}

fn texts(messages: &[Arc<Message>]) -> String {
    messages.iter().map(|message| text(message)).collect()
}

async fn newest(store: &dyn Log, conversation: Conversation, span: Span, limit: usize) -> String {
    texts(&store.newest(conversation, span, limit).await.unwrap())
}

pub async fn a_span_is_half_open_and_its_newest_are_kept(store: &dyn Log, clock: &TestClock) {
    let mut messages = Vec::new();
    for (number, text) in ["a", "b", "c", "d", "e"].into_iter().enumerate() {
        let (from, to) = if number % 2 == 0 { (1, 2) } else { (2, 1) };
        let noise = [content(1, 3, text), to_topic(1, 7, text)];
        messages.extend(stored(store, [content(from, to, text)]).await);
        stored(store, noise).await;
        clock.advance(10);
    }
    let places: Vec<_> = messages.iter().map(|message| message.sequence).collect();
    let times: Vec<_> = messages
        .iter()
        .map(|message| message.timestamp_ms)
        .collect();
    for (span, expected) in [
        (Span::Sequence(places[1]..places[3]), "bc"),
        (Span::Time(times[1]..times[3]), "bc"),
        (Span::Sequence(places[0]..places[4]), "abcd"),
        (Span::Time(times[0]..times[4] + 1), "abcde"),
        (Span::Time(times[1] + 1..times[3] + 1), "cd"),
        (Span::Sequence(places[2]..places[2]), ""),
    ] {
        assert_eq!(newest(store, PAIR, span.clone(), 100).await, expected);
        let kept = expected.len().saturating_sub(2);
        assert_eq!(newest(store, PAIR, span, 2).await, expected[kept..]);
    }
    let read = store.newest(PAIR, Span::Time(0..u64::MAX), 100).await;
    assert_eq!(read.unwrap(), messages);
}

pub async fn a_span_may_be_anything(store: &dyn Log, _: &TestClock) {
    stored(store, [content(1, 2, "a")]).await;
    let (end, start) = (u64::MAX, 0);
    for span in [
        Span::Time(end..start),
        Span::Sequence(Sequence(end)..Sequence(start)),
        Span::Sequence(Sequence(end)..Sequence(end)),
    ] {
        assert_eq!(newest(store, PAIR, span, 10).await, "");
    }
    let all = || Span::Sequence(Sequence(start)..Sequence(end));
    assert_eq!(newest(store, PAIR, all(), 10).await, "a");
    assert_eq!(newest(store, PAIR, all(), 0).await, "");
    assert_eq!(newest(store, TOPIC, all(), 10).await, "");
}

pub async fn by_time_and_count_a_history_is_walked_without_gap(store: &dyn Log, _: &TestClock) {
    let contents = (0..100_u64).map(|number| {
        let both_ways = content(1 + number % 2, 2 - number % 2, &format!("{number} "));
        if number % 7 == 3 {
            unstored(both_ways)
        } else {
            both_ways
        }
    });
    let messages = stored(store, contents).await;
    let expected: Vec<_> = messages
        .into_iter()
        .filter(|message| message.content.is_stored)
        .collect();
    let (mut before, mut walked) = (u64::MAX, Vec::new());
    loop {
        let part = store.newest(PAIR, Span::Time(0..before), 9).await.unwrap();
        let Some(first) = part.first() else { break };
        before = first.timestamp_ms;
        walked.splice(0..0, part);
    }
    assert_eq!(walked, expected);
}

pub async fn timestamps_of_a_topic_ascend(store: &dyn Log, clock: &TestClock) {
    for round in 0..5_u64 {
        let contents = (0..20).map(|number| to_topic(number, 7, &format!("{round}.{number}")));
        stored(store, contents).await;
        clock.advance(round * 7);
    }
    let all = store.newest(TOPIC, Span::Time(0..u64::MAX), 1000).await;
    let all = all.unwrap();
    assert_eq!(all.len(), 100);
    let ascends = |pair: &[Arc<Message>]| {
        pair[0].timestamp_ms < pair[1].timestamp_ms && pair[0].sequence < pair[1].sequence
    };
    assert!(all.windows(2).all(ascends));
}

pub async fn what_is_not_stored_is_no_history(store: &dyn Log, _: &TestClock) {
    let sent = [
        content(1, 2, "a"),
        unstored(content(2, 1, "b")),
        unstored(content(3, 1, "c")),
        unstored(to_topic(1, 7, "d")),
    ];
    let sent = stored(store, sent).await;
    let all = || Span::Time(0..u64::MAX);
    assert_eq!(newest(store, PAIR, all(), 10).await, "a");
    assert_eq!(newest(store, TOPIC, all(), 10).await, "");
    let start = Sequence(0);
    let head = store.head(PAIR, start).await.unwrap();
    assert_eq!(head, Some(sent[0].sequence));
    assert_eq!(store.head(TOPIC, start).await.unwrap(), None);
    let peers = store.peers(Uuid(1), start, 10).await.unwrap();
    assert_eq!(peers, [(Uuid(2), sent[0].sequence)]);
}

pub async fn a_head_is_the_newest_stored_message(store: &dyn Log, _: &TestClock) {
    let sent = [
        content(1, 2, "a"),
        to_topic(1, 7, "b"),
        content(2, 1, "c"),
        to_topic(2, 7, "d"),
        content(1, 3, "e"),
    ];
    let sent = stored(store, sent).await;
    let head = async |conversation, after| store.head(conversation, after).await.unwrap();
    let start = Sequence(0);
    assert_eq!(head(PAIR, start).await, Some(sent[2].sequence));
    assert_eq!(head(TOPIC, start).await, Some(sent[3].sequence));
    assert_eq!(head(PAIR, sent[1].sequence).await, Some(sent[2].sequence));
    assert_eq!(head(PAIR, sent[2].sequence).await, None);
    assert_eq!(head(TOPIC, store.last()).await, None);
    let unknown = Conversation::between(Uuid(2), Uuid(3));
    assert_eq!(head(unknown, start).await, None);
}

pub async fn peers_are_listed_the_newest_first(store: &dyn Log, clock: &TestClock) {
    let early = [
        content(1, 5, "a"),
        content(3, 1, "b"),
        content(1, 1, "note"),
    ];
    let early = stored(store, early).await;
    clock.advance(1000);
    let late = [
        content(1, 4, "c"),
        content(4, 1, "d"),
        content(4, 5, "of others"),
        content(2, 1, "e"),
        to_topic(1, 7, "f"),
        content(1, 5, "g"),
    ];
    let late = stored(store, late).await;
    let peers = async |after, limit| store.peers(Uuid(1), after, limit).await.unwrap();
    let all = [
        (Uuid(5), late[5].sequence),
        (Uuid(2), late[3].sequence),
        (Uuid(4), late[1].sequence),
        (Uuid(3), early[1].sequence),
    ];
    assert_eq!(peers(Sequence(0), 10).await, all);
    assert_eq!(peers(Sequence(0), 2).await, all[..2]);
    assert_eq!(peers(early[2].sequence, 10).await, all[..3]);
    assert_eq!(peers(late[1].sequence, 10).await, all[..2]);
    assert!(peers(store.last(), 10).await.is_empty());
    assert!(
        store
            .peers(Uuid(9), Sequence(0), 10)
            .await
            .unwrap()
            .is_empty()
    );
}

pub async fn a_message_is_found_by_its_place(store: &dyn Log, _: &TestClock) {
    let sent = [
        content(1, 2, "a"),
        unstored(content(2, 1, "b")),
        unstored(to_topic(1, 7, "c")),
        to_topic(1, 7, "d"),
    ];
    let sent = stored(store, sent).await;
    for message in &sent {
        let conversation = message.content.conversation();
        let found = store.message(conversation, message.sequence).await.unwrap();
        assert_eq!(found.as_ref(), Some(message));
        let found = store.at(message.sequence).await.unwrap();
        assert_eq!(found.as_ref(), Some(message));
    }
    let elsewhere = store.message(TOPIC, sent[0].sequence).await.unwrap();
    assert_eq!(elsewhere, None);
    let nowhere = Sequence(sent[3].sequence.0 + 1);
    assert_eq!(store.message(TOPIC, nowhere).await.unwrap(), None);
    for nowhere in [Sequence(0), Sequence(1), nowhere, Sequence(u64::MAX)] {
        assert_eq!(store.at(nowhere).await.unwrap(), None);
    }
}

pub async fn a_message_is_found_by_its_packet_id(store: &dyn Log, _: &TestClock) {
    let again = |from, to| Content {
        packet_id: "again".into(),
        ..content(from, to, &format!("{from} to {to}"))
    };
    let foreign = Content {
        app_id: AppId(1),
        ..again(1, 4)
    };
    let sent = [
        again(1, 2),
        unstored(again(2, 1)),
        to_topic(1, 7, "topic"),
        again(1, 3),
        foreign,
        content(1, 2, "not again"),
    ];
    let sent = stored(store, sent).await;
    let search = |packet_id: &str, from: Option<u64>, limit| Search {
        app_id: sent[0].content.app_id,
        packet_id: packet_id.into(),
        from: from.map(Uuid),
        limit,
        bytes: u64::MAX,
    };
    for (search, expected) in [
        (search("topic", None, 10), &[2][..]),
        (search("again", None, 10), &[3, 1, 0]),
        (search("again", None, 2), &[3, 1]),
        (search("again", Some(1), 10), &[3, 0]),
        (search("again", Some(2), 10), &[1]),
        (search("again", Some(3), 10), &[]),
        (search("agai", None, 10), &[]),
    ] {
        let found = store.sent_as(search.clone()).await.unwrap();
        let all: Vec<_> = expected.iter().map(|at| Arc::clone(&sent[*at])).collect();
        assert_eq!(found.messages.first(), all.first(), "{search:?}");
        let looked_at = all.iter().filter(|message| message.sequence > found.after);
        let looked_at: Vec<_> = looked_at.cloned().collect();
        assert_eq!(found.messages, looked_at, "{search:?}");
        assert!(!all.is_empty() || found.after == Sequence(0), "the end");
    }
}

pub async fn messages_with_callbacks_are_read_in_their_order(store: &dyn Log, clock: &TestClock) {
    let mut wanted = Vec::new();
    for number in 0..60_u64 {
        let text = number.to_string();
        let content = match number % 3 {
            0 => content(1, 2, &text),
            1 => to_topic(1, 7, &text),
            _ => unstored(content(2, 3, &text)),
        };
        let callbacks = Callbacks {
            instant: number % 2 == 0,
            offline: number % 5 == 0,
        };
        let content = Content {
            callbacks,
            ..content
        };
        let message = stored(store, [content]).await.remove(0);
        assert_eq!(message.content.callbacks, callbacks);
        if callbacks != Callbacks::default() {
            wanted.push(message);
        }
        clock.advance(number % 3);
    }
    for limit in [1, 7, 1000] {
        let (mut position, mut got) = (Sequence(0), Vec::new());
        while position < store.last() {
            let (messages, reached) = store.after(position, limit).await.unwrap();
            assert!(messages.len() <= limit);
            let is_within =
                |message: &Arc<Message>| position < message.sequence && message.sequence <= reached;
            assert!(messages.iter().all(is_within));
            assert!(position < reached);
            position = reached;
            got.extend(messages);
        }
        assert_eq!(got, wanted);
    }
    let (nothing, reached) = store.after(store.last(), 10).await.unwrap();
    assert!(nothing.is_empty() && reached == store.last());
}
