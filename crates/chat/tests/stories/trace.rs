//! Why it did not arrive: what became of a message, and where it stands.

use std::sync::atomic::Ordering;

use chat::trace::{Question, Receiver, Since, Step, Trace, TraceError, Verdict, What, Whose};
use chat::{Config, Receipt, SendError, Session};
use model::limits::{DAY_MS, QUEUE_MS};
use model::{Account, Sequence};

use crate::sending::{gated, push};
use crate::world::{World, account_name, list_now, next_list, outgoing, resource, take, to_topic};

impl World {
    async fn trace(&self, id: impl ToString) -> Trace {
        let id = id.to_string();
        let traced = self.try_trace(&id, None).await;
        traced.unwrap_or_else(|error| panic!("{id}: {error}"))
    }

    async fn try_trace(&self, id: &str, from: Option<&str>) -> Result<Trace, TraceError> {
        let from = from.map(account_name);
        let from = from.as_ref();
        // Settings may have changed since the world was made.
        let app = self.chat.apps.get(self.app.id).unwrap();
        self.chat.trace(&app, Question { id, from }).await
    }

    async fn verdict(&self, id: impl ToString) -> Verdict {
        self.trace(id).await.verdict
    }

    async fn ban(&self, name: &str) {
        let banned = self.chat.ban_account(&self.app, &account_name(name)).await;
        banned.unwrap().unwrap();
    }

    async fn block(&self, who: &Account, whom: &str) {
        let blocked = self.chat.set_blocked(who, &account_name(whom), true).await;
        blocked.unwrap();
    }

    /// A message that was never taken, and why not.
    async fn refused(&self, packet_id: &str) -> SendError {
        let trace = self.trace(packet_id).await;
        let Verdict::Refused(why) = trace.verdict else {
            panic!("{trace:?}");
        };
        assert_eq!(trace.packet_id.as_deref(), Some(packet_id));
        assert_eq!((trace.sequence, trace.payload), (None, None));
        assert_eq!(trace.steps.last().unwrap().what, What::Refused(why));
        why
    }
}

/// Sends under a packetId and awaits the receipt.
async fn send(from: &Session, to: &str, packet_id: &str) -> Result<Receipt, SendError> {
    from.send(outgoing(to, packet_id, "hush")).await?.await
}

/// A message that nobody has acknowledged, and when its queue ends.
async fn sent(world: &World, from: &Session) -> (Sequence, u64) {
    let sequence = world.tell(from, "bob", "hush").await.sequence;
    (sequence, sequence.ms() + QUEUE_MS)
}

fn whats(trace: &Trace) -> Vec<What> {
    trace.steps.iter().map(|step| step.what).collect()
}

fn unknown(traced: &Result<Trace, TraceError>) -> bool {
    matches!(traced, Err(TraceError::Unknown { .. }))
}

fn of_all(account: &str) -> Whose {
    Whose {
        account: account_name(account),
        resource: None,
    }
}

fn of_device(account: &str, device: &str) -> Whose {
    Whose {
        resource: Some(resource(device)),
        ..of_all(account)
    }
}

