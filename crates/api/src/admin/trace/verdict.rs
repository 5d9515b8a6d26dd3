//! Where a message stands, in a sentence or two.

use chat::trace::{Since, Verdict};
use model::AccountName;
use serde::Serialize;

use super::utc::utc;
use super::words::Words;
use super::{Named, refused};

/// `code` is for programs; `reason` says why something was refused.
#[derive(Serialize)]
pub(super) struct VerdictView {
    code: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'static str>,
    #[serde(flatten)]
    words: Words,
}

pub(super) fn view(named: &Named<'_>) -> VerdictView {
    let verdict = &named.trace.verdict;
    let reason = match verdict {
        Verdict::Refused(why) => Some(refused::reason(*why)),
        _ => None,
    };
    VerdictView {
        code: code(verdict),
        reason,
        words: words(named, verdict),
    }
}

fn code(verdict: &Verdict) -> &'static str {
    match verdict {
        Verdict::Refused(_) => "refused",
        Verdict::Acknowledged { .. } | Verdict::AllMembers { .. } => "acknowledged",
        Verdict::Written { .. } => "written",
        Verdict::Queued { .. } => "queued",
        Verdict::NoDevice { .. } => "no-device",
        Verdict::Banned { .. } => "banned",
        Verdict::Gone => "gone",
        Verdict::Unproven => "unproven",
        Verdict::Nobody => "nobody",
        Verdict::Expired
        | Verdict::Members {
            is_expired: true, ..
        } => "expired",
        Verdict::Waiting { .. } | Verdict::Members { reached: 0, .. } => "waiting",
        Verdict::Partly { .. } | Verdict::Members { .. } => "partly",
    }
}

fn words(named: &Named<'_>, verdict: &Verdict) -> Words {
    let to = named.to();
    match verdict {
        Verdict::Refused(why) => {
            let why = refused::words(named, *why);
            Words::new(
                format!("Refused: {} It was not stored, and reaches nobody.", why.en),
                format!("被拒绝：{}它没有被存储，不会到达任何人。", why.zh),
            )
        }
        Verdict::Acknowledged { devices: 1 } => Words::new(
            format!("It arrived: the device of {to} acknowledged it."),
            format!("已送达：{to} 的设备已确认收到。"),
        ),
        Verdict::Acknowledged { devices } => Words::new(
            format!("It arrived: all {devices} devices of {to} acknowledged it."),
            format!("已送达：{to} 的 {devices} 台设备全部确认收到。"),
        ),
        Verdict::Partly {
            acknowledged,
            devices,
            until_ms,
        } => {
            let until = utc(*until_ms);
            Words::new(
                format!(
                    "It arrived: {acknowledged} of {devices} devices of {to} acknowledged it. To the \
                     others it is given at their next login, until {until}."
                ),
                format!(
                    "已送达：{to} 的 {devices} 台设备中有 {acknowledged} 台确认收到，其余的在下次登录\
                     时收到，截止 {until}。"
                ),
            )
        }
        Verdict::Written {
            resource,
            at_ms,
            until_ms,
        } => {
            let (at, until) = (utc(*at_ms), utc(*until_ms));
            Words::new(
                format!(
                    "It was written to {to}'s device {resource} at {at}, which is online and has not \
                     acknowledged it. If it does not, it is given it again at the next login, until \
                     {until}."
                ),
                format!(
                    "已于 {at} 发给 {to} 的设备 {resource}，设备在线但尚未确认。若一直不确认，下次登录\
                     时会再次收到，截止 {until}。"
                ),
            )
        }
        Verdict::Queued { resource, until_ms } => {
            let until = utc(*until_ms);
            Words::new(
                format!(
                    "It waits: {to}'s device {resource} is online and is not known to have been \
                     given it; it comes after what the device has not acknowledged, until {until}."
                ),
                format!(
                    "等待中：{to} 的设备 {resource} 在线，没有向它发出的记录；它排在该设备尚未确认的\
                     消息之后，截止 {until}。"
                ),
            )
        }
        Verdict::Waiting { since, until_ms } => waiting(to, *since, *until_ms),
        Verdict::NoDevice { until_ms } => {
            let until = utc(*until_ms);
            Words::new(
                format!(
                    "It waits: {to} has never logged in, or not for 30 days; it is given to {to} at \
                     the first login, until {until}."
                ),
                format!(
                    "等待中：{to} 从未登录，或已 30 天没有登录；首次登录时收到，截止 {until}。"
                ),
            )
        }
        Verdict::Banned { until_ms } => {
            let until = utc(*until_ms);
            Words::new(
                format!(
                    "It waits: {to} is banned and cannot log in; it is given to {to} if the ban is \
                     lifted before {until}."
                ),
                format!("等待中：{to} 已被封禁，无法登录；若在 {until} 之前解封则会收到。"),
            )
        }
        Verdict::Gone => Words::new(
            "The account that it was for does not exist any more.",
            "接收方账号已不存在。",
        ),
        Verdict::Expired => Words::new(
            format!(
                "It did not arrive: no device of {to} acknowledged it within 7 days, and it waits no \
                 longer."
            ),
            format!("未送达：7 天之内 {to} 没有设备确认收到，已不再等待。"),
        ),
        Verdict::Unproven => Words::new(
            "It is older than 7 days and waits no longer; whether it was acknowledged in time is not \
             remembered.",
            "它已超过 7 天，不再等待；当时是否确认收到已无记录。",
        ),
        Verdict::Nobody => Words::new("There was nobody else to give it to.", "没有别的接收者。"),
        Verdict::AllMembers { members } => Words::new(
            format!("It arrived: of each of the {members} members a device acknowledged it."),
            format!("已送达：{members} 名成员都有设备确认收到。"),
        ),
        Verdict::Members {
            members,
            reached,
            waiting,
            until_ms,
            is_expired,
        } => of_members(*members, *reached, waiting, *until_ms, *is_expired),
    }
}

