//! All that a store keeps, through losses of power: queues with topics, histories, callbacks,
//! accounts that ended.

use chat::port::{Batch, History, Messages, Span};
use model::{Callbacks, Content, Conversation, Membership, Sequence, TopicId, Uuid};

use super::seeds::{Dice, Seeds};
use super::*;
use crate::contract::sample::{
    batch, content, device, logged_in, outcome, repeated, stored, text, to_topic, with_topics,
};

const TOPIC: u64 = 9;

/// What must be there.
#[derive(Default)]
struct Expected {
    /// Acknowledged, in order.
    contents: Vec<(Sequence, Content)>,
    /// Accounts whose end was made durable.
    ended: Vec<u64>,
    /// Devices that logged in, and did not end.
    living: Vec<u64>,
    next_account: u64,
}

impl Expected {
    fn texts(&self, is_wanted: impl Fn(&Content) -> bool) -> Vec<String> {
        let contents = self.contents.iter().map(|(_, content)| content);
        let wanted = contents.filter(|content| is_wanted(content));
        wanted
            .map(|content| content.packet_id.to_string())
            .collect()
    }
}

fn is_called_back(content: &Content) -> bool {
    content.callbacks != Callbacks::default()
}

fn is_of(content: &Content, conversation: Conversation) -> bool {
    content.is_stored && content.conversation() == conversation
}

/// Some messages between accounts, to a topic, and to accounts that will end.
fn some(dice: &mut Dice, number: &mut u64, doomed: Option<u64>) -> Vec<Content> {
    let contents = (0..=dice.roll(4)).map(|_| {
        *number += 1;
        let text = format!("{number:05}");
        let content = match (dice.roll(4), doomed) {
            (0, Some(doomed)) => content(1, doomed, &text),
            (1, _) => to_topic(1, TOPIC, &text),
            _ => content(1, 2, &text),
        };
        Content {
            is_stored: dice.roll(3) > 0,
            callbacks: Callbacks {
                instant: dice.roll(3) == 0,
                offline: dice.roll(5) == 0,
            },
            ..content
        }
    });
    contents.collect()
}

async fn check(seed: u64, store: &EmbeddedMessages, expected: &Expected) {
    let queue = with_topics(store, &device(2, "fresh"), Sequence(0), &[membership()]).await;
    let wanted = expected.texts(|content| match content.conversation() {
        Conversation::Topic(_) => true,
        pair @ Conversation::Pair(..) => pair == Conversation::between(Uuid(1), Uuid(2)),
    });
    contains(seed, "queue", &queue, &wanted);
    for conversation in [
        Conversation::between(Uuid(1), Uuid(2)),
        Conversation::Topic(TopicId(TOPIC)),
    ] {
        let all = Span::Time(0..u64::MAX);
        let read = store.newest(conversation, all, 10_000).await.unwrap();
        let got: Vec<_> = read.iter().map(|message| text(message)).collect();
        let wanted = expected.texts(|content| is_of(content, conversation));
        contains(seed, "history", &got, &wanted);
        let head = store.head(conversation, Sequence(0)).await.unwrap();
        assert_eq!(head, read.last().map(|newest| newest.sequence));
    }
    let (called, reached) = store.after(Sequence(0), 10_000).await.unwrap();
    assert_eq!(reached, store.last());
    assert!(
        called
            .iter()
            .all(|message| is_called_back(&message.content))
    );
    let got: Vec<_> = called.iter().map(|message| text(message)).collect();
    contains(seed, "callbacks", &got, &expected.texts(is_called_back));
    for (sequence, content) in &expected.contents {
        let found = store.message(content.conversation(), *sequence).await;
        assert_eq!(found.unwrap().unwrap().content, *content, "seed {seed}");
    }
    for uuid in &expected.ended {
        assert!(store.devices(Uuid(*uuid)).is_empty(), "seed {seed}: {uuid}");
        let late = with_topics(store, &device(*uuid, "x"), Sequence(0), &[]).await;
        assert!(late.is_empty(), "seed {seed}: {uuid} has {late:?}");
    }
    for uuid in &expected.living {
        assert!(
            !store.devices(Uuid(*uuid)).is_empty(),
            "seed {seed}: {uuid}"
        );
    }
}

fn membership() -> Membership {
    Membership {
        topic: TopicId(TOPIC),
        joined: Sequence(0),
        left: None,
    }
}

