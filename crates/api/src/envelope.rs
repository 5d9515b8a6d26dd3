//! `{"code", "message", "data"}`: the shape of every answer of `/api`.

use axum::response::{IntoResponse, Response};
use http::StatusCode;
use serde::Serialize;

use crate::json;

/// Success with data.
pub(crate) struct Success<T>(pub(crate) T);

impl<T: Serialize> IntoResponse for Success<T> {
    fn into_response(self) -> Response {
        response(StatusCode::OK, 200, "success", Some(self.0))
    }
}

#[derive(Serialize)]
struct Envelope<'a, T> {
    code: u16,
    message: &'a str,
    data: Option<T>,
}

pub(crate) fn response<T: Serialize>(
    status: StatusCode,
    code: u16,
    message: &str,
    data: Option<T>,
) -> Response {
    json::response(
        status,
        &Envelope {
            code,
            message,
            data,
        },
    )
}