#[tokio::test(start_paused = true)]
async fn a_message_that_arrives_is_told_step_by_step() {
    let world = World::new().await;
    let alice = world.session("alice", "desk").await;
    let mut bob = world.session("bob", "phone").await;
    // Live: what comes now is not pulled.
    assert!(list_now(&mut bob).await.is_empty());
    let receipt = send(&alice, "bob", "p1").await.unwrap();
    let stored_ms = receipt.timestamp_ms;
    world.clock.advance(5);
    let list = next_list(&mut bob).await;
    world.clock.advance(30);
    bob.acknowledge(list[0].sequence);

    let trace = world.trace("p1").await;
    let step = |at_ms, whose, what| Step {
        at_ms: Some(at_ms),
        whose,
        what,
    };
    let stored = What::Stored {
        took_ms: Some(0),
        is_stored: Some(true),
    };
    let written = What::Written {
        is_copy: false,
        bound_ms: None,
        is_again: false,
    };
    let acknowledged = What::Acknowledged {
        is_copy: false,
        took_ms: Some(30),
    };
    let expected = [
        step(stored_ms, None, What::Accepted),
        step(stored_ms, None, stored),
        step(stored_ms + 5, Some(of_device("bob", "phone")), written),
        step(
            stored_ms + 35,
            Some(of_device("bob", "phone")),
            acknowledged,
        ),
    ];
    assert_eq!(trace.steps, expected);
    assert_eq!(trace.verdict, Verdict::Acknowledged { devices: 1 });
    assert!(trace.is_complete && trace.others.is_empty());
    assert_eq!(trace.sequence, Some(receipt.sequence));
    assert_eq!(trace.at_ms, stored_ms);
    assert_eq!(trace.from.unwrap().account, account_name("alice"));
    assert_eq!(trace.from_resource, Some(resource("desk")));
    let Some(Receiver::Account(to)) = trace.to else {
        panic!("{:?}", trace.to);
    };
    assert_eq!(to.account, account_name("bob"));
    assert_eq!((trace.bytes, trace.is_stored), (Some(4), Some(true)));
    assert_eq!(trace.payload.unwrap(), "hush");

    let by_sequence = world.trace(receipt.sequence).await;
    assert_eq!(by_sequence.steps, expected);
    assert_eq!(by_sequence.packet_id.as_deref(), Some("p1"));
}

#[tokio::test(start_paused = true)]
async fn a_message_for_somebody_who_is_away_waits_and_is_given_at_the_login() {
    let world = World::new().await;
    let alice = world.session("alice", "desk").await;
    let (never, until_ms) = sent(&world, &alice).await;
    assert_eq!(world.verdict(never).await, Verdict::NoDevice { until_ms });

    let mut bob = world.session("bob", "phone").await;
    take(&mut bob, 1).await;
    world.clock.advance(1_000);
    drop(bob);
    let gone_ms = never.ms() + 1_000;
    world.clock.advance(60_000);
    let (sequence, until_ms) = sent(&world, &alice).await;
    let trace = world.trace(sequence).await;
    let since = Some(Since {
        at_ms: gone_ms,
        is_exact: true,
    });
    assert_eq!(trace.verdict, Verdict::Waiting { since, until_ms });
    let offline = trace.steps.iter().find(|step| step.what == What::Offline);
    assert_eq!(offline.unwrap().whose, Some(of_all("bob")));
    let pending = What::Pending {
        is_online: false,
        seen_ms: Some(gone_ms),
    };
    assert_eq!(trace.steps.last().unwrap().what, pending);

    world.clock.advance(5_000);
    let mut bob = world.session("bob", "phone").await;
    let bound_ms = sequence.ms() + 5_000;
    world.clock.advance(2);
    assert_eq!(take(&mut bob, 1).await, ["hush"]);
    let trace = world.trace(sequence).await;
    assert_eq!(trace.verdict, Verdict::Acknowledged { devices: 1 });
    let written = What::Written {
        is_copy: false,
        bound_ms: Some(bound_ms),
        is_again: false,
    };
    let step = trace.steps.iter().find(|step| step.what == written);
    assert_eq!(step.unwrap().at_ms, Some(bound_ms + 2));
}

#[tokio::test(start_paused = true)]
async fn a_device_that_is_there_may_not_have_been_given_it_or_not_have_answered() {
    let world = World::new().await;
    let alice = world.session("alice", "desk").await;
    let mut bob = world.session("bob", "phone").await;
    let (sequence, until_ms) = sent(&world, &alice).await;
    let resource = resource("phone");
    let queued = Verdict::Queued {
        resource: resource.clone(),
        until_ms,
    };
    assert_eq!(world.verdict(sequence).await, queued);
    next_list(&mut bob).await;
    let written = Verdict::Written {
        resource,
        at_ms: sequence.ms(),
        until_ms,
    };
    assert_eq!(world.verdict(sequence).await, written);
    // What was written twice is told twice.
    bob.refuse();
    next_list(&mut bob).await;
    let trace = world.trace(sequence).await;
    let again = |what: &What| matches!(what, What::Written { is_again: true, .. });
    assert_eq!(whats(&trace).iter().filter(|what| again(what)).count(), 1);
    bob.acknowledge(sequence);
    let acknowledged = Verdict::Acknowledged { devices: 1 };
    assert_eq!(world.verdict(sequence).await, acknowledged);
}

