//! One HTTP exchange with JSON on both sides.

use std::time::Duration;

use bytes::Bytes;
use http::header::{CONTENT_TYPE, HeaderName, HeaderValue};
use http::uri::{Scheme, Uri};
use http::{Request, StatusCode};
use http_body_util::{BodyExt, Full, Limited};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use serde_json::Value;

use super::RestError;
use crate::gateway::CONNECT_WAIT;
use crate::trust::Trust;

pub use http::Method;

/// How long an answer may take.
const ANSWER_WAIT: Duration = Duration::from_secs(15);
/// Bytes of an answer that are read; a page of history with the largest payloads stays below.
const ANSWER_BYTES_MAX: usize = 128 * 1024 * 1024;

/// A server's HTTP side. Cheap to clone; clones share their connections.
#[derive(Clone, Debug)]
pub struct Rest {
    server: String,
    /// Without the port.
    host: String,
    trust: Trust,
    http: Client<HttpsConnector<HttpConnector>, Full<Bytes>>,
}

/// An answer: any HTTP status, and the JSON that came with it.
#[derive(Clone, Debug)]
pub struct Reply {
    /// The HTTP status.
    pub status: StatusCode,
    /// `null` when the body was empty.
    pub body: Value,
}

impl Reply {
    /// The code of the envelope, when it has one.
    pub fn code(&self) -> Option<i64> {
        self.body.get("code").and_then(Value::as_i64)
    }
}

impl Rest {
    /// The server at `http://host[:port]` or `https://host[:port]`, believed when a public authority
    /// vouches for it. Nothing is sent yet.
    pub fn new(server: &str) -> Result<Self, RestError> {
        Self::trusting(server, Trust::public())
    }

    /// The same with other authorities.
    pub fn trusting(server: &str, trust: Trust) -> Result<Self, RestError> {
        let server = server.trim_end_matches('/');
        let host = host(server).map_err(|why| RestError::BadAddress {
            url: server.to_owned(),
            why,
        })?;
        let mut connector = HttpConnector::new();
        connector.enforce_http(false);
        connector.set_nodelay(true);
        connector.set_connect_timeout(Some(CONNECT_WAIT));
        let connector = HttpsConnectorBuilder::new()
            .with_tls_config(trust.config())
            .https_or_http()
            .enable_http1()
            .wrap_connector(connector);
        Ok(Self {
            server: server.to_owned(),
            host,
            trust,
            http: Client::builder(TokioExecutor::new()).build(connector),
        })
    }

    /// Its address, without a slash at the end.
    pub fn server(&self) -> &str {
        &self.server
    }

    pub(super) fn host(&self) -> &str {
        &self.host
    }

    pub(super) fn trust(&self) -> &Trust {
        &self.trust
    }

    /// Sends a request and reads the whole answer, whatever its status.
    pub async fn call(
        &self,
        method: Method,
        path: &str,
        headers: &[(HeaderName, HeaderValue)],
        body: Option<&Value>,
    ) -> Result<Reply, RestError> {
        let request = self.request(method, path, headers, body)?;
        let (status, body) = self.timed(self.exchange(request)).await?;
        self.reply(status, &body)
    }

    /// GETs text: the metrics, or a page.
    pub async fn text(&self, path: &str) -> Result<String, RestError> {
        let request = self.request(Method::GET, path, &[], None)?;
        let (status, body) = self.timed(self.exchange(request)).await?;
        if !status.is_success() {
            return Err(RestError::Refused {
                code: status.as_u16().into(),
                message: status.to_string(),
            });
        }
        Ok(String::from_utf8_lossy(&body).into_owned())
    }

    fn request(
        &self,
        method: Method,
        path: &str,
        headers: &[(HeaderName, HeaderValue)],
        body: Option<&Value>,
    ) -> Result<Request<Full<Bytes>>, RestError> {
        let url = format!("{}{path}", self.server);
        let mut request = Request::builder().method(method).uri(&url);
        for (name, value) in headers {
            request = request.header(name, value);
        }
        if body.is_some() {
            request = request.header(CONTENT_TYPE, "application/json");
        }
        let bytes = body.map(|body| Bytes::from(body.to_string()));
        request
            .body(Full::new(bytes.unwrap_or_default()))
            .map_err(|error| RestError::BadAddress {
                url,
                why: error.to_string(),
            })
    }

