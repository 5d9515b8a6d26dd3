//! Posts over HTTP and HTTPS. Every connection is made to an address that was checked
//! ([`crate::ssrf`]); nothing of an answer but its status is kept.

mod connect;
mod resolve;
mod tls;

use std::error::Error;
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper_util::client::legacy::Client;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use tokio::time::timeout;

use self::connect::Connector;
use crate::port::{Post, Request};

/// An idle connection is closed after this, in milliseconds: before the 5 s after which common
/// servers close it themselves, which could meet a request half way.
const IDLE_MS_MAX: u64 = 4_000;
/// Idle connections to one host.
const IDLE_PER_HOST_MAX: usize = 4;
/// How much of an answer is read, in bytes, so that its connection can be used again.
const ANSWER_BYTES_MAX: usize = 16 * 1024;
/// How long that may take, in milliseconds.
const ANSWER_MS_MAX: u64 = 1_000;
/// What an answer's head may have, in bytes.
const HEAD_BYTES_MAX: usize = 32 * 1024;
/// The text of an error, in characters.
const ERROR_CHARS_MAX: usize = 200;

/// A client for all apps.
pub struct HttpPost {
    client: Client<Connector, Full<Bytes>>,
}

impl HttpPost {
    /// `allow_private` is the operator's permission to post to private addresses.
    pub fn new(allow_private: bool) -> Self {
        Self::with_connector(Connector::new(allow_private, tls::public()))
    }

    fn with_connector(connector: Connector) -> Self {
        let client = Client::builder(TokioExecutor::new())
            .pool_timer(TokioTimer::new())
            .pool_idle_timeout(Duration::from_millis(IDLE_MS_MAX))
            .pool_max_idle_per_host(IDLE_PER_HOST_MAX)
            .http1_max_buf_size(HEAD_BYTES_MAX)
            .build(connector);
        Self { client }
    }
}

#[async_trait]
impl Post for HttpPost {
    async fn post(&self, request: Request) -> Result<u16, String> {
        let request = to_http(request).map_err(|error| error.to_string())?;
        let answer = self.client.request(request).await;
        let answer = answer.map_err(|error| root_cause(&error))?;
        let status = answer.status().as_u16();
        // The status is the answer; a body that is long in coming costs its connection only.
        let patience = Duration::from_millis(ANSWER_MS_MAX);
        let _ = timeout(patience, drain(answer.into_body())).await;
        Ok(status)
    }
}

fn to_http(request: Request) -> Result<http::Request<Full<Bytes>>, http::Error> {
    let mut head = http::Request::post(&request.url);
    for (name, value) in request.headers() {
        head = head.header(name, value);
    }
    head.body(Full::new(request.body))
}

async fn drain(mut body: Incoming) {
    let mut bytes_read = 0;
    while let Some(Ok(frame)) = body.frame().await {
        bytes_read += frame.data_ref().map_or(0, Bytes::len);
        if bytes_read > ANSWER_BYTES_MAX {
            return;
        }
    }
}

/// What lies at the bottom of an error: the outer ones only say that something failed.
fn root_cause(error: &(dyn Error + 'static)) -> String {
    let mut cause = error;
    while let Some(source) = cause.source() {
        cause = source;
    }
    cause.to_string().chars().take(ERROR_CHARS_MAX).collect()
}

#[cfg(test)]
mod tests;
