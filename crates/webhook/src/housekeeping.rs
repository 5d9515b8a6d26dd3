//! Forgets deliveries that are over.

use std::sync::Arc;
use std::time::Duration;

use model::limits::QUEUE_MS;
use tokio::sync::watch;
use tokio::time::sleep;

use crate::Ports;

/// How long a delivered or failed one stays listed, in milliseconds: 7 days, as long as a message
/// that is not stored can be read.
const LISTED_MS: u64 = QUEUE_MS;
/// Delivered, and failed, ones of an app that stay listed.
const LISTED_PER_APP_MAX: usize = 10_000;
const PERIOD: Duration = Duration::from_mins(1);

pub(crate) async fn run(ports: Arc<Ports>, mut stop: watch::Receiver<bool>) {
    loop {
        tokio::select! {
            biased;
            _ = stop.changed() => return,
            () = sleep(PERIOD) => {}
        }
        let before_ms = ports.clock.now_ms().saturating_sub(LISTED_MS);
        let pruned = ports.deliveries.prune(before_ms, LISTED_PER_APP_MAX).await;
        if let Err(error) = pruned {
            tracing::warn!(%error, "old callbacks are not forgotten");
        }
    }
}
