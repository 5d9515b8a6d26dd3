//! Turns messages into rows, in the order of commitment. Rows and the position in the log become
//! durable together. The same task decides what `decide` has open: a row is there before its
//! question is answered.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chat::port::{Delivery, DeliveryKind, DeliveryStatus, PageLimit, StoreError};
use model::{AppId, Sequence, Uuid};
use tokio::sync::watch;
use tokio::time::{Instant, sleep};

use crate::Ports;
use crate::bell::Bell;
use crate::decide::Decider;
use crate::offline::{self, PATIENCE_MS, Verdict};
use crate::queue::{Note, Queue};
use crate::schedule::STORE_PAUSE_MS;
use crate::waits::{Wait, Waits};

/// Messages that become rows in one transaction.
const BATCH_MAX: usize = 256;
/// A page of the log, when it has to be read.
const PAGE: PageLimit = PageLimit {
    messages: BATCH_MAX,
    bytes: 4 * 1024 * 1024,
};
/// A position that moved without rows is saved after this, in milliseconds.
const POSITION_DELAY_MS: u64 = 5_000;

/// How far the log has been turned into rows. The first time of all that is its end: it is durable
/// when this returns, so that a crash after the next message does not make that one old as well.
pub(crate) async fn position(ports: &Ports) -> Result<Sequence, StoreError> {
    let position = ports.deliveries.position().await?;
    if position > Sequence(0) {
        return Ok(position);
    }
    // Never 0, so that there is one from now on.
    let newest = ports.events.newest().max(Sequence(1));
    ports.deliveries.take_in(newest, Vec::new()).await?;
    Ok(newest)
}

pub(crate) struct Intake {
    ports: Arc<Ports>,
    queue: Arc<Queue>,
    waits: Arc<Waits>,
    bell: Arc<Bell>,
    decider: Decider,
    /// Every message up to here has its rows.
    taken: Sequence,
    /// The same in the store.
    saved: Sequence,
    saved_at: Instant,
    /// Taken from the queue, not stored yet, and how far they reach.
    batch: Vec<Note>,
    batch_reaches: Sequence,
    /// The log has to be read from `taken` on.
    is_behind: bool,
    /// The log of the last run is being read: nobody has had the time to log in.
    is_restart: bool,
}

impl Intake {
    pub(crate) fn new(
        ports: Arc<Ports>,
        queue: Arc<Queue>,
        waits: Arc<Waits>,
        bell: Arc<Bell>,
        taken: Sequence,
    ) -> Self {
        let decider = Decider::new(Arc::clone(&ports), Arc::clone(&waits), Arc::clone(&bell));
        Self {
            decider,
            ports,
            queue,
            waits,
            bell,
            taken,
            saved: taken,
            saved_at: Instant::now(),
            batch: Vec::new(),
            batch_reaches: Sequence(0),
            is_behind: true,
            is_restart: true,
        }
    }

    pub(crate) async fn run(mut self, mut stop: watch::Receiver<bool>) {
        loop {
            let pause = match self.step().await {
                // A log that is long to read is read on after the next start.
                Ok(true) if !(self.is_behind && *stop.borrow()) => continue,
                Ok(_) => self.pause(),
                Err(error) => {
                    tracing::warn!(%error, "callbacks wait for the store");
                    Duration::from_millis(STORE_PAUSE_MS)
                }
            };
            if *stop.borrow_and_update() {
                break;
            }
            tokio::select! {
                biased;
                _ = stop.changed() => {}
                () = self.queue.filled() => {}
                () = self.waits.hinted() => {}
                () = sleep(pause) => {}
            }
        }
        if let Err(error) = self.save_position().await {
            tracing::warn!(%error, "the log will be read again after the next start");
        }
    }

    /// A bounded piece of work. Whether there is more that can be done at once. After an error it
    /// begins again where it was.
    async fn step(&mut self) -> Result<bool, StoreError> {
        let mut has_more = if self.is_behind {
            self.catch_up().await?
        } else {
            self.take_batch().await?
        };
        self.decider.hinted().await?;
        has_more |= self.decider.overdue().await?;
        if self.saved_at.elapsed() >= Duration::from_millis(POSITION_DELAY_MS) {
            self.save_position().await?;
        }
        Ok(has_more)
    }

    /// A page of the log. Always says that there is more: the queue, when the log is at its end.
    async fn catch_up(&mut self) -> Result<bool, StoreError> {
        let page = self.ports.events.after(self.taken, PAGE).await?;
        let notes = page.messages.iter().filter_map(|message| {
            let app = self.ports.tenants.app(message.content.app_id)?;
            Note::of(message, &app)
        });
        let notes: Vec<Note> = notes.collect();
        self.take_in(&notes, page.reached).await?;
        if page.is_last {
            self.is_behind = false;
            self.is_restart = false;
        }
        Ok(true)
    }

