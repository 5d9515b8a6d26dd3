//! What a device has still to send, in order, each until it is answered.

use std::collections::VecDeque;

use parking_lot::Mutex;
use tokio::sync::Notify;

/// See the module.
#[derive(Default)]
pub(crate) struct Outbox {
    waiting: Mutex<VecDeque<Letter>>,
    pub(crate) changed: Notify,
}

/// A message as it is sent, again and again the same.
#[derive(Clone, Debug)]
pub(crate) struct Letter {
    /// Of the ledger.
    pub(crate) number: usize,
    pub(crate) packet_id: String,
    pub(crate) text: String,
}

impl Outbox {
    pub(crate) fn put(&self, letter: Letter) {
        self.waiting.lock().push_back(letter);
        self.changed.notify_one();
    }

    /// The letter at a place, counted from the oldest.
    pub(crate) fn at(&self, index: usize) -> Option<Letter> {
        self.waiting.lock().get(index).cloned()
    }

    /// It has its answer. Where it was.
    pub(crate) fn take(&self, packet_id: &str) -> Option<(usize, Letter)> {
        let mut waiting = self.waiting.lock();
        let at = waiting
            .iter()
            .position(|letter| letter.packet_id == packet_id)?;
        waiting.remove(at).map(|letter| (at, letter))
    }
}
