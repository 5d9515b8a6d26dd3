//! When the next message is due.

use std::sync::Arc;
use std::time::Duration;

use clap::value_parser;
use tokio::sync::Notify;
use tokio::time::Instant;

use crate::flags::RATE_MAX;

/// The largest window.
const WINDOW_MAX: u32 = 10_000;
/// Messages of one sender that may be under way in an open loop. What is due beyond it waits here,
/// and its latency counts from when it was due.
const BACKLOG_MAX: usize = 1_024;

/// The window of a batch: as the server's own, so that nothing waits for nothing.
pub(super) const BATCH_WINDOW: usize = 64;

/// A closed loop or an open one.
#[derive(Clone, Debug, clap::Args)]
#[group(id = "pace", multiple = false)]
pub(crate) struct PaceFlags {
    /// Closed loop: messages that each sender has under way; the next one goes when one is answered
    #[arg(long, value_name = "N", group = "pace", value_parser = value_parser!(u32).range(1..=i64::from(WINDOW_MAX)))]
    pub(crate) window: Option<u32>,

    /// Open loop: messages that all senders together send each second, whether they are answered or
    /// not; latencies count from when a message was due
    #[arg(long, value_name = "PER_SECOND", group = "pace", value_parser = value_parser!(u32).range(1..=i64::from(RATE_MAX)))]
    pub(crate) rate: Option<u32>,
}

impl PaceFlags {
    /// What was asked for, or this window.
    pub(crate) fn or_window(&self, window: u32) -> Pace {
        match (self.rate, self.window) {
            (Some(rate), _) => Pace::Rate(rate),
            (None, asked) => Pace::Window(asked.unwrap_or(window)),
        }
    }
}

/// How messages become due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Pace {
    /// Each sender has as many under way.
    Window(u32),
    /// All senders together send as many each second.
    Rate(u32),
    /// The same, more than can be taken: what could not be sent when it ends never is.
    Flood(u32),
    /// Each sender sends so many, with a window of [`BATCH_WINDOW`].
    Batch(u32),
}

impl Pace {
    pub(crate) fn offered_per_s(self) -> Option<f64> {
        match self {
            Self::Window(_) | Self::Batch(_) => None,
            Self::Rate(rate) | Self::Flood(rate) => Some(f64::from(rate)),
        }
    }
}

/// As many a second as were measured, within what may be offered.
pub(crate) fn rate(per_s: f64) -> u32 {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "clamped to what a rate may be"
    )]
    let rate = per_s.clamp(1.0, f64::from(RATE_MAX)) as u32;
    rate
}

/// What one sender has to send.
#[derive(Clone, Debug)]
pub(super) enum Duty {
    Window {
        max: usize,
        until: Instant,
        count: u32,
    },
    Schedule(Schedule),
}

/// Messages at fixed times.
#[derive(Clone, Debug)]
pub(super) struct Schedule {
    pub(super) first: Instant,
    pub(super) every: Duration,
    pub(super) count: u32,
    /// When what is not sent is given up.
    pub(super) gives_up: Option<Instant>,
    /// Woken when one of them is due.
    pub(super) wake: Arc<Notify>,
}

impl Duty {
    /// Since when the message after `sent` others is due, `waiting` of them being under way; `None`
    /// when it is not, or must wait.
    pub(super) fn due(&self, sent: u32, waiting: usize, now: Instant) -> Option<Instant> {
        match self {
            Self::Window { max, until, count } => {
                (waiting < *max && sent < *count && now < *until).then_some(now)
            }
            Self::Schedule(schedule) => {
                let due = schedule.at(sent)?;
                let may_be = due <= now && waiting < BACKLOG_MAX && !schedule.is_given_up(now);
                may_be.then_some(due)
            }
        }
    }

    /// Messages that are not sent yet. A window without a count has one more, as long as there is time.
    pub(super) fn left(&self, sent: u32, now: Instant) -> u32 {
        match self {
            Self::Window {
                count: u32::MAX,
                until,
                ..
            } => u32::from(now < *until),
            Self::Window { count, .. } => count.saturating_sub(sent),
            Self::Schedule(schedule) if schedule.is_given_up(now) => 0,
            Self::Schedule(schedule) => schedule.count.saturating_sub(sent),
        }
    }

    /// Returns when it may be worth to look again. A window has no times of its own.
    pub(super) async fn woken(&self) {
        match self {
            Self::Window { .. } => std::future::pending().await,
            Self::Schedule(schedule) => schedule.wake.notified().await,
        }
    }
}

impl Schedule {
    fn at(&self, sent: u32) -> Option<Instant> {
        (sent < self.count).then(|| self.first + self.every * sent)
    }

    fn is_given_up(&self, now: Instant) -> bool {
        self.gives_up.is_some_and(|at| now >= at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: Duration = Duration::from_millis(1);

    #[test]
    fn a_rate_is_what_was_measured_within_its_bounds() {
        let rates = [0.0, 20_000.7, 1e9].map(rate);
        assert_eq!(rates, [1, 20_000, RATE_MAX]);
    }

    #[test]
    fn a_window_is_due_at_once_while_it_has_room() {
        let now = Instant::now();
        let duty = Duty::Window {
            max: 2,
            until: now + MS,
            count: u32::MAX,
        };
        assert_eq!(duty.due(0, 0, now), Some(now));
        assert_eq!(duty.due(1, 1, now), Some(now));
        assert_eq!(duty.due(2, 2, now), None);
        assert_eq!(duty.due(2, 0, now + MS), None);
        assert_eq!((duty.left(9, now), duty.left(9, now + MS)), (1, 0));
    }

    #[test]
    fn a_batch_is_over_when_all_of_it_is_sent() {
        let now = Instant::now();
        let duty = Duty::Window {
            max: 2,
            until: now + MS,
            count: 3,
        };
        assert_eq!(duty.due(2, 0, now), Some(now));
        assert_eq!(duty.due(3, 0, now), None);
        assert_eq!((duty.left(2, now), duty.left(3, now)), (1, 0));
    }

    #[test]
    fn what_a_schedule_could_not_send_in_time_is_still_due_since_its_time() {
        let first = Instant::now();
        let duty = Duty::Schedule(Schedule {
            first,
            every: 10 * MS,
            count: 3,
            gives_up: None,
            wake: Arc::default(),
        });
        assert_eq!(duty.due(0, 0, first), Some(first));
        assert_eq!(duty.due(1, 1, first), None);
        let late = first + 500 * MS;
        assert_eq!(duty.due(1, 1, late), Some(first + 10 * MS));
        assert_eq!(duty.due(2, 2, late), Some(first + 20 * MS));
        assert_eq!(
            duty.due(2, BACKLOG_MAX, late),
            None,
            "it waits, and so do we"
        );
        assert_eq!(duty.due(3, 0, late), None);
        assert_eq!((duty.left(2, late), duty.left(3, late)), (1, 0));
    }

    #[test]
    fn what_a_flood_could_not_send_in_time_is_given_up() {
        let first = Instant::now();
        let duty = Duty::Schedule(Schedule {
            first,
            every: 10 * MS,
            count: 3,
            gives_up: Some(first + 30 * MS),
            wake: Arc::default(),
        });
        let (late, over) = (first + 29 * MS, first + 30 * MS);
        assert_eq!((duty.due(0, 0, late), duty.left(0, late)), (Some(first), 3));
        assert_eq!((duty.due(0, 0, over), duty.left(0, over)), (None, 0));
    }
}
