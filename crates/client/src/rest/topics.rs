//! Topics, as their members manage them.

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::digits::digits;
use super::{Caller, Method, RestError};

/// A group.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Topic {
    /// What messages are sent to.
    #[serde(deserialize_with = "digits")]
    pub topic_id: u64,
    /// The member who may change it.
    pub owner_account: String,
    /// The same.
    #[serde(deserialize_with = "digits")]
    pub owner_uuid: u64,
    /// For people.
    pub topic_name: String,
    /// For its members; empty when there is none.
    pub bulletin: String,
    /// For the app; empty when there is none.
    pub extra: String,
}

/// A member of a topic.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Member {
    /// The app's own name for it.
    pub account: String,
    /// The server's.
    #[serde(deserialize_with = "digits")]
    pub uuid: u64,
}

/// A topic with its members.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Roster {
    /// The topic.
    pub topic_info: Topic,
    /// In the order in which they joined.
    pub members: Vec<Member>,
}

/// What the owner changes; `None` stays.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TopicChanges {
    /// A member who owns it from now on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owner_account: Option<String>,
    /// For people.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub topic_name: Option<String>,
    /// Empty clears.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bulletin: Option<String>,
    /// For the app.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub extra: Option<String>,
}

impl Roster {
    /// The accounts of the members.
    pub fn accounts(&self) -> Vec<&str> {
        let accounts = self.members.iter().map(|member| &*member.account);
        accounts.collect()
    }
}

impl Caller {
    /// Makes a topic, which the caller owns.
    pub async fn create_topic(&self, name: &str, others: &[&str]) -> Result<Roster, RestError> {
        let body = json!({"topicName": name, "accounts": others.join(",")});
        let path = format!("/api/topic/{}", self.app_id);
        self.read(self.call(Method::POST, &path, Some(&body)).await?)
    }

    /// The topics of the caller, in the order in which it joined them.
    pub async fn topics(&self) -> Result<Vec<Topic>, RestError> {
        let path = format!("/api/topic/{}/account", self.app_id);
        self.read(self.call(Method::GET, &path, None).await?)
    }

    /// A topic of the caller.
    pub async fn topic(&self, id: u64) -> Result<Roster, RestError> {
        let path = self.topic_path(id);
        self.read(self.call(Method::GET, &path, None).await?)
    }

    /// Adds members; any member may.
    pub async fn invite(&self, id: u64, others: &[&str]) -> Result<Roster, RestError> {
        let body = json!({"accounts": others.join(",")});
        let path = format!("{}/accounts", self.topic_path(id));
        self.read(self.call(Method::POST, &path, Some(&body)).await?)
    }

    /// Removes members; the owner may.
    pub async fn remove_members(&self, id: u64, others: &[&str]) -> Result<Roster, RestError> {
        let others = others.join(",");
        let accounts = utf8_percent_encode(&others, NON_ALPHANUMERIC);
        let path = format!("{}/accounts?accounts={accounts}", self.topic_path(id));
        self.read(self.call(Method::DELETE, &path, None).await?)
    }

    /// Leaves; the owner may not.
    pub async fn quit_topic(&self, id: u64) -> Result<(), RestError> {
        let path = format!("{}/account", self.topic_path(id));
        self.call(Method::DELETE, &path, None).await.map(drop)
    }

    /// Changes what is given; the owner may.
    pub async fn change_topic(&self, id: u64, changes: &TopicChanges) -> Result<Roster, RestError> {
        let body = serde_json::to_value(changes).unwrap_or_default();
        let path = self.topic_path(id);
        self.read(self.call(Method::PUT, &path, Some(&body)).await?)
    }

    /// Ends the topic for all; the owner may.
    pub async fn dismiss_topic(&self, id: u64) -> Result<(), RestError> {
        let path = self.topic_path(id);
        self.call(Method::DELETE, &path, None).await.map(drop)
    }

    fn topic_path(&self, id: u64) -> String {
        format!("/api/topic/{}/{id}", self.app_id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_keep_every_digit() {
        let json = json!({"account": "ann", "uuid": "9007199254740993"});
        let member: Member = serde_json::from_value(json).unwrap();
        assert_eq!(member.uuid, 9_007_199_254_740_993);
        let json = json!({"account": "ann", "uuid": 5});
        assert!(serde_json::from_value::<Member>(json).is_err());
    }

    #[test]
    fn what_is_not_changed_is_not_named() {
        let changes = TopicChanges {
            bulletin: Some(String::new()),
            ..TopicChanges::default()
        };
        assert_eq!(
            serde_json::to_value(&changes).unwrap(),
            json!({"bulletin": ""})
        );
    }
}
