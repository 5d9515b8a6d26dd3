//! GET /stats: what the server is doing now.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use serde_json::json;

use crate::json;
use crate::state::Api;

pub(crate) async fn stats(State(api): State<Arc<Api>>) -> Response {
    let now = json!({
        "at": api.chat.clock.now_ms(),
        "sessions": api.chat.sessions(),
        "apps": api.chat.apps.list().len(),
    });
    json::response(StatusCode::OK, &json!({ "now": now }))
}
