//! What the server tells of itself: figures, configuration, health.

use std::sync::Arc;

use axum::extract::{RawQuery, State};
use axum::response::Response;
use http::StatusCode;
use serde_json::json;

use crate::admin::error::AdminError;
use crate::insight::Window;
use crate::json;
use crate::query;
use crate::refusal::BadParameter;
use crate::state::Api;

/// GET /stats?window=15m|3h|24h: now, the course of the last while, and what is wrong.
pub(crate) async fn stats(
    State(api): State<Arc<Api>>,
    RawQuery(query): RawQuery,
) -> Result<Response, AdminError> {
    let window = window(query.as_deref())?;
    Ok(json::response(StatusCode::OK, &api.insight.stats(window)))
}

/// GET /config: every key with its value and where it was set.
pub(crate) async fn config(State(api): State<Arc<Api>>) -> Response {
    json::response(StatusCode::OK, &json!({ "keys": api.insight.settings() }))
}

/// GET /health: what the checks of a running server found.
pub(crate) async fn health(State(api): State<Arc<Api>>) -> Response {
    json::response(StatusCode::OK, &api.insight.health())
}

fn window(query: Option<&str>) -> Result<Window, BadParameter> {
    let Some(name) = query::value(query, "window") else {
        return Ok(Window::default());
    };
    let known = Window::ALL.into_iter().find(|window| window.name() == name);
    known.ok_or_else(|| BadParameter::new("window", "must be 15m, 3h or 24h"))
}
