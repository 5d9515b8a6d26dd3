//! What may be wrong with a running server, check by check, with its thresholds. Values in, values
//! out; `mimc doctor` looks at a server that does not run.

mod callbacks;
mod host;
mod store;
mod tls;

pub(crate) use self::tls::judge as judge_certificate;

use std::collections::BTreeMap;

use api::insight::{Verdict, Words};

use super::reading::Reading;

/// What a check found.
#[derive(Clone, Debug)]
pub(crate) struct Judgement {
    pub(crate) check: &'static str,
    pub(crate) verdict: Verdict,
    /// The figures and thresholds behind it.
    pub(crate) values: BTreeMap<&'static str, f64>,
    pub(crate) what: Words,
    /// What to do; of one that is well `None`.
    pub(crate) advice: Option<Words>,
}

/// What is judged.
pub(crate) struct Evidence<'a> {
    pub(crate) now: &'a Reading,
    /// About a minute before; soon after the start the first.
    pub(crate) minute_ago: &'a Reading,
    /// About five minutes before; soon after the start the first.
    pub(crate) five_ago: &'a Reading,
}

/// All checks, in the order in which people read them.
pub(crate) fn all(evidence: &Evidence<'_>) -> Vec<Judgement> {
    vec![
        store::writable(evidence.now),
        store::disk_space(evidence.now),
        store::flush(evidence),
        store::damages(evidence.now),
        callbacks::backlog(evidence),
        callbacks::failures(evidence),
        host::descriptors(evidence.now),
        host::clock(evidence.now),
        host::directory(evidence.now),
        tls::certificate(evidence.now),
    ]
}

impl Judgement {
    fn new(check: &'static str, verdict: Verdict, en: String, zh: String) -> Self {
        Self {
            check,
            verdict,
            values: BTreeMap::new(),
            what: Words { en, zh },
            advice: None,
        }
    }

    /// What to do, unless there is nothing to do.
    fn advise(mut self, en: &str, zh: &str) -> Self {
        if self.verdict > Verdict::Ok {
            let words = |text: &str| text.to_owned();
            self.advice = Some(Words {
                en: words(en),
                zh: words(zh),
            });
        }
        self
    }

    fn with(mut self, values: &[(&'static str, f64)]) -> Self {
        self.values.extend(values.iter().copied());
        self
    }
}

/// The worst that holds.
fn worst(warn: bool, bad: bool) -> Verdict {
    if bad {
        Verdict::Bad
    } else if warn {
        Verdict::Warn
    } else {
        Verdict::Ok
    }
}

#[expect(clippy::cast_precision_loss, reason = "figures for people")]
fn float(figure: u64) -> f64 {
    figure as f64
}

/// For people.
fn bytes(count: u64) -> String {
    const MIB: u64 = 1 << 20;
    const GIB: u64 = 1 << 30;
    if count < 10 * GIB {
        format!("{} MiB", count / MIB)
    } else {
        format!("{} GiB", count / GIB)
    }
}
