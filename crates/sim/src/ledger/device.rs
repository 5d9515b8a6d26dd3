//! What one device was given.

use std::collections::BTreeMap;
use std::time::Duration;

use tokio::time::Instant;

use super::{Person, Phone, Place, State, To};

/// After so long a cursor is durable, when nothing is wrong with the disk.
const CURSOR_DURABLE_AFTER: Duration = Duration::from_secs(3);

/// See the module.
#[derive(Clone, Debug)]
pub(crate) struct DeviceLog {
    pub(crate) person: Person,
    pub(crate) resource: String,
    /// It is owed what has a higher sequence.
    pub(crate) owed_after: Option<u64>,
    /// Sequence and message: what its app was shown.
    pub(crate) shown: BTreeMap<u64, usize>,
    /// What it knows the server to have taken: sequence, process, when.
    confirmed: Vec<(u64, u64, Instant)>,
}

impl DeviceLog {
    pub(crate) fn new(person: Person, resource: String) -> Self {
        Self {
            person,
            resource,
            owed_after: None,
            shown: BTreeMap::new(),
            confirmed: Vec::new(),
        }
    }
}

/// A message as a device was given it.
#[derive(Clone, Debug)]
pub(crate) struct Shown {
    /// As the payload says.
    pub(crate) number: usize,
    pub(crate) place: Place,
    pub(crate) packet_id: String,
    pub(crate) from: String,
    pub(crate) from_resource: String,
}

impl State {
    /// A device took a list: one message of it. Whether its app is shown it.
    pub(crate) fn given(&mut self, phone: Phone, life: u64, shown: &Shown) -> bool {
        let Shown { number, place, .. } = *shown;
        let sequence = place.0;
        self.place(number, place, "a delivery");
        self.check_origin(phone, shown);
        if self.phones[phone].shown.contains_key(&sequence) {
            self.raw_duplicates += 1;
            self.check_repetition(phone, life, number, sequence);
            return false;
        }
        let newest = self.phones[phone].shown.last_key_value();
        if let Some((newest, _)) = newest
            && *newest >= sequence
        {
            let newest = *newest;
            self.violate(format_args!(
                "d{phone} was given m{number} at {sequence} after {newest}"
            ));
        }
        if !self.is_for(phone, number, sequence).unwrap_or(true) {
            self.violate(format_args!(
                "d{phone} was given m{number}, which is not for it"
            ));
        }
        self.phones[phone].shown.insert(sequence, number);
        true
    }

    fn check_origin(&mut self, phone: Phone, shown: &Shown) {
        let number = shown.number;
        let sent = &self.messages[number];
        let resource = match sent.phone {
            Some(phone) => self.phones[phone].resource.as_str(),
            None => PUSHER,
        };
        let is_right = name(sent.from) == shown.from
            && resource == shown.from_resource
            && (sent.phone.is_none() || sent.packet_id == shown.packet_id);
        if !is_right {
            self.violate(format_args!("m{number} came to d{phone} as {shown:?}"));
        }
    }

    /// Only what the server may have forgotten may come again.
    fn check_repetition(&mut self, phone: Phone, life: u64, number: usize, sequence: u64) {
        let mut confirmed = self.phones[phone].confirmed.iter();
        let broken = confirmed.find(|(cursor, taken_by, at)| {
            let taker = self.lives.get(taken_by).copied().unwrap_or_default();
            let is_saved = taker
                .ended_at
                .is_none_or(|ended| taker.was_stopped || ended >= *at + CURSOR_DURABLE_AFTER);
            let is_durable = is_saved && !taker.had_trouble;
            *cursor >= sequence && (*taken_by == life || is_durable)
        });
        if let Some((cursor, taken_by, _)) = broken.copied() {
            self.violate(format_args!(
                "d{phone} was given m{number} at {sequence} again by process {life}, though \
                 process {taken_by} had taken its acknowledgement of {cursor}"
            ));
        }
    }

    /// The server has taken an acknowledgement: something that was asked after it was answered.
    pub(crate) fn confirmed(&mut self, phone: Phone, sequence: u64, life: u64) {
        self.phones[phone]
            .confirmed
            .push((sequence, life, Instant::now()));
    }

    /// Whether a message at a place is for a device; `None` where only the server knows.
    pub(crate) fn is_for(&self, phone: Phone, number: usize, sequence: u64) -> Option<bool> {
        let sent = &self.messages[number];
        if sent.phone == Some(phone) {
            return Some(false);
        }
        let person = self.phones[phone].person;
        match sent.to {
            To::Person(to) => Some(person == to || person == sent.from),
            To::Group(group) => self.is_member(group, person, sequence),
        }
    }
}

/// The device in whose name app servers push.
pub(crate) const PUSHER: &str = "backend";

/// The name of an account.
pub(crate) fn name(person: Person) -> String {
    format!("p{person}")
}
