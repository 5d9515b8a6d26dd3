//! One bound connection of a device.

use std::collections::VecDeque;
use std::time::Duration;

use bytes::Bytes;
use prost::Message as _;
use tokio::time::{Instant, sleep_until};
use wire::packet::packet_ack::AckCode;
use wire::{
    Compound, MimcGroup, MimcPacket, MimcUser, P2pMessage, P2tMessage, PacketAck, PacketType, Pull,
    SequenceAck,
};

use super::link::{Link, Said};
use super::{Kind, Traits};
use super::{Letter, Outbox};
use crate::dice::Dice;
use crate::ledger::{Shown, To};
use crate::trace::note;
use crate::world::World;

/// How long an answer may take before the connection counts as dead.
const PATIENCE: Duration = Duration::from_secs(15);
/// How long nothing may come before a ping asks for it.
const PING_EVERY: Duration = Duration::from_secs(20);
/// Letters on their way at a time.
const IN_FLIGHT_MAX: usize = 64;

/// See the module.
pub(super) struct Session<'a> {
    world: &'a World,
    traits: &'a Traits,
    outbox: &'a Outbox,
    link: Link,
    life: u64,
    /// Letters that were written here and have no answer, the oldest first.
    written: VecDeque<(String, Instant)>,
    /// Lists whose messages the app is still busy with: when it is done, and up to where.
    taking: VecDeque<(Instant, u64)>,
    /// The highest sequence that came, since the last refusal.
    newest: u64,
    /// What the last acknowledgement said.
    acknowledged: u64,
    heard_at: Instant,
    /// Pings that wait for their answer: since when, and what had been acknowledged before.
    pinged: VecDeque<(Instant, u64)>,
}

impl<'a> Session<'a> {
    pub(super) fn new(
        world: &'a World,
        traits: &'a Traits,
        outbox: &'a Outbox,
        link: Link,
        life: u64,
    ) -> Self {
        Self {
            world,
            traits,
            outbox,
            link,
            life,
            written: VecDeque::new(),
            taking: VecDeque::new(),
            newest: 0,
            acknowledged: 0,
            heard_at: Instant::now(),
            pinged: VecDeque::new(),
        }
    }

    /// Serves it until it ends; says why it did.
    pub(super) async fn run(mut self, dice: &mut Dice) -> String {
        let offline_at = Instant::now() + dice.ms(0, self.traits.offline_every_s * 2_000);
        loop {
            self.write();
            self.acknowledge(dice);
            let now = Instant::now();
            if now >= offline_at && !self.world.is_calm() {
                return "it goes offline".to_owned();
            }
            if self.world.is_over() {
                return "the run is over".to_owned();
            }
            if self.overdue().is_some_and(|due| due <= now) {
                return "the server is silent".to_owned();
            }
            if now >= self.heard_at + PING_EVERY && self.pinged.is_empty() {
                self.ping();
            }
            let wake = self.wake_at(offline_at);
            tokio::select! {
                biased;
                said = self.link.next() => {
                    self.heard_at = Instant::now();
                    let done = match said {
                        Ok(said) => self.take(said, dice),
                        Err(error) => Err(error.to_string()),
                    };
                    if let Err(why) = done {
                        return why;
                    }
                }
                () = self.outbox.changed.notified() => {}
                () = self.world.changed() => {}
                () = sleep_until(wake) => {}
            }
        }
    }

    fn wake_at(&self, offline_at: Instant) -> Instant {
        let taking = self.taking.front().map(|(due, _)| *due);
        let ping = self.heard_at + PING_EVERY;
        let ping = if self.pinged.is_empty() {
            Some(ping)
        } else {
            None
        };
        let offline = (!self.world.is_calm()).then_some(offline_at);
        let all = [taking, ping, offline, self.overdue()];
        let next = all.into_iter().flatten().min();
        next.unwrap_or(offline_at)
    }

    fn overdue(&self) -> Option<Instant> {
        let letter = self.written.front().map(|(_, at)| *at);
        let ping = self.pinged.front().map(|(at, _)| *at);
        let since = letter.into_iter().chain(ping).min()?;
        Some(since + PATIENCE)
    }