    async fn timed<T>(
        &self,
        exchange: impl Future<Output = Result<T, RestError>>,
    ) -> Result<T, RestError> {
        tokio::time::timeout(ANSWER_WAIT, exchange)
            .await
            .map_err(|_elapsed| RestError::TimedOut {
                server: self.server.clone(),
                after_s: ANSWER_WAIT.as_secs(),
            })?
    }

    async fn exchange(
        &self,
        request: Request<Full<Bytes>>,
    ) -> Result<(StatusCode, Bytes), RestError> {
        let answer = self
            .http
            .request(request)
            .await
            .map_err(|error| self.unreachable(&error))?;
        let status = answer.status();
        let body = Limited::new(answer.into_body(), ANSWER_BYTES_MAX)
            .collect()
            .await
            .map_err(|error| self.unreachable(error.as_ref()))?
            .to_bytes();
        Ok((status, body))
    }

    fn reply(&self, status: StatusCode, body: &Bytes) -> Result<Reply, RestError> {
        if body.is_empty() {
            let body = Value::Null;
            return Ok(Reply { status, body });
        }
        match serde_json::from_slice(body) {
            Ok(body) => Ok(Reply { status, body }),
            Err(_) => Err(RestError::NotUnderstood {
                server: self.server.clone(),
                why: format!("HTTP {status} without JSON"),
            }),
        }
    }

    fn unreachable(&self, error: &(dyn std::error::Error + 'static)) -> RestError {
        RestError::Unreachable {
            server: self.server.clone(),
            why: root_cause(error),
        }
    }
}

/// The innermost error: that is the one which says what happened.
fn root_cause(error: &(dyn std::error::Error + 'static)) -> String {
    let mut innermost = error;
    while let Some(source) = innermost.source() {
        innermost = source;
    }
    innermost.to_string()
}

/// The host of a server's address: a name, or an address without brackets.
fn host(server: &str) -> Result<String, String> {
    let uri: Uri = server.parse().map_err(|error| format!("{error}"))?;
    if uri.scheme() != Some(&Scheme::HTTP) && uri.scheme() != Some(&Scheme::HTTPS) {
        return Err("it must begin with http:// or https://".to_owned());
    }
    match (uri.host(), uri.path()) {
        (Some(host), "" | "/") => Ok(host.trim_matches(['[', ']']).to_owned()),
        (None, _) => Err("it has no host".to_owned()),
        (_, path) => Err(format!("it must not have a path, and {path} is one")),
    }
}

/// `host:port` of a server's address, and whether it speaks TLS.
pub(super) fn http_address(server: &str) -> (String, bool) {
    let (scheme, host) = server.split_once("://").unwrap_or(("http", server));
    let is_tls = scheme == "https";
    let has_port = host.rsplit_once(':').is_some_and(|(_, port)| {
        !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit())
    });
    let address = match (has_port, is_tls) {
        (true, _) => host.to_owned(),
        (false, true) => format!("{host}:443"),
        (false, false) => format!("{host}:80"),
    };
    (address, is_tls)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_without_a_port_has_that_of_its_scheme() {
        let address = |server| http_address(server).0;
        assert_eq!(address("http://127.0.0.1:8080"), "127.0.0.1:8080");
        assert_eq!(address("http://localhost"), "localhost:80");
        assert_eq!(address("https://[::1]"), "[::1]:443");
        assert_eq!(
            http_address("https://[::1]:9"),
            ("[::1]:9".to_owned(), true)
        );
    }

    #[test]
    fn an_address_is_http_or_https_a_host_and_maybe_a_port() {
        for (good, host) in [
            ("http://a", "a"),
            ("http://127.0.0.1:8080", "127.0.0.1"),
            ("http://a:1/", "a"),
            ("https://im.example.com", "im.example.com"),
            ("https://[::1]:8443", "::1"),
        ] {
            assert_eq!(Rest::new(good).unwrap().host(), host);
        }
        for bad in [
            "",
            "a",
            "127.0.0.1:8080",
            "ftp://a",
            "http://a/b",
            "https://a/b",
            "http://",
        ] {
            assert!(Rest::new(bad).is_err(), "{bad}");
        }
    }

    #[tokio::test]
    async fn a_closed_port_is_unreachable_and_passing() {
        let rest = Rest::new("http://127.0.0.1:1").unwrap();
        let error = rest.call(Method::GET, "/livez", &[], None).await;
        let error = error.unwrap_err();
        assert!(matches!(error, RestError::Unreachable { .. }), "{error}");
        assert!(error.is_passing());
    }
}
