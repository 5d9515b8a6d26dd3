//! What happened so far, and what is to be said of it.

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use client::checker::{Checker, Verdict};
use client::{Device, Message};
use e2e::WAIT;
use tokio::sync::watch;
use tokio::time::Instant;

use crate::senders::{Errand, PUSHER, pusher};

/// How long an idle server may wait before it saves what devices have acknowledged. On top comes what
/// its disk takes, which [`Course::disk_at`] knows.
const CURSORS_DELAY: Duration = Duration::from_millis(100);
/// What devices may have to be shown yet before senders wait for them: a machine that is busy with
/// other things would else make a test of minutes end with minutes of catching up.
const LAG_MAX: usize = 20_000;
/// How far back pushes tell how fast the disk was at a kill.
const DISK_TOLD: Duration = Duration::from_secs(2);

/// Of all tasks together.
#[derive(Default)]
pub(crate) struct Course {
    record: Mutex<Record>,
    counts: watch::Sender<Counts>,
}

#[derive(Clone, Copy, Default, Debug)]
pub(crate) struct Counts {
    pub(crate) acked: usize,
    /// Devices that must have been shown something, summed over messages.
    owed: usize,
    shown: usize,
    is_down: bool,
    pub(crate) is_over: bool,
}

#[derive(Default)]
pub(crate) struct Record {
    checker: Checker,
    /// By conversation: what is acknowledged, by sequence, and whether history keeps it.
    acked: HashMap<String, BTreeMap<i64, bool>>,
    pushes: HashMap<String, Push>,
    /// From when to when each push took.
    push_times: Vec<(Instant, Instant)>,
    kills: Vec<Kill>,
    /// For what came again although its acknowledgement had been taken: when that was known, and in which
    /// life of the server it came.
    resent: Vec<(Taken, usize)>,
}

/// When a device got to know that the server has taken its acknowledgement, over a connection with
/// which of its lives. What had come before a kill may be read after it.
#[derive(Clone, Copy)]
pub(crate) struct Taken {
    pub(crate) known_at: Instant,
    pub(crate) life: usize,
}

/// Between the two the server was killed.
#[derive(Clone, Copy)]
struct Kill {
    from: Instant,
    until: Instant,
}

/// The answer to a push does not tell its sequence, a delivery does.
struct Push {
    errand: Errand,
    is_acked: bool,
    sequence: Option<i64>,
}

/// The end of it.
pub(crate) struct Told {
    verdict: Verdict,
    kills: usize,
    pages: usize,
    /// Before the next kill, for each that came again.
    ages: Vec<Duration>,
}

impl Course {
    // Told by senders

    /// Under the lock of `send`, so that nothing is shown before it is known to be sent.
    pub(crate) fn sent<T>(
        &self,
        from: &Device,
        errand: &Errand,
        send: impl FnOnce() -> (String, T),
    ) -> (String, T) {
        let mut record = self.record();
        let (packet_id, sending) = send();
        let (conversation, to) = (&errand.conversation, &errand.expected_at);
        record.checker.sent(from, conversation, &packet_id, to);
        (packet_id, sending)
    }

    pub(crate) fn acked(&self, from: &Device, packet_id: &str, sequence: i64, errand: &Errand) {
        self.record().acked(from, packet_id, sequence, errand);
        self.count_acked(errand);
    }

    /// A push is about to be made under this name, which its payload carries.
    pub(crate) fn pushing(&self, name: &str, errand: &Errand) {
        let push = Push {
            errand: errand.clone(),
            is_acked: false,
            sequence: None,
        };
        self.sent(&pusher(), errand, || (name.to_owned(), ()));
        self.record().pushes.insert(name.to_owned(), push);
    }

    pub(crate) fn pushed(&self, name: &str, began: Instant, is_acked: bool) {
        let mut record = self.record();
        record.push_times.push((began, Instant::now()));
        if !is_acked {
            return;
        }
        let push = record.pushes.get_mut(name).expect("it was told of");
        push.is_acked = true;
        let (sequence, errand) = (push.sequence, push.errand.clone());
        if let Some(sequence) = sequence {
            record.acked(&pusher(), name, sequence, &errand);
        }
        drop(record);
        self.count_acked(&errand);
    }

    fn count_acked(&self, errand: &Errand) {
        self.counts.send_modify(|counts| {
            counts.acked += 1;
            counts.owed += errand.expected_at.len();
        });
    }

    // Told by receivers

    pub(crate) fn shown(&self, at: &Device, message: &Message) {
        let mut record = self.record();
        let sequence = message.sequence;
        if message.from.account == PUSHER {
            record.shown_push(at, message);
        } else {
            let (from, packet_id) = (&message.from, &message.packet_id);
            record.checker.delivered(at, from, packet_id, sequence);
        }
        drop(record);
        self.counts.send_modify(|counts| counts.shown += 1);
    }

    /// A device was given again what it had acknowledged.
    pub(crate) fn resent(&self, taken: Taken, life: usize) {
        self.record().resent.push((taken, life));
    }

    // Told by the one with the knife

    /// The server is about to be killed.
    pub(crate) fn is_down(&self) -> Instant {
        self.counts.send_modify(|counts| counts.is_down = true);
        Instant::now()
    }

