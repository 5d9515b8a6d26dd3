//! /api/topic: groups. Who may do what is for `chat` to say; a refusal says only what failed.

use std::sync::Arc;

use axum::extract::{RawQuery, State};
use axum::response::{IntoResponse, Response};
use chat::TopicFields;
use http::StatusCode;
use model::{AccountName, Member, Roster, Topic, Uuid};
use serde::Serialize;

use crate::caller::Caller;
use crate::envelope::{self, Success};
use crate::fields::Fields;
use crate::names;
use crate::path::TopicOfPath;
use crate::query;
use crate::refusal::{BadParameter, Refusal, TopicAction};
use crate::state::Api;

/// A topic with its members.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Full {
    topic_info: TopicInfo,
    members: Vec<MemberInfo>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct TopicInfo {
    topic_id: String,
    owner_uuid: String,
    owner_account: String,
    topic_name: String,
    bulletin: String,
    extra: String,
}

#[derive(Serialize)]
struct MemberInfo {
    uuid: String,
    account: String,
}

/// The message of a dismissal differs from all others.
pub(crate) struct Dismissed;

impl IntoResponse for Dismissed {
    fn into_response(self) -> Response {
        envelope::response(StatusCode::OK, 200, "success！", None::<()>)
    }
}

/// POST /api/topic/{appId}.
pub(crate) async fn create(
    State(api): State<Arc<Api>>,
    caller: Caller,
    fields: Fields,
) -> Result<Success<Full>, Refusal> {
    let name = fields.text("topicName")?;
    let extra = fields.text_or_empty("extra")?;
    let others = accounts(&fields)?;
    let created = api
        .chat
        .create_topic(&caller.account, &name, &extra, &others);
    shown(TopicAction::Create, created.await)
}

/// GET /api/topic/{appId}/{topicId}.
pub(crate) async fn show(
    State(api): State<Arc<Api>>,
    caller: Caller,
    TopicOfPath(id): TopicOfPath,
) -> Result<Success<Full>, Refusal> {
    shown(
        TopicAction::Query,
        api.chat.topic(&caller.account, id).await,
    )
}

/// GET /api/topic/{appId}/account: the caller's topics.
pub(crate) async fn mine(
    State(api): State<Arc<Api>>,
    caller: Caller,
) -> Result<Success<Vec<TopicInfo>>, Refusal> {
    let topics = api.chat.topics_of(&caller.account).await;
    let topics = topics.map_err(|error| TopicAction::Query.refused(error))?;
    Ok(Success(topics.iter().map(TopicInfo::new).collect()))
}

/// POST /api/topic/{appId}/{topicId}/accounts.
pub(crate) async fn invite(
    State(api): State<Arc<Api>>,
    caller: Caller,
    TopicOfPath(id): TopicOfPath,
    fields: Fields,
) -> Result<Success<Full>, Refusal> {
    let names = some(accounts(&fields)?)?;
    // More than fit even into an empty topic are refused before they are looked at.
    let app = api.chat.apps.get(caller.account.app_id);
    let members_max = app.map_or(0, |app| app.settings.topic_members_max as usize);
    if names.len() > members_max {
        return Err(Refusal::Topic(TopicAction::Join));
    }
    let invited = api.chat.invite(&caller.account, id, &names);
    shown(TopicAction::Join, invited.await)
}

/// DELETE /api/topic/{appId}/{topicId}/accounts?accounts=a,b.
pub(crate) async fn kick(
    State(api): State<Arc<Api>>,
    caller: Caller,
    TopicOfPath(id): TopicOfPath,
    RawQuery(query): RawQuery,
) -> Result<Success<Full>, Refusal> {
    let text = query::value(query.as_deref(), "accounts").unwrap_or_default();
    let names = some(named(&text)?)?;
    let kicked = api.chat.remove_members(&caller.account, id, &names);
    shown(TopicAction::Kick, kicked.await)
}

