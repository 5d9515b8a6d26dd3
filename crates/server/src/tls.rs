//! TLS on the listeners: which certificate is shown, and how a connection comes to be protected.
//!
//! [`pair`] reads a certificate and its key, [`reload`] does so again when the files change,
//! [`handshake`] opens connections. A connection keeps what it was opened with: a new certificate
//! is for new handshakes.

mod handshake;
mod pair;
mod reload;
mod validity;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use parking_lot::RwLock;
use tokio::sync::Semaphore;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring::{Ticketer, default_provider};
use tokio_rustls::rustls::server::NoServerSessionStorage;
use tokio_rustls::rustls::sign::SingleCertAndKey;

pub(crate) use self::handshake::{Door, Opened};
use self::pair::Pair;
pub(crate) use self::pair::{check, ends_s};
pub(crate) use self::reload::watch;
pub(crate) use self::validity::date;
use crate::config::Config;
use crate::telemetry::metrics::Metrics;

/// The certificate that is shown, and the handshakes that are under way.
pub(crate) struct Tls {
    paths: Paths,
    acceptors: RwLock<Acceptors>,
    /// A permit for each handshake.
    handshakes: Semaphore,
    metrics: Arc<Metrics>,
}

/// Where a certificate chain and its private key are, both in PEM.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Paths {
    cert: PathBuf,
    key: PathBuf,
}

/// One for each listener: HTTP also agrees on its version.
struct Acceptors {
    http: TlsAcceptor,
    tcp: TlsAcceptor,
}

impl Tls {
    /// With what the files hold now; `None` when TLS is not configured. An error names the key, the
    /// file and what is wrong with it.
    pub(crate) fn load(
        config: &Config,
        metrics: &Arc<Metrics>,
        now: Duration,
    ) -> anyhow::Result<Option<Arc<Self>>> {
        let Some(paths) = Paths::of(&config.tls) else {
            return Ok(None);
        };
        let pair = Pair::read(&paths)?;
        for warning in pair.warnings(&paths, now) {
            tracing::warn!("{warning}");
        }
        metrics.certificate(pair.not_after_s());
        Ok(Some(Arc::new(Self {
            acceptors: RwLock::new(Acceptors::new(&pair)?),
            paths,
            handshakes: Semaphore::new(config.limits.tls_handshakes),
            metrics: Arc::clone(metrics),
        })))
    }

    /// Shows another certificate from the next handshake on.
    fn show(&self, pair: &Pair) -> anyhow::Result<()> {
        let acceptors = Acceptors::new(pair)?;
        *self.acceptors.write() = acceptors;
        self.metrics.certificate(pair.not_after_s());
        Ok(())
    }

    fn acceptor(&self, door: Door) -> TlsAcceptor {
        let acceptors = self.acceptors.read();
        match door {
            Door::Http => acceptors.http.clone(),
            Door::Tcp => acceptors.tcp.clone(),
        }
    }
}

impl Acceptors {
    fn new(pair: &Pair) -> anyhow::Result<Self> {
        let tcp = server_config(pair)?;
        let mut http = tcp.clone();
        http.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Self {
            http: TlsAcceptor::from(Arc::new(http)),
            tcp: TlsAcceptor::from(Arc::new(tcp)),
        })
    }
}

/// TLS 1.2 and 1.3. Whoever comes back with a ticket is spared half of the handshake, and the
/// server keeps nothing for it; the tickets of another certificate are void.
fn server_config(pair: &Pair) -> anyhow::Result<ServerConfig> {
    let mut config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_cert_resolver(Arc::new(SingleCertAndKey::from(pair.certified_key())));
    config.ticketer = Ticketer::new()?;
    config.send_tls13_tickets = 1;
    config.session_storage = Arc::new(NoServerSessionStorage {});
    Ok(config)
}

#[cfg(test)]
pub(crate) mod tests;
