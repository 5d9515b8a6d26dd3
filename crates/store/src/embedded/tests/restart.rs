//! Starting again: after a clean end, after a kill, with files missing.

use chat::port::{Batch, History, Messages, Span};
use model::limits::{DAY_MS, QUEUE_MS};
use model::{
    Callbacks, Content, Conversation, Device, Membership, Message, Resource, Sequence, TopicId,
    Uuid,
};

use super::*;
use crate::contract::sample::{
    content, device, logged_in, outcome, page, repeated, stored, text, texts, to_topic, with_topics,
};

/// Fifty rounds of messages and logins with everything that a log has to keep.
async fn lived(store: &EmbeddedMessages, clock: &TestClock) {
    for round in 0..50_u64 {
        let contents = (0..3).map(|number| {
            let is_stored = (round + number) % 3 != 0;
            let text = format!("{round}.{number}");
            Content {
                is_stored,
                callbacks: Callbacks {
                    instant: round % 3 == 0,
                    offline: number == 1,
                },
                ..content(1 + round % 4, 9, &text)
            }
        });
        let to_topic = to_topic(1, round % 2, &format!("topic {round}"));
        stored(store, contents).await;
        stored(store, [to_topic]).await;
        if round % 5 == 0 {
            let phone = device(9, &format!("phone-{round}"));
            logged_in(store, &phone).await;
            store.acknowledge(&phone, store.last());
        }
        if round % 10 == 5 {
            let gone = device(100 + round / 20, "phone");
            stored(
                store,
                [content(1, gone.uuid.0, &format!("to {gone:?} {round}"))],
            )
            .await;
            logged_in(store, &gone).await;
            store.forget(gone.uuid);
        }
        clock.advance(round % 3);
    }
    store.commit(Batch::default()).await.unwrap();
}

/// What can be asked of a store.
#[derive(Debug, PartialEq)]
struct Answers {
    last: Sequence,
    devices: Vec<String>,
    queue: Vec<String>,
    news: Vec<String>,
    topics: Vec<String>,
    history: Vec<Arc<Message>>,
    peers: Vec<(Uuid, Sequence)>,
    called_back: Vec<Arc<Message>>,
    gone: Vec<(Resource, Device)>,
    new_device: Sequence,
    repetition: Option<(Sequence, u64)>,
}

async fn answers(store: &EmbeddedMessages) -> Answers {
    let mut devices: Vec<_> = store
        .devices(device(9, "x").uuid)
        .iter()
        .map(|known| format!("{known:?}"))
        .collect();
    devices.sort();
    let last = store.last();
    let time = |topic, joined, left| Membership {
        topic: TopicId(topic),
        joined: Sequence(joined),
        left,
    };
    let middle = Sequence::at_ms(1_700_000_000_010);
    let times = [time(0, 0, Some(middle)), time(1, middle.0, None)];
    let topic = Conversation::Topic(TopicId(1));
    let fresh = device(9, "fresh");
    let login = crate::contract::sample::login(fresh.clone()).devices;
    let new_device = {
        let state = store.shared.state.read();
        state.plan_devices(&login, last, 0).devices[0].cursor
    };
    Answers {
        last,
        devices,
        queue: texts(store, &fresh, Sequence(0)).await,
        news: texts(store, &fresh, Sequence(last.0 - 10)).await,
        topics: with_topics(store, &fresh, Sequence(0), &times).await,
        history: store
            .newest(topic, Span::Time(0..u64::MAX), 20)
            .await
            .unwrap(),
        peers: store.peers(Uuid(1), Sequence(0), 10).await.unwrap(),
        called_back: store.after(Sequence(0), 70).await.unwrap().0,
        gone: store.devices(Uuid(100)),
        new_device,
        repetition: repeated(&outcome(store, content(2, 9, "1.0")).await),
    }
}

#[tokio::test]
async fn everything_is_there_after_a_kill_and_after_a_clean_end() {
    let (disk, clock) = (SimulatedDisk::new(), TestClock::new());
    let store = opened(&disk, &clock);
    lived(&store, &clock).await;
    let before = answers(&store).await;
    assert!(before.repetition.is_some());
    assert_eq!(before.queue.len(), 150);
    assert_eq!((before.history.len(), before.called_back.len()), (20, 70));
    assert!(before.topics.len() > 160 && before.topics.len() < 190);
    assert!(before.peers.len() == 4 && before.gone.is_empty());
    drop(store);

    let store = opened(&disk, &clock);
    assert_eq!(answers(&store).await, before);
    store.maintain().await.unwrap();
    assert_eq!(answers(&store).await, before);
    drop(store);

    let store = opened(&disk, &clock);
    assert_eq!(answers(&store).await, before);
    store.close().await.unwrap();
    assert!(store.commit(Batch::default()).await.is_err());
    drop(store);

    let store = opened(&disk, &clock);
    assert_eq!(answers(&store).await, before);
}

#[tokio::test]
async fn indexes_and_checkpoints_can_be_made_again() {
    let (disk, clock) = (SimulatedDisk::new(), TestClock::new());
    let store = opened(&disk, &clock);
    lived(&store, &clock).await;
    let before = answers(&store).await;
    store.close().await.unwrap();
    let is_derived = |path: &Path| {
        path.extension().is_some_and(|extension| extension == "idx")
            || path.starts_with("data/checkpoint-")
    };
    let paths: Vec<_> = disk
        .files()
        .into_keys()
        .filter(|path| is_derived(path))
        .collect();
    assert!(paths.len() > 5);
    for path in paths {
        disk.remove(&path).unwrap();
    }
    assert_eq!(answers(&opened(&disk, &clock)).await, before);
}

