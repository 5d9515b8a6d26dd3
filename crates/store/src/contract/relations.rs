//! Guarantees of [`Relations`].

#![allow(missing_docs, reason = "the names are the sentences")]

use std::sync::Arc;

use chat::port::Relations;
use model::{Conversation, Sequence, TopicId, Uuid};

type Store = Arc<dyn Relations>;

async fn blocked(store: &Store, owner: u64) -> Vec<u64> {
    let blocked = store.blocked(Uuid(owner)).await.unwrap();
    let mut blocked: Vec<_> = blocked.into_iter().map(|uuid| uuid.0).collect();
    blocked.sort_unstable();
    blocked
}

pub async fn blocking_twice_is_blocking_once(store: Store) {
    let set = async |other, is_blocked| {
        let set = store.set_blocked(Uuid(1), Uuid(other), is_blocked);
        set.await.unwrap();
    };
    assert!(blocked(&store, 1).await.is_empty());
    set(2, false).await;
    for other in [2, 3, 2] {
        set(other, true).await;
    }
    assert_eq!(blocked(&store, 1).await, [2, 3]);
    for _ in 0..2 {
        set(2, false).await;
        assert_eq!(blocked(&store, 1).await, [3]);
    }
    set(2, true).await;
    assert_eq!(blocked(&store, 1).await, [2, 3]);
}

pub async fn a_block_has_a_direction(store: Store) {
    store.set_blocked(Uuid(1), Uuid(2), true).await.unwrap();
    assert!(blocked(&store, 2).await.is_empty());
    store.set_blocked(Uuid(2), Uuid(1), false).await.unwrap();
    assert_eq!(blocked(&store, 1).await, [2]);
}

pub async fn a_conversation_is_hidden_up_to_its_newest_message(store: Store) {
    let highest = (1 << 63) - 1;
    let pair = Conversation::between(Uuid(highest), Uuid(1));
    let topic = Conversation::Topic(TopicId(1));
    let hide = async |conversation, up_to| {
        let hide = store.hide(Uuid(1), conversation, Sequence(up_to));
        hide.await.unwrap();
    };
    let hidden = async |owner| {
        let mut hidden = store.hidden(Uuid(owner)).await.unwrap();
        hidden.sort();
        hidden
    };
    assert!(hidden(1).await.is_empty());
    hide(pair, 10).await;
    hide(topic, 12).await;
    hide(pair, 9).await;
    let both = |up_to| [(pair, Sequence(up_to)), (topic, Sequence(12))];
    assert_eq!(hidden(1).await, both(10));
    hide(pair, highest).await;
    assert_eq!(hidden(1).await, both(highest));
    assert!(hidden(2).await.is_empty());
}
