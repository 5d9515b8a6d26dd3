//! Callbacks of an app: list, replay, test.

use std::sync::Arc;

use axum::extract::{RawQuery, State};
use axum::response::Response;
use chat::port::{
    Attempt, Delivery, DeliveryCursor, DeliveryKind, DeliveryStatus, ListDeliveries, TrialError,
};
use http::StatusCode;
use serde::Serialize;
use serde_json::json;

use crate::admin::error::AdminError;
use crate::admin::found::{DeliveryId, FoundApp};
use crate::admin::page;
use crate::json;
use crate::query;
use crate::refusal::BadParameter;
use crate::state::Api;

/// Ids and sequences are strings, times are ms since 1970.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct DeliveryView<'a> {
    id: &'a str,
    msg_type: &'static str,
    /// Where the newest attempt went; `null` before the first.
    url: Option<&'a str>,
    sequence: String,
    status: &'static str,
    created_at: u64,
    /// Of one that is pending.
    next_at: Option<u64>,
    attempts: Vec<AttemptView<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct AttemptView<'a> {
    at: u64,
    http_status: Option<u16>,
    error: Option<&'a str>,
    ms: u64,
}

/// GET /apps/{app}/callbacks?status=failed&after=CURSOR&limit=N: the newest first; `next`
/// continues.
pub(crate) async fn list(
    State(api): State<Arc<Api>>,
    FoundApp(app): FoundApp,
    RawQuery(query): RawQuery,
) -> Result<Response, AdminError> {
    let page = api.webhook.list(app.id, wanted(query.as_deref())?).await?;
    let callbacks: Vec<_> = page.deliveries.iter().map(DeliveryView::new).collect();
    let next = page.next.map(|next| next.to_string());
    let body = json!({ "callbacks": callbacks, "next": next });
    Ok(json::response(StatusCode::OK, &body))
}

/// POST /apps/{app}/callbacks/{id}/replay: posts it again, with all its retries before it.
pub(crate) async fn replay(
    State(api): State<Arc<Api>>,
    FoundApp(app): FoundApp,
    DeliveryId(id): DeliveryId,
) -> Result<Response, AdminError> {
    if !api.webhook.replay(app.id, &id).await? {
        return Err(AdminError::NotFound("callback"));
    }
    Ok(json::response(
        StatusCode::OK,
        &json!({ "id": id, "replayed": true }),
    ))
}

/// POST /apps/{app}/callbacks/replay: posts all that failed again.
pub(crate) async fn replay_failed(
    State(api): State<Arc<Api>>,
    FoundApp(app): FoundApp,
) -> Result<Response, AdminError> {
    let count = api.webhook.replay_failed(app.id).await?;
    Ok(json::response(
        StatusCode::OK,
        &json!({ "replayed": count }),
    ))
}

/// POST /apps/{app}/callbacks/test: posts a sample to each of the app's URLs, and says what came of
/// it; `null` where there is no URL.
pub(crate) async fn test(
    State(api): State<Arc<Api>>,
    FoundApp(app): FoundApp,
) -> Result<Response, AdminError> {
    let instant = tried(api.webhook.test(app.id, DeliveryKind::Instant).await)?;
    let offline = tried(api.webhook.test(app.id, DeliveryKind::Offline).await)?;
    if instant.is_none() && offline.is_none() {
        return Err(AdminError::Conflict("the app has no callback URL"));
    }
    let view = |attempt: &Option<Attempt>| json!(attempt.as_ref().map(AttemptView::new));
    let body = json!({ "instant": view(&instant), "offline": view(&offline) });
    Ok(json::response(StatusCode::OK, &body))
}

fn tried(tried: Result<Attempt, TrialError>) -> Result<Option<Attempt>, AdminError> {
    match tried {
        Ok(attempt) => Ok(Some(attempt)),
        Err(TrialError::NoUrl) => Ok(None),
        Err(TrialError::NoApp) => Err(AdminError::NotFound("app")),
    }
}

fn wanted(query: Option<&str>) -> Result<ListDeliveries, BadParameter> {
    let only_failed = match query::value(query, "status").as_deref() {
        None | Some("") => false,
        Some("failed") => true,
        Some(_) => return Err(BadParameter::new("status", "must be failed")),
    };
    Ok(ListDeliveries {
        only_failed,
        after: page::after(query, str::parse::<DeliveryCursor>)?,
        limit: page::limit(query)?,
    })
}

impl<'a> DeliveryView<'a> {
    pub(super) fn new(delivery: &'a Delivery) -> Self {
        let (status, next_at) = match delivery.status {
            DeliveryStatus::Undecided { until_ms } => ("pending", Some(until_ms)),
            DeliveryStatus::Pending { next_at_ms, .. } => ("pending", Some(next_at_ms)),
            DeliveryStatus::Delivered => ("delivered", None),
            DeliveryStatus::Failed => ("failed", None),
        };
        Self {
            id: &delivery.id,
            msg_type: delivery.msg_type(),
            url: delivery.attempts.last().map(|attempt| attempt.url.as_str()),
            sequence: delivery.sequence.to_string(),
            status,
            created_at: delivery.created_at_ms,
            next_at,
            attempts: delivery.attempts.iter().map(AttemptView::new).collect(),
        }
    }
}

impl<'a> AttemptView<'a> {
    fn new(attempt: &'a Attempt) -> Self {
        Self {
            at: attempt.at_ms,
            http_status: attempt.http_status,
            error: attempt.error.as_deref(),
            ms: attempt.took_ms,
        }
    }
}
