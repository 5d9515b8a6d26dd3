//! Which checks are not well, and since when.

use std::collections::BTreeMap;

use api::insight::{Alarm, Verdict, Words};

use super::checks::Judgement;

/// How long a check must be well until its alarm ends, in milliseconds: one that comes and goes is
/// one alarm.
const QUIET_MS: u64 = 60_000;

/// By check; there are as many as checks at most.
#[derive(Default)]
pub(crate) struct Alarms(BTreeMap<&'static str, Open>);

struct Open {
    since_ms: u64,
    /// When the check was last not well.
    seen_at_ms: u64,
    judgement: Judgement,
}

impl Alarms {
    /// Takes what all checks have found.
    pub(super) fn note(&mut self, judgements: &[Judgement], now_ms: u64) {
        for judgement in judgements {
            let is_well = judgement.verdict == Verdict::Ok;
            match self.0.get_mut(judgement.check) {
                Some(open) if is_well => {
                    if now_ms.saturating_sub(open.seen_at_ms) >= QUIET_MS {
                        self.0.remove(judgement.check);
                    }
                }
                Some(open) => {
                    open.seen_at_ms = now_ms;
                    open.judgement = judgement.clone();
                }
                None if is_well => {}
                None => {
                    let open = Open {
                        since_ms: now_ms,
                        seen_at_ms: now_ms,
                        judgement: judgement.clone(),
                    };
                    self.0.insert(judgement.check, open);
                }
            }
        }
    }

    /// The worst first, of the same the oldest.
    pub(super) fn list(&self) -> Vec<Alarm> {
        let mut alarms: Vec<_> = self.0.values().map(Open::view).collect();
        alarms.sort_by_key(|alarm| (std::cmp::Reverse(alarm.severity), alarm.since));
        alarms
    }
}

impl Open {
    fn view(&self) -> Alarm {
        let Judgement { what, advice, .. } = &self.judgement;
        let sentence = match advice {
            None => what.clone(),
            Some(advice) => Words {
                en: format!("{}: {}", what.en, advice.en),
                zh: format!("{}：{}", what.zh, advice.zh),
            },
        };
        Alarm {
            id: self.judgement.check,
            severity: self.judgement.verdict,
            since: self.since_ms,
            values: self.judgement.values.clone(),
            sentence,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judgement(verdict: Verdict) -> Judgement {
        let words = || Words {
            en: "x".into(),
            zh: "x".into(),
        };
        Judgement {
            check: "x",
            verdict,
            values: BTreeMap::new(),
            what: words(),
            advice: None,
        }
    }

    #[test]
    fn an_alarm_lasts_from_its_first_finding_until_a_quiet_minute() {
        let mut alarms = Alarms::default();
        let mut after = |verdict, now_ms| {
            alarms.note(&[judgement(verdict)], now_ms);
            let list = alarms.list();
            list.first().map(|alarm| (alarm.severity, alarm.since))
        };
        assert_eq!(after(Verdict::Ok, 0), None);
        assert_eq!(after(Verdict::Warn, 5), Some((Verdict::Warn, 5)));
        assert_eq!(after(Verdict::Bad, 10), Some((Verdict::Bad, 5)));
        assert_eq!(after(Verdict::Ok, 15), Some((Verdict::Bad, 5)));
        assert_eq!(after(Verdict::Warn, 20), Some((Verdict::Warn, 5)));
        assert_eq!(
            after(Verdict::Ok, 20 + QUIET_MS - 1),
            Some((Verdict::Warn, 5))
        );
        assert_eq!(after(Verdict::Ok, 20 + QUIET_MS), None);
    }
}
