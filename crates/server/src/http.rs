//! One port for REST and the gateway: a request that asks for a WebSocket, on any path, goes to the
//! gateway, every other to the API.

mod plain;

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use api::{Encrypted, LocalAddress, PeerAddress};
use axum::Router;
use axum::body::Body;
use axum::extract::MatchedPath;
use gateway::{Gateway, HandshakeError};
use http::{HeaderValue, Request, Response, StatusCode, header};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::upgrade::{OnUpgrade, Parts, Upgraded};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tower::ServiceExt as _;

use crate::listen::EXHAUSTED_PAUSE;
use crate::telemetry::metrics::Metrics;
use crate::tls::{Door, Opened, Tls};

/// A request's head, in bytes.
const HEAD_BYTES_MAX: usize = 64 * 1024;
/// What every connection needs.
pub(crate) struct Http {
    router: Router,
    gateway: Arc<Gateway>,
    metrics: Arc<Metrics>,
    tls: Option<Arc<Tls>>,
    header_timeout: Duration,
    /// A permit for each connection that is not a WebSocket.
    places: Arc<Semaphore>,
    places_max: u32,
}

/// What HTTP runs over.
trait Stream: AsyncRead + AsyncWrite + Unpin + Send + 'static {}
impl<S: AsyncRead + AsyncWrite + Unpin + Send + 'static> Stream for S {}

/// The two ends of a connection.
#[derive(Clone, Copy)]
struct Ends {
    local: SocketAddr,
    peer: SocketAddr,
    is_tls: bool,
}

impl Http {
    pub(crate) fn new(
        router: Router,
        gateway: Arc<Gateway>,
        metrics: Arc<Metrics>,
        tls: Option<Arc<Tls>>,
        places: Arc<Semaphore>,
        config: &crate::config::Config,
    ) -> Arc<Self> {
        Arc::new(Self {
            router,
            gateway,
            metrics,
            tls,
            header_timeout: Duration::from_secs(config.http.header_timeout_s),
            places,
            places_max: config.limits.http_connections,
        })
    }

    /// Takes connections until the server is no longer ready.
    pub(crate) async fn serve(
        self: Arc<Self>,
        listener: TcpListener,
        mut ready: watch::Receiver<bool>,
    ) {
        loop {
            let accepted = tokio::select! {
                accepted = listener.accept() => accepted,
                () = ending(&mut ready) => return,
            };
            match accepted {
                Ok((stream, peer)) => self.take(stream, peer, &ready),
                Err(error) => {
                    tracing::warn!(%error, "a connection could not be taken");
                    tokio::time::sleep(EXHAUSTED_PAUSE).await;
                }
            }
        }
    }

    /// Returns when all connections have ended, or were handed to the gateway, after
    /// [`serve`](Self::serve) has returned.
    pub(crate) async fn finished(&self) {
        let _all = self.places.acquire_many(self.places_max).await;
    }

    fn take(self: &Arc<Self>, stream: TcpStream, peer: SocketAddr, ready: &watch::Receiver<bool>) {
        let Ok(place) = Arc::clone(&self.places).try_acquire_owned() else {
            self.metrics.http_connection_refused();
            return;
        };
        // A client that is gone already is noticed at the first read.
        let _ = stream.set_nodelay(true);
        let Ok(local) = stream.local_addr() else {
            return;
        };
        let is_tls = self.tls.is_some();
        let ends = Ends {
            local,
            peer,
            is_tls,
        };
        let (http, ready) = (Arc::clone(self), ready.clone());
        match &self.tls {
            None => tokio::spawn(http.connection(stream, ends, place, ready)),
            Some(tls) => tokio::spawn(http.open(Arc::clone(tls), stream, ends, place, ready)),
        };
    }

    /// Has TLS protect a connection before it is served.
    async fn open(
        self: Arc<Self>,
        tls: Arc<Tls>,
        stream: TcpStream,
        ends: Ends,
        place: OwnedSemaphorePermit,
        mut ready: watch::Receiver<bool>,
    ) {
        let opened = tokio::select! {
            opened = tls.open(stream, Door::Http) => opened,
            () = ending(&mut ready) => return,
        };
        match opened {
            Some(Opened::Tls(stream)) => self.connection(*stream, ends, place, ready).await,
            Some(Opened::Plain(stream)) => plain::refuse(stream).await,
            None => {}
        }
    }

