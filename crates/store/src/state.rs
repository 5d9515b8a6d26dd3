//! The living state: everything a store keeps in memory, whatever it keeps its messages in.
//!
//! It changes only by being applied to: once when a commit has become durable, and again when the
//! log is replayed. Applying something it knows already changes nothing, so that a replay may
//! begin before the moment of the state it begins with.

pub(crate) mod account;
mod device;
mod dump;
mod stretch;
mod timestamps;

use std::collections::BTreeSet;

use chat::port::NewDevice;
use model::limits::QUEUE_MS;
use model::{Conversation, Device, DeviceId, Message, Resource, Sequence, Target, TopicId, Uuid};

use crate::hash::{IdMap, shard};
use crate::repeat::before_ms;
use account::Account;
pub(crate) use device::{Change, DevicePlan};
pub(crate) use stretch::Stretch;
pub(crate) use timestamps::Timestamps;

/// Parts of the accounts, each of which can be walked in a moment.
pub(crate) const SHARDS: usize = 256;

/// See the module.
pub(crate) struct State {
    last: Sequence,
    shards: Vec<IdMap<Uuid, Account>>,
    /// Newest message of each topic with news.
    topics: IdMap<TopicId, Sequence>,
    timestamps: Timestamps,
    /// Devices that moved since the last commit. In order, here and below: the same run writes the
    /// same bytes.
    unsaved: BTreeSet<DeviceId>,
    /// Accounts that ended since then.
    ended: BTreeSet<Uuid>,
}

/// What changed between two commits and is to be made durable with the second.
#[derive(Default)]
pub(crate) struct Unsaved {
    /// The newest sequence when it was taken: it comes before all later messages.
    pub(crate) at: Sequence,
    /// Accounts that ended. They come before the messages of the batch, which may be for them.
    pub(crate) ended: Vec<Change>,
    /// Where the devices are that moved.
    pub(crate) moved: Vec<Change>,
}

impl Unsaved {
    /// Whether there is nothing in it.
    pub(crate) fn is_empty(&self) -> bool {
        self.ended.is_empty() && self.moved.is_empty()
    }
}

impl State {
    /// Of an empty store.
    pub(crate) fn new() -> Self {
        Self {
            last: Sequence(0),
            shards: (0..SHARDS).map(|_| IdMap::default()).collect(),
            topics: IdMap::default(),
            timestamps: Timestamps::default(),
            unsaved: BTreeSet::new(),
            ended: BTreeSet::new(),
        }
    }

    /// The newest sequence.
    pub(crate) fn last(&self) -> Sequence {
        self.last
    }

    /// No later sequence will be below this one.
    pub(crate) fn raise_last(&mut self, to: Sequence) {
        self.last = self.last.max(to);
    }

    /// The place of what comes next.
    pub(crate) fn next_place(&self, now_ms: u64) -> Sequence {
        Sequence(self.last.0 + 1).max(Sequence::at_ms(now_ms))
    }

    /// The same, taken: what comes next is above it.
    pub(crate) fn take_place(&mut self, now_ms: u64) -> Sequence {
        self.last = self.next_place(now_ms);
        self.last
    }

    // Messages

    /// Takes note of a message.
    pub(crate) fn apply_message(&mut self, message: &Message) {
        let sequence = message.sequence;
        let conversation = message.content.conversation();
        if self.head(&conversation).is_none_or(|head| head <= sequence) {
            self.timestamps
                .note(conversation, sequence, message.timestamp_ms);
        }
        match &message.content.to {
            Target::Account(to) => {
                let from = message.content.from.uuid;
                self.account_mut(from).raise_head(to.uuid, sequence);
                self.account_mut(to.uuid).raise_head(from, sequence);
            }
            Target::Topic(topic) => {
                let head = self.topics.entry(*topic).or_default();
                *head = sequence.max(*head);
            }
        }
        self.raise_last(sequence);
    }

    /// The timestamp that the next message of a conversation must be above.
    pub(crate) fn previous_timestamp(&self, conversation: &Conversation) -> u64 {
        self.timestamps
            .previous(conversation, self.head(conversation))
    }

    /// An account's conversations that have messages after a sequence.
    pub(crate) fn with_news(&self, uuid: Uuid, after: Sequence) -> Vec<Conversation> {
        self.account(uuid).map_or_else(Vec::new, |account| {
            account
                .peers_after(after)
                .map(|peer| Conversation::between(uuid, peer))
                .collect()
        })
    }

    fn head(&self, conversation: &Conversation) -> Option<Sequence> {
        match conversation {
            Conversation::Pair(one, other) => self.account(*one)?.head(*other),
            Conversation::Topic(topic) => self.topics.get(topic).copied(),
        }
    }

    // Devices

    /// What is known of a device.
    pub(crate) fn device(&self, id: &DeviceId, now_ms: u64) -> Option<Device> {
        self.account(id.uuid)?.device(&id.resource, now_ms)
    }

