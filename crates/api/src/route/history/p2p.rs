//! /api/msg/p2p: what two accounts have said to each other, for each of them.

use std::sync::Arc;

use axum::extract::State;
use chat::Part;
use model::{Message, Target};
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
    from_account: String,
    to_account: String,
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
    to_account: String,
    biz_type: String,
    packet_id: String,
}

pub(crate) async fn on_time(
    state: State<Arc<Api>>,
    caller: Caller,
    fields: Fields,
) -> Result<Success<Said>, Refusal> {
    answer(state, caller, fields, by_time).await
}

pub(crate) async fn on_count(
    state: State<Arc<Api>>,
    caller: Caller,
    fields: Fields,
) -> Result<Success<Said>, Refusal> {
    answer(state, caller, fields, by_count).await
}

pub(crate) async fn on_sequence(
    state: State<Arc<Api>>,
    caller: Caller,
    fields: Fields,
) -> Result<Success<Said>, Refusal> {
    answer(state, caller, fields, by_sequence).await
}

async fn answer(
    State(api): State<Arc<Api>>,
    caller: Caller,
    fields: Fields,
    part: fn(&Fields) -> Result<Part, BadParameter>,
) -> Result<Success<Said>, Refusal> {
    caller.must_be_of(fields.id_if_present("appId")?)?;
    let from = fields.account("fromAccount")?;
    let to = fields.account("toAccount")?;
    let peer = if from == caller.account.name {
        &to
    } else if to == caller.account.name {
        &from
    } else {
        return Err(Refusal::Authentication);
    };
    let part = part(&fields)?;
    let messages = api.chat.p2p_history(&caller.account, peer, part).await?;
    Ok(Success(Said {
        app_id: caller.account.app_id.to_string(),
        from_account: from.to_string(),
        to_account: to.to_string(),
        row: messages.len(),
        timestamp: earliest(&messages),
        messages: messages.iter().map(|message| Row::new(message)).collect(),
    }))
}

impl Row {
    fn new(message: &Message) -> Self {
        let content = &message.content;
        let to = match &content.to {
            Target::Account(to) => to.account.to_string(),
            Target::Topic(topic) => topic.to_string(),
        };
        Self {
            sequence: message.sequence.to_string(),
            payload: base64_text::encode(&content.payload),
            ts: message.timestamp_ms,
            from_account: content.from.account.to_string(),
            to_account: to,
            biz_type: content.biz_type.to_string(),
            packet_id: content.packet_id.to_string(),
        }
    }
}
