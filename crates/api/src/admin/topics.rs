//! Topics of an app: list, show, dismiss.

use std::sync::Arc;

use axum::extract::{RawQuery, State};
use axum::response::Response;
use http::StatusCode;
use model::TopicId;
use serde_json::json;

use crate::admin::error::AdminError;
use crate::admin::found::{FoundApp, NamedTopic};
use crate::admin::page;
use crate::admin::view::{RosterView, TopicView};
use crate::fields;
use crate::json;
use crate::state::Api;

/// GET /apps/{app}/topics?after=ID&limit=N: in the order of their ids; `next` continues.
pub(crate) async fn list(
    State(api): State<Arc<Api>>,
    FoundApp(app): FoundApp,
    RawQuery(query): RawQuery,
) -> Result<Response, AdminError> {
    let query = query.as_deref();
    let after = page::after(query, |text| fields::id(text).map(TopicId))?;
    let limit = page::limit(query)?;
    // One more than is shown tells whether there is a next page.
    let topics = api.chat.app_topics(app.id, after, limit + 1).await?;
    let (topics, next) = page::cut(topics, limit, |topic| topic.id.to_string());
    let topics: Vec<_> = topics.iter().map(TopicView::new).collect();
    Ok(json::response(
        StatusCode::OK,
        &json!({ "topics": topics, "next": next }),
    ))
}

/// GET /apps/{app}/topics/{topic}: with its members, in join order.
pub(crate) async fn show(
    State(api): State<Arc<Api>>,
    FoundApp(app): FoundApp,
    NamedTopic(id): NamedTopic,
) -> Result<Response, AdminError> {
    let roster = api.chat.app_topic(&app, id).await?;
    let roster = roster.ok_or(AdminError::NotFound("topic"))?;
    Ok(json::response(StatusCode::OK, &RosterView::new(&roster)))
}

/// DELETE /apps/{app}/topics/{topic}.
pub(crate) async fn dismiss(
    State(api): State<Arc<Api>>,
    FoundApp(app): FoundApp,
    NamedTopic(id): NamedTopic,
) -> Result<Response, AdminError> {
    if !api.chat.dismiss_topic(&app, id).await? {
        return Err(AdminError::NotFound("topic"));
    }
    let dismissed = json!({ "topicId": id.to_string(), "dismissed": true });
    Ok(json::response(StatusCode::OK, &dismissed))
}