    async fn connection<S: Stream>(
        self: Arc<Self>,
        stream: S,
        ends: Ends,
        _place: OwnedSemaphorePermit,
        mut ready: watch::Receiver<bool>,
    ) {
        let timeout = self.header_timeout;
        let asked = Arc::new(AtomicBool::new(false));
        let has_asked = Arc::clone(&asked);
        let service = service_fn(move |request| {
            has_asked.store(true, Ordering::Relaxed);
            let http = Arc::clone(&self);
            async move { Ok::<_, Infallible>(http.answer::<S>(request, ends).await) }
        });
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(timeout)
            .max_buf_size(HEAD_BYTES_MAX)
            .serve_connection(TokioIo::new(stream), service)
            .with_upgrades();
        let mut connection = std::pin::pin!(connection);
        let ended = tokio::select! {
            ended = connection.as_mut() => ended,
            () = ending(&mut ready) => {
                // hyper would wait for the first request, which may never come.
                if !asked.load(Ordering::Relaxed) {
                    return;
                }
                connection.as_mut().graceful_shutdown();
                connection.await
            }
        };
        if let Err(error) = ended {
            tracing::debug!(%error, "an HTTP connection broke off");
        }
    }

    async fn answer<S: Stream>(
        &self,
        mut request: Request<Incoming>,
        ends: Ends,
    ) -> Response<Body> {
        let (route, response) = match gateway::handshake(&request) {
            Some(Ok(answer)) => {
                let upgrade = hyper::upgrade::on(&mut request);
                tokio::spawn(hand_over::<S>(
                    upgrade,
                    Arc::clone(&self.gateway),
                    ends.peer,
                ));
                (None, answer.map(|()| Body::empty()))
            }
            Some(Err(error)) => (None, refused(error)),
            None => self.call(request, ends).await,
        };
        let route = route.as_ref().map_or("other", MatchedPath::as_str);
        self.metrics.request(route, response.status().as_u16());
        response
    }

    async fn call(
        &self,
        request: Request<Incoming>,
        ends: Ends,
    ) -> (Option<MatchedPath>, Response<Body>) {
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(LocalAddress(ends.local));
        request.extensions_mut().insert(PeerAddress(ends.peer));
        if ends.is_tls {
            request.extensions_mut().insert(Encrypted);
        }
        let Ok(mut response) = self.router.clone().oneshot(request).await;
        (response.extensions_mut().remove::<MatchedPath>(), response)
    }
}

/// Returns when the server is about to end.
async fn ending(ready: &mut watch::Receiver<bool>) {
    let _ = ready.wait_for(|is_ready| !is_ready).await;
}

/// Gives the stream to the gateway as soon as the answer is on its way.
async fn hand_over<S: Stream>(upgrade: OnUpgrade, gateway: Arc<Gateway>, peer: SocketAddr) {
    match upgrade.await {
        Ok(upgraded) => serve::<S>(upgraded, &gateway, peer),
        Err(error) => tracing::debug!(%error, "a WebSocket broke off before it was open"),
    }
}

/// Without HTTP's wrapping around it, a stream costs the gateway nothing that it does not use.
fn serve<S: Stream>(upgraded: Upgraded, gateway: &Arc<Gateway>, peer: SocketAddr) {
    let parts = upgraded.downcast::<TokioIo<S>>();
    let Parts { io, read_buf, .. } = parts.expect("the stream that hyper was given");
    gateway.serve_websocket(io.into_inner(), read_buf, peer);
}

fn refused(error: HandshakeError) -> Response<Body> {
    let status = match error {
        HandshakeError::Version => StatusCode::UPGRADE_REQUIRED,
        HandshakeError::Malformed => StatusCode::BAD_REQUEST,
    };
    let code = status.as_u16();
    let body = format!(r#"{{"code":{code},"message":"{error}","data":null}}"#);
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/json"),
    );
    headers.insert(
        header::SEC_WEBSOCKET_VERSION,
        HeaderValue::from_static("13"),
    );
    response
}

#[cfg(test)]
mod tests;
