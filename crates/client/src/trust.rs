//! Which servers are believed when TLS is spoken.

use std::fmt;
use std::sync::Arc;

use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::crypto::ring::default_provider;
use tokio_rustls::rustls::pki_types::CertificateDer;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

/// Those that an authority vouches for. Cheap to clone.
#[derive(Clone)]
pub struct Trust(Arc<ClientConfig>);

/// The text holds no certificate of an authority, or one that is none.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no certificates of authorities in PEM")]
pub struct BadAuthorities;

impl Trust {
    /// By the authorities that browsers believe (Mozilla's list).
    pub fn public() -> Self {
        let roots = webpki_roots::TLS_SERVER_ROOTS.iter().cloned();
        Self::in_roots(roots.collect())
    }

    /// By these authorities and no others: their certificates in PEM. A server's own certificate that
    /// it has signed itself will do.
    pub fn authorities(pem: &[u8]) -> Result<Self, BadAuthorities> {
        let mut roots = RootCertStore::empty();
        for certificate in CertificateDer::pem_slice_iter(pem) {
            let certificate = certificate.map_err(|_| BadAuthorities)?;
            roots.add(certificate).map_err(|_| BadAuthorities)?;
        }
        if roots.is_empty() {
            return Err(BadAuthorities);
        }
        Ok(Self::in_roots(roots))
    }

    fn in_roots(roots: RootCertStore) -> Self {
        let config = ClientConfig::builder_with_provider(Arc::new(default_provider()))
            .with_safe_default_protocol_versions()
            .expect("the provider has suites for both versions")
            .with_root_certificates(roots)
            .with_no_client_auth();
        Self(Arc::new(config))
    }

    pub(crate) fn connector(&self) -> TlsConnector {
        TlsConnector::from(Arc::clone(&self.0))
    }

    pub(crate) fn config(&self) -> ClientConfig {
        ClientConfig::clone(&self.0)
    }
}

impl fmt::Debug for Trust {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Trust").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_authority_is_not_believed() {
        let no_certificate = "-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n";
        for text in ["", "garbage", no_certificate] {
            assert_eq!(
                Trust::authorities(text.as_bytes()).err(),
                Some(BadAuthorities)
            );
        }
    }
}
