//! Which servers are believed: those with a certificate of a public authority.

use std::sync::Arc;

use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

/// TLS 1.2 and 1.3 with Mozilla's authorities.
pub(super) fn public() -> Arc<ClientConfig> {
    let roots = webpki_roots::TLS_SERVER_ROOTS.iter().cloned();
    trusting(roots.collect())
}

/// The same with these authorities.
pub(super) fn trusting(roots: RootCertStore) -> Arc<ClientConfig> {
    let provider = Arc::new(ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("the provider has suites for both versions")
        .with_root_certificates(roots)
        .with_no_client_auth();
    Arc::new(config)
}
