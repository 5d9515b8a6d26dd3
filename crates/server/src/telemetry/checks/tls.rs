//! TLS: whether the certificate that is shown is good, and for how long.

use std::time::Duration;

use super::{Judgement, float, worst};
use crate::telemetry::reading::{Certificate, Reading};
use crate::tls::date;

/// Who asks for certificates by ACME has a new one well before this, in seconds.
const ENDS_SOON_S: u64 = 7 * 86_400;

pub(super) fn certificate(now: &Reading) -> Judgement {
    judge(now.moment.certificate, now.at_ms)
}

/// A certificate at a time in milliseconds since 1970; `None` without TLS.
pub(crate) fn judge(certificate: Option<Certificate>, now_ms: u64) -> Judgement {
    const CHECK: &str = "certificate";
    let Some(certificate) = certificate else {
        return Judgement::new(
            CHECK,
            worst(false, false),
            "this server does not speak TLS itself".into(),
            "本服务器自身未启用 TLS".into(),
        );
    };
    let ends_s = certificate.ends_s;
    let left_s = ends_s.saturating_sub(now_ms / 1_000);
    let end = date(Duration::from_secs(ends_s));
    let (en, zh) = if certificate.is_pair_broken {
        (
            format!(
                "tls.cert and tls.key cannot be used as they are; the certificate before, until {end}, is shown"
            ),
            format!("tls.cert 与 tls.key 目前不可用；仍在使用之前的证书，有效期至 {end}"),
        )
    } else {
        (
            format!("the certificate is good until {end}"),
            format!("证书有效期至 {end}"),
        )
    };
    let is_soon = left_s < ENDS_SOON_S;
    let verdict = worst(is_soon, certificate.is_pair_broken || left_s == 0);
    Judgement::new(CHECK, verdict, en, zh)
        .advise(
            "renew the certificate in place: both files are read again by themselves; the log says what is wrong with them, and so does `mimc config check`",
            "就地更新证书：两个文件会被自动重新读取；文件有何问题，日志和 `mimc config check` 都会说明",
        )
        .with(&[
            ("leftSeconds", float(left_s)),
            ("warnBelowSeconds", float(ENDS_SOON_S)),
        ])
}

#[cfg(test)]
mod tests {
    use api::insight::Verdict;

    use super::*;

    #[test]
    fn a_certificate_is_judged_by_what_is_left_of_it_and_by_its_files() {
        let now_s = 1_800_000_000;
        let of = |left_s: u64, is_pair_broken| {
            let mut now = Reading {
                at_ms: now_s * 1_000,
                ..Reading::default()
            };
            now.moment.certificate = Some(Certificate {
                ends_s: now_s + left_s,
                is_pair_broken,
            });
            certificate(&now)
        };
        assert_eq!(of(ENDS_SOON_S, false).verdict, Verdict::Ok);
        assert_eq!(of(ENDS_SOON_S - 1, false).verdict, Verdict::Warn);
        assert_eq!(of(0, false).verdict, Verdict::Bad);
        assert_eq!(of(ENDS_SOON_S, true).verdict, Verdict::Bad);
        assert_eq!(certificate(&Reading::default()).verdict, Verdict::Ok);
        let words = of(ENDS_SOON_S, false).what.en;
        assert_eq!(words, "the certificate is good until 2027-01-22");
    }
}
