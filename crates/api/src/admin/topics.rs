//! Topics of an app: list, show, dismiss.

use std::sync::Arc;

use axum::extract::{RawQuery, State};
use axum::response::Response;
use http::StatusCode;
use model::TopicId;
use serde_json::json;

use crate::admin::error::AdminError;
use crate::admin::found::{FoundApp, NamedTopic};
use crate::admin::view::{RosterView, TopicView};
use crate::fields;
use crate::json;
use crate::query;
use crate::refusal::BadParameter;
use crate::state::Api;

/// Topics of a page, unless the question says otherwise.
const PAGE: usize = 100;
const PAGE_MAX: usize = 1_000;

/// GET /apps/{app}/topics?after=ID&limit=N: in the order of their ids; `next` continues.
pub(crate) async fn list(
    State(api): State<Arc<Api>>,
    FoundApp(app): FoundApp,
    RawQuery(query): RawQuery,
) -> Result<Response, AdminError> {
    let (after, limit) = page(query.as_deref())?;
    // One more than is shown tells whether there is a next page.
    let mut topics = api.chat.app_topics(app.id, after, limit + 1).await?;
    let has_more = topics.len() > limit;
    topics.truncate(limit);
    let next = topics.last().filter(|_| has_more);
    let next = next.map(|topic| topic.id.to_string());
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

fn page(query: Option<&str>) -> Result<(Option<TopicId>, usize), BadParameter> {
    let after = query::value(query, "after")
        .map(|text| fields::id(&text).map(TopicId))
        .transpose()
        .map_err(|why| BadParameter::new("after", why))?;
    let limit = match query::value(query, "limit") {
        None => PAGE,
        Some(text) => {
            let limit = text.parse().ok();
            limit
                .filter(|limit| (1..=PAGE_MAX).contains(limit))
                .ok_or_else(|| BadParameter::new("limit", format!("must be 1 to {PAGE_MAX}")))?
        }
    };
    Ok((after, limit))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_begins_anywhere_and_has_a_size() {
        assert_eq!(page(None), Ok((None, 100)));
        assert_eq!(page(Some("after=5&limit=7")), Ok((Some(TopicId(5)), 7)));
        for query in [
            "limit=0",
            "limit=1001",
            "limit=x",
            "limit=-1",
            "after=x",
            "after=",
        ] {
            assert!(page(Some(query)).is_err(), "{query}");
        }
    }
}
