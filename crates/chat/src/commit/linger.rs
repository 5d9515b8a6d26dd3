//! Where messages come fast a batch gathers a little longer than the last commit takes: each commit
//! costs the same CPU time and the same part of a page of the disk, whatever is in it.
//!
//! That pays while messages come by themselves. Senders who wait for their receipts before they send
//! again only wait longer. Which of both it is cannot be seen, so it is tried: every now and then, for a
//! moment, the other way.

use std::ops::Range;
use std::time::Duration;

use tokio::time::Instant;

/// Messages that have come during the last commit: with fewer there is no hurry, with more the batch is
/// large enough.
const MESSAGES: Range<usize> = 8..64;
/// From the beginning of the last commit on. A timer adds up to a millisecond.
const LINGER: Duration = Duration::from_millis(2);
/// How long one way is measured.
const PERIOD: Duration = Duration::from_millis(50);
/// Periods of the better way between two trials of the other.
const PERIODS: u32 = 20;
/// So much more must get through without lingering, for rates vary by themselves.
const MARGIN: f64 = 1.15;

/// Whether and how long batches gather.
pub(super) struct Linger {
    last_commit: Instant,
    is_worth_it: bool,
    /// The other way is being tried.
    is_trial: bool,
    /// Before the next trial.
    periods_left: u32,
    /// Messages per second in the last period that was no trial.
    rate: f64,
    /// The period under way.
    since: Instant,
    messages: usize,
}

impl Linger {
    pub(super) fn new(now: Instant) -> Self {
        Self {
            last_commit: now,
            is_worth_it: true,
            is_trial: false,
            periods_left: 1,
            rate: 0.0,
            since: now,
            messages: 0,
        }
    }

    /// Until when the next batch gathers, when so many messages wait; `None`: it is not to wait.
    pub(super) fn until(&self, waiting: usize) -> Option<Instant> {
        let lingers = self.is_worth_it != self.is_trial;
        (lingers && MESSAGES.contains(&waiting)).then(|| self.last_commit + LINGER)
    }

    /// A commit begins, of so many messages.
    pub(super) fn commit(&mut self, messages: usize, now: Instant) {
        self.last_commit = now;
        self.messages += messages;
        let took = now - self.since;
        if took >= PERIOD {
            self.judge(took);
            (self.since, self.messages) = (now, 0);
        }
    }

    fn judge(&mut self, took: Duration) {
        if took >= 2 * PERIOD {
            // Little comes, and tells nothing.
            self.is_trial = false;
            return;
        }
        #[expect(clippy::cast_precision_loss, reason = "far fewer than 2^52")]
        let rate = self.messages as f64 / took.as_secs_f64();
        if self.is_trial {
            let (with, without) = if self.is_worth_it {
                (self.rate, rate)
            } else {
                (rate, self.rate)
            };
            self.is_worth_it = without <= with * MARGIN;
            self.is_trial = false;
            self.periods_left = PERIODS;
        } else {
            self.rate = rate;
            self.periods_left = self.periods_left.saturating_sub(1);
            self.is_trial = self.periods_left == 0;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Has a load run for a while; `rate` says how many messages a millisecond come, by whether batches
    /// gather. Gives in how many of the last thousand milliseconds they did.
    fn lingered(linger: &mut Linger, now: &mut Instant, rate: impl Fn(bool) -> usize) -> usize {
        let mut count = 0;
        for passed in 0..3_000 {
            let lingers = linger.until(20).is_some();
            *now += Duration::from_millis(1);
            linger.commit(rate(lingers), *now);
            if passed >= 2_000 {
                count += usize::from(lingers);
            }
        }
        count
    }

    #[test]
    fn it_lingers_when_messages_come_by_themselves() {
        let mut now = Instant::now();
        let mut linger = Linger::new(now);
        assert!(lingered(&mut linger, &mut now, |_| 20) > 900);
    }

    #[test]
    fn it_does_not_when_senders_wait_for_it_and_does_again_when_others_come() {
        let mut now = Instant::now();
        let mut linger = Linger::new(now);
        let waiting = |lingers| if lingers { 20 } else { 60 };
        assert!(lingered(&mut linger, &mut now, waiting) < 100);
        assert!(lingered(&mut linger, &mut now, |_| 20) > 900);
    }

    #[test]
    fn a_few_do_not_wait_and_many_do_not_either() {
        let linger = Linger::new(Instant::now());
        assert_eq!(linger.until(7), None);
        assert!(linger.until(8).is_some());
        assert_eq!(linger.until(64), None);
    }

    #[test]
    fn a_pause_ends_a_trial() {
        let mut now = Instant::now();
        let mut linger = Linger::new(now);
        for _ in 0..3 {
            now += PERIOD;
            linger.commit(100, now);
            now += 10 * PERIOD;
            linger.commit(1, now);
            assert!(linger.until(20).is_some());
        }
    }
}
