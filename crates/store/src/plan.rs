//! What a commit will do, decided before anything is written: which entries are repetitions or
//! refused, and the sequence and timestamp of each of the others.

use std::collections::HashMap;
use std::sync::Arc;

use chat::port::{Batch, Committed, Entry, Outcome};
use model::{Content, Conversation, Message, Sequence};

use crate::hash::IdMap;
use crate::repeat::{Fingerprint, is_same};
use crate::state::{DevicePlan, State};

/// A message that is to be stored, with its fingerprint.
pub(crate) type Planned = (Arc<Message>, Option<Fingerprint>);

/// See the module.
#[derive(Default)]
pub(crate) struct Plan {
    /// To be stored, ascending by sequence.
    pub(crate) messages: Vec<Planned>,
    /// To be changed after the messages.
    pub(crate) devices: DevicePlan,
    /// The answers to the entries.
    pub(crate) outcomes: Vec<Outcome>,
    /// The newest sequence once this is done.
    pub(crate) last: Sequence,
}

/// Where and when a message was stored before.
pub(crate) type Found = (Sequence, u64);

/// What is known of an entry before it is planned.
#[derive(Clone, Copy)]
pub(crate) struct Lookup {
    /// Its fingerprint, if it can be repeated.
    pub(crate) key: Option<Fingerprint>,
    /// The same message, if it was stored in the last 7 days.
    pub(crate) found: Option<Found>,
}

impl Plan {
    /// Plans a batch, whose entries have been looked up.
    pub(crate) fn of(batch: Batch, lookups: Vec<Lookup>, state: &State, now_ms: u64) -> Self {
        let mut planner = Planner {
            state,
            now_ms,
            plan: Self {
                last: state.last(),
                ..Self::default()
            },
            places: HashMap::new(),
            timestamps: IdMap::default(),
        };
        for (entry, lookup) in batch.entries.into_iter().zip(lookups) {
            planner.entry(entry, lookup);
        }
        let mut plan = planner.plan;
        plan.devices = state.plan_devices(&batch.devices, plan.last, now_ms);
        plan
    }

    /// Whether it changes nothing.
    pub(crate) fn is_empty(&self) -> bool {
        self.messages.is_empty() && self.devices.changes.is_empty()
    }

    /// The answer to the whole batch.
    pub(crate) fn into_committed(self) -> Committed {
        Committed {
            outcomes: self.outcomes,
            devices: self.devices.devices,
        }
    }
}

struct Planner<'a> {
    state: &'a State,
    now_ms: u64,
    plan: Plan,
    /// Of this batch: fingerprint to place in `plan.messages`.
    places: HashMap<Fingerprint, usize>,
    /// Newest of this batch by conversation.
    timestamps: IdMap<Conversation, u64>,
}

impl Planner<'_> {
    fn entry(&mut self, entry: Entry, lookup: Lookup) {
        let found = lookup
            .found
            .or_else(|| self.find_in_batch(&entry.content, lookup.key?));
        let outcome = match found {
            Some((sequence, timestamp_ms)) => Outcome::Repeated {
                sequence,
                timestamp_ms,
            },
            None if entry.is_allowed => Outcome::Stored(self.place(entry.content, lookup.key)),
            None => Outcome::Refused,
        };
        self.plan.outcomes.push(outcome);
    }

    fn find_in_batch(&self, content: &Content, key: Fingerprint) -> Option<Found> {
        let (message, _) = &self.plan.messages[*self.places.get(&key)?];
        is_same(&message.content, content).then_some((message.sequence, message.timestamp_ms))
    }

    fn place(&mut self, content: Content, key: Option<Fingerprint>) -> Arc<Message> {
        let sequence = Sequence(self.plan.last.0 + 1).max(Sequence::at_ms(self.now_ms));
        let conversation = content.conversation();
        let timestamp = self
            .timestamps
            .entry(conversation)
            .or_insert_with(|| self.state.previous_timestamp(&conversation));
        *timestamp = self.now_ms.max(*timestamp + 1);
        let message = Arc::new(Message {
            sequence,
            timestamp_ms: *timestamp,
            content,
        });
        if let Some(key) = key {
            self.places.insert(key, self.plan.messages.len());
        }
        self.plan.messages.push((Arc::clone(&message), key));
        self.plan.last = sequence;
        message
    }
}
