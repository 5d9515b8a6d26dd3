//! Messages under way, and what became of them.
//!
//! - a [`Room`] is those who talk with each other; each participant of it has a [`Line`], a socket to
//!   the server or to whatever else is measured, and a task
//! - [`pace`] says when the next message is due: a window in a closed loop, a schedule in an open one,
//!   kept to by a thread
//! - [`tally`] counts and times while it happens; a ledger keeps what each one saw, and has it judged
//!   at the end

mod ledger;
pub(crate) mod line;
pub(crate) mod pace;
mod pacer;
mod participant;
pub(crate) mod relay_line;
mod room;
pub(crate) mod session_line;
pub(crate) mod tally;

use std::sync::Arc;
use std::time::Duration;

use client::checker::Verdict;
use tokio::task::JoinSet;
use tokio::time::Instant;

pub(crate) use self::ledger::Part;
use self::line::Line;
use self::pace::Pace;
use self::pacer::Pacer;
use self::participant::Participant;
use self::room::Conversation;
use self::tally::Tally;
use crate::flags::Flags;

/// Time for all tasks to stand ready before the first message is due.
const CURTAIN: Duration = Duration::from_millis(100);

/// Those who talk with each other: what one of `senders` says, everybody else in the room gets. Each
/// has a number that nobody else in the run has.
pub(crate) struct Room<L> {
    pub(crate) senders: Vec<(u32, L)>,
    pub(crate) listeners: Vec<(u32, L)>,
    /// Who gets it as well, but is not there: what they saw is added later.
    pub(crate) absent: Vec<u32>,
}

/// When what happens.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Times {
    /// The first message is due.
    pub(crate) first: Instant,
    /// What is due before is not measured.
    pub(crate) measured_from: Instant,
    /// Nothing is due from here on.
    pub(crate) ends: Instant,
    /// How long what is late may take.
    pub(crate) drain: Duration,
}

/// How it went.
#[derive(Debug)]
pub(crate) struct Played {
    /// `None` when a receiver was not there to the end: what it did not get may still come.
    pub(crate) verdict: Option<Verdict>,
    /// Connections that broke.
    pub(crate) broken: u64,
    /// Sends that were neither acknowledged nor refused.
    pub(crate) unanswered: u64,
    /// Of these, on connections that did not break.
    pub(crate) ignored: u64,
}

impl Times {
    /// From now on.
    pub(crate) fn of(flags: &Flags) -> Self {
        let first = Instant::now() + CURTAIN;
        let measured_from = first + flags.warmed();
        Self {
            first,
            measured_from,
            ends: measured_from + flags.measured(),
            drain: flags.drained(),
        }
    }

    /// How long something took, if it is measured.
    fn measured(&self, due: Instant, done: Instant) -> Option<Duration> {
        (due >= self.measured_from).then(|| done.saturating_duration_since(due))
    }
}

/// Has all rooms talk at this pace until everything has been said and heard.
pub(crate) async fn play<L: Line>(
    rooms: Vec<Room<L>>,
    pace: Pace,
    times: Times,
    tally: &Arc<Tally>,
) -> Vec<Part> {
    let senders = rooms.iter().map(|room| room.senders.len()).sum();
    let mut pacer = Pacer::new(pace, senders, times.first, times.ends);
    let mut tasks = JoinSet::new();
    for room in rooms {
        let conversation = Arc::new(Conversation::of(&room));
        let senders = room.senders.into_iter().map(|one| (one, true));
        let listeners = room.listeners.into_iter().map(|one| (one, false));
        for (one, is_sender) in senders.chain(listeners) {
            let duty = is_sender.then(|| pacer.duty());
            let (conversation, tally) = (Arc::clone(&conversation), Arc::clone(tally));
            tasks.spawn(Participant::new(one, duty, conversation, tally, times).take_part());
        }
    }
    let pacing = pacer.start();
    let parts_and_lines = tasks.join_all().await;
    pacing.stop();
    parts_and_lines
        .into_iter()
        .map(|(part, _line)| part)
        .collect()
}

/// One who was absent comes and listens until it has heard everything up to `last`.
pub(crate) async fn catch_up<L: Line>(
    one: (u32, L),
    last: i64,
    times: Times,
    tally: &Arc<Tally>,
) -> Part {
    let conversation = Arc::new(Conversation::that_is_over(last));
    let participant = Participant::new(one, None, conversation, Arc::clone(tally), times);
    participant.take_part().await.0
}

/// What the parts of all participants say together.
pub(crate) fn judged(parts: &[Part]) -> Played {
    let broken = || parts.iter().filter(|part| part.is_broken);
    let whole = parts.iter().filter(|part| !part.is_broken);
    let is_deaf = |part: &Part| part.conversation.is_heard_by(part.number);
    Played {
        verdict: (!broken().any(is_deaf)).then(|| ledger::verdict(parts)),
        broken: broken().count() as u64,
        unanswered: parts.iter().map(|part| part.unanswered).sum(),
        ignored: whole.map(|part| part.unanswered).sum(),
    }
}