    /// Writes letters that were not written on this connection yet.
    fn write(&mut self) {
        while self.written.len() < IN_FLIGHT_MAX {
            let Some(letter) = self.outbox.at(self.written.len()) else {
                return;
            };
            self.queue(&letter);
            self.written
                .push_back((letter.packet_id.clone(), Instant::now()));
        }
    }

    fn queue(&mut self, letter: &Letter) {
        let (to, is_stored) = self.world.ledger.with(|state| {
            let sent = &mut state.messages[letter.number];
            sent.attempts += 1;
            (sent.to, sent.is_stored)
        });
        let app_id = self.link.account().app_id.0;
        let payload = Bytes::copy_from_slice(letter.text.as_bytes());
        let from = MimcUser::default();
        match to {
            To::Person(person) => {
                let to = MimcUser::account(app_id, &crate::ledger::name(person));
                let message = P2pMessage::new(from, to, payload, is_stored, "");
                self.link
                    .queue_packet(PacketType::P2pMessage, &letter.packet_id, &message);
            }
            To::Group(group) => {
                let to = MimcGroup::new(app_id, self.world.topic(group).0);
                let message = P2tMessage::new(from, to, payload, is_stored, "");
                self.link
                    .queue_packet(PacketType::P2tMessage, &letter.packet_id, &message);
            }
        }
    }

    /// Acknowledges lists that the app is done with.
    fn acknowledge(&mut self, dice: &mut Dice) {
        let now = Instant::now();
        while let Some((_, sequence)) = self.taking.pop_front_if(|(due, _)| *due <= now) {
            let account = self.link.account();
            let (uuid, app_id) = (account.uuid.0, account.app_id.0);
            let ack = SequenceAck::new(uuid, self.link.resource(), sequence.cast_signed(), app_id);
            self.link.queue_packet(PacketType::SequenceAck, "", &ack);
            self.acknowledged = sequence;
            note!(
                self.world.trace,
                "d{} acknowledges {sequence}",
                self.traits.phone
            );
            if dice.one_in(3) {
                self.ping();
            }
        }
    }

    fn ping(&mut self) {
        self.link.queue_ping();
        self.pinged.push_back((Instant::now(), self.acknowledged));
    }

    fn take(&mut self, said: Said, dice: &mut Dice) -> Result<(), String> {
        match said {
            Said::Pong => {
                if let Some((_, acknowledged)) = self.pinged.pop_front()
                    && acknowledged > 0
                {
                    self.world.ledger.with(|state| {
                        state.confirmed(self.traits.phone, acknowledged, self.life);
                    });
                }
                Ok(())
            }
            Said::Packet(packet) => match packet.kind() {
                Some(PacketType::PacketAck) => {
                    let ack = PacketAck::decode(Link::payload(&packet));
                    self.take_ack(&ack.map_err(|error| error.to_string())?, dice)
                }
                Some(PacketType::Compound) => {
                    let list = Compound::decode(Link::payload(&packet));
                    self.take_list(&list.map_err(|error| error.to_string())?, dice)
                }
                _ => Ok(()),
            },
            Said::Kick(why) => Err(format!("kicked: {why}")),
            Said::Other => Ok(()),
        }
    }

    fn take_ack(&mut self, ack: &PacketAck, dice: &mut Dice) -> Result<(), String> {
        let phone = self.traits.phone;
        let (packet_id, code) = (ack.packet_id(), ack.code());
        if code == i32::from(AckCode::Unbound) {
            return Err("its binding has ended".to_owned());
        }
        let expected = self.written.pop_front();
        if expected.as_ref().map(|(id, _)| id.as_str()) != Some(packet_id) {
            self.world.ledger.violate(format_args!(
                "d{phone} got the receipt of {packet_id} where that of {expected:?} was due"
            ));
            return Err("receipts out of order".to_owned());
        }
        let Some((_, letter)) = self.outbox.take(packet_id) else {
            return Ok(());
        };
        let number = letter.number;
        if code == 0 {
            let place = (
                ack.sequence().cast_unsigned(),
                ack.timestamp().cast_unsigned(),
            );
            note!(
                self.world.trace,
                "d{phone} has a receipt of m{number}: {place:?}"
            );
            self.world.ledger.with(|state| state.acked(number, place));
            return Ok(());
        }
        note!(
            self.world.trace,
            "d{phone} was refused m{number} with {code}"
        );
        let is_passing = code == i32::from(AckCode::Internal) || code == i32::from(AckCode::Busy);
        let tries_again = is_passing && dice.one_in(2);
        self.world.ledger.with(|state| {
            let sent = &mut state.messages[number];
            sent.refusals.push(code);
            sent.is_open = tries_again;
        });
        if tries_again {
            self.world.send_later(phone, letter, dice.ms(100, 5_000));
        }
        Ok(())
    }

