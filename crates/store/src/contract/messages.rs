//! Guarantees of [`Messages::commit`]: order, time, repetitions.

#![allow(missing_docs, reason = "the names are the sentences")]

use chat::port::{Batch, Clock, Entry, Messages, Outcome};
use model::limits::IDEMPOTENCE_MS;
use model::{Content, Resource, Sequence, Target};

use super::TestClock;
pub use super::devices::*;
pub use super::queue::*;
use super::sample::{
    batch, content, device, outcome, page, party, repeated, stored, text, texts, to_topic,
};

pub async fn sequences_follow_the_clock_and_always_ascend(store: &dyn Messages, clock: &TestClock) {
    assert_eq!(store.last(), Sequence(0));
    let first = Sequence::at_ms(clock.now_ms());
    let numbers = |messages: Vec<std::sync::Arc<model::Message>>| {
        messages
            .iter()
            .map(|message| message.sequence.0 - first.0)
            .collect::<Vec<_>>()
    };
    let some = stored(store, [content(1, 2, "a"), content(3, 4, "b")]).await;
    assert_eq!(numbers(some), [0, 1]);
    let more = stored(store, [content(2, 1, "c")]).await;
    assert_eq!(numbers(more), [2]);
    clock.advance(5);
    let later = stored(store, [content(1, 2, "d")]).await;
    assert_eq!(numbers(later), [5 * Sequence::PER_MS]);
    assert_eq!(store.last().0, first.0 + 5 * Sequence::PER_MS);
}

pub async fn timestamps_ascend_within_a_conversation(store: &dyn Messages, clock: &TestClock) {
    let start = clock.now_ms();
    let some = [
        content(1, 2, "a"),
        content(2, 1, "b"),
        content(1, 3, "c"),
        content(1, 2, "d"),
    ];
    let times = |messages: Vec<std::sync::Arc<model::Message>>| {
        messages
            .iter()
            .map(|message| message.timestamp_ms - start)
            .collect::<Vec<_>>()
    };
    assert_eq!(times(stored(store, some).await), [0, 1, 0, 2]);
    assert_eq!(times(stored(store, [content(2, 1, "e")]).await), [3]);
    assert_eq!(times(stored(store, [content(3, 1, "f")]).await), [1]);
    clock.advance(2);
    let more = [
        content(1, 2, "g"),
        content(1, 3, "h"),
        to_topic(1, 9, "i"),
        to_topic(2, 9, "j"),
    ];
    assert_eq!(times(stored(store, more).await), [4, 2, 2, 3]);
    clock.advance(100);
    assert_eq!(times(stored(store, [content(1, 2, "k")]).await), [102]);
}

pub async fn what_is_committed_can_be_read_as_it_was(store: &dyn Messages, _: &TestClock) {
    let odd = Content {
        packet_id: "".into(),
        payload: bytes::Bytes::new(),
        biz_type: "".into(),
        from_resource: Resource::new(&"资".repeat(80)).unwrap(),
        is_stored: false,
        ..content(4, 2, "")
    };
    let large = Content {
        packet_id: "p".repeat(512).into(),
        payload: vec![0xa5; 61_440].into(),
        biz_type: "b".repeat(512).into(),
        ..content(1, 2, "")
    };
    let committed = stored(store, [content(1, 2, "plain"), odd, large]).await;
    let read = page(store, &device(2, "phone"), Sequence(0)).await;
    assert_eq!(read.messages, committed);
}

pub async fn an_empty_batch_changes_nothing(store: &dyn Messages, _: &TestClock) {
    let committed = store.commit(Batch::default()).await.unwrap();
    assert!(committed.outcomes.is_empty() && committed.devices.is_empty());
    assert_eq!(store.last(), Sequence(0));
}

pub async fn a_repetition_is_answered_as_the_first(store: &dyn Messages, clock: &TestClock) {
    let first = stored(store, [content(1, 2, "once")]).await.remove(0);
    clock.advance(IDEMPOTENCE_MS - 1);
    stored(store, [content(3, 4, "other")]).await;
    let again = outcome(store, content(1, 2, "once")).await;
    assert_eq!(repeated(&again), Some((first.sequence, first.timestamp_ms)));
    let forbidden = Entry {
        content: content(1, 2, "once"),
        is_allowed: false,
    };
    let batch = Batch {
        entries: vec![forbidden],
        devices: Vec::new(),
    };
    let committed = store.commit(batch).await.unwrap();
    let known = repeated(&committed.outcomes[0]);
    assert_eq!(known, Some((first.sequence, first.timestamp_ms)));
    assert_eq!(
        texts(store, &device(2, "phone"), Sequence(0)).await,
        ["once"]
    );
}

