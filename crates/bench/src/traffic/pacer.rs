//! Wakes senders when their messages are due. A thread of its own, for a timer of tokio may be a
//! millisecond late, which is more than some of what is measured here.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::Instant;

use super::pace::{BATCH_WINDOW, Duty, Pace, Schedule};

/// How long the thread may sleep without looking whether it is still wanted.
const NAP_MAX: Duration = Duration::from_millis(50);
/// Where messages are due closer to each other, those of this time are sent at its end: to sleep and
/// wake between any two would take more of the machine than to send them. Their latencies count from
/// when they were due all the same.
const TOGETHER: Duration = Duration::from_micros(500);
const DENSE: Duration = Duration::from_micros(125);

/// Hands out what each sender has to send.
pub(super) struct Pacer {
    pace: Pace,
    senders: u32,
    first: Instant,
    ends: Instant,
    wakes: Vec<Arc<Notify>>,
}

/// The thread, until it is stopped.
pub(super) struct Pacing {
    is_over: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Pacer {
    /// The first message is due at `first`, none at `ends` or later.
    pub(super) fn new(pace: Pace, senders: usize, first: Instant, ends: Instant) -> Self {
        Self {
            pace,
            senders: u32::try_from(senders).unwrap_or(u32::MAX).max(1),
            first,
            ends,
            wakes: Vec::new(),
        }
    }

    /// Of the next sender. In an open loop they take turns.
    pub(super) fn duty(&mut self) -> Duty {
        match self.pace {
            Pace::Window(max) => Duty::Window {
                max: max as usize,
                until: self.ends,
                count: u32::MAX,
            },
            Pace::Batch(count) => Duty::Window {
                max: BATCH_WINDOW,
                until: self.ends,
                count,
            },
            Pace::Rate(rate) | Pace::Flood(rate) => {
                let wake = Arc::new(Notify::new());
                let turn = u32::try_from(self.wakes.len()).unwrap_or(u32::MAX);
                self.wakes.push(Arc::clone(&wake));
                Duty::Schedule(self.schedule(rate, turn, wake))
            }
        }
    }

    fn schedule(&self, rate: u32, turn: u32, wake: Arc<Notify>) -> Schedule {
        let first = self.first + part(turn, rate);
        let every = part(self.senders, rate);
        let time = self.ends.saturating_duration_since(first);
        let count = time.as_nanos().div_ceil(every.as_nanos().max(1));
        Schedule {
            first,
            every,
            count: u32::try_from(count).unwrap_or(u32::MAX),
            gives_up: matches!(self.pace, Pace::Flood(_)).then_some(self.ends),
            wake,
        }
    }

    pub(super) fn start(self) -> Pacing {
        let is_over = Arc::new(AtomicBool::new(false));
        let thread = match self.pace {
            Pace::Window(_) | Pace::Batch(_) => None,
            Pace::Rate(rate) | Pace::Flood(rate) => {
                let is_over = Arc::clone(&is_over);
                Some(thread::spawn(move || self.keep_to(rate, &is_over)))
            }
        };
        Pacing { is_over, thread }
    }

    fn keep_to(&self, rate: u32, is_over: &AtomicBool) {
        let every = Duration::from_secs(1) / rate;
        let together = if every < DENSE {
            TOGETHER
        } else {
            Duration::ZERO
        };
        let mut due = self.first;
        let mut woken = self.first;
        for wake in self.wakes.iter().cycle() {
            if due > woken {
                woken = due + together;
            }
            if due >= self.ends || !sleep_until(woken, is_over) {
                return;
            }
            wake.notify_one();
            due += every;
        }
    }
}

impl Pacing {
    pub(super) fn stop(mut self) {
        self.is_over.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            // It has nothing to say, and would have said it on stderr.
            let _ = thread.join();
        }
    }
}

/// `count` at this rate.
fn part(count: u32, rate: u32) -> Duration {
    Duration::from_secs(1) * count / rate
}

/// Whether it is still wanted.
fn sleep_until(due: Instant, is_over: &AtomicBool) -> bool {
    loop {
        if is_over.load(Ordering::Relaxed) {
            return false;
        }
        let left = due.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return true;
        }
        #[expect(clippy::disallowed_methods, reason = "see the head of this file")]
        thread::sleep(left.min(NAP_MAX));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn senders_take_turns_and_all_together_keep_the_rate() {
        let first = Instant::now();
        let mut pacer = Pacer::new(Pace::Rate(1_000), 4, first, first + Duration::from_secs(2));
        let schedules: Vec<_> = (0..4).map(|_| pacer.duty()).collect();
        let of = |duty: &Duty| match duty {
            Duty::Schedule(schedule) => schedule.clone(),
            Duty::Window { .. } => panic!("a rate makes schedules"),
        };
        let all: u32 = schedules.iter().map(|duty| of(duty).count).sum();
        assert_eq!(all, 2_000);
        assert_eq!(of(&schedules[0]).first, first);
        assert_eq!(of(&schedules[3]).first, first + Duration::from_millis(3));
        assert_eq!(of(&schedules[3]).every, Duration::from_millis(4));
    }

    #[tokio::test]
    async fn a_sender_is_woken_when_its_message_is_due() {
        let first = Instant::now() + Duration::from_millis(5);
        let mut pacer = Pacer::new(Pace::Rate(100), 1, first, first + Duration::from_mins(1));
        let duty = pacer.duty();
        let pacing = pacer.start();
        duty.woken().await;
        assert!(duty.due(0, 0, Instant::now()).is_some());
        pacing.stop();
    }
}
