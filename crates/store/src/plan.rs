//! What a commit will do, decided before anything is written: which entries are repetitions or
//! refused, and the sequence and timestamp of each of the others.

use std::collections::HashMap;
use std::sync::Arc;

use chat::port::{Batch, Committed, Entry, Outcome};
use model::{Content, Conversation, Message, Sequence};

use crate::hash::IdMap;
use crate::repeat::{Fingerprint, fingerprint, is_same};
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

impl Plan {
    /// Plans a batch. `find` looks for the same message among those stored in the last 7 days.
    pub(crate) fn of<E>(
        batch: Batch,
        state: &State,
        now_ms: u64,
        mut find: impl FnMut(&Content, Fingerprint) -> Result<Option<Found>, E>,
    ) -> Result<Self, E> {
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
        for entry in batch.entries {
            planner.entry(entry, &mut find)?;
        }
        let mut plan = planner.plan;
        plan.devices = state.plan_devices(&batch.devices, plan.last, now_ms);
        Ok(plan)
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
    fn entry<E>(
        &mut self,
        entry: Entry,
        find: &mut impl FnMut(&Content, Fingerprint) -> Result<Option<Found>, E>,
    ) -> Result<(), E> {
        let key = fingerprint(&entry.content);
        let mut found = None;
        if let Some(key) = key {
            found = self.find_in_batch(&entry.content, key);
            if found.is_none() {
                found = find(&entry.content, key)?;
            }
        }
        let outcome = match found {
            Some((sequence, timestamp_ms)) => Outcome::Repeated {
                sequence,
                timestamp_ms,
            },
            None if entry.is_allowed => Outcome::Stored(self.place(entry.content, key)),
            None => Outcome::Refused,
        };
        self.plan.outcomes.push(outcome);
        Ok(())
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
