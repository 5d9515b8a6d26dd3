//! The wall clock of the simulated machine: it runs with the simulated time, and is set now and then.

use std::sync::atomic::{AtomicU64, Ordering};

use chat::port::Clock;
use tokio::time::Instant;

/// In the afternoon of some day.
const BEGINNING_MS: u64 = 1_700_000_000_000;

/// See the module.
pub(crate) struct WallClock {
    began: Instant,
    base_ms: AtomicU64,
}

impl WallClock {
    pub(crate) fn new() -> Self {
        Self {
            began: Instant::now(),
            base_ms: AtomicU64::new(BEGINNING_MS),
        }
    }

    /// Sets it forward. A process may see that, after its machine slept.
    pub(crate) fn forward(&self, ms: u64) {
        self.base_ms.fetch_add(ms, Ordering::SeqCst);
    }

    /// Sets it back. Only between two processes: within one the server's clock never goes back.
    pub(crate) fn back(&self, ms: u64) {
        self.base_ms.fetch_sub(ms, Ordering::SeqCst);
    }
}

impl Clock for WallClock {
    fn now_ms(&self) -> u64 {
        let elapsed = u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.base_ms.load(Ordering::SeqCst) + elapsed
    }
}
