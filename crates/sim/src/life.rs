//! One process of the server: from its start until it is killed, loses power, or stops.
//!
//! Its tasks cannot be torn out of the runtime. Instead everything around them goes dead in the same
//! instant: the disk takes nothing more, the database changes no more, not a byte leaves for a client.
//! What they still do then is of no consequence, and they end for lack of connections.

use std::sync::Arc;

use parking_lot::Mutex;
use tokio::sync::watch;

use crate::network::Network;

/// How a process ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Death {
    /// `kill -9`: what was written stays, synced or not.
    Killed,
    /// The machine lost power: what was not synced may be gone, in any combination.
    PowerLost,
    /// It was asked to, and has saved everything.
    Stopped,
}

/// See the module.
pub(crate) struct Life {
    /// Counts processes.
    pub(crate) number: u64,
    network: Arc<Network>,
    death: watch::Sender<Option<Death>>,
    /// What happens to the process when the disk is used so many times more.
    doom: Mutex<Option<(u64, Death)>>,
}

impl Life {
    pub(crate) fn new(number: u64, network: Arc<Network>) -> Arc<Self> {
        Arc::new(Self {
            number,
            network,
            death: watch::Sender::new(None),
            doom: Mutex::new(None),
        })
    }

    pub(crate) fn is_over(&self) -> bool {
        self.death.borrow().is_some()
    }

    /// Ends it now. The first end counts.
    pub(crate) fn end(&self, death: Death) {
        let is_first = self.death.send_if_modified(|current| {
            let is_first = current.is_none();
            current.get_or_insert(death);
            is_first
        });
        if is_first {
            self.network.server_died(death);
        }
    }

    /// Returns when it has ended.
    pub(crate) async fn over(&self) -> Death {
        let mut death = self.death.subscribe();
        // The sender is in `self`, so that it cannot be gone.
        let seen = death.wait_for(Option::is_some).await;
        seen.map_or(Death::Stopped, |death| death.unwrap_or(Death::Stopped))
    }

    /// Has the process end in the middle of its use of the disk, after so many steps.
    pub(crate) fn doom(&self, steps: u64, death: Death) {
        *self.doom.lock() = Some((steps, death));
    }

    /// A step of the disk: whether the process dies with it.
    pub(crate) fn dies_at_step(&self) -> bool {
        let mut doom = self.doom.lock();
        let Some((left, death)) = &mut *doom else {
            return false;
        };
        if *left > 0 {
            *left -= 1;
            return false;
        }
        let death = *death;
        *doom = None;
        drop(doom);
        self.end(death);
        true
    }
}
