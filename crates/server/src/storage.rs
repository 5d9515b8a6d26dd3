//! The store behind the ports of `chat`.

use std::path::Path;
use std::sync::Arc;

use chat::port::{Clock, Directory, Messages};
use store::memory::{MemoryDirectory, MemoryMessages};

/// What was opened.
pub(crate) struct Storage {
    pub(crate) directory: Arc<dyn Directory>,
    pub(crate) messages: Arc<dyn Messages>,
}

/// Opens the data directory.
#[expect(
    clippy::unused_async,
    reason = "a store on disk reads before it is open"
)]
pub(crate) async fn open(_data_dir: &Path, clock: &Arc<dyn Clock>) -> anyhow::Result<Storage> {
    Ok(Storage {
        directory: Arc::new(MemoryDirectory::new()),
        messages: Arc::new(MemoryMessages::new(Arc::clone(clock))),
    })
}