fn contains(seed: u64, what: &str, got: &[String], wanted: &[String]) {
    assert!(got.is_sorted(), "seed {seed}: order of the {what}");
    let lost: Vec<_> = wanted.iter().filter(|text| !got.contains(text)).collect();
    assert!(lost.is_empty(), "seed {seed}: the {what} lost {lost:?}");
    let twice = got.windows(2).find(|pair| pair[0] == pair[1]);
    assert!(twice.is_none(), "seed {seed}: twice in the {what}");
}

async fn survive(seed: u64) {
    let mut dice = Dice::of(seed);
    let (mut disk, clock) = (SimulatedDisk::immediate(), TestClock::new());
    let (mut expected, mut number) = (Expected::default(), 0);
    for _ in 0..4 {
        let config = Config {
            segment_bytes: 300 + dice.roll(3000),
            ..Config::default()
        };
        let store = try_open(&disk, &clock, config);
        let store = store.unwrap_or_else(|error| panic!("seed {seed}: {error}"));
        check(seed, &store, &expected).await;
        let newest = expected.contents.last().map(|(sequence, _)| *sequence);
        assert!(newest.unwrap_or_default() <= store.last());
        for _ in 0..dice.roll(20) {
            let doomed = expected.living.first().copied();
            let messages = stored(&store, some(&mut dice, &mut number, doomed)).await;
            let contents = messages.iter();
            let contents = contents.map(|message| (message.sequence, message.content.clone()));
            expected.contents.extend(contents);
            step(&store, &mut dice, &mut expected).await;
            clock.advance(dice.roll(3));
        }
        if dice.roll(2) == 0 {
            if let Some(doomed) = expected.living.pop() {
                store.forget(Uuid(doomed));
            }
            disk.fail_syncs(true);
            let contents = some(&mut dice, &mut number, None);
            assert!(store.commit(batch(contents)).await.is_err());
        }
        disk = disk.after_power_loss(&mut |below| dice.roll(below));
    }
}

async fn step(store: &EmbeddedMessages, dice: &mut Dice, expected: &mut Expected) {
    match dice.roll(8) {
        0 => store.maintain().await.unwrap(),
        1 | 2 => {
            let uuid = 100 + expected.next_account;
            expected.next_account += 1;
            logged_in(store, &device(uuid, "phone")).await;
            expected.living.push(uuid);
        }
        3 | 4 if !expected.living.is_empty() => {
            let uuid = expected.living.remove(0);
            store.acknowledge(&device(uuid, "phone"), store.last());
            store.forget(Uuid(uuid));
            assert!(store.has_unsaved_cursors());
            store.commit(Batch::default()).await.unwrap();
            assert!(!store.has_unsaved_cursors());
            expected.ended.push(uuid);
        }
        5 => {
            let _housekeeping = store.shared.housekeeping.lock();
            store.shared.checkpoint([0, 0]).unwrap();
        }
        6 => {
            let before = store.last();
            assert!(store.take_place() > before);
        }
        _ => {}
    }
}

#[tokio::test]
async fn whatever_was_made_durable_survives_every_loss_of_power() {
    for seed in Seeds::of("whatever_was_made_durable_survives") {
        survive(seed).await;
    }
}

#[tokio::test]
async fn an_end_is_before_the_messages_and_logins_of_its_batch() {
    for is_stored in [true, false] {
        let (disk, clock) = (SimulatedDisk::new(), TestClock::new());
        let store = opened(&disk, &clock);
        let queued = |text| Content {
            is_stored,
            ..content(1, 2, text)
        };
        let phone = device(2, "phone");
        stored(&store, [queued("before")]).await;
        logged_in(&store, &phone).await;
        store.forget(phone.uuid);
        // One batch each: with the end, a message; then a login.
        stored(&store, [queued("after")]).await;
        logged_in(&store, &device(2, "desk")).await;
        let answers = |store: EmbeddedMessages| async move {
            let queue = with_topics(&store, &device(2, "x"), Sequence(0), &[]).await;
            (queue, store.devices(Uuid(2)), store.device(&phone))
        };
        let now = answers(store).await;
        assert_eq!(now.0, ["before", "after"]);
        assert_eq!((now.1.len(), now.2), (1, None));
        let phone = device(2, "phone");
        let store = opened(&disk, &clock);
        assert_eq!(store.devices(Uuid(2)), now.1);
        assert_eq!(store.device(&phone), None);
        let again = repeated(&outcome(&store, queued("after")).await);
        assert!(again.is_some());
    }
}
