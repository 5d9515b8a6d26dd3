//! Keeps what was read: how figures went, what is wrong, the newest reading. Bounded: see
//! [`series`](super::series); besides, seven readings of about 7 KB.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use api::insight::{Alarm, Series, Window};
use parking_lot::Mutex;

use super::alarms::Alarms;
use super::checks::{self, Evidence, Judgement};
use super::reading::Reading;
use super::sampler::TICK;
use super::series::Recorder;

/// Readings of the past are a minute apart.
const PAST_EVERY: Duration = Duration::from_mins(1);
/// So many are kept: five minutes.
const PAST_MAX: usize = 6;

/// See the module.
pub(crate) struct Watch(Mutex<Kept>);

struct Kept {
    latest: Arc<Reading>,
    /// The oldest first.
    past: VecDeque<Arc<Reading>>,
    recorders: [Recorder; 3],
    judgements: Vec<Judgement>,
    alarms: Alarms,
}

impl Watch {
    pub(crate) fn new() -> Self {
        Self(Mutex::new(Kept {
            latest: Arc::default(),
            past: VecDeque::new(),
            recorders: Window::ALL.map(Recorder::new),
            judgements: Vec::new(),
            alarms: Alarms::default(),
        }))
    }

    /// Takes a reading; each is later than the one before.
    pub(crate) fn note(&self, reading: Reading) {
        let reading = Arc::new(reading);
        let mut kept = self.0.lock();
        for recorder in &mut kept.recorders {
            recorder.note(&reading);
        }
        kept.remember(&reading);
        let evidence = Evidence {
            now: &reading,
            minute_ago: kept.ago(&reading, PAST_EVERY),
            five_ago: kept.past.front().unwrap_or(&reading),
        };
        let judgements = checks::all(&evidence);
        kept.alarms.note(&judgements, reading.at_ms);
        kept.judgements = judgements;
        kept.latest = reading;
    }

    /// The newest reading; before the first, nothing but zeros.
    pub(crate) fn latest(&self) -> Arc<Reading> {
        Arc::clone(&self.0.lock().latest)
    }

    pub(crate) fn series(&self, window: Window) -> Series {
        let kept = self.0.lock();
        let index = Window::ALL.iter().position(|one| *one == window);
        kept.recorders[index.unwrap_or_default()].series()
    }

    pub(crate) fn alarms(&self) -> Vec<Alarm> {
        self.0.lock().alarms.list()
    }

    /// What all checks found last.
    pub(crate) fn judgements(&self) -> Vec<Judgement> {
        self.0.lock().judgements.clone()
    }
}

impl Kept {
    fn remember(&mut self, reading: &Arc<Reading>) {
        let newest = self.past.back();
        let is_due = newest.is_none_or(|newest| {
            reading.uptime.saturating_sub(newest.uptime) + TICK / 2 >= PAST_EVERY
        });
        if !is_due {
            return;
        }
        if self.past.len() == PAST_MAX {
            self.past.pop_front();
        }
        self.past.push_back(Arc::clone(reading));
    }

    /// The newest that is so old, or the oldest.
    fn ago<'a>(&'a self, now: &'a Reading, age: Duration) -> &'a Reading {
        let is_old =
            |past: &&Arc<Reading>| now.uptime.saturating_sub(past.uptime) + TICK / 2 >= age;
        let old = self.past.iter().rev().find(is_old);
        old.or(self.past.front()).map_or(now, |past| past)
    }
}

#[cfg(test)]
mod tests {
    use api::insight::Verdict;

    use super::*;

    fn reading(seconds: u64, backlog: u64) -> Reading {
        let mut reading = Reading {
            at_ms: seconds * 1_000,
            uptime: Duration::from_secs(seconds),
            ..Reading::default()
        };
        reading.survey.backlog = backlog;
        reading
    }

    fn ids(watch: &Watch) -> Vec<&'static str> {
        watch.alarms().iter().map(|alarm| alarm.id).collect()
    }

    #[test]
    fn a_backlog_that_grows_over_five_minutes_is_an_alarm_until_it_does_not() {
        let watch = Watch::new();
        for seconds in (0..=600).step_by(5) {
            watch.note(reading(seconds, 1_500));
        }
        assert_eq!(ids(&watch), [""; 0]);
        for seconds in (605..=900).step_by(5) {
            watch.note(reading(seconds, seconds * 3));
        }
        assert_eq!(ids(&watch), ["callback-backlog"]);
        let alarm = &watch.alarms()[0];
        assert_eq!((alarm.severity, alarm.since), (Verdict::Warn, 605_000));
        for seconds in (905..=1_400).step_by(5) {
            watch.note(reading(seconds, 100));
        }
        assert_eq!(ids(&watch), [""; 0]);
        let judged = watch.judgements();
        assert!(judged.len() >= 8 && judged.iter().all(|one| one.verdict == Verdict::Ok));
    }

    #[test]
    fn little_is_kept_of_the_past() {
        let watch = Watch::new();
        for seconds in (0..=86_400).step_by(5) {
            watch.note(reading(seconds, 0));
        }
        let kept = watch.0.lock();
        let ages: Vec<_> = kept
            .past
            .iter()
            .map(|past| 86_400 - past.uptime.as_secs())
            .collect();
        assert_eq!(ages, [300, 240, 180, 120, 60, 0]);
        assert_eq!(kept.ago(&kept.latest, PAST_EVERY).uptime.as_secs(), 86_340);
    }
}
