//! Senders who send again what was not acknowledged, on a machine that is stopped at any change of the
//! disk, in a start as well, loses power, forgets what it could not sync, and runs out of space.

use std::collections::BTreeMap;

use chat::port::{Batch, History, Messages, Outcome, Span, StoreError};
use model::{Content, Conversation, DeviceId, Sequence, Uuid};

use super::seeds::{Dice, Seeds};
use super::*;
use crate::contract::sample::{batch, content, device, login, page, text};

const SENDERS: usize = 3;
const RECEIVER: u64 = 9;
/// Longest payload: some are in several sectors.
const PADDING_MAX: u64 = 1_200;

/// What one sender knows: its messages have numbers from 1 on.
#[derive(Clone, Copy, Default)]
struct Sender {
    /// Up to this one all were acknowledged.
    acked: u64,
    /// Up to this one all were sent.
    sent: u64,
}

struct World {
    seed: u64,
    dice: Dice,
    disk: SimulatedDisk,
    clock: Arc<TestClock>,
    senders: [Sender; SENDERS],
    /// Cursors that are on the disk, and as far as they were moved.
    devices: BTreeMap<u64, [Sequence; 2]>,
    newest: Sequence,
}

/// The message of a sender with a number, the same whenever it is asked for.
fn message(seed: u64, sender: u64, number: u64) -> Content {
    let mut dice = Dice::of(seed ^ (sender << 32) ^ (number << 40));
    let padding = if dice.once_in(4) {
        dice.roll(PADDING_MAX)
    } else {
        0
    };
    let padding = "x".repeat(usize::try_from(padding).unwrap());
    let text = format!("{sender}:{number:05}:{padding}");
    Content {
        is_stored: dice.once_in(2),
        packet_id: format!("{sender}:{number}").as_str().into(),
        ..content(sender, RECEIVER, &text)
    }
}

/// Where a sender is among all.
fn place(sender: u64) -> usize {
    usize::try_from(sender - 1).unwrap()
}

/// Whose it is, and which.
fn named(text: &str) -> (u64, u64) {
    let mut parts = text.split(':').map(str::parse);
    let mut next = || parts.next().unwrap().unwrap();
    (next(), next())
}

fn phone(number: u64) -> DeviceId {
    device(100 + number, "phone")
}

impl World {
    fn new(seed: u64) -> Self {
        Self {
            seed,
            dice: Dice::of(seed),
            disk: SimulatedDisk::immediate(),
            clock: TestClock::new(),
            senders: [Sender::default(); SENDERS],
            devices: BTreeMap::new(),
            newest: Sequence(0),
        }
    }

    /// Starts, and is stopped while it does, some times.
    fn started(&mut self) -> EmbeddedMessages {
        loop {
            let config = Config {
                segment_bytes: 300 + self.dice.roll(4_000),
                checkpoint_bytes_min: 200 + self.dice.roll(6_000),
                ..Config::default()
            };
            let is_to_stop = self.dice.once_in(2);
            if is_to_stop {
                self.disk.stop_after(Some(self.dice.roll(20)));
            }
            match try_open(&self.disk, &self.clock, config) {
                Ok(store) => {
                    self.disk.stop_after(None);
                    return store;
                }
                Err(OpenError::Io { .. }) if is_to_stop => self.end(),
                Err(error) => panic!("seed {}: {error}", self.seed),
            }
        }
    }

    /// The end of a program, and sometimes of the power.
    fn end(&mut self) {
        self.disk.stop_after(None);
        self.disk.limit_space(None);
        self.disk.fail_syncs(false);
        if self.dice.once_in(2) {
            let dice = &mut self.dice;
            self.disk = self.disk.after_power_loss(&mut |below| dice.roll(below));
        }
    }

    /// A sender's messages are there from the first on, in their order, those that were acknowledged
    /// at least; what is there is what was sent.
    async fn check(&mut self, store: &EmbeddedMessages) {
        let seed = self.seed;
        let page = page(store, &device(RECEIVER, "fresh"), Sequence(0)).await;
        let mut there = [0; SENDERS];
        let mut before = Sequence(0);
        for found in &page.messages {
            let (sender, number) = named(&text(found));
            let newest = &mut there[place(sender)];
            assert_eq!(number, *newest + 1, "seed {seed}: of sender {sender}");
            *newest = number;
            assert_eq!(found.content, message(seed, sender, number), "seed {seed}");
            assert!(found.sequence > before, "seed {seed}: the order");
            before = found.sequence;
        }
        assert!(before <= store.last(), "seed {seed}");
        for (there, sender) in there.into_iter().zip(&mut self.senders) {
            let Sender { acked, sent } = *sender;
            assert!(
                acked <= there && there <= sent,
                "seed {seed}: {acked} {there} {sent}"
            );
        }
        for sender in 1..=SENDERS as u64 {
            let pair = Conversation::between(Uuid(sender), Uuid(RECEIVER));
            let all = Span::Time(0..u64::MAX);
            let history = store.newest(pair, all, 100_000).await.unwrap();
            let is_wanted =
                |content: &Content| content.is_stored && content.from.uuid == Uuid(sender);
            let wanted = page.messages.iter().filter(|it| is_wanted(&it.content));
            assert!(history.iter().eq(wanted), "seed {seed}: the history");
        }
        for (number, [saved, moved]) in &mut self.devices {
            let known = store.device(&phone(*number));
            let known = known.unwrap_or_else(|| panic!("seed {seed}: phone {number}"));
            assert!(
                *saved <= known.cursor && known.cursor <= *moved,
                "seed {seed}"
            );
            assert!(
                known.cursor <= store.last(),
                "seed {seed}: ahead of the log"
            );
            [*saved, *moved] = [known.cursor; 2];
        }
        assert_eq!(store.damages(), 0, "seed {seed}");
    }

