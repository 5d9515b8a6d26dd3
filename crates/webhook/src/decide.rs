//! Answers the open questions: whether a message reached its receivers. Early, when those who are
//! waited for have acknowledged; else from the rows, when their time is over.

use std::collections::BTreeSet;
use std::sync::Arc;

use chat::port::{Decided, Delivery, StoreError};
use model::{AppId, Uuid};

use crate::Ports;
use crate::bell::Bell;
use crate::offline::{self, PATIENCE_MS, Verdict};
use crate::queue::Note;
use crate::waits::{Wait, Waits};

/// Questions that are decided at a time.
const DECISIONS_MAX: usize = 256;

pub(crate) struct Decider {
    ports: Arc<Ports>,
    waits: Arc<Waits>,
    bell: Arc<Bell>,
    /// When the time of the next undecided row is over, in milliseconds since 1970.
    next_at_ms: Option<u64>,
}

impl Decider {
    /// Begins with the rows that the last run left.
    pub(crate) fn new(ports: Arc<Ports>, waits: Arc<Waits>, bell: Arc<Bell>) -> Self {
        Self {
            ports,
            waits,
            bell,
            next_at_ms: Some(0),
        }
    }

    /// When there is something to decide in any case.
    pub(crate) fn next_at_ms(&self) -> Option<u64> {
        self.next_at_ms
    }

    /// An undecided row was stored, for which these accounts are waited for.
    pub(crate) fn open(&mut self, wait: Wait, uuids: Vec<Uuid>) {
        let until_ms = wait.until_ms;
        self.next_at_ms = Some(self.next_at_ms.map_or(until_ms, |next| next.min(until_ms)));
        if !uuids.is_empty() {
            self.waits.add(wait, uuids);
        }
    }

    /// Questions that acknowledgements have answered. What an error leaves unanswered is answered
    /// when its time is over.
    pub(crate) async fn hinted(&self) -> Result<(), StoreError> {
        let now_ms = self.ports.clock.now_ms();
        let mut answers = Answers::default();
        for (sequence, uuids) in self.waits.hear() {
            let presences = self.ports.audience.presence(&uuids, sequence).await?;
            let pairs = uuids.iter().zip(presences);
            let reached = pairs.filter(|(_, presence)| presence.has_acknowledged);
            let reached: Vec<_> = reached.map(|(uuid, _)| *uuid).collect();
            let Some(wait) = self.waits.reached(sequence, &reached) else {
                continue;
            };
            let app_id = wait.note.app_id;
            match offline::judge(&self.ports, &wait.note, false).await? {
                Verdict::Reached => answers.add(app_id, wait.id, vec![], now_ms),
                Verdict::NotReached(uuids) => answers.add(app_id, wait.id, uuids, now_ms),
                Verdict::Open(uuids) => self.waits.add(wait, uuids),
            }
        }
        self.write(answers, now_ms).await
    }

    /// Questions whose time is over, from the rows. Whether there are more.
    pub(crate) async fn overdue(&mut self) -> Result<bool, StoreError> {
        let now_ms = self.ports.clock.now_ms();
        // What is further away than any question is open was known from a clock that has been set
        // back since: the rows say better.
        let is_ahead = |at_ms| at_ms > now_ms && at_ms <= now_ms + PATIENCE_MS;
        if self.next_at_ms.is_none_or(is_ahead) {
            return Ok(false);
        }
        self.waits.expire(now_ms);
        let deliveries = &self.ports.deliveries;
        let due = deliveries.undecided(now_ms, DECISIONS_MAX).await?;
        let mut answers = Answers::default();
        for row in due.deliveries {
            let uuids = self.not_reached(&row).await?;
            answers.add(row.app_id, row.id, uuids, now_ms);
        }
        self.write(answers, now_ms).await?;
        self.next_at_ms = due.next_at_ms;
        Ok(due.next_at_ms.is_some_and(|at_ms| at_ms <= now_ms))
    }

    /// Whom the message of a row did not reach; nobody, when there is nothing to post any more.
    async fn not_reached(&self, row: &Delivery) -> Result<Vec<Uuid>, StoreError> {
        let Some(app) = self.ports.tenants.app(row.app_id) else {
            return Ok(Vec::new());
        };
        let events = &self.ports.events;
        let message = events.message(row.conversation, row.sequence).await?;
        let note = message.and_then(|message| Note::of(&message, &app));
        let Some(note) = note.filter(|note| note.is_offline) else {
            return Ok(Vec::new());
        };
        match offline::judge(&self.ports, &note, true).await? {
            Verdict::NotReached(uuids) => Ok(uuids),
            Verdict::Reached | Verdict::Open(_) => Ok(Vec::new()),
        }
    }

    async fn write(&self, answers: Answers, now_ms: u64) -> Result<(), StoreError> {
        if answers.decided.is_empty() {
            return Ok(());
        }
        self.ports.deliveries.decide(answers.decided).await?;
        for app_id in answers.apps {
            self.bell.ring(app_id, now_ms);
        }
        Ok(())
    }
}

/// Answers, and the apps that have something to post for them.
#[derive(Default)]
struct Answers {
    decided: Vec<Decided>,
    apps: BTreeSet<AppId>,
}

impl Answers {
    fn add(&mut self, app_id: AppId, id: String, receivers: Vec<Uuid>, now_ms: u64) {
        if !receivers.is_empty() {
            self.apps.insert(app_id);
        }
        self.decided.push(Decided {
            id,
            receivers,
            next_at_ms: now_ms,
        });
    }
}
