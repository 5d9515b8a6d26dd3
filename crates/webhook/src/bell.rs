//! Tells the scheduler that an app has something to post.

use std::collections::HashMap;

use model::AppId;
use parking_lot::Mutex;
use tokio::sync::Notify;

/// Rings from any task; heard by one.
#[derive(Default)]
pub(crate) struct Bell {
    /// The earliest time of each app since the last hearing.
    dues: Mutex<HashMap<AppId, u64>>,
    /// Ids that were replayed since the last hearing.
    replayed: Mutex<Vec<String>>,
    rung: Notify,
}

impl Bell {
    /// Rows of an app are pending from `at_ms` on. They can be read already.
    pub(crate) fn ring(&self, app_id: AppId, at_ms: u64) {
        let mut dues = self.dues.lock();
        let due = dues.entry(app_id).or_insert(at_ms);
        *due = at_ms.min(*due);
        drop(dues);
        self.rung.notify_one();
    }

    /// A row was replayed: it is pending from `at_ms` on.
    pub(crate) fn ring_replay(&self, app_id: AppId, id: &str, at_ms: u64) {
        self.replayed.lock().push(id.to_owned());
        self.ring(app_id, at_ms);
    }

    /// Waits for the next ring; returns at once when there was one since it was last called.
    pub(crate) async fn rung(&self) {
        self.rung.notified().await;
    }

    /// Which apps it was rung for, and forgets them.
    pub(crate) fn hear(&self) -> HashMap<AppId, u64> {
        std::mem::take(&mut *self.dues.lock())
    }

    /// Which rows were replayed, and forgets them.
    pub(crate) fn hear_replays(&self) -> Vec<String> {
        std::mem::take(&mut *self.replayed.lock())
    }
}
