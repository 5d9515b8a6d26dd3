//! Why a message was refused, in sentences.

use chat::SendError;
use model::limits::{BIZ_TYPE_BYTES_MAX, PACKET_ID_BYTES_MAX};

use super::Named;
use super::words::Words;

/// The reason as a word for programs.
pub(super) fn reason(why: SendError) -> &'static str {
    match why {
        SendError::BadTarget => "bad-target",
        SendError::Forbidden => "forbidden",
        SendError::Blocked => "blocked",
        SendError::NotMember => "not-member",
        SendError::UnknownTopic => "unknown-topic",
        SendError::TooLarge => "too-large",
        SendError::RateLimited => "rate-limited",
        SendError::Busy => "busy",
        SendError::Unavailable => "unavailable",
    }
}

/// As the rest of a sentence that begins with "refused:".
pub(super) fn words(named: &Named<'_>, why: SendError) -> Words {
    let (from, to) = (named.from(), named.to());
    match why {
        SendError::BadTarget => Words::new(
            format!(
                "the target is no valid name or of another app, or the packet cannot be read or has \
                 a packetId over {PACKET_ID_BYTES_MAX} or a bizType over {BIZ_TYPE_BYTES_MAX} bytes."
            ),
            format!(
                "目标不是合法的名字或属于别的应用，或者数据包无法解析，或 packetId 超过 \
                 {PACKET_ID_BYTES_MAX} 字节、bizType 超过 {BIZ_TYPE_BYTES_MAX} 字节。"
            ),
        ),
        SendError::Forbidden => Words::new(
            format!("{from} or its app is banned."),
            format!("{from} 或其应用已被封禁。"),
        ),
        SendError::Blocked => Words::new(
            format!("{to} has blocked {from}."),
            format!("{to} 已将 {from} 拉黑。"),
        ),
        SendError::NotMember => Words::new(
            format!("{from} was not a member of the topic."),
            format!("{from} 当时不是该群的成员。"),
        ),
        SendError::UnknownTopic => Words::new(
            "there is no such topic, or it was dismissed.",
            "没有这个群，或者它已被解散。",
        ),
        SendError::TooLarge => {
            let max = named.app.settings.payload_bytes_max;
            let bytes = named.trace.bytes.unwrap_or_default();
            Words::new(
                format!("its payload of {bytes} bytes is larger than the app allows ({max})."),
                format!("消息体 {bytes} 字节，超过应用的上限（{max}）。"),
            )
        }
        SendError::RateLimited => Words::new(
            format!("{from} sent too fast."),
            format!("{from} 发送过快。"),
        ),
        SendError::Busy => Words::new(
            "too much was under way, or the disk was full; the same message may be sent again.",
            "服务器繁忙或磁盘已满；可以重发同一条消息。",
        ),
        SendError::Unavailable => Words::new(
            "the store failed, and its log says why; the same message may be sent again.",
            "存储出错，原因见服务器日志；可以重发同一条消息。",
        ),
    }
}