fn waiting(to: &str, since: Option<Since>, until_ms: u64) -> Words {
    let since = match since {
        None => Words::new("", ""),
        Some(Since {
            at_ms,
            is_exact: true,
        }) => {
            let at = utc(at_ms);
            Words::new(format!(" since {at}"), format!("自 {at} 起"))
        }
        Some(Since {
            at_ms,
            is_exact: false,
        }) => {
            let at = utc(at_ms);
            Words::new(
                format!(" and was last seen at about {at}"),
                format!("最后一次在线大约是 {at}，"),
            )
        }
    };
    let until = utc(until_ms);
    Words::new(
        format!(
            "It waits: {to} has no device online{}; it is given to {to} at the next login, until \
             {until}.",
            since.en
        ),
        format!(
            "等待中：{to} {}没有设备在线；下次登录时收到，截止 {until}。",
            since.zh
        ),
    )
}

fn of_members(
    members: usize,
    reached: usize,
    waiting: &[AccountName],
    until_ms: u64,
    is_expired: bool,
) -> Words {
    let names: Vec<_> = waiting.iter().map(|name| &**name).collect();
    let is_all = reached + names.len() == members;
    let (more, more_zh) = if is_all { ("", "") } else { (" …", "等") };
    let (names, names_zh) = (names.join(", "), names.join("、"));
    let until = utc(until_ms);
    let reached = if reached == 0 {
        Words::new(
            format!("It reached none of the {members} members yet."),
            format!("{members} 名成员都还没有收到。"),
        )
    } else {
        Words::new(
            format!("It reached {reached} of {members} members."),
            format!("{members} 名成员中有 {reached} 名收到。"),
        )
    };
    reached.and(&if is_expired {
        Words::new(
            format!(
                "No device of the others is known to have acknowledged it within 7 days, and it is \
                 given to nobody any more: {names}{more}."
            ),
            format!("其余成员 7 天之内没有确认的记录，不会再收到：{names_zh}{more_zh}。"),
        )
    } else {
        Words::new(
            format!("The others are given it at their next login, until {until}: {names}{more}."),
            format!("其余成员下次登录时收到，截止 {until}：{names_zh}{more_zh}。"),
        )
    })
}
