//! The one task that knows whose time has come. It starts attempts, each in a task of its own,
//! and records what came of them, all that ended meanwhile in one go.

use std::collections::HashSet;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use chat::port::{Delivery, DeliveryKind, DeliveryStatus, StoreError};
use futures_util::FutureExt as _;
use model::AppId;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, timeout_at};

use crate::attempt::{self, End, RETRY_MS};
use crate::bell::Bell;
use crate::lane::Lanes;
use crate::tally::Tally;
use crate::{Config, Ports};

/// How long the store is left alone after an error, in milliseconds.
pub(crate) const STORE_PAUSE_MS: u64 = 1_000;
/// It looks at the clock at least this often, in milliseconds: clocks are slewed.
const SLEEP_MS_MAX: u64 = 60_000;
/// What posts under way get when the server stops.
const FAREWELL: Duration = Duration::from_secs(2);

/// An attempt that is over and not recorded yet.
struct Ended {
    app_id: AppId,
    kind: DeliveryKind,
    id: String,
    end: End,
}

pub(crate) struct Scheduler {
    ports: Arc<Ports>,
    config: Config,
    bell: Arc<Bell>,
    tally: Arc<Tally>,
    lanes: Lanes,
    under_way: JoinSet<Ended>,
    ended: Vec<Ended>,
    /// Replayed while an attempt was under way: unless that succeeds, it begins anew.
    replayed: HashSet<String>,
    /// The store failed: it is not written to before.
    write_after_ms: u64,
    /// The clock when it was last looked at, in milliseconds since 1970.
    seen_ms: u64,
}

impl Scheduler {
    pub(crate) fn new(
        ports: Arc<Ports>,
        config: Config,
        bell: Arc<Bell>,
        tally: Arc<Tally>,
    ) -> Self {
        Self {
            ports,
            config,
            bell,
            tally,
            lanes: Lanes::default(),
            under_way: JoinSet::new(),
            ended: Vec::new(),
            replayed: HashSet::new(),
            write_after_ms: 0,
            seen_ms: 0,
        }
    }

    pub(crate) async fn run(mut self, mut stop: watch::Receiver<bool>) {
        while let Err(error) = self.recall().await {
            tracing::warn!(%error, "callbacks wait for the store");
            tokio::select! {
                biased;
                _ = stop.changed() => return,
                () = sleep(Duration::from_millis(STORE_PAUSE_MS)) => {}
            }
        }
        loop {
            self.listen();
            self.heed_clock().await;
            self.record_ended().await;
            self.start_due().await;
            let pause = self.pause();
            tokio::select! {
                biased;
                _ = stop.changed() => break,
                () = self.bell.rung() => {}
                Some(ended) = self.under_way.join_next() => self.note(ended.ok()),
                () = sleep(pause) => {}
            }
        }
        self.say_goodbye().await;
    }

    /// What was pending when the last run ended.
    async fn recall(&mut self) -> Result<(), StoreError> {
        self.bring_forward(self.ports.clock.now_ms()).await?;
        for (app_id, at_ms) in self.ports.deliveries.waiting().await? {
            self.lanes.lane(app_id).expect(at_ms);
        }
        Ok(())
    }

    /// A clock that was set back must not hold up what was put off by the one before.
    async fn heed_clock(&mut self) {
        let now_ms = self.ports.clock.now_ms();
        if now_ms >= self.seen_ms {
            self.seen_ms = now_ms;
            return;
        }
        if let Err(error) = self.bring_forward(now_ms).await {
            tracing::warn!(%error, "the clock was set back, and callbacks wait for the store");
            return;
        }
        self.seen_ms = now_ms;
        self.write_after_ms = 0;
        self.lanes.look_again(now_ms);
    }

    /// Nothing waits for longer than the longest pause between two attempts.
    async fn bring_forward(&self, now_ms: u64) -> Result<(), StoreError> {
        let longest_ms = RETRY_MS[RETRY_MS.len() - 1];
        let deliveries = &self.ports.deliveries;
        deliveries.bring_forward(now_ms + longest_ms, now_ms).await
    }

    fn listen(&mut self) {
        for (app_id, at_ms) in self.bell.hear() {
            self.lanes.lane(app_id).expect(at_ms);
        }
        for id in self.bell.hear_replays() {
            if self.lanes.have_claimed(&id) {
                self.replayed.insert(id);
            }
        }
        while let Some(ended) = self.under_way.try_join_next() {
            self.note(ended.ok());
        }
    }

    /// Attempts catch their panics, so a task without an end was aborted.
    fn note(&mut self, ended: Option<Ended>) {
        self.ended.extend(ended);
    }