    fn take_list(&mut self, list: &Compound, dice: &mut Dice) -> Result<(), String> {
        let phone = self.traits.phone;
        let messages: Vec<_> = list.packets.iter().map(shown).collect();
        let Some(messages) = messages.into_iter().collect::<Option<Vec<_>>>() else {
            self.world
                .ledger
                .violate(format_args!("d{phone} was given a list it cannot read"));
            return Err("a bad list".to_owned());
        };
        let sequences: Vec<_> = messages.iter().map(|message| message.place.0).collect();
        let ascends = sequences.first().is_some_and(|first| *first > self.newest)
            && sequences.is_sorted_by(|one, next| one < next)
            && sequences.last() == Some(&list.max_sequence().cast_unsigned());
        let is_to_it =
            list.uuid() == self.link.account().uuid.0 && list.resource() == self.link.resource();
        if !ascends || !is_to_it {
            let newest = self.newest;
            self.world.ledger.violate(format_args!(
                "d{phone} was given {sequences:?} up to {} after {newest}",
                list.max_sequence()
            ));
        }
        if self.is_refusing(dice) {
            note!(self.world.trace, "d{phone} refuses {sequences:?}");
            let account = self.link.account();
            let pull = Pull::new(account.uuid.0, self.link.resource(), account.app_id.0);
            self.link.queue_packet(PacketType::Pull, "", &pull);
            self.newest = self.acknowledged;
            return Ok(());
        }
        note!(self.world.trace, "d{phone} takes {sequences:?}");
        self.world.ledger.with(|state| {
            for message in &messages {
                state.given(phone, self.life, message);
            }
        });
        self.newest = list.max_sequence().cast_unsigned();
        let slow_ms = if self.world.is_calm() {
            0
        } else {
            self.traits.slow_ms
        };
        let busy = dice.ms(0, slow_ms);
        let before = self.taking.back().map(|(due, _)| *due);
        let due = (Instant::now() + busy).max(before.unwrap_or(self.heard_at));
        self.taking.push_back((due, self.newest));
        if self.taking.len() > self.window() {
            let count = self.taking.len();
            self.world
                .ledger
                .violate(format_args!("d{phone} has {count} lists at a time"));
        }
        Ok(())
    }

    fn is_refusing(&self, dice: &mut Dice) -> bool {
        let one_in = self.traits.refuses_one_in;
        one_in > 0 && !self.world.is_calm() && dice.one_in(one_in)
    }

    fn window(&self) -> usize {
        match self.traits.kind {
            Kind::Own | Kind::Go => 4,
            Kind::Other => 1,
        }
    }
}

/// A message of a list.
fn shown(packet: &Bytes) -> Option<Shown> {
    let packet = MimcPacket::decode(packet.clone()).ok()?;
    let payload = Link::payload(&packet);
    let (from, payload) = match packet.kind()? {
        PacketType::P2pMessage => {
            let message = P2pMessage::decode(payload).ok()?;
            (message.from?, message.payload?)
        }
        PacketType::P2tMessage => {
            let message = P2tMessage::decode(payload).ok()?;
            (message.from?, message.payload?)
        }
        _ => return None,
    };
    Some(Shown {
        number: crate::text::number(&payload)?,
        place: (
            packet.sequence().cast_unsigned(),
            packet.timestamp().cast_unsigned(),
        ),
        packet_id: packet.packet_id().to_owned(),
        from: from.app_account().to_owned(),
        from_resource: from.resource().to_owned(),
    })
}