#[tokio::test(start_paused = true)]
async fn one_of_two_devices_may_have_it() {
    let world = World::new().await;
    let alice = world.session("alice", "desk").await;
    drop(world.session("bob", "pad").await);
    let mut phone = world.session("bob", "phone").await;
    let (sequence, until_ms) = sent(&world, &alice).await;
    take(&mut phone, 1).await;
    let partly = Verdict::Partly {
        acknowledged: 1,
        devices: 2,
        until_ms,
    };
    assert_eq!(world.verdict(sequence).await, partly);
    let mut pad = world.session("bob", "pad").await;
    take(&mut pad, 1).await;
    let both = Verdict::Acknowledged { devices: 2 };
    assert_eq!(world.verdict(sequence).await, both);
    // A device that comes later begins where its account is: it is no receiver.
    let watch = world.session("bob", "watch").await;
    let trace = world.trace(sequence).await;
    assert_eq!(trace.verdict, both);
    let began = trace.steps.last().unwrap();
    assert_eq!(
        (&began.whose, began.what),
        (&Some(of_device("bob", "watch")), What::BeganLater)
    );
    drop(watch);
}

#[tokio::test(start_paused = true)]
async fn copies_for_the_senders_other_devices_are_told_apart() {
    let world = World::new().await;
    let mut pad = world.session("alice", "pad").await;
    let alice = world.session("alice", "desk").await;
    let (sequence, until_ms) = sent(&world, &alice).await;
    take(&mut pad, 1).await;
    let trace = world.trace(sequence).await;
    let copies: Vec<_> = trace
        .steps
        .iter()
        .filter(|step| step.whose == Some(of_device("alice", "pad")))
        .map(|step| step.what)
        .collect();
    assert!(matches!(
        copies[..],
        [
            What::Written { is_copy: true, .. },
            What::Acknowledged { is_copy: true, .. }
        ]
    ));
    assert_eq!(trace.verdict, Verdict::NoDevice { until_ms });
}

