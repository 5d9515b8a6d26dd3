//! Guarantees of [`Messages::pending`].

#![allow(missing_docs, reason = "the names are the sentences")]

use chat::port::{Messages, PageLimit};
use model::limits::QUEUE_MS;
use model::{Content, Resource, Sequence};

use super::TestClock;
use super::sample::{ALL, content, device, logged_in, page, page_of, stored, text, texts};

pub async fn a_queue_is_what_others_sent(store: &dyn Messages, _: &TestClock) {
    stored(
        store,
        [
            content(1, 2, "a"),
            content(3, 4, "not for 2"),
            content(3, 2, "b"),
        ],
    )
    .await;
    let more = stored(store, [content(2, 1, "own"), content(1, 2, "c")]).await;
    let phone = device(2, "phone");
    assert_eq!(texts(store, &phone, Sequence(0)).await, ["a", "b", "c"]);
    assert_eq!(texts(store, &phone, more[0].sequence).await, ["c"]);
    assert!(texts(store, &phone, more[1].sequence).await.is_empty());
    assert!(
        texts(store, &device(9, "phone"), Sequence(0))
            .await
            .is_empty()
    );
}

pub async fn copies_of_own_messages_begin_at_the_first_login(store: &dyn Messages, _: &TestClock) {
    let from = |resource: &str, to, text: &str| Content {
        from_resource: Resource::new(resource).unwrap(),
        ..content(1, to, text)
    };
    stored(
        store,
        [from("desk", 2, "before"), from("desk", 1, "note before")],
    )
    .await;
    logged_in(store, &device(1, "phone")).await;
    let notes = [
        from("desk", 2, "after"),
        from("phone", 2, "its own"),
        from("desk", 1, "note"),
        from("phone", 1, "its own note"),
    ];
    stored(store, notes).await;
    let start = Sequence(0);
    assert_eq!(
        texts(store, &device(1, "phone"), start).await,
        ["after", "note"]
    );
    assert!(texts(store, &device(1, "unknown"), start).await.is_empty());
}

pub async fn messages_leave_the_queue_after_seven_days(store: &dyn Messages, clock: &TestClock) {
    stored(store, [content(1, 2, "old")]).await;
    clock.advance(QUEUE_MS - 1);
    stored(store, [content(1, 2, "new"), content(3, 2, "newer")]).await;
    let phone = device(2, "phone");
    assert_eq!(
        texts(store, &phone, Sequence(0)).await,
        ["old", "new", "newer"]
    );
    clock.advance(1);
    assert_eq!(texts(store, &phone, Sequence(0)).await, ["new", "newer"]);
    clock.advance(QUEUE_MS);
    let empty = page(store, &phone, Sequence(0)).await;
    assert!(empty.messages.is_empty() && empty.is_last);
    assert_eq!(empty.reached, store.last());
}

pub async fn a_page_ends_with_the_message_that_reaches_a_limit(
    store: &dyn Messages,
    _: &TestClock,
) {
    let messages = stored(
        store,
        (0..5).map(|number| content(1, 2, &format!("{number}{number}"))),
    )
    .await;
    let phone = device(2, "phone");
    let reached = async |messages, bytes| {
        let limit = PageLimit { messages, bytes };
        let page = page_of(store, &phone, Sequence(0), limit).await;
        (page.messages.len(), page.reached, page.is_last)
    };
    assert_eq!(reached(2, 100).await, (2, messages[1].sequence, false));
    assert_eq!(reached(100, 4).await, (2, messages[1].sequence, false));
    assert_eq!(reached(100, 5).await, (3, messages[2].sequence, false));
    assert_eq!(reached(1, 1).await, (1, messages[0].sequence, false));
    assert_eq!(reached(5, 100).await, (5, messages[4].sequence, true));
    assert_eq!(reached(6, 100).await, (5, messages[4].sequence, true));
    stored(store, [content(3, 4, "of no concern")]).await;
    assert_eq!(reached(5, 100).await, (5, messages[4].sequence, false));
    assert_eq!(reached(6, 100).await, (5, store.last(), true));
}

pub async fn pages_together_are_the_whole_queue(store: &dyn Messages, clock: &TestClock) {
    let mut sent = Vec::new();
    for round in 0..20_u64 {
        let contents = (0..7_u64).map(|number| {
            let text = format!("{round}.{number}");
            let is_stored = (round + number) % 3 != 0;
            Content {
                is_stored,
                ..content(3 + (round * number) % 5, 2, &text)
            }
        });
        sent.extend(stored(store, contents).await);
        clock.advance(round % 2);
    }
    for size in [1, 3, 50] {
        let limit = PageLimit {
            messages: size,
            ..ALL
        };
        let (mut after, mut got) = (Sequence(0), Vec::new());
        loop {
            let page = page_of(store, &device(2, "phone"), after, limit).await;
            got.extend(page.messages);
            after = page.reached;
            if page.is_last {
                break;
            }
        }
        assert_eq!(got, sent);
    }
}

pub async fn a_page_without_messages_reaches_the_newest(store: &dyn Messages, _: &TestClock) {
    let desk = device(1, "desk");
    logged_in(store, &desk).await;
    stored(
        store,
        (0..30).map(|number| content(1, 2, &number.to_string())),
    )
    .await;
    let limit = PageLimit {
        messages: 3,
        bytes: 10,
    };
    let page = page_of(store, &desk, Sequence(0), limit).await;
    assert!(page.messages.is_empty() && page.is_last);
    assert_eq!(page.reached, store.last());
}

pub async fn stored_and_queued_messages_are_merged(store: &dyn Messages, _: &TestClock) {
    let queued = |text| Content {
        is_stored: false,
        ..content(1, 2, text)
    };
    stored(store, [content(1, 2, "a"), queued("b"), content(3, 2, "c")]).await;
    stored(store, [queued("d")]).await;
    stored(store, [content(1, 2, "e")]).await;
    let page = page(store, &device(2, "phone"), Sequence(0)).await;
    let read: Vec<_> = page.messages.iter().map(|message| text(message)).collect();
    assert_eq!(read, ["a", "b", "c", "d", "e"]);
    assert!(page.messages.is_sorted_by_key(|message| message.sequence));
    assert!(!page.messages[1].content.is_stored);
}

pub async fn only_conversations_with_news_are_in_the_queue(store: &dyn Messages, _: &TestClock) {
    stored(
        store,
        (100..1100).map(|peer| content(peer, 2, &peer.to_string())),
    )
    .await;
    let read = store.last();
    let news = stored(store, [content(700, 2, "news"), content(300, 2, "more")]).await;
    let page = page(store, &device(2, "phone"), read).await;
    assert_eq!(page.messages, news);
}
