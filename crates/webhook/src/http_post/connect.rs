//! Connections to checked addresses only. The address that was checked is the address that is
//! connected to: between the two no name is looked up again.

use std::future::Future;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use http::Uri;
use hyper_util::client::legacy::connect::{Connected, Connection};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::ClientConfig;
use tokio_rustls::rustls::pki_types::ServerName;
use tower_service::Service;

use super::resolve::Resolver;
use crate::ssrf::is_forbidden;

/// How long one address of a host may keep the others waiting.
const PATIENCE: Duration = Duration::from_secs(2);

/// TCP, or TLS over it.
pub(super) trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

impl Connection for Box<dyn Stream> {
    fn connected(&self) -> Connected {
        Connected::new()
    }
}

/// Makes the connections of the HTTP client.
#[derive(Clone)]
pub(super) struct Connector {
    allow_private: bool,
    resolver: Arc<Resolver>,
    tls: Arc<ClientConfig>,
}

impl Connector {
    pub(super) fn new(allow_private: bool, tls: Arc<ClientConfig>) -> Self {
        Self::asking(Resolver::default(), allow_private, tls)
    }

    /// With another idea of which addresses names have.
    pub(super) fn asking(resolver: Resolver, allow_private: bool, tls: Arc<ClientConfig>) -> Self {
        Self {
            allow_private,
            resolver: Arc::new(resolver),
            tls,
        }
    }

    async fn connect(self, uri: Uri) -> io::Result<Box<dyn Stream>> {
        let is_tls = match uri.scheme_str() {
            Some("http") => false,
            Some("https") => true,
            _ => return Err(io::Error::other("the URL is neither http nor https")),
        };
        let host = uri.host().unwrap_or_default();
        let host = host.trim_start_matches('[').trim_end_matches(']');
        let port = uri.port_u16().unwrap_or(if is_tls { 443 } else { 80 });
        let tcp = self.connect_tcp(host, port).await?;
        if !is_tls {
            return Ok(Box::new(tcp));
        }
        let name = ServerName::try_from(host.trim_end_matches('.').to_owned());
        let name = name.map_err(|_| io::Error::other("the host can have no certificate"))?;
        let tls = TlsConnector::from(self.tls).connect(name, tcp).await?;
        Ok(Box::new(tls))
    }

    /// One forbidden address is enough to refuse a host: a name that has both kinds is a trap.
    async fn connect_tcp(&self, host: &str, port: u16) -> io::Result<TcpStream> {
        let addresses = self.resolver.addresses(host).await?;
        let forbidden = addresses.iter().find(|address| is_forbidden(**address));
        if let Some(address) = forbidden
            && !self.allow_private
        {
            let what = format!("{address} is on this machine or in a private network");
            return Err(io::Error::new(io::ErrorKind::PermissionDenied, what));
        }
        let mut failure = io::Error::new(io::ErrorKind::NotFound, "the host has no address");
        for address in &*addresses {
            let connecting = TcpStream::connect((*address, port));
            match timeout(PATIENCE, connecting).await {
                Ok(Ok(tcp)) => {
                    tcp.set_nodelay(true)?;
                    return Ok(tcp);
                }
                Ok(Err(error)) => failure = error,
                Err(_) => failure = io::Error::new(io::ErrorKind::TimedOut, "no connection"),
            }
        }
        Err(failure)
    }
}

impl Service<Uri> for Connector {
    type Response = TokioIo<Box<dyn Stream>>;
    type Error = io::Error;
    type Future = Pin<Box<dyn Future<Output = io::Result<Self::Response>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, uri: Uri) -> Self::Future {
        let connecting = self.clone().connect(uri);
        Box::pin(async move { Ok(TokioIo::new(connecting.await?)) })
    }
}
