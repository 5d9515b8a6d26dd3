//! Texts that are the same for everybody until the next version of the server.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, StatusCode, header};

/// Asked for again after five minutes, and sent again only when it is another text.
const CACHE_CONTROL: HeaderValue = HeaderValue::from_static("public, max-age=300");

/// A text with its tag.
pub(crate) struct Cached {
    content_type: HeaderValue,
    etag: HeaderValue,
    text: Bytes,
}

impl Cached {
    pub(crate) fn new(content_type: &'static str, text: impl Into<Bytes>) -> Self {
        let text = text.into();
        let mut hasher = DefaultHasher::new();
        text.hash(&mut hasher);
        let etag = format!("\"{:016x}\"", hasher.finish());
        Self {
            content_type: HeaderValue::from_static(content_type),
            etag: HeaderValue::try_from(etag).expect("digits and quotes"),
            text,
        }
    }

    /// The text, unless the client has it.
    pub(crate) fn answer(&self, headers: &HeaderMap) -> Response {
        let cached = [
            (header::ETAG, self.etag.clone()),
            (header::CACHE_CONTROL, CACHE_CONTROL),
        ];
        if self.is_known(headers) {
            return (StatusCode::NOT_MODIFIED, cached).into_response();
        }
        let content_type = [
            (header::CONTENT_TYPE, self.content_type.clone()),
            (
                header::X_CONTENT_TYPE_OPTIONS,
                HeaderValue::from_static("nosniff"),
            ),
        ];
        (cached, content_type, self.text.clone()).into_response()
    }

    fn is_known(&self, headers: &HeaderMap) -> bool {
        let tags = headers.get_all(header::IF_NONE_MATCH).iter();
        let own = self.etag.as_bytes();
        tags.flat_map(|tags| tags.as_bytes().split(|byte| *byte == b','))
            .map(<[u8]>::trim_ascii)
            .any(|tag| tag == b"*" || tag.strip_prefix(b"W/").unwrap_or(tag) == own)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_that_has_it_is_told_so() {
        let cached = Cached::new("text/plain", "x");
        let status = |tag: Option<HeaderValue>| {
            let mut headers = HeaderMap::new();
            headers.extend(tag.map(|tag| (header::IF_NONE_MATCH, tag)));
            cached.answer(&headers).status()
        };
        assert_eq!(status(None), StatusCode::OK);
        assert_eq!(
            status(Some(HeaderValue::from_static("\"other\""))),
            StatusCode::OK
        );
        assert_eq!(status(Some(cached.etag.clone())), StatusCode::NOT_MODIFIED);
        let weak = format!("\"a\", W/{}", cached.etag.to_str().unwrap());
        assert_eq!(status(weak.parse().ok()), StatusCode::NOT_MODIFIED);
    }
}
