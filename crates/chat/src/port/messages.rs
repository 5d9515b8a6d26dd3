//! The message log, and each device's place in it.

use std::sync::Arc;

use async_trait::async_trait;
use model::{Content, Device, DeviceId, Membership, Message, Resource, Sequence, Uuid};

use super::StoreError;

/// One message of a batch.
#[derive(Clone, Debug)]
pub struct Entry {
    /// What is to be stored.
    pub content: Content,
    /// The sender may send this. When false, a repetition of what was accepted before is answered
    /// as such, and anything else is [`Outcome::Refused`] and leaves no trace.
    pub is_allowed: bool,
}

/// A device to be remembered from now on.
#[derive(Clone, Debug)]
pub struct NewDevice {
    /// Which.
    pub device: DeviceId,
    /// Resources of the account that are bound now and are not to be forgotten for it.
    pub bound: Vec<Resource>,
}

/// What one commit makes durable.
#[derive(Clone, Debug, Default)]
pub struct Batch {
    /// Messages in the order of their arrival.
    pub entries: Vec<Entry>,
    /// Devices at their first login. They come after the messages of the batch.
    pub devices: Vec<NewDevice>,
}

impl Batch {
    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty() && self.devices.is_empty()
    }
}

/// What became of an [`Entry`].
#[derive(Clone, Debug)]
pub enum Outcome {
    /// It is durable and has its place.
    Stored(Arc<Message>),
    /// The same device sent the same packetId with the same target and payload within 7 days: what
    /// was answered then. Nothing was stored.
    Repeated {
        /// Of the first.
        sequence: Sequence,
        /// Of the first.
        timestamp_ms: u64,
    },
    /// It was not allowed. Nothing was stored.
    Refused,
}

/// What became of a [`Batch`], in the order of the batch.
#[derive(Clone, Debug)]
pub struct Committed {
    /// One per entry.
    pub outcomes: Vec<Outcome>,
    /// One per new device; a device that was known already has its old place.
    pub devices: Vec<Device>,
}

/// How much of the queue is wanted at a time. A page ends with the message that reaches a limit,
/// and has at least one message when there is one.
#[derive(Clone, Copy, Debug)]
pub struct PageLimit {
    /// Messages.
    pub messages: usize,
    /// Bytes of payload.
    pub bytes: usize,
}

/// Which part of a device's queue is wanted.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<'a> {
    /// What has a higher sequence,
    pub after: Sequence,
    /// and not a higher one than this, which is not beyond [`Messages::last`].
    pub up_to: Sequence,
    /// The account's times in topics, complete for all messages up to `up_to`.
    pub memberships: &'a [Membership],
    /// How much at most.
    pub limit: PageLimit,
}

/// A part of a device's queue.
#[derive(Clone, Debug)]
pub struct Page {
    /// Ascending by sequence.
    pub messages: Vec<Arc<Message>>,
    /// Every message for the device up to here is in `messages` or before the page.
    pub reached: Sequence,
    /// Whether `reached` is the end of what was asked for.
    pub is_last: bool,
}

/// Keeps messages and devices.
///
/// Sequences are assigned by [`commit`](Self::commit), from one counter for the whole store, as
/// `max(last + 1, now_ms × 100,000)`. What is visible is always everything up to some sequence:
/// once a message can be read, so can all with lower sequences, for ever. That is what makes one
/// number a correct cursor.
///
/// Timestamps are `max(now_ms, previous of the conversation + 1)`.
#[async_trait]
pub trait Messages: Send + Sync + 'static {
    /// Stores a batch. When this returns, all of it is durable and can be read. On an error nothing
    /// of it can be read: after [`StoreError::Full`] it is not stored; after a failed write or sync a
    /// restart may find it, all of it, as if the answer had been lost. Repetitions are recognised against
    /// everything stored in the last 7 days and against the batch itself. Cursors that were moved
    /// before are made durable with it; an empty batch does just that.
    ///
    /// One task at a time calls this (a second call waits for the first).
    async fn commit(&self, batch: Batch) -> Result<Committed, StoreError>;

    /// The newest sequence that can be read.
    fn last(&self) -> Sequence;

    /// Takes a place that no message has and all later ones are above, for a change of topics.
    /// Called by the task that commits, between commits; not durable by itself.
    fn take_place(&self) -> Sequence;

    /// All places taken from now on are above this one: called at the start with the highest that
    /// something outside the log has.
    fn raise(&self, above: Sequence);

    /// Forgets the devices of an account that is gone, and whatever waits for it. Durable with the
    /// next commit.
    fn forget(&self, uuid: Uuid);

    /// What is known of a device, unless it has been forgotten.
    fn device(&self, device: &DeviceId) -> Option<Device>;

    /// All devices of an account that are remembered.
    fn devices(&self, uuid: Uuid) -> Vec<(Resource, Device)>;

    /// Moves the cursor of a device forward, never back, and notes that it was seen. At once
    /// visible to this process; durable with the next commit, so that after a crash a device may
    /// be given again what it acknowledged last, never less. An unknown device is ignored.
    fn acknowledge(&self, device: &DeviceId, cursor: Sequence);

    /// Whether there are cursors that the next commit would make durable.
    fn has_unsaved_cursors(&self) -> bool;

    /// A part of the device's queue: messages younger than 7 days to its account from others, P2P
    /// and of the topics it is or was in, and the account's own from other devices since this one's
    /// first login. Ascending.
    async fn pending(&self, device: &DeviceId, wanted: Wanted<'_>) -> Result<Page, StoreError>;
}