    /// It has been, since then.
    pub(crate) fn killed(&self, from: Instant) {
        let until = Instant::now();
        self.record().kills.push(Kill { from, until });
    }

    pub(crate) fn is_up(&self) {
        self.counts.send_modify(|counts| counts.is_down = false);
    }

    pub(crate) fn is_over(&self) {
        self.counts.send_modify(|counts| counts.is_over = true);
    }

    // Asked

    pub(crate) fn counts(&self) -> Counts {
        *self.counts.borrow()
    }

    /// How often the server has been killed.
    pub(crate) fn life(&self) -> usize {
        self.record().kills.len()
    }

    /// Returns when the server is there.
    pub(crate) async fn up(&self) {
        self.wait(|counts| !counts.is_down).await;
    }

    /// Returns when receivers are not far behind.
    pub(crate) async fn kept_up_with(&self) {
        self.wait(|counts| counts.shown + LAG_MAX >= counts.owed)
            .await;
    }

    /// Returns when everybody has been shown everything, however long that takes while it goes on.
    pub(crate) async fn settled(&self) {
        loop {
            let before = self.counts();
            if before.shown >= before.owed && self.record().checker.is_settled() {
                return;
            }
            self.wait(|counts| counts.shown > before.shown).await;
        }
    }

    pub(crate) async fn wait(&self, reached: impl FnMut(&Counts) -> bool) {
        let mut counts = self.counts.subscribe();
        let waited = tokio::time::timeout(WAIT, counts.wait_for(reached)).await;
        if waited.is_err() {
            let verdict = self.record().checker.verdict();
            panic!("no progress within {} s: {verdict}", WAIT.as_secs());
        }
    }

    /// What was acknowledged in a conversation: by sequence, whether history keeps it.
    pub(crate) fn acked_in(&self, conversation: &str) -> BTreeMap<i64, bool> {
        let record = self.record();
        record.acked.get(conversation).cloned().unwrap_or_default()
    }

    /// # Panics
    ///
    /// When a promise was broken.
    pub(crate) fn judge(&self, kills: usize, pages: usize) -> Told {
        let record = self.record();
        let verdict = record.checker.verdict();
        verdict.assert_clean();
        let lost = |(name, push): (&String, &Push)| {
            (push.is_acked && push.sequence.is_none()).then(|| name.clone())
        };
        let lost: Vec<String> = record.pushes.iter().filter_map(lost).collect();
        assert!(lost.is_empty(), "pushes came nowhere: {lost:?}");
        let ages = record.resent.iter().map(|resent| record.age(*resent));
        let told = Told {
            ages: ages.collect(),
            verdict,
            kills,
            pages,
        };
        assert!(told.verdict.acked >= kills * PROGRESS, "{told}");
        assert!(pages > 0, "{told}");
        told
    }

    /// What a task that failed has noted still counts.
    fn record(&self) -> MutexGuard<'_, Record> {
        self.record.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

const PROGRESS: usize = crate::PROGRESS_MIN;

impl Record {
    fn acked(&mut self, from: &Device, packet_id: &str, sequence: i64, errand: &Errand) {
        self.checker.acked(from, packet_id, sequence);
        let conversation = self.acked.entry(errand.conversation.clone());
        conversation.or_default().insert(sequence, errand.is_kept);
    }

    fn shown_push(&mut self, at: &Device, message: &Message) {
        let text = String::from_utf8_lossy(&message.payload);
        let name = text.split_whitespace().next().unwrap_or_default();
        let sequence = message.sequence;
        self.checker.delivered(at, &pusher(), name, sequence);
        let Some(push) = self.pushes.get_mut(name) else {
            return;
        };
        let is_first = push.sequence.replace(sequence).is_none();
        if is_first && push.is_acked {
            let errand = push.errand.clone();
            self.acked(&pusher(), name, sequence, &errand);
        }
    }

    /// How long before a kill the server had taken an acknowledgement that it forgot.
    fn age(&self, (taken, life): (Taken, usize)) -> Duration {
        assert!(
            taken.life < life,
            "without a kill nothing that was acknowledged comes again"
        );
        let kill = self.kills[taken.life];
        let age = kill.until.saturating_duration_since(taken.known_at);
        let allowed = CURSORS_DELAY + (kill.until - kill.from) + self.disk_at(kill.until);
        assert!(
            age <= allowed,
            "acknowledged {age:?} before a kill, more than {allowed:?}, and it came again"
        );
        age
    }

    /// How long the disk took at most when the server was killed: by the pushes of that time, each of
    /// which waits for what is being flushed and for a flush of its own.
    fn disk_at(&self, kill: Instant) -> Duration {
        let of_then =
            |(began, ended): &&(Instant, Instant)| *began <= kill && *ended + DISK_TOLD >= kill;
        let pushes = self.push_times.iter().filter(of_then);
        let took = pushes.map(|(began, ended)| *ended.min(&kill) - *began);
        took.max().unwrap_or_default()
    }
}

impl fmt::Display for Told {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (kills, pages, again) = (self.kills, self.pages, self.ages.len());
        write!(f, "{kills} kills: {}", self.verdict)?;
        write!(f, "; {pages} pages of history; {again} came again")?;
        match self.ages.iter().max() {
            Some(oldest) => write!(f, ", acknowledged at most {oldest:?} before a kill"),
            None => Ok(()),
        }
    }
}
