//! Readers, acknowledgements and housekeeping while batches are committed.

use chat::port::{History, Messages, PageLimit, Span, Wanted};
use model::{Callbacks, Content, Conversation, Membership, Message, Sequence, TopicId};

use tokio::sync::oneshot;

use super::*;
use crate::contract::sample::{content, device, logged_in, stored, to_topic};

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
    let (end, ended) = oneshot::channel();
    let writing = tokio::spawn(async move {
        let mut sent = Vec::new();
        for round in 0.. {
            let contents = (0..=round % 7).map(|number| {
                let text = format!("{round}.{number}");
                let content = match number {
                    5 | 6 => to_topic(3, 9, &text),
                    _ => content(3 + number, 2, &text),
                };
                Content {
                    is_stored: (round + number) % 3 > 0,
                    callbacks: Callbacks {
                        instant: number == 3,
                        offline: round % 4 == 0,
                    },
                    ..content
                }
            });
            sent.extend(stored(&*writer, contents).await);
            clock.advance(round % 2);
            if sent.len() >= MESSAGES {
                end.send(()).unwrap();
                return sent;
            }
        }
        sent
    });
    let follower = tokio::spawn(follow_callbacks(Arc::clone(&store), ended));
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
    let memberships = [Membership {
        topic: TopicId(9),
        joined: Sequence(0),
        left: None,
    }];
    let (mut position, mut got) = (Sequence(0), Vec::new());
    let mut is_last = false;
    while !(writing.is_finished() && is_last) {
        let was_finished = writing.is_finished();
        let wanted = Wanted {
            after: position,
            up_to: store.last(),
            memberships: &memberships,
            limit,
        };
        let page = store.pending(&phone, wanted).await.unwrap();
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
    let called = sent.into_iter().filter(is_called_back);
    assert!(follower.await.unwrap() == called.collect::<Vec<_>>());
}

fn is_called_back(message: &Arc<Message>) -> bool {
    message.content.callbacks != Callbacks::default()
}

/// Reads callbacks to the end, and each time the newest of the topic.
async fn follow_callbacks(
    store: Arc<EmbeddedMessages>,
    mut ended: oneshot::Receiver<()>,
) -> Vec<Arc<Message>> {
    let (mut position, mut got) = (Sequence(0), Vec::new());
    let topic = Conversation::Topic(TopicId(9));
    loop {
        let was_last = ended.try_recv().is_ok() || ended.is_terminated();
        let (messages, reached) = store.after(position, 7).await.unwrap();
        assert!(reached >= position);
        let is_all = reached == position;
        position = reached;
        got.extend(messages);
        if was_last && is_all {
            return got;
        }

        let last = store.last();
        let page = store.newest(topic, Span::Time(0..u64::MAX), 5).await;
        let page = page.unwrap();
        assert!(page.is_sorted_by_key(|message| message.sequence));
        let head = store.head(topic, Sequence(0)).await.unwrap();
        let newest = page.last().map(|message| message.sequence);
        assert!(head >= newest && store.last() >= last);
    }
}