pub async fn a_repetition_within_the_batch_is_recognised(store: &dyn Messages, _: &TestClock) {
    let twice = [content(1, 2, "a"), content(1, 2, "b"), content(1, 2, "a")];
    let outcomes = store.commit(batch(twice)).await.unwrap().outcomes;
    let Outcome::Stored(first) = &outcomes[0] else {
        panic!("the first is no repetition: {:?}", outcomes[0]);
    };
    assert_eq!(
        repeated(&outcomes[2]),
        Some((first.sequence, first.timestamp_ms))
    );
    assert_eq!(
        texts(store, &device(2, "phone"), Sequence(0)).await,
        ["a", "b"]
    );
}

pub async fn whatever_differs_makes_it_a_new_message(store: &dyn Messages, _: &TestClock) {
    let first = || content(1, 2, "x");
    let others = [
        Content {
            payload: "other".into(),
            ..first()
        },
        Content {
            to: Target::Account(party(3)),
            ..first()
        },
        Content {
            to: to_topic(1, 2, "x").to,
            ..first()
        },
        Content {
            from_resource: Resource::new("phone").unwrap(),
            ..first()
        },
        Content {
            from: party(5),
            ..first()
        },
        Content {
            packet_id: "y".into(),
            ..first()
        },
    ];
    stored(store, [first()]).await;
    stored(store, others.clone()).await;
    for content in others.into_iter().chain([first()]) {
        assert!(repeated(&outcome(store, content).await).is_some());
    }
    let same_but_for_the_tag = Content {
        biz_type: "PIC".into(),
        is_stored: false,
        ..first()
    };
    assert!(repeated(&outcome(store, same_but_for_the_tag).await).is_some());
}

pub async fn every_message_with_one_packet_id_is_recognised(store: &dyn Messages, _: &TestClock) {
    let same_id = |number: u64| Content {
        packet_id: "always the same".into(),
        ..content(1, 2, &number.to_string())
    };
    let messages = stored(store, (0..20).map(same_id)).await;
    for (number, first) in (0..20).zip(&messages) {
        let again = outcome(store, same_id(number)).await;
        assert_eq!(repeated(&again), Some((first.sequence, first.timestamp_ms)));
    }
}

pub async fn without_a_packet_id_nothing_is_repeated(store: &dyn Messages, _: &TestClock) {
    let nameless = || Content {
        packet_id: "".into(),
        ..content(1, 2, "hi")
    };
    stored(store, [nameless(), nameless()]).await;
    stored(store, [nameless()]).await;
    assert_eq!(
        texts(store, &device(2, "phone"), Sequence(0)).await,
        ["hi"; 3]
    );
}

pub async fn after_seven_days_it_is_a_new_message(store: &dyn Messages, clock: &TestClock) {
    let first = stored(store, [content(1, 2, "x")]).await.remove(0);
    clock.advance(IDEMPOTENCE_MS);
    let second = stored(store, [content(1, 2, "x")]).await.remove(0);
    assert!(second.sequence > first.sequence);
    let third = outcome(store, content(1, 2, "x")).await;
    assert_eq!(
        repeated(&third),
        Some((second.sequence, second.timestamp_ms))
    );
}

pub async fn a_refused_message_leaves_no_trace(store: &dyn Messages, _: &TestClock) {
    let entry = |is_allowed| Entry {
        content: content(1, 2, "x"),
        is_allowed,
    };
    let refused = Batch {
        entries: vec![entry(false)],
        devices: Vec::new(),
    };
    let committed = store.commit(refused).await.unwrap();
    assert!(matches!(committed.outcomes[0], Outcome::Refused));
    assert_eq!(store.last(), Sequence(0));
    assert!(
        page(store, &device(2, "phone"), Sequence(0))
            .await
            .messages
            .is_empty()
    );

    let both = Batch {
        entries: vec![entry(false), entry(true)],
        devices: Vec::new(),
    };
    let committed = store.commit(both).await.unwrap();
    assert!(matches!(committed.outcomes[0], Outcome::Refused));
    assert!(matches!(committed.outcomes[1], Outcome::Stored(_)));
}

pub async fn messages_of_topics_are_kept_and_repeated(store: &dyn Messages, _: &TestClock) {
    let message = stored(store, [to_topic(1, 9, "to all")]).await.remove(0);
    assert_eq!(text(&message), "to all");
    let again = outcome(store, to_topic(1, 9, "to all")).await;
    assert_eq!(
        repeated(&again),
        Some((message.sequence, message.timestamp_ms))
    );
}
