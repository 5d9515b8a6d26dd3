//! What happens to messages and sessions, told as it happens.

use std::sync::Arc;

use model::{DeviceId, Message, Sequence, Uuid};

use crate::send::SendError;
use crate::sending::Sending;

/// Why something was refused, as counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Refused {
    /// The target or the packet is no good.
    Bad,
    /// The sender may not.
    Forbidden,
    /// The payload is over the cap.
    TooLarge,
    /// Too much is under way.
    Busy,
    /// The store failed.
    Unavailable,
}

/// One step on a path.
#[derive(Clone, Copy, Debug)]
pub enum Story<'a> {
    /// A message passed all checks and is on its way to the store.
    Accepted,
    /// It is durable.
    Stored(&'a Sending, &'a Message),
    /// It was stored before, there.
    Repeated(&'a Sending, Sequence),
    /// Its sender has its receipt.
    Answered {
        /// Microseconds since it was accepted.
        took_us: u64,
    },
    /// It was not taken.
    Refused(&'a Sending, SendError),
    /// A batch was committed: messages in it, and how long that took in microseconds.
    Committed {
        /// Messages.
        messages: usize,
        /// Microseconds from the call to its return.
        took_us: u64,
    },
    /// A receiver of it had no session at the time.
    Offline(Uuid, &'a Message),
    /// A list was written to a device's socket buffer.
    Written(&'a DeviceId, &'a [Arc<Message>]),
    /// A device acknowledged everything up to here.
    Acknowledged(&'a DeviceId, Sequence),
    /// A device acknowledged something that was stored while it was bound, which says how long
    /// messages take.
    Arrived {
        /// Milliseconds since the newest of what it acknowledged was stored.
        took_ms: u64,
    },
    /// A device logged in.
    Bound(&'a DeviceId),
    /// A login was refused.
    LoginRefused,
    /// A session ended.
    Unbound(&'a DeviceId),
    /// Something a client sent was ignored: unknown, unreadable or out of place.
    Ignored,
}

/// Listens. Called on the hot path: must not block, and must not log secrets or payloads.
pub trait Observer: Send + Sync + 'static {
    /// Takes note.
    fn observe(&self, story: Story<'_>);
}

/// Listens to nothing.
#[derive(Debug)]
pub struct Silent;

impl Observer for Silent {
    fn observe(&self, _: Story<'_>) {}
}
