//! One spelling of each path: without a trailing slash, without doubled ones, without the origin
//! that proxies put in front. Nothing is redirected. And what a path says in its parts.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{FromRequestParts, RawPathParams};
use http::request::Parts;
use http::uri::{PathAndQuery, Uri};
use http::{HeaderValue, Request, header};
use model::TopicId;

use crate::fields;
use crate::refusal::{BadParameter, Refusal};
use crate::state::Api;

/// Puts the path into its one spelling. Of an absolute-form request line the host is kept as the
/// Host, which is what it stands for.
pub(crate) fn normalise(mut request: Request<Body>) -> Request<Body> {
    let named = request
        .uri()
        .authority()
        .map(|named| HeaderValue::from_str(named.as_str()));
    if let Some(Ok(named)) = named {
        request.headers_mut().insert(header::HOST, named);
    }
    if let Some(normal) = normal(request.uri()) {
        *request.uri_mut() = normal;
    }
    request
}

/// `None`: it is normal already.
fn normal(uri: &Uri) -> Option<Uri> {
    let path = uri.path();
    let is_normal = path.starts_with('/')
        && !path.contains("//")
        && (path.len() == 1 || !path.ends_with('/'))
        && uri.authority().is_none();
    if is_normal {
        return None;
    }
    let mut text = String::with_capacity(path.len() + 1);
    for part in path.split('/').filter(|part| !part.is_empty()) {
        text.push('/');
        text.push_str(part);
    }
    if text.is_empty() {
        text.push('/');
    }
    if let Some(query) = uri.query() {
        text.push('?');
        text.push_str(query);
    }
    // Parts of a good path and query are a good path and query.
    text.parse::<PathAndQuery>().ok().map(Uri::from)
}

/// A part of the path that the route names, percent-decoded.
pub(crate) async fn segment(parts: &mut Parts, name: &str) -> Option<String> {
    let segments = RawPathParams::from_request_parts(parts, &()).await.ok()?;
    let (_, text) = segments.iter().find(|(key, _)| *key == name)?;
    Some(text.to_owned())
}

/// The topic of the path; whether there is one is another question.
pub(crate) struct TopicOfPath(pub(crate) TopicId);

impl FromRequestParts<Arc<Api>> for TopicOfPath {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _: &Arc<Api>) -> Result<Self, Refusal> {
        let text = segment(parts, "topicId").await.unwrap_or_default();
        fields::id(&text)
            .map(|id| Self(TopicId(id)))
            .map_err(|why| BadParameter::new("topicId", why).into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn normalised(uri: &str) -> (String, Option<String>) {
        let request = Request::builder().uri(uri).body(Body::empty()).unwrap();
        let request = normalise(request);
        let host = request
            .headers()
            .get(header::HOST)
            .map(|it| it.to_str().unwrap().to_owned());
        (request.uri().to_string(), host)
    }

    #[test]
    fn slashes_do_not_matter() {
        for uri in ["/api/a/b", "/api/a/b/", "//api//a///b//", "/api/a//b"] {
            assert_eq!(normalised(uri), ("/api/a/b".into(), None), "{uri}");
        }
        for uri in ["/", "//", "///"] {
            assert_eq!(normalised(uri).0, "/", "{uri}");
        }
    }

    #[test]
    fn the_query_and_escapes_stay_as_they_are() {
        assert_eq!(normalised("//a%2F%2f/?x=//&y=%20").0, "/a%2F%2f?x=//&y=%20");
        assert_eq!(normalised("/gslb/?").0, "/gslb?");
    }

    #[test]
    fn the_host_of_a_whole_url_is_the_host() {
        let (uri, host) = normalised("http://resolver.example.com/gslb/?list=a");
        assert_eq!(uri, "/gslb?list=a");
        assert_eq!(host.as_deref(), Some("resolver.example.com"));
        assert_eq!(normalised("http://x:80").0, "/");
    }

    #[test]
    fn a_star_is_a_path_that_nobody_has() {
        assert_eq!(normalised("*").0, "/*");
    }
}
