//! `kill -9` under load, twenty times: nothing acknowledged is lost, reordered or shown twice.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use client::checker::Checker;
use client::{Client, Device, Event, Events, SendOptions, Sending};
use e2e::{Person, Server, WAIT};
use tokio::sync::watch;
use tokio::task::JoinSet;

const KILLS: usize = 20;
const SENDERS: usize = 4;
/// Messages that a sender has on their way.
const WINDOW: usize = 32;

/// What happened so far, and how much of it.
#[derive(Default)]
struct History {
    checker: Mutex<Checker>,
    counts: watch::Sender<Counts>,
}

#[derive(Clone, Copy, Default, Debug)]
struct Counts {
    acked: usize,
    shown: usize,
    is_over: bool,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn twenty_kills_under_load_lose_and_repeat_nothing() {
    let mut server = Server::start().await;
    let history = Arc::new(History::default());
    let mut receivers = JoinSet::new();
    let mut senders = JoinSet::new();
    // One hears from all, the others from one each.
    let accounts: Vec<String> = (0..=SENDERS).map(|number| format!("to-{number}")).collect();
    let devices = |account| ["desk", "phone"].map(|resource| Device::new(account, resource));
    for device in accounts.iter().flat_map(devices) {
        let person = server.person(&device.account, &device.resource).await;
        receivers.spawn(receive(person, Arc::clone(&history)));
    }
    for account in &accounts[1..] {
        let from = server.person(&format!("from-{account}"), "desk").await;
        let to = [devices(&accounts[0]), devices(account)];
        senders.spawn(send(from, to, Arc::clone(&history)));
    }

    for round in 0..KILLS {
        // A different moment each time, and never without progress since the last one.
        let progress = 50 + round * 397 % 1_500;
        let wanted = history.counts.borrow().acked + progress;
        history.wait(|counts| counts.acked >= wanted).await;
        server.kill().await;
        server.start_again().await;
    }

    history.counts.send_modify(|counts| counts.is_over = true);
    let all_sent = tokio::time::timeout(WAIT, senders.join_all()).await;
    assert!(
        all_sent.is_ok(),
        "every message must be acknowledged in the end"
    );
    // Everything sent was sent again until it was acknowledged, and each has two receivers.
    history
        .wait(|counts| counts.shown >= 2 * counts.acked)
        .await;
    let verdict = history.checker().verdict();
    verdict.assert_clean();
    assert!(verdict.acked >= KILLS * 50, "{verdict}");
}

/// Keeps a window of messages on their way, to two accounts in turn, until it is over and all have
/// their receipts.
async fn send(from: Person, to: [[Device; 2]; 2], history: Arc<History>) {
    let Person {
        device,
        client,
        events,
    } = from;
    let drained = tokio::spawn(drain(events));
    let mut waiting: VecDeque<Sending> = VecDeque::new();
    let mut turns = to.iter().cycle();
    let is_over = || history.counts.borrow().is_over;
    loop {
        while waiting.len() < WINDOW && !is_over() {
            let to = turns.next().expect("a cycle has no end");
            waiting.push_back(history.send(&client, &device, to));
        }
        let Some(sending) = waiting.pop_front() else {
            break;
        };
        let packet_id = sending.packet_id().to_owned();
        let receipt = sending.await.expect("nothing here is refused");
        let mut checker = history.checker();
        checker.acked(&device, &packet_id, receipt.sequence);
        history.counts.send_modify(|counts| counts.acked += 1);
    }
    drained.abort();
}

async fn receive(mut at: Person, history: Arc<History>) {
    while let Some(event) = at.events.next().await {
        if let Event::Message(message) = event {
            let mut checker = history.checker();
            let (from, packet_id) = (&message.from, &message.packet_id);
            checker.delivered(&at.device, from, packet_id, message.sequence);
            history.counts.send_modify(|counts| counts.shown += 1);
        }
    }
}

async fn drain(mut events: Events) {
    while events.next().await.is_some() {}
}

impl History {
    /// What a task that failed has noted still counts.
    fn checker(&self) -> MutexGuard<'_, Checker> {
        self.checker.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Under the lock, so that nothing is shown before it is known to be sent.
    fn send(&self, client: &Client, from: &Device, to: &[Device; 2]) -> Sending {
        let mut checker = self.checker();
        let account = &to[0].account;
        let sending = client.send(account.as_str(), "x".repeat(200), SendOptions::default());
        checker.sent(from, account, sending.packet_id(), to);
        sending
    }

    async fn wait(&self, reached: impl Fn(&Counts) -> bool) {
        let mut counts = self.counts.subscribe();
        let waited = tokio::time::timeout(WAIT, counts.wait_for(reached)).await;
        if waited.is_err() {
            let verdict = self.checker().verdict();
            panic!("no progress within {} s: {verdict}", WAIT.as_secs());
        }
    }
}
