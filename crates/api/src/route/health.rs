//! GET /livez, /readyz, /metrics: for those who watch over the server.

use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use serde_json::json;

use crate::json;
use crate::state::Api;

const OPEN_METRICS: HeaderValue =
    HeaderValue::from_static("application/openmetrics-text; version=1.0.0; charset=utf-8");

/// The process answers.
pub(crate) async fn live() -> Response {
    json::response(StatusCode::OK, &json!({ "live": true }))
}

/// It takes new work.
pub(crate) async fn ready(State(api): State<Arc<Api>>) -> Response {
    let is_ready = *api.ready.borrow();
    let status = if is_ready {
        StatusCode::OK
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    };
    json::response(status, &json!({ "ready": is_ready }))
}

pub(crate) async fn metrics(State(api): State<Arc<Api>>) -> Response {
    ([(header::CONTENT_TYPE, OPEN_METRICS)], (api.metrics)()).into_response()
}
