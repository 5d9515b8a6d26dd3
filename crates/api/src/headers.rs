//! What every answer says to browsers, unless its route says something else: guess no types, tell no
//! other site where a link was, run nothing, stand in no frame, be kept by nobody.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY,
    STRICT_TRANSPORT_SECURITY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use http::{HeaderMap, HeaderName, HeaderValue};

use crate::admin::session::Encrypted;
use crate::state::Api;

const ALWAYS: [(HeaderName, HeaderValue); 5] = [
    (CACHE_CONTROL, HeaderValue::from_static("no-store")),
    (
        CONTENT_SECURITY_POLICY,
        HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'"),
    ),
    (REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    (X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    // For browsers that do not know `frame-ancestors`.
    (X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
];
/// Pages only: windows of other sites get no hold of them.
const OPENER_POLICY: (HeaderName, HeaderValue) = (
    HeaderName::from_static("cross-origin-opener-policy"),
    HeaderValue::from_static("same-origin"),
);

pub(crate) async fn headers(State(api): State<Arc<Api>>, request: Request, next: Next) -> Response {
    let is_encrypted = request.extensions().get::<Encrypted>().is_some();
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in ALWAYS {
        headers.entry(name).or_insert(value);
    }
    if is_page(headers) {
        let (name, value) = OPENER_POLICY;
        headers.entry(name).or_insert(value);
    }
    if is_encrypted && let Some(policy) = transport_policy(api.config.hsts_s) {
        headers.insert(STRICT_TRANSPORT_SECURITY, policy);
    }
    response
}

fn is_page(headers: &HeaderMap) -> bool {
    let kind = headers.get(CONTENT_TYPE).map(HeaderValue::as_bytes);
    kind.is_some_and(|kind| kind.starts_with(b"text/html"))
}

/// How long a browser shall come by TLS only, to every port of this host.
fn transport_policy(seconds: u64) -> Option<HeaderValue> {
    let is_set = seconds > 0;
    is_set.then(|| HeaderValue::try_from(format!("max-age={seconds}")).ok())?
}
