//! A part of a device's queue: what belongs to it, and where it ends.

use std::sync::Arc;

use chat::port::{Page, PageLimit};
use model::{Device, DeviceId, Message, Sequence};

/// Decides which messages of its conversations a device is given.
pub(crate) struct Viewer<'a> {
    device: &'a DeviceId,
    own_after: Sequence,
}

impl<'a> Viewer<'a> {
    /// An unknown device is owed nothing that its own account sent.
    pub(crate) fn new(device: &'a DeviceId, known: Option<Device>) -> Self {
        Self {
            device,
            own_after: known.map_or(Sequence(u64::MAX), |known| known.own_after),
        }
    }

    /// What others sent, and what its account sent from other devices since its first login.
    pub(crate) fn sees(&self, message: &Message) -> bool {
        let content = &message.content;
        if content.from.uuid != self.device.uuid {
            return true;
        }
        message.sequence > self.own_after && content.from_resource != self.device.resource
    }
}

/// Gathers messages until a limit is reached.
pub(crate) struct PageBuilder {
    limit: PageLimit,
    messages: Vec<Arc<Message>>,
    bytes: usize,
}

impl PageBuilder {
    /// An empty page.
    pub(crate) fn new(limit: PageLimit) -> Self {
        Self {
            limit,
            messages: Vec::new(),
            bytes: 0,
        }
    }

    /// Appends the next message for the device.
    pub(crate) fn push(&mut self, message: Arc<Message>) {
        self.bytes += message.content.payload.len();
        self.messages.push(message);
    }

    /// Whether the newest message reached a limit. A page with no message is never full.
    pub(crate) fn is_full(&self) -> bool {
        !self.messages.is_empty()
            && (self.messages.len() >= self.limit.messages || self.bytes >= self.limit.bytes)
    }

    /// How many more messages may be in it.
    pub(crate) fn room(&self) -> usize {
        self.limit
            .messages
            .saturating_sub(self.messages.len())
            .max(1)
    }

    /// The page. One that is not full holds all there is up to `last`.
    pub(crate) fn finish(self, after: Sequence, last: Sequence) -> Page {
        let reached = match self.messages.last() {
            Some(newest) if self.is_full() => newest.sequence,
            _ => last.max(after),
        };
        Page {
            messages: self.messages,
            reached,
            is_last: reached >= last,
        }
    }
}