#[tokio::test]
async fn a_start_does_not_read_the_whole_log() {
    let (disk, clock) = (SimulatedDisk::new(), TestClock::new());
    let store = try_open(
        &disk,
        &clock,
        Config {
            segment_bytes: 200_000,
            ..small()
        },
    )
    .unwrap();
    for round in 0..40_u64 {
        let text = "x".repeat(1000);
        stored(
            &store,
            (0..50).map(|number| content(1, 2, &format!("{round}.{number}{text}"))),
        )
        .await;
    }
    store.close().await.unwrap();
    let size: usize = disk.files().values().map(Vec::len).sum();
    let before = disk.bytes_read();
    let store = opened(&disk, &clock);
    let read = disk.bytes_read() - before;
    assert!(read < size as u64 / 8, "{read} of {size} bytes");
    assert_eq!(
        page(&store, &device(2, "phone"), Sequence(0))
            .await
            .messages
            .len(),
        2000
    );
}

#[tokio::test]
async fn segments_are_dropped_when_all_in_them_is_too_old() {
    let (disk, clock) = (SimulatedDisk::new(), TestClock::new());
    let config = Config {
        retention_ms: 20 * DAY_MS,
        ..small()
    };
    let store = try_open(&disk, &clock, config.clone()).unwrap();
    lived(&store, &clock).await;
    let count = |family: &str| {
        let files = disk.files();
        files
            .keys()
            .filter(|path| path.to_str().unwrap().contains(family))
            .count()
    };
    store.maintain().await.unwrap();
    assert!(count("queue-") > 4 && count("stored-") > 4);

    clock.advance(QUEUE_MS + DAY_MS);
    stored(&store, [content(1, 2, "new")]).await;
    store.maintain().await.unwrap();
    assert_eq!(count("queue-"), 1);
    assert!(count("stored-") > 4);
    let phone = device(2, "phone");
    assert_eq!(texts(&store, &phone, Sequence(0)).await, ["new"]);
    drop(store);

    let store = try_open(&disk, &clock, config.clone()).unwrap();
    assert_eq!(texts(&store, &phone, Sequence(0)).await, ["new"]);
    clock.advance(21 * DAY_MS);
    store.maintain().await.unwrap();
    assert_eq!((count("queue-"), count("stored-")), (1, 1));
    let last = store.last();
    drop(store);
    let store = try_open(&disk, &clock, config).unwrap();
    assert_eq!(store.last(), last);
    assert_eq!(text(&stored(&store, [content(1, 2, "x")]).await[0]), "x");
}

#[tokio::test]
async fn a_commit_goes_on_when_nobody_waits_for_it() {
    let (disk, clock) = (SimulatedDisk::new(), TestClock::new());
    let store = opened(&disk, &clock);
    let mut commit = Box::pin(store.commit(crate::contract::sample::batch([content(1, 2, "a")])));
    let waker = std::task::Waker::noop();
    let _ = commit
        .as_mut()
        .poll(&mut std::task::Context::from_waker(waker));
    drop(commit);
    while store.last() == Sequence(0) {
        tokio::task::yield_now().await;
    }
    assert_eq!(texts(&store, &device(2, "phone"), Sequence(0)).await, ["a"]);
}

#[tokio::test]
async fn a_clock_far_behind_must_be_accepted() {
    let (disk, clock) = (SimulatedDisk::new(), TestClock::new());
    let store = opened(&disk, &clock);
    let first = stored(&store, [content(1, 2, "a"), content(3, 2, "b")]).await;
    drop(store);
    let files = disk.files();
    clock.set(first[0].timestamp_ms - 3_600_001);
    let error = try_open(&disk, &clock, small()).err().unwrap().to_string();
    assert!(error.contains("3600001 ms ahead"), "{error}");
    assert_eq!(disk.files(), files);

    let accepts_clock_behind = true;
    let store = try_open(
        &disk,
        &clock,
        Config {
            accepts_clock_behind,
            ..small()
        },
    )
    .unwrap();
    let later = stored(&store, [content(1, 2, "c"), content(1, 4, "d")]).await;
    assert!(later[0].sequence > first[1].sequence);
    assert_eq!(later[0].timestamp_ms, first[0].timestamp_ms + 1);
    assert_eq!(later[1].timestamp_ms, first[0].timestamp_ms - 3_600_001);
    drop(store);
    let store = try_open(
        &disk,
        &clock,
        Config {
            accepts_clock_behind,
            ..small()
        },
    )
    .unwrap();
    let latest = stored(&store, [content(4, 1, "e")]).await;
    assert_eq!(latest[0].timestamp_ms, later[1].timestamp_ms + 1);
}

#[tokio::test]
async fn a_shorter_retention_ends_segments_sooner_and_drops_them() {
    let (disk, clock) = (SimulatedDisk::new(), TestClock::new());
    let store = try_open(&disk, &clock, Config::default()).unwrap();
    let segments = || {
        let files = disk.files().into_keys();
        let logs = files.filter(|path| path.extension().is_some_and(|it| it == "log"));
        logs.count()
    };
    stored(&store, [content(1, 2, "a")]).await;
    clock.advance(3 * DAY_MS);
    store.maintain().await.unwrap();
    assert_eq!(segments(), 1);
    store.set_retention_ms(8 * DAY_MS);
    store.maintain().await.unwrap();
    assert_eq!(segments(), 2);
    stored(&store, [content(1, 2, "b")]).await;
    clock.advance(5 * DAY_MS + 1);
    store.maintain().await.unwrap();
    let pair = Conversation::between(Uuid(1), Uuid(2));
    let all = Span::Time(0..u64::MAX);
    let kept = store.newest(pair, all, 10).await.unwrap();
    assert_eq!(kept.len(), 1);
    assert_eq!(text(&kept[0]), "b");
}
