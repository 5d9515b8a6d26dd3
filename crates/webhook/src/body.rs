//! What is posted: the JSON of a message. Built again for each attempt, and the same bytes each
//! time: fields in one order, from what never changes.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use model::{AppId, Content, Message, Party, Target, TopicId};
use serde::{Serialize, Serializer};

/// A message between two accounts.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct AccountBody<'a> {
    msg_type: &'a str,
    #[serde(serialize_with = "text")]
    from_app_id: AppId,
    from_account: &'a str,
    from_resource: &'a str,
    #[serde(serialize_with = "text")]
    to_app_id: AppId,
    to_account: &'a str,
    #[serde(flatten)]
    rest: Rest<'a>,
}

/// A message to a topic.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct TopicBody<'a> {
    msg_type: &'a str,
    #[serde(serialize_with = "text")]
    app_id: AppId,
    #[serde(serialize_with = "text")]
    topic_id: TopicId,
    from_account: &'a str,
    from_resource: &'a str,
    to_accounts: Vec<&'a str>,
    #[serde(flatten)]
    rest: Rest<'a>,
}

/// What both end with.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Rest<'a> {
    payload: String,
    timestamp: String,
    packet_id: &'a str,
    sequence: String,
    biz_type: &'a str,
}

/// The body for a message. `to` are the members to be named when it is for a topic, in the order
/// in which they joined.
pub(crate) fn build(msg_type: &str, message: &Message, to: &[Party]) -> Vec<u8> {
    let Content {
        app_id,
        from,
        from_resource,
        to: target,
        packet_id,
        payload,
        biz_type,
        ..
    } = &message.content;
    let rest = Rest {
        payload: STANDARD.encode(payload),
        timestamp: message.timestamp_ms.to_string(),
        packet_id,
        sequence: message.sequence.to_string(),
        biz_type,
    };
    let json = match target {
        Target::Account(to) => serde_json::to_vec(&AccountBody {
            msg_type,
            from_app_id: *app_id,
            from_account: &from.account,
            from_resource,
            to_app_id: *app_id,
            to_account: &to.account,
            rest,
        }),
        Target::Topic(topic) => serde_json::to_vec(&TopicBody {
            msg_type,
            app_id: *app_id,
            topic_id: *topic,
            from_account: &from.account,
            from_resource,
            to_accounts: to.iter().map(|member| &*member.account).collect(),
            rest,
        }),
    };
    json.expect("texts in a struct are always JSON")
}

/// 64-bit ids leave as texts.
fn text<T: ToString, S: Serializer>(id: &T, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&id.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;

    #[test]
    fn a_message_to_an_account_has_these_fields_in_this_order() {
        let message = sample::message(1, 2, "hello 😀");
        let expected = concat!(
            r#"{"msgType":"NORMAL_MSG","fromAppId":"2882303761517000000","#,
            r#""fromAccount":"account-1","fromResource":"desk","#,
            r#""toAppId":"2882303761517000000","toAccount":"account-2","#,
            r#""payload":"aGVsbG8g8J+YgA==","timestamp":"1700000000007","#,
            r#""packetId":"hello 😀","sequence":"170000000000700000","bizType":"TEXT"}"#,
        );
        let body = build("NORMAL_MSG", &message, &[]);
        assert_eq!(String::from_utf8(body).unwrap(), expected);
    }

    #[test]
    fn a_message_to_a_topic_names_members_in_their_order() {
        let message = sample::to_topic(1, 77, "all");
        let members = [sample::party(3), sample::party(1)];
        let expected = concat!(
            r#"{"msgType":"OFFLINE_TOPIC_MSG","appId":"2882303761517000000","topicId":"77","#,
            r#""fromAccount":"account-1","fromResource":"desk","#,
            r#""toAccounts":["account-3","account-1"],"payload":"YWxs","#,
            r#""timestamp":"1700000000007","packetId":"all","#,
            r#""sequence":"170000000000700000","bizType":"TEXT"}"#,
        );
        let body = build("OFFLINE_TOPIC_MSG", &message, &members);
        assert_eq!(String::from_utf8(body).unwrap(), expected);
    }

    #[test]
    fn what_is_not_there_is_empty() {
        let mut message = sample::message(1, 2, "");
        message.content.biz_type = "".into();
        let body: serde_json::Value =
            serde_json::from_slice(&build("NORMAL_MSG", &message, &[])).unwrap();
        for field in ["payload", "packetId", "bizType"] {
            assert_eq!(body[field], "", "{field}");
        }
    }
}
