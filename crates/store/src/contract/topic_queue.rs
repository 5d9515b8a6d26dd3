//! Guarantees of [`Messages::pending`] about topics.
//!
//! [`Messages::pending`]: chat::port::Messages::pending

#![allow(missing_docs, reason = "the names are the sentences")]

use chat::port::{PageLimit, Wanted};
use model::limits::QUEUE_MS;
use model::{Content, Membership, Resource, Sequence, TopicId};

use super::sample::{ALL, content, device, logged_in, stored, to_topic, with_topics};
use super::{Log, TestClock};

fn time(topic: u64, joined: Sequence, left: Option<Sequence>) -> Membership {
    Membership {
        topic: TopicId(topic),
        joined,
        left,
    }
}

pub async fn what_is_said_in_a_topic_is_for_its_members(store: &dyn Log, _: &TestClock) {
    let joined = store.take_place();
    let said = [
        to_topic(1, 7, "a"),
        content(3, 2, "b"),
        to_topic(1, 8, "of another topic"),
        to_topic(2, 7, "own"),
        to_topic(3, 7, "c"),
        content(2, 3, "own too"),
    ];
    let said = stored(store, said).await;
    let phone = device(2, "phone");
    let times = [time(7, joined, None), time(9, joined, None)];
    let all = with_topics(store, &phone, Sequence(0), &times).await;
    assert_eq!(all, ["a", "b", "c"]);
    let rest = with_topics(store, &phone, said[1].sequence, &times).await;
    assert_eq!(rest, ["c"]);
    assert_eq!(
        with_topics(store, &phone, Sequence(0), &[]).await,
        ["b"],
        "who is in no topic gets nothing of it"
    );
}

pub async fn a_time_in_a_topic_has_a_beginning_and_an_end(store: &dyn Log, _: &TestClock) {
    stored(store, [to_topic(1, 7, "before")]).await;
    let joined = store.take_place();
    stored(store, [to_topic(1, 7, "first")]).await;
    stored(store, [to_topic(1, 7, "last")]).await;
    let left = store.take_place();
    stored(store, [to_topic(1, 7, "after"), content(1, 2, "to him")]).await;
    let times = [time(7, joined, Some(left))];
    let got = with_topics(store, &device(2, "phone"), Sequence(0), &times).await;
    assert_eq!(got, ["first", "last", "to him"]);
    let got = with_topics(store, &device(2, "phone"), left, &times).await;
    assert_eq!(got, ["to him"]);
}

pub async fn joining_again_misses_what_was_said_between(store: &dyn Log, _: &TestClock) {
    let mut places = Vec::new();
    for text in ["0", "1", "2", "3", "4"] {
        stored(store, [to_topic(1, 7, text)]).await;
        places.push(store.take_place());
    }
    let times = [
        time(7, places[0], Some(places[1])),
        time(7, places[2], Some(places[3])),
        time(7, places[3], None),
    ];
    let phone = device(2, "phone");
    let got = with_topics(store, &phone, Sequence(0), &times).await;
    assert_eq!(got, ["1", "3", "4"]);
    let got = with_topics(store, &phone, places[1], &times[..2]).await;
    assert_eq!(got, ["3"]);
}

pub async fn copies_of_own_topic_messages_begin_at_the_first_login(store: &dyn Log, _: &TestClock) {
    let from = |resource: &str, text: &str| Content {
        from_resource: Resource::new(resource).unwrap(),
        ..to_topic(2, 7, text)
    };
    let times = [time(7, store.take_place(), None)];
    stored(store, [from("desk", "before"), to_topic(1, 7, "to all")]).await;
    let phone = device(2, "phone");
    logged_in(store, &phone).await;
    stored(store, [from("desk", "after"), from("phone", "its own")]).await;
    let got = with_topics(store, &phone, Sequence(0), &times).await;
    assert_eq!(got, ["to all", "after"]);
}

pub async fn topic_messages_leave_the_queue_after_seven_days(store: &dyn Log, clock: &TestClock) {
    let times = [time(7, store.take_place(), None)];
    let queued = |text| Content {
        is_stored: false,
        ..to_topic(1, 7, text)
    };
    stored(store, [to_topic(1, 7, "old"), queued("old too")]).await;
    clock.advance(QUEUE_MS - 1);
    stored(store, [queued("new")]).await;
    let phone = device(2, "phone");
    let got = with_topics(store, &phone, Sequence(0), &times).await;
    assert_eq!(got, ["old", "old too", "new"]);
    clock.advance(1);
    let got = with_topics(store, &phone, Sequence(0), &times).await;
    assert_eq!(got, ["new"]);
}

pub async fn pages_over_pairs_and_topics_are_the_whole_queue(store: &dyn Log, clock: &TestClock) {
    let (mut sent, mut times) = (Vec::new(), Vec::new());
    let mut inside: [Option<Sequence>; 3] = [None; 3];
    for round in 0..40_u64 {
        for (topic, joined) in (0_u64..).zip(&mut inside) {
            if (round + topic) % (3 + topic) == 0 {
                let place = store.take_place();
                match joined.take() {
                    None => *joined = Some(place),
                    Some(since) => times.push(time(topic, since, Some(place))),
                }
            }
        }
        for number in 0..6_u64 {
            let text = format!("{round}.{number}");
            let from = 3 + (round * number) % 5;
            let topic = (round + number) % 3;
            let is_pair = number % 2 == 0;
            let content = Content {
                is_stored: (round + number) % 4 != 0,
                ..if is_pair {
                    content(from, 2, &text)
                } else {
                    to_topic(from, topic, &text)
                }
            };
            let is_in = inside[usize::try_from(topic).unwrap()].is_some();
            let message = stored(store, [content]).await.remove(0);
            if is_pair || is_in {
                sent.push(message);
            }
        }
        clock.advance(round % 2);
    }
    for (topic, joined) in (0..).zip(inside) {
        times.extend(joined.map(|since| time(topic, since, None)));
    }
    let up_to = store.last();
    stored(store, [content(3, 2, "later"), to_topic(3, 1, "later")]).await;
    for size in [1, 3, 50, 1000] {
        let (mut after, mut got) = (Sequence(0), Vec::new());
        loop {
            let wanted = Wanted {
                after,
                up_to,
                memberships: &times,
                limit: PageLimit {
                    messages: size,
                    ..ALL
                },
            };
            let page = store.pending(&device(2, "phone"), wanted).await.unwrap();
            assert!(page.messages.len() <= size);
            got.extend(page.messages);
            after = page.reached;
            if page.is_last {
                break;
            }
        }
        assert_eq!(got, sent);
        assert_eq!(after, up_to);
    }
}
