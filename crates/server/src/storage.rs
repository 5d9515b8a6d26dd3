//! The store behind the ports of `chat`: one directory, for this process alone.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use chat::port::{Clock, StoreError};
use store::embedded::{self, Embedded, EmbeddedMessages};
use tokio::task::{JoinHandle, spawn_blocking};

use crate::config::Store;

/// How often housekeeping looks whether something is due.
const MAINTAIN_EVERY: Duration = Duration::from_mins(1);

/// The open directory and its housekeeping.
pub(crate) struct Storage {
    pub(crate) embedded: Embedded,
    maintaining: JoinHandle<()>,
}

impl Storage {
    /// Opens a data directory, or begins one. When this fails, nothing in it was changed.
    pub(crate) async fn open(
        dir: &Path,
        clock: &Arc<dyn Clock>,
        config: &Store,
    ) -> anyhow::Result<Self> {
        let (dir, clock) = (dir.to_owned(), Arc::clone(clock));
        let config = embedded::Config {
            accepts_clock_behind: config.accept_clock_behind,
            filter_bytes_max: config.filter_mib << 20,
            ..embedded::Config::default()
        };
        let opening = spawn_blocking(move || embedded::open(&dir, clock, config));
        let embedded = opening.await.context("the store could not be opened")??;
        let maintaining = tokio::spawn(maintain(Arc::clone(&embedded.messages)));
        Ok(Self {
            embedded,
            maintaining,
        })
    }

    /// Everything is on disk when this returns, and the next start is quick.
    pub(crate) async fn close(&self) -> Result<(), StoreError> {
        self.maintaining.abort();
        self.embedded.close().await
    }
}

/// A failure was logged where it arose; the next round may fare better.
async fn maintain(messages: Arc<EmbeddedMessages>) {
    loop {
        tokio::time::sleep(MAINTAIN_EVERY).await;
        if let Err(error) = messages.maintain().await {
            tracing::warn!(%error, "housekeeping of the store was cut short");
        }
    }
}
