//! What is done now and then: the store drops what nobody needs any more.

use std::sync::Arc;
use std::time::Duration;

use chat::Chat;
use chat::port::Memberships as _;
use model::Sequence;
use model::limits::{BOUNDARY_MS, DAY_MS};
use store::embedded::EmbeddedMessages;
use store::sqlite::SqliteDirectory;
use tokio::task::JoinHandle;
use tokio::time::Instant;

use crate::storage::Storage;

/// How often the log looks whether something is due.
const LOG_EVERY: Duration = Duration::from_mins(1);
/// How often ended memberships are looked through.
const MEMBERSHIPS_EVERY: Duration = Duration::from_hours(1);

struct Housekeeping {
    chat: Arc<Chat>,
    messages: Arc<EmbeddedMessages>,
    directory: Arc<SqliteDirectory>,
}

/// Starts it. Until the task is aborted nothing younger than an app's retention is dropped.
pub(crate) fn start(chat: &Arc<Chat>, storage: &Storage) -> JoinHandle<()> {
    let housekeeping = Housekeeping {
        chat: Arc::clone(chat),
        messages: Arc::clone(&storage.embedded.messages),
        directory: Arc::clone(&storage.embedded.directory),
    };
    tokio::spawn(housekeeping.run())
}

impl Housekeeping {
    /// A failure was logged where it arose; the next round may fare better.
    async fn run(self) {
        let mut memberships_at = Instant::now();
        loop {
            tokio::time::sleep(LOG_EVERY).await;
            self.messages.set_retention_ms(self.longest_retention_ms());
            if let Err(error) = self.messages.maintain().await {
                tracing::warn!(%error, "housekeeping of the log was cut short");
            }
            if memberships_at <= Instant::now() {
                memberships_at += MEMBERSHIPS_EVERY;
                let before = self.chat.clock.now_ms().saturating_sub(BOUNDARY_MS);
                if let Err(error) = self.directory.prune(Sequence::at_ms(before)).await {
                    tracing::warn!(%error, "memberships that ended are still remembered");
                }
            }
        }
    }

    /// Segments hold messages of all apps: the most demanding one decides.
    fn longest_retention_ms(&self) -> u64 {
        let apps = self.chat.apps.list();
        let days = apps.iter().map(|app| app.settings.retention_days).max();
        u64::from(days.unwrap_or_default()) * DAY_MS
    }
}
