//! /api/contact: with whom an account has talked lately.

use std::sync::Arc;

use axum::extract::{RawQuery, State};
use chat::{Contact, Who};
use model::{AccountName, Message, TopicId};
use serde::Serialize;

use crate::base64_text;
use crate::caller::Caller;
use crate::envelope::Success;
use crate::fields;
use crate::query;
use crate::refusal::{BadParameter, Refusal};
use crate::state::Api;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Session {
    user_type: &'static str,
    /// A uuid or a topicId.
    id: String,
    name: String,
    timestamp: String,
    last_message: LastMessage,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct LastMessage {
    from_uuid: String,
    from_account: String,
    payload: String,
    sequence: String,
    biz_type: String,
}

/// GET /api/contact: the newest first.
pub(crate) async fn list(
    State(api): State<Arc<Api>>,
    caller: Caller,
) -> Result<Success<Vec<Session>>, Refusal> {
    remaining(&api, &caller).await
}

/// DELETE /api/contact/p2p/session?member=ACCOUNT.
pub(crate) async fn forget_account(
    State(api): State<Arc<Api>>,
    caller: Caller,
    RawQuery(query): RawQuery,
) -> Result<Success<Vec<Session>>, Refusal> {
    let member = query::value(query.as_deref(), "member")
        .ok_or_else(|| BadParameter::new("member", "is missing"))?;
    let member = AccountName::new(&member).map_err(|why| BadParameter::name("member", why))?;
    api.chat.hide_account(&caller.account, &member).await?;
    remaining(&api, &caller).await
}

/// DELETE /api/contact/p2t/session?topicId=ID.
pub(crate) async fn forget_topic(
    State(api): State<Arc<Api>>,
    caller: Caller,
    RawQuery(query): RawQuery,
) -> Result<Success<Vec<Session>>, Refusal> {
    let bad = |why| BadParameter::new("topicId", why);
    let text = query::value(query.as_deref(), "topicId").ok_or_else(|| bad("is missing"))?;
    let topic = TopicId(fields::id(&text).map_err(bad)?);
    api.chat.hide_topic(&caller.account, topic).await?;
    remaining(&api, &caller).await
}

async fn remaining(api: &Api, caller: &Caller) -> Result<Success<Vec<Session>>, Refusal> {
    let contacts = api.chat.contacts(&caller.account).await?;
    Ok(Success(contacts.into_iter().map(Session::new).collect()))
}

impl Session {
    fn new(contact: Contact) -> Self {
        let (user_type, id, name) = match contact.who {
            Who::Account { uuid, name } => ("USER", uuid.to_string(), name.to_string()),
            Who::Topic(topic) => ("TOPIC", topic.id.to_string(), topic.name),
        };
        Self {
            user_type,
            id,
            name,
            timestamp: contact.last.timestamp_ms.to_string(),
            last_message: LastMessage::new(&contact.last),
        }
    }
}

impl LastMessage {
    fn new(message: &Message) -> Self {
        let content = &message.content;
        Self {
            from_uuid: content.from.uuid.to_string(),
            from_account: content.from.account.to_string(),
            payload: base64_text::encode(&content.payload),
            sequence: message.sequence.to_string(),
            biz_type: content.biz_type.to_string(),
        }
    }
}
