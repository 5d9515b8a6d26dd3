//! The port, served by the embedded log.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use async_trait::async_trait;
use chat::port::{Batch, Committed, Messages, Page, StoreError, Wanted};
use model::{Device, DeviceId, Resource, Sequence, Uuid};

use super::committing::Committing;
use super::shared::Shared;

/// Messages and devices in a log of their own; see [`crate::embedded`].
pub struct EmbeddedMessages {
    pub(super) shared: Arc<Shared>,
    /// `None` on a disk that does not make wait.
    pub(super) committing: Option<Committing>,
}

impl EmbeddedMessages {
    /// Housekeeping that is due: seals segments that are old, writes indexes and checkpoints,
    /// drops what is older than it is kept. Call it every minute or so; after much has been
    /// written the store calls it itself.
    pub async fn maintain(&self) -> Result<(), StoreError> {
        self.blocking(Shared::maintain).await
    }

    /// Saves what is unsaved and leaves a checkpoint. Nothing can be stored after.
    pub async fn close(&self) -> Result<(), StoreError> {
        self.blocking(Shared::close).await
    }

    /// Changes [`super::Config::retention_ms`]: how long segments become from now on, and which are
    /// dropped from the next housekeeping on.
    pub fn set_retention_ms(&self, retention_ms: u64) {
        let kept = &self.shared.retention_ms;
        kept.store(retention_ms, Ordering::Relaxed);
    }

    /// How many damaged places were met since the start, and answered around.
    pub fn damages(&self) -> u64 {
        self.shared.damages.load(Ordering::Relaxed)
    }

    /// Whether a write has failed, so that nothing is stored until the next start.
    pub fn is_read_only(&self) -> bool {
        self.shared.is_broken.load(Ordering::Relaxed)
    }

    /// Runs something that waits for the disk where that holds nobody up. It goes on to its end
    /// when nobody waits for it any more. On a disk that does not make wait it is run at once.
    pub(super) async fn blocking<T: Send + 'static>(
        &self,
        run: impl FnOnce(&Shared) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let shared = Arc::clone(&self.shared);
        if !shared.disk.waits() {
            return run(&shared);
        }
        tokio::task::spawn_blocking(move || run(&shared))
            .await
            .unwrap_or_else(|error| Err(StoreError::Unavailable(error.to_string())))
    }
}

/// Housekeeping that a commit has called for, beside what goes on.
fn keep_house(shared: Arc<Shared>) {
    if shared.disk.waits() {
        tokio::task::spawn_blocking(move || shared.answer_call());
    } else {
        shared.answer_call();
    }
}

#[async_trait]
impl Messages for EmbeddedMessages {
    async fn commit(&self, batch: Batch) -> Result<Committed, StoreError> {
        let committed = match &self.committing {
            Some(committing) => committing.commit(Arc::clone(&self.shared), batch).await,
            None => self.shared.commit(batch),
        };
        if self.shared.calls_for_housekeeping() {
            keep_house(Arc::clone(&self.shared));
        }
        committed
    }

    fn last(&self) -> Sequence {
        self.shared.state.read().last()
    }

    fn take_place(&self) -> Sequence {
        let now_ms = self.shared.clock.now_ms();
        self.shared.state.write().take_place(now_ms)
    }

    fn raise(&self, above: Sequence) {
        self.shared.state.write().raise_last(above);
    }

    fn forget(&self, uuid: Uuid) {
        self.shared.state.write().forget(uuid);
    }

    fn device(&self, device: &DeviceId) -> Option<Device> {
        let now_ms = self.shared.clock.now_ms();
        self.shared.state.read().device(device, now_ms)
    }

    fn devices(&self, uuid: Uuid) -> Vec<(Resource, Device)> {
        let now_ms = self.shared.clock.now_ms();
        self.shared.state.read().devices(uuid, now_ms)
    }

    fn acknowledge(&self, device: &DeviceId, cursor: Sequence) {
        let now_ms = self.shared.clock.now_ms();
        let mut state = self.shared.state.write();
        state.acknowledge(device, cursor, now_ms);
    }

    fn has_unsaved_cursors(&self) -> bool {
        self.shared.state.read().has_unsaved()
    }

    async fn pending(&self, device: &DeviceId, wanted: Wanted<'_>) -> Result<Page, StoreError> {
        let device = device.clone();
        let memberships = wanted.memberships.to_vec();
        let Wanted {
            after,
            up_to,
            limit,
            ..
        } = wanted;
        let read = move |shared: &Shared| {
            let wanted = Wanted {
                after,
                up_to,
                memberships: &memberships,
                limit,
            };
            Ok(shared.pending(&device, &wanted))
        };
        self.blocking(read).await
    }
}
