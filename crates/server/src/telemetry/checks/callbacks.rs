//! Callbacks: whether the apps' servers take them.

use super::{Evidence, Judgement, float, worst};

/// So many wait, and more than five minutes ago.
const BACKLOG_WARN: u64 = 1_000;
/// So many wait.
const BACKLOG_BAD: u64 = 50_000;
/// Of so many attempts in five minutes,
const ATTEMPTS_MIN: u64 = 10;
/// so many in a hundred failed.
const FAILED_PERCENT: u64 = 50;

pub(super) fn backlog(evidence: &Evidence<'_>) -> Judgement {
    let (now, before) = (
        evidence.now.survey.backlog,
        evidence.five_ago.survey.backlog,
    );
    let is_growing = now >= BACKLOG_WARN && now > before;
    Judgement::new(
        "callback-backlog",
        worst(is_growing, now >= BACKLOG_BAD),
        format!("{now} callbacks wait, {before} did five minutes ago"),
        format!("{now} 个回调在等待，五分钟前为 {before} 个"),
    )
    .advise(
        "the apps' servers are too slow or down: `mimc callback list` shows what they answer",
        "应用服务器过慢或不可用：`mimc callback list` 可查看它们的应答",
    )
    .with(&[
        ("pending", float(now)),
        ("pendingBefore", float(before)),
        ("warnAt", float(BACKLOG_WARN)),
        ("badAt", float(BACKLOG_BAD)),
    ])
}

pub(super) fn failures(evidence: &Evidence<'_>) -> Judgement {
    let (now, before) = (
        evidence.now.moment.callbacks,
        evidence.five_ago.moment.callbacks,
    );
    let delivered = now.delivered.saturating_sub(before.delivered);
    let retried = now.retried.saturating_sub(before.retried);
    let given_up = now.failed.saturating_sub(before.failed);
    let failed = retried + given_up;
    let attempts = delivered + failed;
    let mostly_fail = attempts >= ATTEMPTS_MIN && failed * 100 > attempts * FAILED_PERCENT;
    Judgement::new(
        "callback-failures",
        worst(mostly_fail, mostly_fail && given_up > 0),
        format!(
            "of {attempts} posts in five minutes {failed} failed; {given_up} callbacks were given up"
        ),
        format!("五分钟内投递 {attempts} 次，失败 {failed} 次；{given_up} 个回调已放弃"),
    )
    .advise(
        "see `mimc callback list --failed`; once the app's server is well, `mimc callback replay --failed` posts them again",
        "用 `mimc callback list --failed` 查看；应用服务器恢复后，用 `mimc callback replay --failed` 重新投递",
    )
    .with(&[
        ("attempts", float(attempts)),
        ("failed", float(failed)),
        ("givenUp", float(given_up)),
        ("warnAbovePercent", float(FAILED_PERCENT)),
    ])
}

#[cfg(test)]
mod tests {
    use api::insight::Verdict;
    use webhook::Counts;

    use super::*;
    use crate::telemetry::reading::Reading;

    fn judged(
        judge: fn(&Evidence<'_>) -> Judgement,
        change: impl Fn(&mut Reading, &mut Reading),
    ) -> Verdict {
        let (mut before, mut now) = (Reading::default(), Reading::default());
        change(&mut before, &mut now);
        let evidence = Evidence {
            now: &now,
            minute_ago: &before,
            five_ago: &before,
        };
        judge(&evidence).verdict
    }

    #[test]
    fn a_backlog_warns_while_it_grows_and_is_bad_when_it_is_huge() {
        let of = |earlier: u64, later: u64| {
            judged(backlog, |before, now| {
                before.survey.backlog = earlier;
                now.survey.backlog = later;
            })
        };
        assert_eq!(of(0, 999), Verdict::Ok);
        assert_eq!(of(0, 1_000), Verdict::Warn);
        assert_eq!(of(9_000, 8_000), Verdict::Ok, "it shrinks");
        assert_eq!(of(60_000, 50_000), Verdict::Bad);
    }

    #[test]
    fn posts_of_the_last_minutes_are_judged_when_there_are_enough() {
        let of = |delivered, retried, failed: u64| {
            judged(failures, |before, now| {
                before.moment.callbacks.failed = 7;
                now.moment.callbacks = Counts {
                    delivered,
                    retried,
                    failed: 7 + failed,
                    ..Counts::default()
                };
            })
        };
        assert_eq!(of(0, 9, 0), Verdict::Ok);
        assert_eq!(of(5, 5, 0), Verdict::Ok);
        assert_eq!(of(5, 6, 0), Verdict::Warn);
        assert_eq!(of(5, 5, 1), Verdict::Bad);
        assert_eq!(of(100, 5, 1), Verdict::Ok);
    }
}
