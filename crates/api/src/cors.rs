//! Pages of other origins may call `/api` and `/gslb`, with the headers of the contract. No
//! cookies are used there, so any origin may be allowed.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};

use crate::state::Api;

const METHODS: HeaderValue = HeaderValue::from_static("GET, POST, PUT, DELETE");
const HEADERS: HeaderValue = HeaderValue::from_static(
    "token, appId, appKey, appSecret, appAccount, appAccountEncode, topicId, startUuid, \
     content-type",
);
/// How long a browser may remember the answer, in seconds: the most that any of them does.
const MAX_AGE: HeaderValue = HeaderValue::from_static("86400");

pub(crate) async fn cors(State(api): State<Arc<Api>>, request: Request, next: Next) -> Response {
    if !is_open(request.uri().path()) {
        return next.run(request).await;
    }
    let origin = request.headers().get(header::ORIGIN).cloned();
    let mut response = if request.method() == Method::OPTIONS {
        preflight()
    } else {
        next.run(request).await
    };
    allow(&api.config.cors_origins, origin, response.headers_mut());
    response
}

fn is_open(path: &str) -> bool {
    ["/api", "/gslb"].iter().any(|prefix| {
        path.strip_prefix(prefix)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    })
}

fn preflight() -> Response {
    let headers = [
        (header::ACCESS_CONTROL_ALLOW_METHODS, METHODS),
        (header::ACCESS_CONTROL_ALLOW_HEADERS, HEADERS),
        (header::ACCESS_CONTROL_MAX_AGE, MAX_AGE),
    ];
    (StatusCode::NO_CONTENT, headers).into_response()
}

fn allow(allowed: &[String], origin: Option<HeaderValue>, headers: &mut HeaderMap) {
    if allowed.iter().any(|one| one == "*") {
        headers.insert(
            header::ACCESS_CONTROL_ALLOW_ORIGIN,
            HeaderValue::from_static("*"),
        );
        return;
    }
    headers.append(header::VARY, HeaderValue::from_static("Origin"));
    let is_allowed = |origin: &HeaderValue| allowed.iter().any(|one| origin == one.as_str());
    if let Some(origin) = origin.filter(is_allowed) {
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allowed(origins: &[&str], origin: &'static str) -> Option<String> {
        let origins: Vec<_> = origins.iter().map(ToString::to_string).collect();
        let mut headers = HeaderMap::new();
        allow(
            &origins,
            Some(HeaderValue::from_static(origin)),
            &mut headers,
        );
        let value = headers.get(header::ACCESS_CONTROL_ALLOW_ORIGIN)?;
        Some(value.to_str().unwrap().to_owned())
    }

    #[test]
    fn an_origin_is_allowed_when_it_is_listed_or_all_are() {
        assert_eq!(allowed(&["*"], "https://a.example").as_deref(), Some("*"));
        let listed = ["https://a.example", "https://b.example"];
        assert_eq!(
            allowed(&listed, "https://b.example").as_deref(),
            Some("https://b.example")
        );
        assert_eq!(allowed(&listed, "https://c.example"), None);
        assert_eq!(allowed(&[], "https://a.example"), None);
    }

    #[test]
    fn only_the_api_is_open() {
        for path in ["/api", "/api/x/y", "/gslb"] {
            assert!(is_open(path), "{path}");
        }
        for path in ["/", "/admin/v1/apps", "/apis", "/metrics", "/dev/token"] {
            assert!(!is_open(path), "{path}");
        }
    }
}
