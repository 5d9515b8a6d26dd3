//! The machine: descriptors, the clock, who may read the data directory.

use super::{Judgement, float, worst};
use crate::telemetry::reading::Reading;

/// So many descriptors in a hundred are in use.
const DESCRIPTORS_WARN_PERCENT: u64 = 80;
const DESCRIPTORS_BAD_PERCENT: u64 = 95;
/// Our time and the machine's differ by more, in milliseconds: the clock was set.
const CLOCK_OFF_MS: u64 = 60_000;
/// How long a step that was believed is told, in milliseconds.
const STEP_TOLD_MS: u64 = 3_600_000;

pub(super) fn descriptors(now: &Reading) -> Judgement {
    const CHECK: &str = "descriptors";
    let descriptors = now.survey.descriptors;
    let (Some(open), Some(max)) = (descriptors.open, descriptors.max) else {
        let (en, zh) = ("there is no limit of open files", "打开文件数不受限制");
        return Judgement::new(CHECK, worst(false, false), en.into(), zh.into());
    };
    let is_above = |percent: u64| open.saturating_mul(100) > max.saturating_mul(percent);
    Judgement::new(
        CHECK,
        worst(
            is_above(DESCRIPTORS_WARN_PERCENT),
            is_above(DESCRIPTORS_BAD_PERCENT),
        ),
        format!("{open} of {max} descriptors are in use, one for each connection"),
        format!("文件描述符已用 {open} 个，上限 {max} 个，每个连接占一个"),
    )
    .advise(
        "raise LimitNOFILE of the service, or `ulimit -Hn`, and start again",
        "调高服务的 LimitNOFILE 或 `ulimit -Hn`，然后重启",
    )
    .with(&[
        ("open", float(open)),
        ("max", float(max)),
        ("warnAbovePercent", float(DESCRIPTORS_WARN_PERCENT)),
        ("badAbovePercent", float(DESCRIPTORS_BAD_PERCENT)),
    ])
}

pub(super) fn clock(now: &Reading) -> Judgement {
    let steps = now.moment.steps;
    let is_off = steps.off_ms.unsigned_abs() > CLOCK_OFF_MS;
    let taken_ms_ago = steps.taken_at_ms.map(|at| now.at_ms.saturating_sub(at));
    let has_stepped = taken_ms_ago.is_some_and(|ago| ago < STEP_TOLD_MS);
    let off_s = steps.off_ms / 1_000;
    let (en, zh) = if is_off {
        (
            format!("the machine's clock was set: it is {off_s} s away from ours"),
            format!("机器时钟被调整过：与服务器所用时间相差 {off_s} 秒"),
        )
    } else if has_stepped {
        (
            "the machine's clock stepped forward within the last hour, and ours followed".into(),
            "一小时内机器时钟曾向前跳变，服务器已随之调整".into(),
        )
    } else {
        ("the clock runs evenly".into(), "时钟平稳".into())
    };
    Judgement::new("clock", worst(is_off || has_stepped, false), en, zh)
        .advise(
            "let NTP slew the clock and never set it by hand: message times follow it",
            "让 NTP 平滑校时，不要手动调整：消息时间取自该时钟",
        )
        .with(&[("offMs", signed(steps.off_ms))])
}

pub(super) fn directory(now: &Reading) -> Judgement {
    let survey = &now.survey;
    let (en, zh) = if survey.others_with_token {
        (
            "other users may read the admin token",
            "其他用户可以读取管理 Token",
        )
    } else if survey.others_in_directory {
        (
            "the data directory is open to other users",
            "数据目录对其他用户开放",
        )
    } else {
        (
            "the data directory is its owner's alone",
            "数据目录仅属主可访问",
        )
    };
    let verdict = worst(survey.others_in_directory, survey.others_with_token);
    Judgement::new("data-directory", verdict, en.into(), zh.into()).advise(
        "chmod 700 the data directory and 600 the admin.token in it; if others may have read that, remove it and start again to get another",
        "将数据目录设为 chmod 700、其中的 admin.token 设为 600；若他人可能已读过，删除该文件并重启以生成新的",
    )
}

#[expect(clippy::cast_precision_loss, reason = "figures for people")]
fn signed(figure: i64) -> f64 {
    figure as f64
}

#[cfg(test)]
mod tests {
    use api::insight::{Descriptors, Verdict};

    use super::*;
    use crate::clock::Steps;

    #[test]
    fn descriptors_are_judged_by_their_part_of_the_limit() {
        let of = |open, max| {
            let mut now = Reading::default();
            now.survey.descriptors = Descriptors { open, max };
            descriptors(&now).verdict
        };
        assert_eq!(of(Some(80), Some(100)), Verdict::Ok);
        assert_eq!(of(Some(81), Some(100)), Verdict::Warn);
        assert_eq!(of(Some(96), Some(100)), Verdict::Bad);
        assert_eq!(of(Some(96), None), Verdict::Ok);
        assert_eq!(of(Some(1), Some(u64::MAX)), Verdict::Ok);
    }

    #[test]
    fn a_clock_that_was_set_is_told_for_an_hour() {
        let of = |off_ms, taken_at_ms| {
            let mut now = Reading {
                at_ms: 10_000_000,
                ..Reading::default()
            };
            now.moment.steps = Steps {
                off_ms,
                taken_at_ms,
            };
            clock(&now).verdict
        };
        assert_eq!(of(0, None), Verdict::Ok);
        assert_eq!(of(-60_000, None), Verdict::Ok);
        assert_eq!(of(-60_001, None), Verdict::Warn);
        assert_eq!(of(0, Some(10_000_000 - STEP_TOLD_MS + 1)), Verdict::Warn);
        assert_eq!(of(0, Some(10_000_000 - STEP_TOLD_MS)), Verdict::Ok);
    }

    #[test]
    fn a_token_that_others_read_is_worse_than_a_directory_that_they_see() {
        let of = |others_in_directory, others_with_token| {
            let mut now = Reading::default();
            now.survey.others_in_directory = others_in_directory;
            now.survey.others_with_token = others_with_token;
            directory(&now).verdict
        };
        assert_eq!(of(false, false), Verdict::Ok);
        assert_eq!(of(true, false), Verdict::Warn);
        assert_eq!(of(false, true), Verdict::Bad);
    }
}
