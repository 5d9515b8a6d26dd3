//! Reading again what was said.

use chat::{HistoryError, Part};
use model::Sequence;

use crate::world::{World, account_name, outgoing, text};

const ALL: Part = Part::Count {
    before_ms: u64::MAX,
    count: 200,
};

#[tokio::test]
async fn both_ends_see_both_directions_in_order() {
    let world = World::new().await;
    let (alice, bob) = (
        world.session("alice", "desk").await,
        world.session("bob", "desk").await,
    );
    world.tell(&alice, "bob", "one").await;
    world.tell(&bob, "alice", "two").await;
    world.tell(&alice, "carol", "elsewhere").await;
    for (caller, peer) in [("alice", "bob"), ("bob", "alice")] {
        let caller = world.account(caller).await;
        let peer = account_name(peer);
        let rows = world.chat.p2p_history(&caller, &peer, ALL).await.unwrap();
        let texts: Vec<_> = rows.iter().map(|row| text(row)).collect();
        assert_eq!(texts, ["one", "two"]);
        assert!(rows[0].timestamp_ms < rows[1].timestamp_ms);
    }
}

#[tokio::test]
async fn walking_back_by_count_meets_every_message_once() {
    let world = World::new().await;
    let alice = world.session("alice", "desk").await;
    for number in 0..40 {
        world.tell(&alice, "bob", &number.to_string()).await;
    }
    let caller = world.account("alice").await;
    let bob = account_name("bob");
    let mut walked = Vec::new();
    let mut before_ms = u64::MAX;
    loop {
        let part = Part::Count {
            before_ms,
            count: 3,
        };
        let page = world.chat.p2p_history(&caller, &bob, part).await.unwrap();
        let Some(first) = page.first() else { break };
        before_ms = first.timestamp_ms;
        walked.splice(0..0, page.iter().map(|row| text(row)));
    }
    let expected: Vec<_> = (0..40).map(|number| number.to_string()).collect();
    assert_eq!(walked, expected);
}

#[tokio::test]
async fn ranges_are_half_open() {
    let world = World::new().await;
    let alice = world.session("alice", "desk").await;
    let mut receipts = Vec::new();
    for number in 0..5 {
        receipts.push(world.tell(&alice, "bob", &number.to_string()).await);
    }
    let caller = world.account("alice").await;
    let bob = account_name("bob");
    let time = Part::Time(receipts[1].timestamp_ms..receipts[3].timestamp_ms);
    let place = Part::Sequence(receipts[1].sequence..receipts[3].sequence);
    for part in [time, place] {
        let rows = world.chat.p2p_history(&caller, &bob, part).await.unwrap();
        let texts: Vec<_> = rows.iter().map(|row| text(row)).collect();
        assert_eq!(texts, ["1", "2"]);
    }
}

#[tokio::test]
async fn what_is_not_to_be_stored_and_what_is_too_old_is_not_there() {
    let world = World::new().await;
    let alice = world.session("alice", "desk").await;
    world.tell(&alice, "bob", "kept").await;
    let fleeting = chat::Outgoing {
        is_stored: false,
        ..outgoing("bob", "", "fleeting")
    };
    alice.send(fleeting).await.unwrap().await.unwrap();
    let caller = world.account("alice").await;
    let bob = account_name("bob");
    assert_eq!(
        world
            .chat
            .p2p_history(&caller, &bob, ALL)
            .await
            .unwrap()
            .len(),
        1
    );
    world
        .chat
        .apps
        .change_settings(world.app.id, |settings| {
            settings.retention_days = 1;
        })
        .await
        .unwrap();
    world.clock.advance(model::limits::DAY_MS + 1);
    for part in [ALL, Part::Sequence(Sequence(0)..Sequence(u64::MAX))] {
        assert!(
            world
                .chat
                .p2p_history(&caller, &bob, part)
                .await
                .unwrap()
                .is_empty()
        );
    }
}

#[tokio::test]
async fn an_unknown_peer_has_no_history_and_stays_unknown() {
    let world = World::new().await;
    let caller = world.account("alice").await;
    let nobody = account_name("nobody");
    assert!(
        world
            .chat
            .p2p_history(&caller, &nobody, ALL)
            .await
            .unwrap()
            .is_empty()
    );
    assert!(
        world
            .chat
            .accounts
            .find(world.app.id, &nobody)
            .await
            .unwrap()
            .is_none()
    );
}

#[tokio::test]
async fn a_topic_is_read_by_its_members_from_the_beginning() {
    let world = World::new().await;
    let topic = world.topic("alice", &["bob"]).await;
    let session = world.session("alice", "desk").await;
    world.tell_topic(&session, topic, "before carol").await;
    let [alice, bob, carol] = [
        world.account("alice").await,
        world.account("bob").await,
        world.account("carol").await,
    ];
    let refused = world.chat.topic_history(&carol, topic, ALL).await.err();
    assert_eq!(refused, Some(HistoryError::NotMember));
    world
        .chat
        .invite(&alice, topic, &[account_name("carol")])
        .await
        .unwrap();
    assert_eq!(
        world
            .chat
            .topic_history(&carol, topic, ALL)
            .await
            .unwrap()
            .len(),
        1
    );
    world.chat.quit(&bob, topic).await.unwrap();
    let refused = world.chat.topic_history(&bob, topic, ALL).await.err();
    assert_eq!(refused, Some(HistoryError::NotMember));
}
