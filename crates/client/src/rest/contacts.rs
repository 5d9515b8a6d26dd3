//! With whom an account has talked lately.

use bytes::Bytes;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::{Deserialize, Deserializer, de};

use super::digits::digits;
use super::history::base64;
use super::{Caller, Method, RestError};
use crate::message::Target;

/// A recent conversation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contact {
    /// The other account, or the topic.
    pub with: Target,
    /// For people: the account, or the topic's name.
    pub name: String,
    /// When the last message was taken, in milliseconds since 1970.
    pub timestamp_ms: i64,
    /// The newest message that history keeps.
    pub last_message: LastMessage,
}

/// The newest message of a conversation.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LastMessage {
    /// Its place.
    #[serde(deserialize_with = "digits")]
    pub sequence: i64,
    /// The sending account.
    pub from_account: String,
    /// The same.
    #[serde(deserialize_with = "digits")]
    pub from_uuid: u64,
    /// Opaque.
    #[serde(deserialize_with = "base64")]
    pub payload: Bytes,
    /// The app's own kind of message, empty when it has none.
    #[serde(default)]
    pub biz_type: String,
}

impl Caller {
    /// The conversations of the last 30 days, newest first, at most 1,000.
    pub async fn contacts(&self) -> Result<Vec<Contact>, RestError> {
        self.read(self.call(Method::GET, "/api/contact/", None).await?)
    }

    /// Takes a conversation off the caller's list, until its next message. Returns those that are
    /// left. History stays.
    pub async fn forget_contact(&self, with: &Target) -> Result<Vec<Contact>, RestError> {
        let path = match with {
            Target::Account(account) => {
                let member = utf8_percent_encode(account, NON_ALPHANUMERIC);
                format!("/api/contact/p2p/session?member={member}")
            }
            Target::Topic(id) => format!("/api/contact/p2t/session?topicId={id}"),
        };
        self.read(self.call(Method::DELETE, &path, None).await?)
    }
}

impl<'de> Deserialize<'de> for Contact {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let row = Row::deserialize(from)?;
        let with = match &*row.user_type {
            "USER" => Target::Account(row.name.clone()),
            "TOPIC" => Target::Topic(row.id),
            other => return Err(de::Error::custom(format!("{other:?} is no userType"))),
        };
        Ok(Self {
            with,
            name: row.name,
            timestamp_ms: row.timestamp,
            last_message: row.last_message,
        })
    }
}

/// As it comes.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Row {
    user_type: String,
    #[serde(deserialize_with = "digits")]
    id: u64,
    name: String,
    #[serde(deserialize_with = "digits")]
    timestamp: i64,
    last_message: LastMessage,
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn contact(user_type: &str) -> Value {
        json!({"userType": user_type, "id": "9007199254740993", "name": "午饭", "timestamp": "5",
            "lastMessage": {"fromUuid": "1", "fromAccount": "ben", "payload": "aGk=",
                "sequence": "7", "bizType": ""}})
    }

    #[test]
    fn an_account_is_known_by_its_name_and_a_topic_by_its_id() {
        let with = |user_type| {
            let contact: Contact = serde_json::from_value(contact(user_type)).unwrap();
            (contact.with, contact.last_message.payload)
        };
        assert_eq!(with("USER"), (Target::from("午饭"), "hi".into()));
        let topic = Target::Topic(9_007_199_254_740_993);
        assert_eq!(with("TOPIC"), (topic, "hi".into()));
    }

    #[test]
    fn another_kind_of_contact_is_not_taken_for_one_of_these() {
        assert!(serde_json::from_value::<Contact>(contact("ROBOT")).is_err());
    }
}