    /// All devices of an account that are remembered.
    pub(crate) fn devices(&self, uuid: Uuid, now_ms: u64) -> Vec<(Resource, Device)> {
        self.account(uuid)
            .map_or_else(Vec::new, |account| account.remembered(now_ms).collect())
    }

    /// Moves a cursor forward; what is to be saved is remembered.
    pub(crate) fn acknowledge(&mut self, id: &DeviceId, cursor: Sequence, now_ms: u64) {
        let cursor = cursor.min(self.last);
        let Some(account) = self.known_account_mut(id.uuid) else {
            return;
        };
        if account.acknowledge(&id.resource, cursor, now_ms) {
            self.unsaved.insert(id.clone());
        }
    }

    /// Whether devices moved or accounts ended since that was last taken.
    pub(crate) fn has_unsaved(&self) -> bool {
        !self.unsaved.is_empty() || !self.ended.is_empty()
    }

    /// What changed since this was last called.
    pub(crate) fn take_unsaved(&mut self) -> Unsaved {
        let moved = std::mem::take(&mut self.unsaved).into_iter();
        let moved = moved.filter_map(|id| {
            let device = self.account(id.uuid)?.any_device(&id.resource)?;
            Some(Change::Moved { id, device })
        });
        let moved = moved.collect();
        let ended = std::mem::take(&mut self.ended).into_iter();
        Unsaved {
            at: self.last,
            ended: ended.map(|uuid| Change::Ended { uuid }).collect(),
            moved,
        }
    }

    /// It was not made durable after all.
    pub(crate) fn put_back_unsaved(&mut self, unsaved: Unsaved) {
        for change in unsaved.ended.into_iter().chain(unsaved.moved) {
            match change {
                Change::Moved { id, .. } => self.unsaved.insert(id),
                other => self.ended.insert(other.uuid()),
            };
        }
    }

    /// What the first logins of a batch change, once its messages are there.
    pub(crate) fn plan_devices(
        &self,
        wanted: &[NewDevice],
        last: Sequence,
        now_ms: u64,
    ) -> DevicePlan {
        device::plan(|uuid| self.account(uuid), wanted, last, now_ms)
    }

    /// Takes note of a change of a device.
    pub(crate) fn apply_change(&mut self, change: &Change) {
        match change {
            Change::Ended { uuid } => {
                self.end(*uuid);
            }
            _ => self.account_mut(change.uuid()).apply(change),
        }
    }

    /// Forgets an account: its devices, its watermark and its conversations with news. Others keep
    /// theirs. What is to be saved is remembered.
    pub(crate) fn forget(&mut self, uuid: Uuid) {
        if self.end(uuid) {
            self.ended.insert(uuid);
        }
    }

    /// Whether there was anything.
    fn end(&mut self, uuid: Uuid) -> bool {
        let Some(account) = self.shards[shard(uuid, SHARDS)].remove(&uuid) else {
            return false;
        };
        for (peer, head) in account.heads {
            let conversation = Conversation::between(uuid, peer);
            // The head of a pair is looked up with its first account.
            if matches!(conversation, Conversation::Pair(first, _) if first == uuid) {
                self.timestamps.forget(&conversation, head);
            }
        }
        self.unsaved.retain(|device| device.uuid != uuid);
        true
    }

    // Time

    /// Forgets what is too old to matter.
    pub(crate) fn prune(&mut self, now_ms: u64) {
        for number in 0..SHARDS {
            self.prune_shard(number, now_ms);
        }
        self.prune_topics(now_ms);
    }

    /// The same for one part, so that others need not wait long.
    pub(crate) fn prune_shard(&mut self, number: usize, now_ms: u64) {
        let young_after = queued_after(now_ms);
        let timestamps = &mut self.timestamps;
        self.shards[number].retain(|uuid, account| {
            account.prune(young_after, now_ms, |peer, head| {
                timestamps.forget(&Conversation::between(*uuid, peer), head);
            });
            !account.is_nothing(young_after)
        });
    }

    /// The same for topics.
    pub(crate) fn prune_topics(&mut self, now_ms: u64) {
        let young_after = queued_after(now_ms);
        let timestamps = &mut self.timestamps;
        self.topics.retain(|topic, head| {
            let is_young = *head > young_after;
            if !is_young {
                timestamps.forget(&Conversation::Topic(*topic), *head);
            }
            is_young
        });
    }

    fn account(&self, uuid: Uuid) -> Option<&Account> {
        self.shards[shard(uuid, SHARDS)].get(&uuid)
    }

    fn known_account_mut(&mut self, uuid: Uuid) -> Option<&mut Account> {
        self.shards[shard(uuid, SHARDS)].get_mut(&uuid)
    }

    fn account_mut(&mut self, uuid: Uuid) -> &mut Account {
        self.shards[shard(uuid, SHARDS)].entry(uuid).or_default()
    }
}

/// Messages after this one are young enough to be queued.
pub(crate) fn queued_after(now_ms: u64) -> Sequence {
    before_ms((now_ms + 1).saturating_sub(QUEUE_MS))
}
