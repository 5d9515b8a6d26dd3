//! /api/msg/p2t: what was said in a topic, for its members.

use std::sync::Arc;

use axum::extract::State;
use chat::Part;
use model::{Message, TopicId};
use serde::Serialize;

use super::{by_count, by_sequence, by_time, earliest};
use crate::base64_text;
use crate::caller::Caller;
use crate::envelope::Success;
use crate::fields::Fields;
use crate::refusal::{BadParameter, Refusal};
use crate::state::Api;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Said {
    app_id: String,
    topic_id: String,
    messages: Vec<Row>,
    row: usize,
    timestamp: u64,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Row {
    sequence: String,
    payload: String,
    ts: u64,
    from_account: String,
    /// By sequence only.
    #[serde(skip_serializing_if = "Option::is_none")]
    to_account: Option<String>,
    sender_account: String,
    topic_id: String,
    biz_type: String,
    packet_id: String,
}

pub(crate) async fn on_time(
    state: State<Arc<Api>>,
    caller: Caller,
    fields: Fields,
) -> Result<Success<Said>, Refusal> {
    answer(state, caller, fields, by_time, Row::new).await
}

pub(crate) async fn on_count(
    state: State<Arc<Api>>,
    caller: Caller,
    fields: Fields,
) -> Result<Success<Said>, Refusal> {
    answer(state, caller, fields, by_count, Row::new).await
}

pub(crate) async fn on_sequence(
    state: State<Arc<Api>>,
    caller: Caller,
    fields: Fields,
) -> Result<Success<Said>, Refusal> {
    answer(state, caller, fields, by_sequence, Row::of_sequence).await
}

async fn answer(
    State(api): State<Arc<Api>>,
    caller: Caller,
    fields: Fields,
    part: fn(&Fields) -> Result<Part, BadParameter>,
    row: fn(&Message, TopicId, &Caller) -> Row,
) -> Result<Success<Said>, Refusal> {
    caller.must_be_of(fields.id_if_present("appId")?)?;
    let topic = fields.topic_id("topicId")?;
    if fields.account("account")? != caller.account.name {
        return Err(Refusal::Authentication);
    }
    let part = part(&fields)?;
    let messages = api.chat.topic_history(&caller.account, topic, part).await?;
    Ok(Success(Said {
        app_id: caller.account.app_id.to_string(),
        topic_id: topic.to_string(),
        row: messages.len(),
        timestamp: earliest(&messages),
        messages: messages
            .iter()
            .map(|message| row(message, topic, &caller))
            .collect(),
    }))
}

impl Row {
    fn new(message: &Message, topic: TopicId, _: &Caller) -> Self {
        let content = &message.content;
        let sender = content.from.account.to_string();
        Self {
            sequence: message.sequence.to_string(),
            payload: base64_text::encode(&content.payload),
            ts: message.timestamp_ms,
            from_account: sender.clone(),
            to_account: None,
            sender_account: sender,
            topic_id: topic.to_string(),
            biz_type: content.biz_type.to_string(),
            packet_id: content.packet_id.to_string(),
        }
    }

    /// Here the manual of MIMC has the topic as the sender, and the one who asks as the receiver.
    fn of_sequence(message: &Message, topic: TopicId, caller: &Caller) -> Self {
        Self {
            from_account: topic.to_string(),
            to_account: Some(caller.account.name.to_string()),
            ..Self::new(message, topic, caller)
        }
    }
}
