//! The task that takes readings.

use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinHandle;
use tokio::time::{MissedTickBehavior, interval};

use super::sources::Sources;
use super::watch::Watch;

/// Between two readings.
pub(super) const TICK: Duration = Duration::from_secs(5);

/// Takes a reading now, and another every few seconds until the task is aborted.
pub(crate) fn start(sources: Arc<Sources>, watch: Arc<Watch>) -> JoinHandle<()> {
    tokio::spawn(async move {
        let mut tick = interval(TICK);
        tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tick.tick().await;
            let before = watch.latest().survey;
            watch.note(sources.reading(before).await);
        }
    })
}

#[cfg(test)]
mod tests {
    use api::insight::Window;
    use chat::port::Clock;
    use gateway::Gateway;
    use tokio::sync::Semaphore;
    use tokio::time::Instant;

    use super::*;
    use crate::clock::SystemClock;
    use crate::config::Config;
    use crate::serve;
    use crate::storage::Storage;
    use crate::telemetry::metrics::Metrics;

    #[tokio::test(start_paused = true)]
    async fn a_server_is_read_at_once_and_every_five_seconds() {
        let dir = tempfile::tempdir().unwrap();
        let clock = Arc::new(SystemClock::new());
        let config = Config::default();
        let port: Arc<dyn Clock> = Arc::clone(&clock) as _;
        let storage = Storage::open(dir.path(), &port, &config.store)
            .await
            .unwrap();
        let metrics = Arc::new(Metrics::new());
        let started = serve::start(port, &storage, &config, Arc::clone(&metrics)).await;
        let (chat, webhooks) = started.unwrap();
        let observer = Arc::clone(&metrics) as _;
        let sources = Arc::new(Sources {
            clock,
            started: Instant::now(),
            data_dir: dir.path().to_owned(),
            gateway: Gateway::new(Arc::clone(&chat), gateway::Config::default(), observer),
            chat,
            metrics,
            messages: Arc::clone(&storage.embedded.messages),
            deliveries: Arc::clone(&storage.embedded.deliveries) as _,
            webhooks,
            places: Arc::new(Semaphore::new(9)),
            places_max: 10,
        });
        let watch = Arc::new(Watch::new());
        let sampler = start(sources, Arc::clone(&watch));
        while watch.series(Window::Minutes15).points.at.len() < 3 {
            // The clock moves on when nothing else is left to do.
            tokio::time::sleep(TICK).await;
        }
        sampler.abort();
        let latest = watch.latest();
        assert_eq!(latest.moment.http, 1);
        assert!(latest.survey.storage_bytes > 0);
        assert!(latest.uptime >= TICK * 3);
        assert!(watch.judgements().len() >= 8);
        assert!(watch.series(Window::Hours3).points.at.is_empty());
    }
}
