//! One port for REST and the gateway: a request that asks for a WebSocket, on any path, goes to the
//! gateway, every other to the API.
//!
//! [`visit`] is what is known of a connection, [`upgrade`] makes it a WebSocket, [`plain`] is for who
//! does not speak TLS where TLS is spoken.

mod plain;
mod upgrade;
mod visit;

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use api::{Encrypted, LocalAddress, PeerAddress};
use axum::Router;
use axum::body::Body;
use axum::extract::MatchedPath;
use gateway::Gateway;
use http::{Request, Response};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tower::ServiceExt as _;

use self::visit::Visit;
use crate::admission::Admission;
use crate::config::Config;
use crate::listen::EXHAUSTED_PAUSE;
use crate::telemetry::metrics::Metrics;
use crate::tls::{Door, Opened, Tls};

/// A request's head, in bytes.
const HEAD_BYTES_MAX: usize = 64 * 1024;
/// Lines of a request's head.
const HEADERS_MAX: usize = 100;

/// What every connection needs.
pub(crate) struct Http {
    router: Router,
    gateway: Arc<Gateway>,
    admission: Arc<Admission>,
    metrics: Arc<Metrics>,
    tls: Option<Arc<Tls>>,
    header_timeout: Duration,
    websocket_origins: Vec<String>,
    /// A permit for each connection that is not a WebSocket.
    places: Arc<Semaphore>,
    places_max: u32,
}

/// What HTTP runs over.
trait Stream: AsyncRead + AsyncWrite + Unpin + Send + 'static {}
impl<S: AsyncRead + AsyncWrite + Unpin + Send + 'static> Stream for S {}

impl Http {
    pub(crate) fn new(
        router: Router,
        gateway: Arc<Gateway>,
        admission: Arc<Admission>,
        metrics: Arc<Metrics>,
        tls: Option<Arc<Tls>>,
        places: Arc<Semaphore>,
        config: &Config,
    ) -> Arc<Self> {
        Arc::new(Self {
            router,
            gateway,
            admission,
            metrics,
            tls,
            header_timeout: Duration::from_secs(config.http.header_timeout_s),
            websocket_origins: config.http.websocket_origins.clone(),
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
        let Some(place) = self.admission.admit(peer.ip()) else {
            return;
        };
        let Ok(permit) = Arc::clone(&self.places).try_acquire_owned() else {
            self.metrics.http_connection_refused();
            return;
        };
        // A client that is gone already is noticed at the first read.
        let _ = stream.set_nodelay(true);
        let is_tls = self.tls.is_some();
        let Some(visit) = Visit::new(&stream, peer, is_tls, place, permit) else {
            return;
        };
        let (http, visit, ready) = (Arc::clone(self), Arc::new(visit), ready.clone());
        match &self.tls {
            None => tokio::spawn(http.connection(stream, visit, ready)),
            Some(tls) => tokio::spawn(http.open(Arc::clone(tls), stream, visit, ready)),
        };
    }

    /// Has TLS protect a connection before it is served.
    async fn open(
        self: Arc<Self>,
        tls: Arc<Tls>,
        stream: TcpStream,
        visit: Arc<Visit>,
        mut ready: watch::Receiver<bool>,
    ) {
        let opened = tokio::select! {
            opened = tls.open(stream, Door::Http) => opened,
            () = ending(&mut ready) => return,
        };
        match opened {
            Some(Opened::Tls(stream)) => self.connection(*stream, visit, ready).await,
            Some(Opened::Plain(stream)) => plain::refuse(stream).await,
            None => {}
        }
    }

    async fn connection<S: Stream>(
        self: Arc<Self>,
        stream: S,
        visit: Arc<Visit>,
        mut ready: watch::Receiver<bool>,
    ) {
        let timeout = self.header_timeout;
        let visited = Arc::clone(&visit);
        let service = service_fn(move |request| {
            visited.ask();
            let (http, visit) = (Arc::clone(&self), Arc::clone(&visited));
            async move { Ok::<_, Infallible>(http.answer::<S>(request, &visit).await) }
        });
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(timeout)
            .max_headers(HEADERS_MAX)
            .max_buf_size(HEAD_BYTES_MAX)
            .serve_connection(TokioIo::new(stream), service)
            .with_upgrades();
        let mut connection = std::pin::pin!(connection);
        let ended = tokio::select! {
            ended = connection.as_mut() => ended,
            () = ending(&mut ready) => {
                // hyper would wait for the first request, which may never come.
                if !visit.has_asked() {
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
        visit: &Visit,
    ) -> Response<Body> {
        let (route, response) = match self.upgrade::<S>(&mut request, visit) {
            Some(response) => (None, response),
            None => self.call(request, visit).await,
        };
        let route = route.as_ref().map_or("other", MatchedPath::as_str);
        self.metrics.request(route, response.status().as_u16());
        response
    }

    async fn call(
        &self,
        request: Request<Incoming>,
        visit: &Visit,
    ) -> (Option<MatchedPath>, Response<Body>) {
        let mut request = request.map(Body::new);
        let (peers, peer) = (&self.admission.peers, visit.peer.ip());
        let client = peers.client(peer, request.headers());
        let is_https = visit.is_tls || peers.is_https(peer, request.headers());
        let facts = request.extensions_mut();
        facts.insert(LocalAddress(visit.local));
        facts.insert(PeerAddress(SocketAddr::new(client, visit.peer.port())));
        if is_https {
            facts.insert(Encrypted);
        }
        let Ok(mut response) = self.router.clone().oneshot(request).await;
        (response.extensions_mut().remove::<MatchedPath>(), response)
    }
}

/// Returns when the server is about to end.
async fn ending(ready: &mut watch::Receiver<bool>) {
    let _ = ready.wait_for(|is_ready| !is_ready).await;
}

#[cfg(test)]
mod tests;
