//! Answers in JSON.

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use serde::Serialize;

/// Old clients look for the charset.
const CONTENT_TYPE: HeaderValue = HeaderValue::from_static("application/json;charset=UTF-8");

pub(crate) fn response(status: StatusCode, body: &impl Serialize) -> Response {
    let body = serde_json::to_vec(body).expect("our own shapes have text keys");
    (status, [(header::CONTENT_TYPE, CONTENT_TYPE)], body).into_response()
}
