//! Readers, acknowledgements and housekeeping while batches are committed.

use chat::port::{Messages, PageLimit};
use model::{Content, Sequence};

use super::*;
use crate::contract::sample::{content, device, logged_in, page_of, stored};

const MESSAGES: usize = 4000;

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_reader_that_follows_gets_everything_once_and_in_order() {
    let clock = TestClock::new();
    let config = Config {
        segment_bytes: 20_000,
        checkpoint_bytes_min: 50_000,
        ..Config::default()
    };
    let store = Arc::new(try_open(&SimulatedDisk::new(), &clock, config).unwrap());
    let phone = device(2, "phone");
    logged_in(&*store, &phone).await;
    let writer = Arc::clone(&store);
    let writing = tokio::spawn(async move {
        let mut sent = Vec::new();
        for round in 0.. {
            let contents = (0..=round % 7).map(|number| Content {
                is_stored: (round + number) % 3 > 0,
                ..content(3 + number, 2, &format!("{round}.{number}"))
            });
            sent.extend(stored(&*writer, contents).await);
            clock.advance(round % 2);
            if sent.len() >= MESSAGES {
                return sent;
            }
        }
        sent
    });
    let keeper = Arc::clone(&store);
    let keeping = tokio::spawn(async move {
        for _ in 0..50 {
            keeper.maintain().await.unwrap();
            tokio::task::yield_now().await;
        }
    });

    let limit = PageLimit {
        messages: 5,
        bytes: 1000,
    };
    let (mut position, mut got) = (Sequence(0), Vec::new());
    let mut is_last = false;
    while !(writing.is_finished() && is_last) {
        let was_finished = writing.is_finished();
        let page = page_of(&*store, &phone, position, limit).await;
        assert!(page.reached >= position);
        got.extend(page.messages);
        position = page.reached;
        is_last = page.is_last && was_finished;
        store.acknowledge(&phone, position);
    }
    keeping.await.unwrap();
    let sent = writing.await.unwrap();
    assert_eq!(got.len(), sent.len());
    assert!(got == sent);
    assert_eq!(store.device(&phone).unwrap().cursor, store.last());
}
