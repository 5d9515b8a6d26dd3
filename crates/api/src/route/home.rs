//! GET /: tells a person who comes by what this is.

use axum::response::{Html, IntoResponse};
use http::{HeaderName, HeaderValue, header};

const PAGE: &str = include_str!("home.html");

const HEADERS: [(HeaderName, HeaderValue); 3] = [
    (
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static(
            "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
        ),
    ),
    (
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    ),
    (
        header::REFERRER_POLICY,
        HeaderValue::from_static("no-referrer"),
    ),
];

pub(crate) async fn home() -> impl IntoResponse {
    (HEADERS, Html(PAGE))
}
