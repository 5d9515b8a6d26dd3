//! What `mimc doctor` asks: whether a data directory that no process has is damaged, which it can set
//! aside, and what a start would make of the certificate.

pub use api::insight::Verdict;
pub use store::embedded::{Finding, Salvaged, check, salvage};

use crate::config::Config;
use crate::telemetry::checks::judge_certificate;
use crate::telemetry::reading;
use crate::tls;

/// What is said of a certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certificate {
    /// How bad it is.
    pub verdict: Verdict,
    /// What was found.
    pub found: String,
    /// What to do about it; empty when nothing.
    pub advice: String,
}

/// Judges the certificate that a start would show now, in milliseconds since 1970, as the health of a
/// running server does.
pub fn certificate(config: &Config, now_ms: u64) -> Certificate {
    let ends_s = match tls::ends_s(&config.tls) {
        Ok(ends_s) => ends_s,
        Err(error) => {
            return Certificate {
                verdict: Verdict::Bad,
                found: format!("{error:#}"),
                advice: "put a certificate and its key there: no server starts with these".into(),
            };
        }
    };
    let shown = ends_s.map(|ends_s| reading::Certificate {
        ends_s,
        is_pair_broken: false,
    });
    let judgement = judge_certificate(shown, now_ms);
    Certificate {
        verdict: judgement.verdict,
        found: judgement.what.en,
        advice: judgement.advice.map(|words| words.en).unwrap_or_default(),
    }
}