    async fn take_batch(&mut self) -> Result<bool, StoreError> {
        if self.batch.is_empty() {
            let taken = self.queue.take(BATCH_MAX);
            self.is_behind = taken.is_behind;
            if taken.is_behind {
                return Ok(true);
            }
            self.batch = taken.notes;
            self.batch_reaches = taken.reached;
        }
        let notes = self.batch.clone();
        self.take_in(&notes, self.batch_reaches).await?;
        self.batch.clear();
        Ok(notes.len() == BATCH_MAX)
    }

    /// Stores the rows of these messages; what was taken from the log before is left out.
    async fn take_in(&mut self, notes: &[Note], reached: Sequence) -> Result<(), StoreError> {
        let now_ms = self.ports.clock.now_ms();
        let mut rows = Vec::new();
        let mut waits = Vec::new();
        for note in notes.iter().filter(|note| note.sequence > self.taken) {
            if note.is_instant {
                rows.push(row(note, DeliveryKind::Instant, pending(now_ms), now_ms));
            }
            if note.is_offline {
                self.ask(note, now_ms, &mut rows, &mut waits).await?;
            }
        }
        let reached = reached.max(self.taken);
        if !rows.is_empty() {
            let pending = rows.iter().filter(|row| is_pending(row));
            let apps: BTreeSet<AppId> = pending.map(|row| row.app_id).collect();
            self.ports.deliveries.take_in(reached, rows).await?;
            self.saved = reached;
            self.saved_at = Instant::now();
            for app_id in apps {
                self.bell.ring(app_id, now_ms);
            }
        }
        self.taken = reached;
        for (wait, uuids) in waits {
            self.decider.open(wait, uuids);
        }
        Ok(())
    }

    /// The offline row of a message, when it needs one.
    async fn ask(
        &self,
        note: &Note,
        now_ms: u64,
        rows: &mut Vec<Delivery>,
        waits: &mut Vec<(Wait, Vec<Uuid>)>,
    ) -> Result<(), StoreError> {
        let from_ms = if self.is_restart {
            now_ms
        } else {
            note.timestamp_ms
        };
        let until_ms = from_ms + PATIENCE_MS;
        let verdict = offline::judge(&self.ports, note, until_ms <= now_ms).await?;
        let (status, not_reached, waited_for) = match verdict {
            Verdict::Reached => return Ok(()),
            Verdict::NotReached(_) if self.is_restart => {
                (DeliveryStatus::Undecided { until_ms }, vec![], Some(vec![]))
            }
            Verdict::NotReached(uuids) => (pending(now_ms), uuids, None),
            Verdict::Open(uuids) => (DeliveryStatus::Undecided { until_ms }, vec![], Some(uuids)),
        };
        let mut row = row(note, DeliveryKind::Offline, status, now_ms);
        row.receivers = not_reached;
        if let Some(uuids) = waited_for {
            let wait = Wait {
                id: row.id.clone(),
                note: *note,
                until_ms,
            };
            waits.push((wait, uuids));
        }
        rows.push(row);
        Ok(())
    }

    async fn save_position(&mut self) -> Result<(), StoreError> {
        if self.taken > self.saved {
            let deliveries = &self.ports.deliveries;
            deliveries.take_in(self.taken, Vec::new()).await?;
            self.saved = self.taken;
        }
        self.saved_at = Instant::now();
        Ok(())
    }

    /// Until the next question is over or the position should be saved.
    fn pause(&self) -> Duration {
        let now_ms = self.ports.clock.now_ms();
        let next_at_ms = self.decider.next_at_ms().unwrap_or(u64::MAX);
        let pause_ms = next_at_ms.saturating_sub(now_ms);
        Duration::from_millis(pause_ms.min(POSITION_DELAY_MS))
    }
}

fn row(note: &Note, kind: DeliveryKind, status: DeliveryStatus, now_ms: u64) -> Delivery {
    Delivery {
        id: random_id(),
        app_id: note.app_id,
        kind,
        conversation: note.conversation,
        sequence: note.sequence,
        status,
        created_at_ms: now_ms,
        attempts: Vec::new(),
        receivers: Vec::new(),
    }
}

fn pending(at_ms: u64) -> DeliveryStatus {
    DeliveryStatus::Pending {
        next_at_ms: at_ms,
        failures: 0,
    }
}

fn is_pending(row: &Delivery) -> bool {
    matches!(row.status, DeliveryStatus::Pending { .. })
}

/// Of a delivery: letters, digits, `-` and `_`; no dot, which separates what is signed.
pub(crate) fn random_id() -> String {
    let mut bytes = [0; 15];
    getrandom::fill(&mut bytes).expect("the system has random bytes");
    format!("cb_{}", URL_SAFE_NO_PAD.encode(bytes))
}
