//! The certificate of the listeners, judged as a running server judges it.

use server::config::Config;
use server::doctor::{self, Verdict};

use super::Finding;
use crate::now;

const CHECK: &str = "certificate";

pub(super) fn look(config: &Config) -> Finding {
    let now_ms = u64::try_from(now::ms()).unwrap_or(0);
    let doctor::Certificate {
        verdict,
        found,
        advice,
    } = doctor::certificate(config, now_ms);
    match verdict {
        Verdict::Ok => Finding::ok(CHECK, found),
        Verdict::Warn => Finding::warning(CHECK, found, advice),
        Verdict::Bad => Finding::problem(CHECK, found, advice),
    }
}
