//! Around every request: an id that the log and a failed answer share, and no panic gets out.

use std::panic::AssertUnwindSafe;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::extract::{MatchedPath, Request};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures_util::FutureExt as _;
use http::{HeaderName, HeaderValue, StatusCode};
use tracing::Instrument as _;

use crate::admin;
use crate::refusal::Refusal;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

static REQUESTS: AtomicU64 = AtomicU64::new(1);

pub(crate) async fn guard(request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>().cloned();
    let name = route
        .as_ref()
        .map_or("none", MatchedPath::as_str)
        .to_owned();
    let id = REQUESTS.fetch_add(1, Ordering::Relaxed);
    let span = tracing::info_span!("request", id, method = %request.method(), route = name);
    let run = AssertUnwindSafe(next.run(request)).catch_unwind();
    let answer = run.instrument(span.clone()).await;
    let mut response = span.in_scope(|| answer.unwrap_or_else(|_| panicked(&name)));
    if response.status() == StatusCode::INTERNAL_SERVER_ERROR {
        span.in_scope(|| tracing::error!("answered with an internal error"));
        response
            .headers_mut()
            .insert(REQUEST_ID, HeaderValue::from(id));
    }
    if let Some(route) = route {
        response.extensions_mut().insert(route);
    }
    response
}

/// The panic itself is on stderr already.
fn panicked(route: &str) -> Response {
    tracing::error!("a request panicked");
    if admin::is_admin(route) {
        admin::error::AdminError::Internal.into_response()
    } else {
        Refusal::Internal.into_response()
    }
}
