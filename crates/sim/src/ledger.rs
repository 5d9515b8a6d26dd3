//! What was sent, acknowledged, refused and shown, and what of it breaks a promise.
//!
//! Most promises are checked the moment something happens; `verdict` checks what can only be said at
//! the end.

mod device;
mod membership;
mod verdict;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use parking_lot::Mutex;
use tokio::time::Instant;

use crate::trace::{Trace, note};
pub(crate) use device::{DeviceLog, PUSHER, Shown, name};
pub(crate) use membership::Timeline;
pub(crate) use verdict::Read;

/// An account, by its number.
pub(crate) type Person = usize;
/// A device, by its number.
pub(crate) type Phone = usize;
/// A topic, by its number.
pub(crate) type Group = usize;

/// Whom a message is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum To {
    Person(Person),
    Group(Group),
}

/// What orders messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Talk {
    /// The lower number first.
    Pair(Person, Person),
    Group(Group),
}

/// Sequence and timestamp.
pub(crate) type Place = (u64, u64);

/// A message.
#[derive(Clone, Debug)]
pub(crate) struct Sent {
    pub(crate) from: Person,
    /// `None` for a push.
    pub(crate) phone: Option<Phone>,
    pub(crate) packet_id: String,
    pub(crate) to: To,
    pub(crate) is_stored: bool,
    /// Its sender has a receipt.
    pub(crate) is_acked: bool,
    /// By whatever told it first.
    pub(crate) place: Option<Place>,
    /// How often it was written to a connection.
    pub(crate) attempts: usize,
    /// Codes, in their order. After the last one it may have been sent again.
    pub(crate) refusals: Vec<i32>,
    /// Its sender does not know what became of it, or will send it again.
    pub(crate) is_open: bool,
}

impl Sent {
    pub(crate) fn talk(&self) -> Talk {
        match self.to {
            To::Person(to) => Talk::Pair(self.from.min(to), self.from.max(to)),
            To::Group(group) => Talk::Group(group),
        }
    }
}

/// A process of the server, as far as cursors are concerned.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct LifeLog {
    pub(crate) ended_at: Option<Instant>,
    /// It was stopped in order, and has saved everything.
    pub(crate) was_stopped: bool,
    /// Its disk failed, or it died in the middle of a step.
    pub(crate) had_trouble: bool,
}

/// See the module.
pub(crate) struct Ledger {
    trace: Arc<Trace>,
    state: Mutex<State>,
}

/// What is known.
pub(crate) struct State {
    pub(crate) messages: Vec<Sent>,
    pub(crate) by_sequence: BTreeMap<u64, usize>,
    pub(crate) phones: Vec<DeviceLog>,
    pub(crate) timelines: BTreeMap<(Group, Person), Timeline>,
    pub(crate) lives: BTreeMap<u64, LifeLog>,
    pub(crate) violations: Vec<String>,
    pub(crate) raw_duplicates: u64,
}

impl Ledger {
    pub(crate) fn new(trace: Arc<Trace>, phones: Vec<DeviceLog>) -> Arc<Self> {
        let state = State {
            messages: Vec::new(),
            by_sequence: BTreeMap::new(),
            phones,
            timelines: BTreeMap::new(),
            lives: BTreeMap::new(),
            violations: Vec::new(),
            raw_duplicates: 0,
        };
        Arc::new(Self {
            trace,
            state: Mutex::new(state),
        })
    }

    /// Looks at or changes what is known; what is violated by it is told at once.
    pub(crate) fn with<T>(&self, act: impl FnOnce(&mut State) -> T) -> T {
        let mut state = self.state.lock();
        let before = state.violations.len();
        let done = act(&mut state);
        for violation in &state.violations[before..] {
            note!(self.trace, "VIOLATION {violation}");
        }
        done
    }

    pub(crate) fn violate(&self, what: fmt::Arguments<'_>) {
        self.with(|state| state.violate(what));
    }
}

impl State {
    pub(crate) fn violate(&mut self, what: fmt::Arguments<'_>) {
        self.violations.push(what.to_string());
    }

    /// Whether its sender knows that nobody was given it. A 500 says nothing: what the store could not
    /// sync may be there after a restart. A 503 speaks for its own attempt, and is no answer to one
    /// before. The rest are answers to the message, however often it was sent.
    fn is_denied(&self, number: usize) -> bool {
        const INTERNAL: i32 = 500;
        const BUSY: i32 = 503;
        let Sent {
            is_acked,
            is_open,
            attempts,
            refusals,
            ..
        } = &self.messages[number];
        let are_answers = refusals.iter().all(|code| *code != INTERNAL)
            && (refusals.len() >= *attempts || refusals.iter().any(|code| *code != BUSY));
        !is_acked && !is_open && !refusals.is_empty() && are_answers
    }

    /// Takes down a message before it is sent, and returns its number.
    pub(crate) fn send(&mut self, sent: Sent) -> usize {
        self.messages.push(sent);
        self.messages.len() - 1
    }

    /// The sender of a message has a receipt.
    pub(crate) fn acked(&mut self, number: usize, place: Place) {
        self.messages[number].is_acked = true;
        self.messages[number].is_open = false;
        self.place(number, place, "its receipt");
    }

    /// A message has one place, and a place one message, whoever tells it.
    pub(crate) fn place(&mut self, number: usize, place: Place, told_by: &str) {
        let first = *self.messages[number].place.get_or_insert(place);
        if first != place {
            self.violate(format_args!(
                "m{number} has place {first:?} and, by {told_by}, {place:?}"
            ));
        }
        let holder = *self.by_sequence.entry(place.0).or_insert(number);
        if holder != number {
            self.violate(format_args!(
                "sequence {} is m{holder} and, by {told_by}, m{number}",
                place.0
            ));
        }
    }
}
