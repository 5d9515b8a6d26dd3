//! One who takes part: sends what is due, acknowledges what comes, and stays until everything has been
//! said and heard.

use std::sync::Arc;
use std::time::Duration;

use client::connection::ConnectionError;
use tokio::time::{Instant, sleep, sleep_until};

use super::Times;
use super::ledger::{Part, Received};
use super::line::{Got, Heard, Line};
use super::pace::Duty;
use super::room::Conversation;
use super::tally::Tally;

/// How long a window rests after a refusal: the next try would only be refused as well.
const REFUSED_PAUSE: Duration = Duration::from_millis(10);

pub(super) struct Participant<L> {
    line: L,
    duty: Option<Duty>,
    tally: Arc<Tally>,
    times: Times,
    part: Part,
    /// When each message was due.
    due: Vec<Instant>,
    waiting: usize,
    is_resting: bool,
    has_said_all: bool,
    last_acked: i64,
    newest: i64,
    heard_at: Instant,
}

impl<L: Line> Participant<L> {
    pub(super) fn new(
        (number, line): (u32, L),
        duty: Option<Duty>,
        conversation: Arc<Conversation>,
        tally: Arc<Tally>,
        times: Times,
    ) -> Self {
        Self {
            line,
            has_said_all: duty.is_none(),
            duty,
            tally,
            times,
            part: Part {
                number,
                conversation,
                acked: Vec::new(),
                unanswered: 0,
                received: Vec::new(),
                is_broken: false,
            },
            due: Vec::new(),
            waiting: 0,
            is_resting: false,
            last_acked: 0,
            newest: 0,
            heard_at: times.first,
        }
    }

    /// What it saw, and its line, which is to stay open until everybody is done.
    pub(super) async fn take_part(mut self) -> (Part, L) {
        sleep_until(self.times.first).await;
        self.part.is_broken = self.talk().await.is_err();
        let unsent = self.unsent(Instant::now());
        self.part.unanswered = self.waiting as u64 + u64::from(unsent);
        self.say_that_all_is_said();
        (self.part, self.line)
    }

    async fn talk(&mut self) -> Result<(), ConnectionError> {
        let mut is_all_said = self.part.conversation.is_all_said();
        let patience = sleep_until(self.loses_patience_at());
        tokio::pin!(patience);
        loop {
            self.send_what_is_due();
            if self.waiting == 0 && self.unsent(Instant::now()) == 0 {
                self.say_that_all_is_said();
            }
            let all_said = *is_all_said.borrow_and_update();
            if all_said && self.has_said_all && self.has_heard_all() {
                // The last acknowledgement is part of what a message costs.
                return self.line.flush().await;
            }
            tokio::select! {
                biased;
                heard = self.line.next() => self.take(heard?),
                () = woken(self.duty.as_ref()) => {}
                Ok(()) = is_all_said.changed(), if !all_said => {}
                () = sleep(REFUSED_PAUSE), if self.is_resting => self.is_resting = false,
                () = &mut patience => {
                    let until = self.loses_patience_at();
                    if Instant::now() >= until {
                        return Ok(());
                    }
                    patience.as_mut().reset(until);
                }
            }
        }
    }

    fn send_what_is_due(&mut self) {
        let Some(duty) = &self.duty else { return };
        if self.is_resting || self.tally.is_full() {
            return;
        }
        let now = Instant::now();
        loop {
            let number = u32::try_from(self.due.len()).unwrap_or(u32::MAX);
            let Some(due) = duty.due(number, self.waiting, now) else {
                return;
            };
            self.line.queue_message(number, due);
            self.due.push(due);
            self.part.acked.push(None);
            self.waiting += 1;
            self.tally.sent(self.times.measured(due, now));
        }
    }

    fn take(&mut self, heard: Heard) {
        self.heard_at = Instant::now();
        match heard {
            Heard::Answer { number, outcome } => self.take_answer(number as usize, outcome),
            Heard::Messages(messages) => self.take_messages(&messages),
            Heard::Other => {}
        }
    }

    fn take_answer(&mut self, number: usize, outcome: Result<i64, i32>) {
        let Some(due) = self.due.get(number) else {
            return;
        };
        self.waiting = self.waiting.saturating_sub(1);
        match outcome {
            Ok(sequence) => {
                self.part.acked[number] = Some(sequence);
                self.last_acked = self.last_acked.max(sequence);
                self.tally.acked(self.times.measured(*due, self.heard_at));
            }
            Err(code) => {
                self.tally.refused(code);
                self.is_resting = matches!(self.duty, Some(Duty::Window { .. }));
            }
        }
    }

    fn take_messages(&mut self, messages: &[Got]) {
        let (times, now) = (self.times, self.heard_at);
        let took = messages.iter().map(|got| times.measured(got.due?, now));
        self.tally.delivered(took);
        let received = messages.iter().copied().map(Received::from);
        self.part.received.extend(received);
        if let Some(last) = messages.last() {
            self.newest = self.newest.max(last.sequence);
            self.line.queue_acknowledgement(last.sequence);
        }
    }

    /// Messages that this one has still to send.
    fn unsent(&self, now: Instant) -> u32 {
        let Some(duty) = &self.duty else { return 0 };
        if self.tally.is_full() {
            return 0;
        }
        let sent = u32::try_from(self.due.len()).unwrap_or(u32::MAX);
        duty.left(sent, now)
    }

    fn say_that_all_is_said(&mut self) {
        if !std::mem::replace(&mut self.has_said_all, true) {
            self.part
                .conversation
                .said_all(self.part.number, self.last_acked);
        }
    }

    fn has_heard_all(&self) -> bool {
        self.newest >= self.part.conversation.last_for(self.part.number)
    }

    fn loses_patience_at(&self) -> Instant {
        self.times.ends.max(self.heard_at) + self.times.drain
    }
}

async fn woken(duty: Option<&Duty>) {
    match duty {
        Some(duty) => duty.woken().await,
        None => std::future::pending().await,
    }
}