    /// Rows stay claimed until what came of them is durable, so none is posted twice for it.
    async fn record_ended(&mut self) {
        let now_ms = self.ports.clock.now_ms();
        if self.ended.is_empty() || now_ms < self.write_after_ms {
            return;
        }
        self.begin_anew(now_ms);
        if let Err(error) = self.write_ended().await {
            tracing::warn!(%error, "what came of callbacks is not recorded yet");
            self.write_after_ms = now_ms + STORE_PAUSE_MS;
            return;
        }
        for Ended {
            app_id, id, end, ..
        } in std::mem::take(&mut self.ended)
        {
            let lane = self.lanes.lane(app_id);
            lane.release(&id);
            match end {
                End::Tried(tried) => {
                    self.tally.tried(tried.status);
                    if let DeliveryStatus::Pending { next_at_ms, .. } = tried.status {
                        lane.expect(next_at_ms);
                    }
                }
                End::NotReady(error) => {
                    tracing::warn!(%error, %app_id, "a callback waits for the store");
                    lane.pause(now_ms + STORE_PAUSE_MS);
                }
                End::NoUrl | End::NoApp => {}
            }
        }
    }

    /// A replay is not undone by an attempt that was under way when it was asked for.
    fn begin_anew(&mut self, now_ms: u64) {
        for ended in &mut self.ended {
            let was_replayed = self.replayed.remove(&ended.id);
            if let End::Tried(tried) = &mut ended.end
                && was_replayed
                && tried.status != DeliveryStatus::Delivered
            {
                tried.status = DeliveryStatus::Pending {
                    next_at_ms: now_ms,
                    failures: 0,
                };
            }
        }
    }

    async fn write_ended(&self) -> Result<(), StoreError> {
        let deliveries = &self.ports.deliveries;
        let tried = self.ended.iter().filter_map(|ended| match &ended.end {
            End::Tried(tried) => Some(tried.clone()),
            _ => None,
        });
        let tried: Vec<_> = tried.collect();
        if !tried.is_empty() {
            deliveries.record(tried).await?;
        }
        for ended in &self.ended {
            match ended.end {
                End::NoUrl => {
                    deliveries.clear(ended.app_id, ended.kind).await?;
                }
                End::NoApp => deliveries.forget(ended.app_id).await?,
                End::Tried(_) | End::NotReady(_) => {}
            }
        }
        Ok(())
    }

    async fn start_due(&mut self) {
        let now_ms = self.ports.clock.now_ms();
        let mut claimed = self.lanes.claimed();
        for app_id in self.lanes.ready(now_ms, self.per_app_max(claimed)) {
            let per_app_max = self.per_app_max(claimed);
            let (lane, slots) = self.lanes.serve(app_id, per_app_max);
            let slots = slots.min(self.config.posts_max.saturating_sub(claimed));
            if slots == 0 {
                continue;
            }
            let limit = lane.rows_to_ask(slots);
            let due = match self.ports.deliveries.due(app_id, now_ms, limit).await {
                Ok(due) => due,
                Err(error) => {
                    tracing::warn!(%error, %app_id, "callbacks wait for the store");
                    lane.pause(now_ms + STORE_PAUSE_MS);
                    continue;
                }
            };
            for delivery in lane.claim(due, slots, now_ms) {
                claimed += 1;
                self.under_way.spawn(run(Arc::clone(&self.ports), delivery));
            }
        }
    }

    /// Posts that an app may have under way when there are so many of all apps.
    fn per_app_max(&self, claimed: usize) -> usize {
        if claimed >= self.config.posts_max {
            0
        } else if claimed * 2 >= self.config.posts_max {
            1
        } else {
            self.config.posts_per_app_max
        }
    }

    /// Until something is due, or the store may be written to again.
    fn pause(&mut self) -> Duration {
        let now_ms = self.ports.clock.now_ms();
        let per_app_max = self.per_app_max(self.lanes.claimed());
        let due_ms = self.lanes.next_at_ms(per_app_max);
        let write_ms = (!self.ended.is_empty()).then_some(self.write_after_ms);
        let next_ms = due_ms.into_iter().chain(write_ms).min();
        let pause_ms = next_ms.map_or(SLEEP_MS_MAX, |at_ms| at_ms.saturating_sub(now_ms));
        Duration::from_millis(pause_ms.min(SLEEP_MS_MAX))
    }

    /// What ends in time is recorded; the rest is posted again after the next start, with the
    /// same id.
    async fn say_goodbye(&mut self) {
        let deadline = Instant::now() + FAREWELL;
        while let Ok(Some(ended)) = timeout_at(deadline, self.under_way.join_next()).await {
            self.note(ended.ok());
        }
        self.under_way.abort_all();
        self.write_after_ms = 0;
        self.record_ended().await;
    }
}

/// An attempt that always ends, even by a panic: the app's slot is never lost.
async fn run(ports: Arc<Ports>, delivery: Delivery) -> Ended {
    let attempt = AssertUnwindSafe(attempt::attempt(&ports, &delivery));
    let end = attempt.catch_unwind().await.unwrap_or_else(|_| {
        End::NotReady(StoreError::Unavailable("the attempt panicked".to_owned()))
    });
    Ended {
        app_id: delivery.app_id,
        kind: delivery.kind,
        id: delivery.id,
        end,
    }
}
