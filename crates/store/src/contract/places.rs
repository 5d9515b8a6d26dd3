//! Guarantees of [`Messages`] about places that no message has, and accounts that are gone.
//!
//! [`Messages`]: chat::port::Messages

#![allow(missing_docs, reason = "the names are the sentences")]

use chat::port::{Clock, Wanted};
use model::{Conversation, Sequence};

use super::sample::{ALL, content, device, logged_in, stored, text, texts};
use super::{Log, TestClock};
use chat::port::Span;

pub async fn a_place_is_between_messages(store: &dyn Log, clock: &TestClock) {
    let first = store.take_place();
    assert_eq!(first, Sequence::at_ms(clock.now_ms()));
    let before = stored(store, [content(1, 2, "before")]).await.remove(0);
    let place = store.take_place();
    let next = store.take_place();
    let after = stored(store, [content(1, 2, "after")]).await.remove(0);
    assert!(first < before.sequence && before.sequence < place);
    assert!(place < next && next < after.sequence);
    clock.advance(1);
    assert_eq!(store.take_place(), Sequence::at_ms(clock.now_ms()));
    let phone = device(2, "phone");
    assert_eq!(texts(store, &phone, Sequence(0)).await, ["before", "after"]);
    assert_eq!(texts(store, &phone, place).await, ["after"]);
}

pub async fn places_are_above_what_was_raised(store: &dyn Log, clock: &TestClock) {
    let ahead = Sequence::at_ms(clock.now_ms() + 10);
    store.raise(ahead);
    let message = stored(store, [content(1, 2, "a")]).await.remove(0);
    assert!(message.sequence > ahead);
    assert_eq!(message.timestamp_ms, clock.now_ms());
    store.raise(Sequence(1));
    assert!(store.take_place() > message.sequence);
}

pub async fn a_page_ends_where_it_was_asked_to(store: &dyn Log, _: &TestClock) {
    let messages = stored(store, ["a", "b", "c", "d"].map(|text| content(1, 2, text))).await;
    let places: Vec<_> = messages.iter().map(|message| message.sequence).collect();
    let part = async |after, up_to, messages| {
        let wanted = Wanted {
            after,
            up_to,
            memberships: &[],
            limit: chat::port::PageLimit { messages, ..ALL },
        };
        let page = store.pending(&device(2, "phone"), wanted).await.unwrap();
        let texts: Vec<_> = page.messages.iter().map(|message| text(message)).collect();
        (texts.join(""), page.reached, page.is_last)
    };
    let whole = |texts: &str, reached, is_last| (texts.to_owned(), reached, is_last);
    let start = Sequence(0);
    assert_eq!(
        part(start, places[2], 10).await,
        whole("abc", places[2], true)
    );
    assert_eq!(
        part(start, places[2], 3).await,
        whole("abc", places[2], true)
    );
    assert_eq!(
        part(start, places[2], 2).await,
        whole("ab", places[1], false)
    );
    assert_eq!(
        part(places[0], places[1], 10).await,
        whole("b", places[1], true)
    );
    assert_eq!(
        part(places[1], places[1], 10).await,
        whole("", places[1], true)
    );
    assert_eq!(
        part(places[2], places[1], 10).await,
        whole("", places[2], true)
    );
}

pub async fn a_forgotten_account_has_no_devices_and_no_queue(store: &dyn Log, _: &TestClock) {
    let phone = device(2, "phone");
    logged_in(store, &phone).await;
    logged_in(store, &device(3, "phone")).await;
    let messages = stored(store, [content(1, 2, "a"), content(1, 3, "b")]).await;
    store.acknowledge(&phone, messages[0].sequence);
    store.forget(phone.uuid);
    store.forget(device(9, "phone").uuid);
    assert_eq!(store.device(&phone), None);
    assert!(store.devices(phone.uuid).is_empty());
    assert!(texts(store, &phone, Sequence(0)).await.is_empty());
    assert!(store.device(&device(3, "phone")).is_some());

    store.acknowledge(&phone, messages[0].sequence);
    store.commit(chat::port::Batch::default()).await.unwrap();
    assert_eq!(store.device(&phone), None);
    assert!(!store.has_unsaved_cursors());
    assert_eq!(logged_in(store, &phone).await.cursor, Sequence(0));
    assert!(texts(store, &phone, Sequence(0)).await.is_empty());
}

pub async fn peers_of_a_forgotten_account_keep_what_they_were_sent(
    store: &dyn Log,
    clock: &TestClock,
) {
    let sent = stored(
        store,
        [content(2, 1, "a"), content(2, 3, "b"), content(2, 3, "c")],
    )
    .await;
    store.forget(device(2, "phone").uuid);
    let start = Sequence(0);
    assert_eq!(texts(store, &device(1, "phone"), start).await, ["a"]);
    assert_eq!(texts(store, &device(3, "phone"), start).await, ["b", "c"]);
    let [one, two, three] = [1, 2, 3].map(|uuid| device(uuid, "phone").uuid);
    for (peer, count) in [(one, 1), (three, 2)] {
        let pair = Conversation::between(peer, two);
        let span = Span::Time(0..clock.now_ms() + 10);
        assert_eq!(store.newest(pair, span, 10).await.unwrap().len(), count);
        assert_eq!(store.peers(peer, start, 10).await.unwrap()[0].0, two);
    }
    // What was on its way when the account ended is in order all the same.
    let late = stored(store, [content(2, 1, "late"), content(3, 2, "later")]).await;
    assert!(late[0].timestamp_ms > sent[0].timestamp_ms);
    assert!(late[1].timestamp_ms > sent[2].timestamp_ms);
}
