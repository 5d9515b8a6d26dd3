//! With whom an account has to do: its topics, its contacts, whom it has blocked.

use std::sync::Arc;

use axum::extract::{RawQuery, State};
use axum::response::Response;
use chat::Contact;
use http::StatusCode;
use model::{Sequence, TopicId, Uuid};
use serde_json::json;

use crate::admin::error::AdminError;
use crate::admin::found::{FoundAccount, OtherAccount};
use crate::admin::page;
use crate::admin::view::{ContactView, JoinedTopicView, PartyView};
use crate::fields;
use crate::json;
use crate::state::Api;

/// GET …/accounts/{account}/topics?after=ID&limit=N: in the order in which it joined them.
pub(crate) async fn topics(
    State(api): State<Arc<Api>>,
    FoundAccount { account, .. }: FoundAccount,
    RawQuery(query): RawQuery,
) -> Result<Response, AdminError> {
    let query = query.as_deref();
    let after = page::after(query, |text| fields::id(text).map(TopicId))?;
    let limit = page::limit(query)?;
    let topics = api.chat.joined_topics(&account, after, limit + 1).await?;
    let (topics, next) = page::cut(topics, limit, |one| one.topic.id.to_string());
    let topics: Vec<_> = topics.iter().map(JoinedTopicView::new).collect();
    let body = json!({ "topics": topics, "next": next });
    Ok(json::response(StatusCode::OK, &body))
}

/// GET …/accounts/{account}/contacts?after=SEQUENCE&limit=N: of the last 30 days, the newest first.
pub(crate) async fn contacts(
    State(api): State<Arc<Api>>,
    FoundAccount { account, .. }: FoundAccount,
    RawQuery(query): RawQuery,
) -> Result<Response, AdminError> {
    let query = query.as_deref();
    let after = page::after(query, |text| fields::id(text).map(Sequence))?;
    let limit = page::limit(query)?;
    let mut contacts = api.chat.contacts(&account).await?;
    contacts.retain(|contact| after.is_none_or(|after| contact.last.sequence < after));
    let place = |contact: &Contact| contact.last.sequence.to_string();
    let (contacts, next) = page::cut(contacts, limit, place);
    let contacts: Vec<_> = contacts.iter().map(ContactView::new).collect();
    let body = json!({ "contacts": contacts, "next": next });
    Ok(json::response(StatusCode::OK, &body))
}

/// GET …/accounts/{account}/blacklist?after=UUID&limit=N: in the order of their uuids.
pub(crate) async fn blacklist(
    State(api): State<Arc<Api>>,
    FoundAccount { account, .. }: FoundAccount,
    RawQuery(query): RawQuery,
) -> Result<Response, AdminError> {
    let query = query.as_deref();
    let after = page::after(query, |text| fields::id(text).map(Uuid))?;
    let limit = page::limit(query)?;
    let blocked = api
        .chat
        .blocked_accounts(&account, after, limit + 1)
        .await?;
    let (blocked, next) = page::cut(blocked, limit, |one| one.uuid.to_string());
    let blocked: Vec<_> = blocked.iter().map(|one| PartyView::of(one)).collect();
    let body = json!({ "accounts": blocked, "next": next });
    Ok(json::response(StatusCode::OK, &body))
}

/// PUT …/accounts/{account}/blacklist/{other}: nothing that the other sends P2P reaches the account
/// any more. The other may be a name that nobody has used yet.
pub(crate) async fn block(
    state: State<Arc<Api>>,
    account: FoundAccount,
    other: OtherAccount,
) -> Result<Response, AdminError> {
    set_blocked(&state, &account, &other, true).await
}

/// DELETE …/accounts/{account}/blacklist/{other}.
pub(crate) async fn unblock(
    state: State<Arc<Api>>,
    account: FoundAccount,
    other: OtherAccount,
) -> Result<Response, AdminError> {
    set_blocked(&state, &account, &other, false).await
}

async fn set_blocked(
    api: &Api,
    FoundAccount { account, .. }: &FoundAccount,
    OtherAccount(other): &OtherAccount,
    is_blocked: bool,
) -> Result<Response, AdminError> {
    api.chat.set_blocked(account, other, is_blocked).await?;
    let body = json!({ "account": **other, "blocked": is_blocked });
    Ok(json::response(StatusCode::OK, &body))
}
