//! Messages in memory, by conversation.

use std::collections::HashMap;
use std::sync::Arc;

use async_trait::async_trait;
use chat::port::{Batch, Clock, Committed, Messages, Page, StoreError, Wanted};
use model::{Content, Conversation, Device, DeviceId, Message, Resource, Sequence, Uuid};
use parking_lot::Mutex;

use crate::hash::IdMap;
use crate::page::{PageBuilder, Viewer};
use crate::plan::{Found, Lookup, Plan};
use crate::repeat::{Fingerprint, fingerprint, is_same, remembered_after};
use crate::state::{State, Stretch, queued_after};

/// See [`crate::memory`]. Keeps every message for as long as it lives.
pub struct MemoryMessages {
    clock: Arc<dyn Clock>,
    pub(super) inner: Mutex<Inner>,
}

pub(super) struct Inner {
    pub(super) state: State,
    pub(super) conversations: IdMap<Conversation, Vec<Arc<Message>>>,
    /// Those that want callbacks.
    pub(super) called_back: Vec<Arc<Message>>,
    /// The newest message with each fingerprint.
    sent: HashMap<Fingerprint, Arc<Message>>,
}

impl MemoryMessages {
    /// An empty one.
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self {
            clock,
            inner: Mutex::new(Inner {
                state: State::new(),
                conversations: IdMap::default(),
                called_back: Vec::new(),
                sent: HashMap::new(),
            }),
        }
    }
}

#[async_trait]
impl Messages for MemoryMessages {
    async fn commit(&self, batch: Batch) -> Result<Committed, StoreError> {
        let now_ms = self.clock.now_ms();
        Ok(self.inner.lock().commit(batch, now_ms))
    }

    fn last(&self) -> Sequence {
        self.inner.lock().state.last()
    }

    fn take_place(&self) -> Sequence {
        let now_ms = self.clock.now_ms();
        self.inner.lock().state.take_place(now_ms)
    }

    fn raise(&self, above: Sequence) {
        self.inner.lock().state.raise_last(above);
    }

    fn forget(&self, uuid: Uuid) {
        self.inner.lock().state.forget(uuid);
    }

    fn device(&self, device: &DeviceId) -> Option<Device> {
        self.inner.lock().state.device(device, self.clock.now_ms())
    }

    fn devices(&self, uuid: Uuid) -> Vec<(Resource, Device)> {
        self.inner.lock().state.devices(uuid, self.clock.now_ms())
    }

    fn acknowledge(&self, device: &DeviceId, cursor: Sequence) {
        let now_ms = self.clock.now_ms();
        self.inner.lock().state.acknowledge(device, cursor, now_ms);
    }

    fn has_unsaved_cursors(&self) -> bool {
        self.inner.lock().state.has_unsaved()
    }

    async fn pending(&self, device: &DeviceId, wanted: Wanted<'_>) -> Result<Page, StoreError> {
        let now_ms = self.clock.now_ms();
        Ok(self.inner.lock().pending(device, &wanted, now_ms))
    }
}

impl Inner {
    fn commit(&mut self, batch: Batch, now_ms: u64) -> Committed {
        let lookups = batch.entries.iter().map(|entry| {
            let key = fingerprint(&entry.content);
            let found = key.and_then(|key| self.find(&entry.content, key, now_ms));
            Lookup { key, found }
        });
        let lookups = lookups.collect();
        let plan = Plan::of(batch, lookups, &self.state, now_ms);
        for (message, key) in &plan.messages {
            self.insert(message, *key);
        }
        for change in self
            .state
            .take_unsaved()
            .moved
            .iter()
            .chain(&plan.devices.changes)
        {
            self.state.apply_change(change);
        }
        plan.into_committed()
    }

    fn find(&self, content: &Content, key: Fingerprint, now_ms: u64) -> Option<Found> {
        let message = self.sent.get(&key)?;
        let is_known =
            message.sequence > remembered_after(now_ms) && is_same(&message.content, content);
        is_known.then_some((message.sequence, message.timestamp_ms))
    }

    fn insert(&mut self, message: &Arc<Message>, key: Option<Fingerprint>) {
        if let Some(key) = key {
            self.sent.insert(key, Arc::clone(message));
        }
        let callbacks = message.content.callbacks;
        if callbacks.instant || callbacks.offline {
            self.called_back.push(Arc::clone(message));
        }
        self.conversations
            .entry(message.content.conversation())
            .or_default()
            .push(Arc::clone(message));
        self.state.apply_message(message);
    }

    fn pending(&self, device: &DeviceId, wanted: &Wanted<'_>, now_ms: u64) -> Page {
        let mut waiting: Vec<_> = self
            .state
            .stretches(device.uuid, wanted, queued_after(now_ms))
            .iter()
            .flat_map(|stretch| self.within(stretch))
            .collect();
        waiting.sort_unstable_by_key(|message| message.sequence);
        let viewer = Viewer::new(device, self.state.device(device, now_ms));
        let mut page = PageBuilder::new(wanted.limit);
        for message in waiting {
            if viewer.sees(message) {
                page.push(Arc::clone(message));
            }
            if page.is_full() {
                break;
            }
        }
        page.finish(wanted.after, wanted.up_to)
    }

    fn within(&self, stretch: &Stretch) -> &[Arc<Message>] {
        let messages = self.conversations.get(&stretch.conversation);
        let messages = messages.map_or(&[][..], Vec::as_slice);
        let place = |place| messages.partition_point(|message| message.sequence <= place);
        &messages[place(stretch.after)..place(stretch.up_to)]
    }
}