    /// What some senders send together: first what was not acknowledged.
    fn gathered(&mut self) -> Vec<(u64, u64)> {
        let mut gathered = Vec::new();
        let mut next = self.senders.map(|sender| sender.acked);
        for _ in 0..=self.dice.roll(6) {
            let sender = 1 + self.dice.roll(SENDERS as u64);
            let number = &mut next[place(sender)];
            *number += 1;
            gathered.push((sender, *number));
        }
        gathered
    }

    /// Whether the store goes on.
    async fn send(&mut self, store: &EmbeddedMessages) -> bool {
        let gathered = self.gathered();
        for (sender, number) in &gathered {
            let sender = &mut self.senders[place(*sender)];
            sender.sent = sender.sent.max(*number);
        }
        let contents = gathered
            .iter()
            .map(|(sender, number)| message(self.seed, *sender, *number));
        match store.commit(batch(contents)).await {
            Ok(committed) => {
                for (outcome, (sender, number)) in committed.outcomes.iter().zip(gathered) {
                    if let Outcome::Stored(message) = outcome {
                        assert!(message.sequence > self.newest, "seed {}", self.seed);
                        self.newest = message.sequence;
                    }
                    self.senders[place(sender)].acked = number;
                }
                self.saved();
                true
            }
            Err(error) => matches!(error, StoreError::Full),
        }
    }

    fn saved(&mut self) {
        for [saved, moved] in self.devices.values_mut() {
            *saved = *moved;
        }
    }

    /// Something else that a store does. Whether it goes on.
    async fn step(&mut self, store: &EmbeddedMessages) -> bool {
        match self.dice.roll(12) {
            0 => store.maintain().await.is_ok(),
            1 | 2 => {
                let number = self.devices.len() as u64;
                let Ok(committed) = store.commit(login(phone(number))).await else {
                    return false;
                };
                self.saved();
                self.devices
                    .insert(number, [committed.devices[0].cursor; 2]);
                true
            }
            3..=5 if !self.devices.is_empty() => {
                let number = self.dice.roll(self.devices.len() as u64);
                let cursor = store.last();
                store.acknowledge(&phone(number), cursor);
                self.devices.get_mut(&number).unwrap()[1] = cursor;
                true
            }
            6 => {
                let is_saved = store.commit(Batch::default()).await.is_ok();
                if is_saved {
                    self.saved();
                }
                is_saved
            }
            7 => {
                self.disk.limit_space(Some(self.dice.roll(600)));
                let goes_on = self.send(store).await;
                self.disk.limit_space(None);
                goes_on
            }
            _ => true,
        }
    }

    /// One run of the program, to some end.
    async fn live(&mut self, store: &EmbeddedMessages) {
        if self.dice.once_in(2) {
            self.disk.stop_after(Some(self.dice.roll(120)));
        }
        for _ in 0..self.dice.roll(30) {
            if !self.send(store).await || !self.step(store).await {
                return;
            }
            self.clock.advance(self.dice.roll(3));
        }
        match self.dice.roll(4) {
            0 if store.close().await.is_ok() => self.saved(),
            1 => {
                self.disk.fail_syncs(true);
                self.send(store).await;
            }
            2 => self.clock.advance(model::limits::DAY_MS),
            _ => {}
        }
    }
}

async fn survive(seed: u64) {
    let mut world = World::new(seed);
    for _ in 0..5 {
        let store = world.started();
        world.check(&store).await;
        world.live(&store).await;
        drop(store);
        world.end();
    }
    let store = world.started();
    world.check(&store).await;
    while world
        .senders
        .iter()
        .any(|sender| sender.acked < sender.sent)
    {
        assert!(world.send(&store).await, "seed {seed}");
    }
    world.check(&store).await;
    drop(store);
    assert_eq!(check_on(&world.disk, dir(), true), [], "seed {seed}");
}

#[tokio::test]
async fn of_each_sender_all_is_there_up_to_some_message_whatever_happens() {
    for seed in Seeds::of("of_each_sender_all_is_there") {
        survive(seed).await;
    }
}
