//! One step, in a sentence.

use chat::trace::{Step, What, Whose};
use serde::Serialize;
use serde_json::Value;

use super::utc::utc;
use super::words::Words;
use super::{Named, refused};

/// `at` is `null` where the time is not known, or what is said is so now.
#[derive(Serialize)]
pub(super) struct StepView {
    pub(super) at: Option<u64>,
    pub(super) kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) account: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) resource: Option<String>,
    #[serde(flatten)]
    pub(super) words: Words,
    /// In a word, for those who know the words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) detail: Option<String>,
    /// The delivery and its attempt, of a step of a callback.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) callback: Option<Value>,
}

pub(super) fn view(named: &Named<'_>, step: &Step) -> StepView {
    let whose = step.whose.as_ref();
    let resource = whose.and_then(|whose| whose.resource.as_deref());
    StepView {
        at: step.at_ms,
        kind: kind(step.what),
        account: whose.map(|whose| whose.account.to_string()),
        resource: resource.map(ToOwned::to_owned),
        words: words(named, step),
        detail: match step.what {
            What::Refused(why) => Some(refused::reason(why).to_owned()),
            _ => None,
        },
        callback: None,
    }
}

fn kind(what: What) -> &'static str {
    match what {
        What::Accepted => "accepted",
        What::Stored { .. } => "stored",
        What::Repeated => "repeated",
        What::Refused(_) => "refused",
        What::Offline => "offline",
        What::Written { .. } => "written",
        What::Acknowledged { .. } => "acknowledged",
        What::Passed { .. } => "passed",
        What::BeganLater => "began-later",
        What::Pending { .. } => "pending",
    }
}

fn words(named: &Named<'_>, step: &Step) -> Words {
    let from = named.from();
    let device = Words::of_device(step.whose.as_ref());
    let Words { en, zh } = &device;
    match step.what {
        What::Accepted => Words::new(
            "It passed all checks and went to the store.",
            "通过所有检查，送往存储。",
        ),
        What::Stored { took_ms, is_stored } => stored(took_ms, is_stored),
        What::Repeated => Words::new(
            format!(
                "{from} sent it again: the same packet within 7 days is the same message, and was \
                 answered as the first time."
            ),
            format!("{from} 重发了它：7 天内相同的包就是同一条消息，按第一次的结果应答。"),
        ),
        What::Refused(why) => {
            let why = refused::words(named, why);
            Words::new(
                format!("It was refused: {}", why.en),
                format!("被拒绝：{}", why.zh),
            )
        }
        What::Offline => Words::new(
            format!("{en} had no device online."),
            format!("{zh} 没有设备在线。"),
        ),
        What::Written {
            is_copy,
            bound_ms,
            is_again,
        } => written(&device, is_copy, bound_ms, is_again),
        What::Acknowledged { is_copy, took_ms } => acknowledged(&device, is_copy, took_ms),
        What::Passed { is_expired: false } => Words::new(
            format!("{en} has acknowledged it; when that was is not remembered."),
            format!("{zh} 已确认收到；具体时间已无记录。"),
        ),
        What::Passed { is_expired: true } => Words::new(
            format!(
                "{en} is past it: it acknowledged it in time, or came back after the 7 days; which \
                 of the two is not remembered."
            ),
            format!("{zh} 已越过这条消息：可能按时确认了，也可能 7 天之后才上线；已无从分辨。"),
        ),
        What::BeganLater => Words::new(
            format!(
                "{en} logged in for the first time after this message, and began where its account \
                 was: it is not given it."
            ),
            format!("{zh} 在这条消息之后才首次登录，从账号当时的位置开始：不会收到它。"),
        ),
        What::Pending {
            is_online: true, ..
        } => Words::new(
            format!("{en} is online and has not acknowledged it."),
            format!("{zh} 在线，尚未确认。"),
        ),
        What::Pending { seen_ms: None, .. } => Words::new(
            format!("{en} is offline and has not acknowledged it."),
            format!("{zh} 不在线，尚未确认。"),
        ),
        What::Pending {
            seen_ms: Some(seen_ms),
            ..
        } => {
            let seen = utc(seen_ms);
            Words::new(
                format!("{en} has not acknowledged it; it was last seen at {seen}."),
                format!("{zh} 尚未确认；最后一次在线是 {seen}。"),
            )
        }
    }
}

fn stored(took_ms: Option<u64>, is_stored: Option<bool>) -> Words {
    let stored = match took_ms {
        Some(took_ms) => Words::new(
            format!("It was on the disk {took_ms} ms later; from here on it is not lost."),
            format!("{took_ms} 毫秒后已写入磁盘；从此不会丢失。"),
        ),
        None => Words::new(
            "It was stored; from here on it is not lost.",
            "已存储；从此不会丢失。",
        ),
    };
    if is_stored == Some(false) {
        return stored.and(&Words::new(
            "It was sent with isStore=false: no history shows it, and after 7 days nothing of it is \
             kept.",
            "发送时 isStore=false：不进入历史，7 天后不再保留。",
        ));
    }
    stored
}

fn written(device: &Words, is_copy: bool, bound_ms: Option<u64>, is_again: bool) -> Words {
    let Words { en, zh } = device;
    let what = match (is_copy, is_again) {
        (true, _) => Words::new(
            format!("A copy was written to {en}, another device of the sender"),
            format!("副本已发给发送者的另一台设备 {zh}"),
        ),
        (false, true) => Words::new(
            format!("It was written to {en} again, which had not acknowledged it"),
            format!("再次发给 {zh}，因为它还没有确认"),
        ),
        (false, false) => Words::new(format!("It was written to {en}"), format!("已发给 {zh}")),
    };
    match bound_ms.map(utc) {
        Some(bound) => Words::new(
            format!("{}; the device had logged in at {bound}.", what.en),
            format!("{}；该设备于 {bound} 登录。", what.zh),
        ),
        None => Words::new(format!("{}.", what.en), format!("{}。", what.zh)),
    }
}

fn acknowledged(device: &Words, is_copy: bool, took_ms: Option<u64>) -> Words {
    let Words { en, zh } = device;
    let it = if is_copy {
        Words::new("the copy", "副本")
    } else {
        Words::new("it", "")
    };
    let took = took_ms.map_or_else(
        || Words::new("", ""),
        |took_ms| {
            Words::new(
                format!(" {took_ms} ms after it was written"),
                format!("在发出 {took_ms} 毫秒后"),
            )
        },
    );
    Words::new(
        format!("{en} acknowledged {}{}.", it.en, took.en),
        format!("{zh} {}确认收到{}。", took.zh, it.zh),
    )
}

impl Words {
    /// Who does or suffers a step.
    fn of_device(whose: Option<&Whose>) -> Self {
        let Some(Whose { account, resource }) = whose else {
            return Self::new("", "");
        };
        match resource {
            None => Self::new(account.to_string(), account.to_string()),
            Some(resource) => Self::new(
                format!("{account}'s device {resource}"),
                format!("{account} 的设备 {resource}"),
            ),
        }
    }
}