#[tokio::test(start_paused = true)]
async fn a_note_to_oneself_is_for_the_other_devices() {
    let world = World::new().await;
    let desk = world.session("alice", "desk").await;
    let alone = world.tell(&desk, "alice", "note").await.sequence;
    assert_eq!(world.verdict(alone).await, Verdict::Nobody);
    let mut pad = world.session("alice", "pad").await;
    let note = world.tell(&desk, "alice", "note").await.sequence;
    take(&mut pad, 1).await;
    let trace = world.trace(note).await;
    assert_eq!(trace.verdict, Verdict::Acknowledged { devices: 1 });
    let written = |what: &&What| matches!(what, What::Written { .. });
    assert_eq!(whats(&trace).iter().filter(written).count(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_refused_message_is_found_with_its_reason() {
    let world = World::new().await;
    let alice = world.session("alice", "desk").await;
    let bob = world.account("bob").await;
    world.block(&bob, "alice").await;
    assert!(send(&alice, "bob", "blocked").await.is_err());
    assert_eq!(world.refused("blocked").await, SendError::Blocked);
    let trace = world.trace("blocked").await;
    let Some(Receiver::Account(to)) = trace.to else {
        panic!("{:?}", trace.to);
    };
    assert_eq!(to.account, account_name("bob"));
    assert_eq!(trace.from.unwrap().account, account_name("alice"));
    assert_eq!(trace.from_resource, Some(resource("desk")));
    assert_eq!((trace.bytes, trace.is_complete), (Some(4), true));

    let large = "x".repeat(15_361);
    let sent = alice.send(outgoing("bob", "large", &large)).await;
    assert!(sent.is_err());
    assert_eq!(world.refused("large").await, SendError::TooLarge);
    let trace = world.trace("large").await;
    assert_eq!(trace.bytes, Some(15_361));
    assert!(trace.to.is_some(), "a receiver that is known is named");

    assert!(send(&alice, "a,b", "bad").await.is_err());
    assert_eq!(world.refused("bad").await, SendError::BadTarget);
    assert_eq!(world.trace("bad").await.to, None);

    alice.note_refusal("unreadable", SendError::BadTarget);
    assert_eq!(world.refused("unreadable").await, SendError::BadTarget);

    let topic = world.topic("bob", &["carol"]).await;
    let sent = alice.send_to_topic(to_topic(topic, "stranger", "x")).await;
    assert!(sent.unwrap().await.is_err());
    assert_eq!(world.refused("stranger").await, SendError::NotMember);
    let to = world.trace("stranger").await.to;
    assert!(matches!(to, Some(Receiver::Topic { id, .. }) if id == topic));
    let nowhere = model::TopicId(7);
    let sent = alice.send_to_topic(to_topic(nowhere, "nowhere", "x")).await;
    assert!(sent.unwrap().await.is_err());
    assert_eq!(world.refused("nowhere").await, SendError::UnknownTopic);
}

#[tokio::test(start_paused = true)]
async fn what_the_store_refuses_is_found_too() {
    let (world, store) = gated(2 * 2).await;
    let alice = world.session("alice", "desk").await;
    let mut receipts = Vec::new();
    for packet_id in ["first", "second"] {
        let sent = alice.send(outgoing("bob", packet_id, "x")).await;
        receipts.push(sent.unwrap());
    }
    assert!(send(&alice, "bob", "busy").await.is_err());
    assert_eq!(world.refused("busy").await, SendError::Busy);
    store.is_broken.store(true, Ordering::SeqCst);
    store.gate.add_permits(10);
    for receipt in receipts {
        assert_eq!(receipt.await, Err(SendError::Unavailable));
    }
    for packet_id in ["first", "second"] {
        assert_eq!(world.refused(packet_id).await, SendError::Unavailable);
    }
}

#[tokio::test(start_paused = true)]
async fn a_push_that_went_nowhere_has_a_packet_id_that_says_so() {
    let world = World::new().await;
    let listed = [Some(account_name("bob")), None];
    let pushed = world
        .chat
        .push_p2p_many(&world.app, push("alice", "server", "x"), &listed);
    let ids = pushed.await.unwrap();
    let sent = world.verdict(&ids[0]).await;
    assert!(matches!(sent, Verdict::NoDevice { .. }), "{sent:?}");
    assert_eq!(world.refused(&ids[1]).await, SendError::BadTarget);
}

#[tokio::test(start_paused = true)]
async fn tries_and_repetitions_belong_to_the_message() {
    let world = World::new().await;
    let alice = world.session("alice", "desk").await;
    let bob = world.account("bob").await;
    world.block(&bob, "alice").await;
    assert!(send(&alice, "bob", "p1").await.is_err());
    let unblocked = world
        .chat
        .set_blocked(&bob, &account_name("alice"), false)
        .await;
    unblocked.unwrap();
    let first = send(&alice, "bob", "p1").await.unwrap();
    world.clock.advance(10);
    let again = send(&alice, "bob", "p1").await.unwrap();
    assert_eq!(first, again);
    let trace = world.trace("p1").await;
    let stored = What::Stored {
        took_ms: Some(0),
        is_stored: Some(true),
    };
    let expected = [
        What::Refused(SendError::Blocked),
        What::Accepted,
        stored,
        What::Offline,
        What::Repeated,
    ];
    assert_eq!(whats(&trace), expected);
    assert!(matches!(trace.verdict, Verdict::NoDevice { .. }));
}

#[tokio::test(start_paused = true)]
async fn after_seven_days_only_what_is_remembered_is_proven() {
    let world = World::new().await;
    let alice = world.session("alice", "desk").await;
    drop(world.session("bob", "phone").await);
    let (lost, _) = sent(&world, &alice).await;
    let mut carol = world.session("carol", "phone").await;
    let kept = world.tell(&alice, "carol", "kept").await.sequence;
    take(&mut carol, 1).await;
    world.clock.advance(QUEUE_MS);
    assert_eq!(world.verdict(lost).await, Verdict::Expired);
    let acknowledged = Verdict::Acknowledged { devices: 1 };
    assert_eq!(world.verdict(kept).await, acknowledged);
    // Who comes now passes it without being given it.
    let mut bob = world.session("bob", "phone").await;
    world.tell(&alice, "bob", "new").await;
    assert_eq!(take(&mut bob, 1).await, ["new"]);
    assert_eq!(world.verdict(lost).await, Verdict::Expired);
}

#[tokio::test(start_paused = true)]
async fn after_seven_days_a_cursor_alone_proves_nothing() {
    let config = Config {
        trace_bytes_max: 0,
        ..Config::default()
    };
    let world = World::with(config, |ports| ports).await;
    let alice = world.session("alice", "desk").await;
    let mut bob = world.session("bob", "phone").await;
    let (sequence, _) = sent(&world, &alice).await;
    take(&mut bob, 1).await;
    world.clock.advance(QUEUE_MS);
    let trace = world.trace(sequence).await;
    assert_eq!(trace.verdict, Verdict::Unproven);
    let passed = What::Passed { is_expired: true };
    assert_eq!(trace.steps.last().unwrap().what, passed);
}

#[tokio::test(start_paused = true)]
async fn what_history_shows_no_more_is_not_known() {
    let world = World::new().await;
    let settings = world.chat.apps.change_settings(world.app.id, |settings| {
        settings.retention_days = 10;
    });
    settings.await.unwrap();
    let alice = world.session("alice", "desk").await;
    let receipt = send(&alice, "bob", "p1").await.unwrap();
    world.clock.advance(10 * DAY_MS);
    assert!(world.trace("p1").await.payload.is_some());
    world.clock.advance(1);
    // The memory still has it; what it says is gone.
    let trace = world.trace("p1").await;
    assert_eq!((trace.payload, trace.bytes), (None, None));
    assert_eq!(trace.verdict, Verdict::Expired);
    assert_eq!(trace.sequence, Some(receipt.sequence));
}

#[tokio::test(start_paused = true)]
async fn a_receiver_may_be_banned() {
    let world = World::new().await;
    let alice = world.session("alice", "desk").await;
    drop(world.session("bob", "phone").await);
    world.ban("bob").await;
    let (sequence, until_ms) = sent(&world, &alice).await;
    assert_eq!(world.verdict(sequence).await, Verdict::Banned { until_ms });
}

#[tokio::test(start_paused = true)]
async fn a_receiver_may_be_gone() {
    let world = World::new().await;
    let alice = world.session("alice", "desk").await;
    world.set_ttl(60).await;
    world.pass(30).await;
    let (sequence, _) = sent(&world, &alice).await;
    world.pass(30).await;
    assert!(matches!(
        world.verdict(sequence).await,
        Verdict::NoDevice { .. }
    ));
    world.pass(30).await;
    let trace = world.trace(sequence).await;
    assert_eq!(trace.verdict, Verdict::Gone);
    assert_eq!(trace.from.unwrap().account, account_name("alice"));
}

#[tokio::test(start_paused = true)]
async fn of_a_topic_it_is_said_whom_it_reached() {
    let world = World::new().await;
    let topic = world.topic("alice", &["bob", "carol"]).await;
    let alice = world.session("alice", "desk").await;
    let mut bob = world.session("bob", "phone").await;
    let sequence = world.tell_topic(&alice, topic, "all").await.sequence;
    let until_ms = sequence.ms() + QUEUE_MS;
    take(&mut bob, 1).await;
    // Who joins later is none of those it was for.
    let account = world.account("alice").await;
    let dave = [account_name("dave")];
    world.chat.invite(&account, topic, &dave).await.unwrap();
    let trace = world.trace(sequence).await;
    let to = Receiver::Topic {
        id: topic,
        name: Some("topic".into()),
        members: 3,
    };
    assert_eq!(trace.to, Some(to));
    let members = Verdict::Members {
        members: 2,
        reached: 1,
        waiting: vec![account_name("carol")],
        until_ms,
        is_expired: false,
    };
    assert_eq!(trace.verdict, members);
    let offline: Vec<_> = trace
        .steps
        .iter()
        .filter(|step| step.what == What::Offline)
        .map(|step| step.whose.clone())
        .collect();
    assert_eq!(
        offline,
        [Some(of_all("carol"))],
        "not the sender, not who came later"
    );
    let mut carol = world.session("carol", "desk").await;
    take(&mut carol, 1).await;
    let all = Verdict::AllMembers { members: 2 };
    assert_eq!(world.verdict(sequence).await, all);

    let alone = world.topic("alice", &[]).await;
    let sequence = world.tell_topic(&alice, alone, "anybody?").await.sequence;
    assert_eq!(world.verdict(sequence).await, Verdict::Nobody);
}

#[tokio::test(start_paused = true)]
async fn a_large_topic_has_a_short_story() {
    let world = World::new().await;
    let names: Vec<_> = (0..400).map(|number| format!("m{number}")).collect();
    let names: Vec<_> = names.iter().map(String::as_str).collect();
    let topic = world.topic("alice", &names).await;
    let alice = world.session("alice", "desk").await;
    let mut sessions = Vec::new();
    for name in &names[..300] {
        sessions.push(world.session(name, "phone").await);
    }
    let sequence = world.tell_topic(&alice, topic, "all").await.sequence;
    for session in &mut sessions {
        take(session, 1).await;
    }
    let trace = world.trace(sequence).await;
    assert_eq!(trace.steps.len(), 500);
    assert_eq!(trace.steps_omitted, 2 + 2 * 300 + 100 - 500);
    let Verdict::Members {
        members,
        reached,
        waiting,
        ..
    } = trace.verdict
    else {
        panic!("{:?}", trace.verdict);
    };
    assert_eq!((members, reached, waiting.len()), (400, 300, 5));
}

#[tokio::test(start_paused = true)]
async fn an_app_is_told_nothing_of_another_ones_messages() {
    let world = World::new().await;
    let alice = world.session("alice", "desk").await;
    let receipt = send(&alice, "bob", "p1").await.unwrap();
    assert!(send(&alice, "a,b", "p2").await.is_err());
    let new = chat::NewApp {
        name: "other".into(),
        package: "com.example.other".into(),
        credentials: None,
    };
    let (other, _) = world.chat.apps.create(new).await.unwrap();
    for id in [&*receipt.sequence.to_string(), "p1", "p2"] {
        let question = Question { id, from: None };
        assert!(unknown(&world.chat.trace(&other, question).await), "{id}");
        assert!(world.try_trace(id, None).await.is_ok(), "{id}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_packet_id_of_several_is_that_of_the_newest_or_of_who_is_named() {
    let world = World::new().await;
    let alice = world.session("alice", "desk").await;
    let bob = world.session("bob", "desk").await;
    let of_alice = send(&alice, "carol", "p1").await.unwrap();
    world.clock.advance(1);
    let of_bob = send(&bob, "carol", "p1").await.unwrap();
    let trace = world.trace("p1").await;
    assert_eq!(trace.sequence, Some(of_bob.sequence));
    assert_eq!(trace.others.len(), 1);
    assert_eq!(trace.others[0].sequence, Some(of_alice.sequence));
    assert_eq!(trace.others[0].from, Some(account_name("alice")));
    let trace = world.try_trace("p1", Some("alice")).await.unwrap();
    assert_eq!(trace.sequence, Some(of_alice.sequence));
    assert!(trace.others.is_empty());
    assert!(unknown(&world.try_trace("p1", Some("carol")).await));
    let nobody = world.try_trace("p1", Some("nobody")).await;
    assert!(matches!(nobody, Err(TraceError::NoSender)));
}

#[tokio::test(start_paused = true)]
async fn what_nobody_sent_is_not_known_and_it_is_said_how_far_was_looked() {
    let world = World::new().await;
    for id in ["", "p1", "1", "170000000000000001", "18446744073709551616"] {
        let Err(TraceError::Unknown {
            remembered_ms,
            searched_ms,
        }) = world.try_trace(id, None).await
        else {
            panic!("{id}");
        };
        assert_eq!(remembered_ms, world.chat.clock.now_ms(), "since the start");
        assert_eq!(searched_ms, 0, "all of the log");
    }
}

/// What was asked of the memory before is asked of the log alone.
#[tokio::test(start_paused = true)]
async fn without_the_memory_the_log_proves_what_it_can() {
    let config = Config {
        trace_bytes_max: 0,
        ..Config::default()
    };
    let world = World::with(config, |ports| ports).await;
    let alice = world.session("alice", "desk").await;
    let mut bob = world.session("bob", "phone").await;
    let receipt = send(&alice, "bob", "p1").await.unwrap();
    let until_ms = receipt.sequence.ms() + QUEUE_MS;
    let trace = world.trace("p1").await;
    let stored = What::Stored {
        took_ms: None,
        is_stored: Some(true),
    };
    let pending = What::Pending {
        is_online: true,
        seen_ms: Some(receipt.timestamp_ms),
    };
    assert_eq!(whats(&trace), [stored, pending]);
    assert!(!trace.is_complete);
    let resource = resource("phone");
    assert_eq!(trace.verdict, Verdict::Queued { resource, until_ms });

    take(&mut bob, 1).await;
    let trace = world.trace(receipt.sequence).await;
    let passed = What::Passed { is_expired: false };
    assert_eq!(whats(&trace), [stored, passed]);
    assert_eq!(trace.steps[1].at_ms, None);
    assert_eq!(trace.verdict, Verdict::Acknowledged { devices: 1 });

    drop(bob);
    let receipt = send(&alice, "bob", "p2").await.unwrap();
    let since = Some(Since {
        at_ms: world.chat.clock.now_ms(),
        is_exact: false,
    });
    let until_ms = receipt.sequence.ms() + QUEUE_MS;
    let waiting = Verdict::Waiting { since, until_ms };
    assert_eq!(world.verdict("p2").await, waiting);
    assert!(send(&alice, "a,b", "p3").await.is_err());
    assert!(unknown(&world.try_trace("p3", None).await));
}

#[tokio::test(start_paused = true)]
async fn what_the_memory_has_forgotten_the_log_still_proves() {
    let config = Config {
        trace_bytes_max: chat::trace::TRACE_BYTES_MIN,
        ..Config::default()
    };
    let world = World::with(config, |ports| ports).await;
    let alice = world.session("alice", "desk").await;
    let mut bob = world.session("bob", "phone").await;
    let receipt = send(&alice, "bob", "p1").await.unwrap();
    take(&mut bob, 1).await;
    assert!(send(&alice, "a,b", "p2").await.is_err());
    assert!(world.trace("p1").await.is_complete);
    for number in 0..200 {
        world.clock.advance(1);
        world.tell(&alice, "bob", &number.to_string()).await;
    }
    take(&mut bob, 200).await;
    let trace = world.trace("p1").await;
    assert_eq!(trace.sequence, Some(receipt.sequence));
    assert!(!trace.is_complete);
    assert_eq!(trace.verdict, Verdict::Acknowledged { devices: 1 });
    // A later acknowledgement proves that, and not when.
    let passed = What::Passed { is_expired: false };
    assert_eq!(whats(&trace).last(), Some(&passed));
    assert!(unknown(&world.try_trace("p2", None).await));
    world.clock.advance(1);
    let newest = world.trace(world.tell(&alice, "bob", "new").await.sequence);
    assert!(newest.await.is_complete);
}
