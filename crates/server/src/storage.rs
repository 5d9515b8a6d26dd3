//! The store behind the ports of `chat`: one directory, for this process alone.

use std::path::Path;
use std::sync::Arc;

use anyhow::Context as _;
use chat::port::{Clock, StoreError};
use store::embedded::{self, Embedded};
use tokio::task::spawn_blocking;

use crate::config::Store;

/// The open directory.
pub(crate) struct Storage {
    pub(crate) embedded: Embedded,
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
        Ok(Self { embedded })
    }

    /// Everything is on disk when this returns, and the next start is quick.
    pub(crate) async fn close(&self) -> Result<(), StoreError> {
        self.embedded.close().await
    }
}