/// DELETE /api/topic/{appId}/{topicId}/account.
pub(crate) async fn quit(
    State(api): State<Arc<Api>>,
    caller: Caller,
    TopicOfPath(id): TopicOfPath,
) -> Result<Success<()>, Refusal> {
    let quit = api.chat.quit(&caller.account, id).await;
    quit.map(Success)
        .map_err(|error| TopicAction::Quit.refused(error))
}

/// PUT /api/topic/{appId}/{topicId}: what is given changes.
pub(crate) async fn update(
    State(api): State<Arc<Api>>,
    caller: Caller,
    TopicOfPath(id): TopicOfPath,
    fields: Fields,
) -> Result<Success<Full>, Refusal> {
    if fields
        .id_if_present("topicId")?
        .is_some_and(|named| named != id.0)
    {
        return Err(BadParameter::new("topicId", "must be that of the path").into());
    }
    let updated = api
        .chat
        .update_topic(&caller.account, id, changes(&fields)?);
    shown(TopicAction::Update, updated.await)
}

/// DELETE /api/topic/{appId}/{topicId}.
pub(crate) async fn dismiss(
    State(api): State<Arc<Api>>,
    caller: Caller,
    TopicOfPath(id): TopicOfPath,
) -> Result<Dismissed, Refusal> {
    let dismissed = api.chat.dismiss(&caller.account, id).await;
    dismissed
        .map(|()| Dismissed)
        .map_err(|error| TopicAction::Dismiss.refused(error))
}

/// An empty name or owner is as good as none; an empty bulletin or extra clears.
fn changes(fields: &Fields) -> Result<TopicFields, BadParameter> {
    let unless_empty = |field| -> Result<Option<String>, BadParameter> {
        Ok(fields
            .text_if_present(field)?
            .filter(|text| !text.is_empty()))
    };
    let owner_account = unless_empty("ownerAccount")?
        .map(|text| AccountName::new(&text))
        .transpose()
        .map_err(|why| BadParameter::name("ownerAccount", why))?;
    let owner_uuid = match fields.raw("ownerUuid") {
        Some("\"\"") => None,
        _ => fields.id_if_present("ownerUuid")?.map(Uuid),
    };
    Ok(TopicFields {
        owner_account,
        owner_uuid,
        name: unless_empty("topicName")?,
        bulletin: fields.text_if_present("bulletin")?,
        extra: fields.text_if_present("extra")?,
    })
}

fn accounts(fields: &Fields) -> Result<Vec<AccountName>, BadParameter> {
    named(&fields.text_or_empty("accounts")?)
}

fn named(list: &str) -> Result<Vec<AccountName>, BadParameter> {
    names::list(list).map_err(|why| BadParameter::name("accounts", why))
}

fn some(names: Vec<AccountName>) -> Result<Vec<AccountName>, BadParameter> {
    if names.is_empty() {
        Err(BadParameter::new("accounts", "must name somebody"))
    } else {
        Ok(names)
    }
}

fn shown(
    action: TopicAction,
    roster: Result<Arc<Roster>, chat::TopicError>,
) -> Result<Success<Full>, Refusal> {
    roster
        .map(|roster| Success(Full::new(&roster)))
        .map_err(|error| action.refused(error))
}

impl Full {
    pub(crate) fn new(roster: &Roster) -> Self {
        Self {
            topic_info: TopicInfo::new(&roster.topic),
            members: roster.members.iter().map(MemberInfo::new).collect(),
        }
    }
}

impl TopicInfo {
    pub(crate) fn new(topic: &Topic) -> Self {
        Self {
            topic_id: topic.id.to_string(),
            owner_uuid: topic.owner.uuid.to_string(),
            owner_account: topic.owner.account.to_string(),
            topic_name: topic.name.clone(),
            bulletin: topic.bulletin.clone(),
            extra: topic.extra.clone(),
        }
    }
}

impl MemberInfo {
    fn new(member: &Member) -> Self {
        Self {
            uuid: member.party.uuid.to_string(),
            account: member.party.account.to_string(),
        }
    }
}
