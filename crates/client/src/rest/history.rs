//! What was said before, as the server keeps it.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use serde::{Deserialize, Deserializer, de};
use serde_json::{Value, json};

use super::digits::digits;
use super::{Caller, Method, RestError};
use crate::message::Target;

/// Messages that one answer by count can hold; more asked for are this many.
pub const HISTORY_COUNT_MAX: u32 = 200;
/// Milliseconds that one question by time may span.
pub const HISTORY_WINDOW_MS_MAX: i64 = 86_400_000;
/// Later than any message.
const EVER_MS: i64 = 253_402_300_800_000;

/// Which messages of a conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HistoryRange {
    /// The `count` newest, 1 to [`HISTORY_COUNT_MAX`], of those before a time: the time of the
    /// earliest known one gives what is before it, without a gap and without meeting one twice.
    Newest {
        /// In milliseconds since 1970, not included.
        before_ms: i64,
        /// How many.
        count: u32,
    },
    /// Those of a time, of at most [`HISTORY_WINDOW_MS_MAX`]. Of more than 1,000 the newest.
    Time {
        /// In milliseconds since 1970, included.
        from_ms: i64,
        /// Not included.
        to_ms: i64,
    },
    /// Those with these sequences. Of more than 1,000 the newest.
    Sequences {
        /// Included.
        from: i64,
        /// Not included.
        to: i64,
    },
}

impl HistoryRange {
    /// The `count` newest of all.
    pub fn newest(count: u32) -> Self {
        Self::Newest {
            before_ms: EVER_MS,
            count,
        }
    }

    fn route(self) -> &'static str {
        match self {
            Self::Newest { .. } => "queryOnCount",
            Self::Time { .. } => "queryOnTime",
            Self::Sequences { .. } => "queryOnSequence",
        }
    }

    fn fields(self) -> Value {
        match self {
            Self::Newest { before_ms, count } => json!({"utcToTime": before_ms, "count": count}),
            Self::Time { from_ms, to_ms } => json!({"utcFromTime": from_ms, "utcToTime": to_ms}),
            Self::Sequences { from, to } => {
                json!({"startSeq": from.to_string(), "stopSeq": to.to_string()})
            }
        }
    }
}

/// A message as history keeps it: without the sending device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PastMessage {
    /// Its place, the same as when it was delivered.
    pub sequence: i64,
    /// When the server took it, in milliseconds since 1970.
    pub timestamp_ms: i64,
    /// The sender's name for it.
    pub packet_id: String,
    /// The sending account.
    pub from: String,
    /// The account or topic that it was sent to.
    pub to: Target,
    /// Opaque.
    pub payload: Bytes,
    /// The app's own kind of message, empty when it has none.
    pub biz_type: String,
}

impl Caller {
    /// Messages between the caller and an account, or of a topic that the caller is a member of,
    /// ascending.
    pub async fn history(
        &self,
        with: &Target,
        range: HistoryRange,
    ) -> Result<Vec<PastMessage>, RestError> {
        let (kind, mut body) = match with {
            Target::Account(account) => (
                "p2p",
                json!({"fromAccount": self.account, "toAccount": account}),
            ),
            Target::Topic(id) => (
                "p2t",
                json!({"account": self.account, "topicId": id.to_string()}),
            ),
        };
        if let (Value::Object(body), Value::Object(range)) = (&mut body, range.fields()) {
            body.extend(range);
        }
        let path = format!("/api/msg/{kind}/{}/", range.route());
        let mut page = self.call(Method::POST, &path, Some(&body)).await?;
        let rows: Vec<Row> = self.read(page["messages"].take())?;
        Ok(rows.into_iter().map(|row| row.of(with)).collect())
    }
}

/// As it comes. In a topic's messages `fromAccount` may be the topic: `senderAccount` is the sender.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Row {
    #[serde(deserialize_with = "digits")]
    sequence: i64,
    #[serde(deserialize_with = "base64")]
    payload: Bytes,
    ts: i64,
    from_account: String,
    sender_account: Option<String>,
    to_account: Option<String>,
    #[serde(default)]
    biz_type: String,
    #[serde(default)]
    packet_id: String,
}

impl Row {
    fn of(self, conversation: &Target) -> PastMessage {
        let to = match (conversation, self.to_account) {
            (Target::Account(_), Some(account)) => Target::Account(account),
            (conversation, _) => conversation.clone(),
        };
        PastMessage {
            sequence: self.sequence,
            timestamp_ms: self.ts,
            packet_id: self.packet_id,
            from: self.sender_account.unwrap_or(self.from_account),
            to,
            payload: self.payload,
            biz_type: self.biz_type,
        }
    }
}

pub(super) fn base64<'de, D: Deserializer<'de>>(from: D) -> Result<Bytes, D::Error> {
    let text = String::deserialize(from)?;
    let bytes = STANDARD.decode(text).map_err(de::Error::custom)?;
    Ok(bytes.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(json: Value) -> Result<Row, serde_json::Error> {
        serde_json::from_value(json)
    }

    #[test]
    fn a_message_between_accounts_says_which_way_it_went() {
        let json = json!({"sequence": "9007199254740993", "payload": "aGk=", "ts": 5,
            "fromAccount": "ben", "toAccount": "ann", "bizType": "TEXT", "packetId": "p-1"});
        let message = row(json).unwrap().of(&Target::from("ben"));
        let expected = PastMessage {
            sequence: 9_007_199_254_740_993,
            timestamp_ms: 5,
            packet_id: "p-1".to_owned(),
            from: "ben".to_owned(),
            to: Target::from("ann"),
            payload: "hi".into(),
            biz_type: "TEXT".to_owned(),
        };
        assert_eq!(message, expected);
    }

    #[test]
    fn a_message_of_a_topic_names_its_sender_whatever_stands_in_from_account() {
        let json = json!({"sequence": "1", "payload": "", "ts": 5, "fromAccount": "77",
            "senderAccount": "ben", "toAccount": "ann", "topicId": "77"});
        let message = row(json).unwrap().of(&Target::Topic(77));
        assert_eq!((&*message.from, message.to), ("ben", Target::Topic(77)));
    }

    #[test]
    fn what_is_no_base64_is_no_message() {
        let json = json!({"sequence": "1", "payload": "?", "ts": 5, "fromAccount": "ben"});
        assert!(row(json).is_err());
    }
}
