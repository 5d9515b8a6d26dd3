//! A certificate chain and its private key, as operators have them: two PEM files.

use std::fs::{self, File};
use std::io::Read as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context as _, bail};
use tokio_rustls::rustls::crypto::ring::default_provider;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::sign::CertifiedKey;
use tokio_rustls::rustls::{Error, InconsistentKeys};

use super::Paths;
use super::validity::{Validity, date};
use crate::config;

/// Larger files hold something else.
const FILE_BYTES_MAX: u64 = 1 << 20;
/// Who asks for certificates by ACME gets new ones well before this.
const EXPIRES_SOON: Duration = Duration::from_hours(14 * 24);
/// What those may do with a file who are neither its owner nor in its group.
const OTHERS: u32 = 0o007;

/// They belong together.
pub(super) struct Pair {
    certified: CertifiedKey,
    validity: Validity,
}

/// What the files held at one time. Not `Debug`: one of them is a secret.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Contents {
    cert: Vec<u8>,
    key: Vec<u8>,
}

impl Paths {
    /// `None` when TLS is not configured: either both files are named, or none is.
    pub(super) fn of(config: &config::Tls) -> Option<Self> {
        let config::Tls { cert, key, .. } = config;
        let is_set = !cert.as_os_str().is_empty();
        is_set.then(|| Self {
            cert: cert.clone(),
            key: key.clone(),
        })
    }
}

/// Reads the pair as a start would. An error says why there would be none; what is not wrong but
/// should not stay so is a warning.
pub(crate) fn check(config: &config::Tls, now: Duration) -> anyhow::Result<Vec<String>> {
    let Some(paths) = Paths::of(config) else {
        return Ok(Vec::new());
    };
    Pair::read(&paths).map(|pair| pair.warnings(&paths, now))
}

/// When the certificate ends that a start would show, in seconds since 1970; `None` without TLS. An
/// error says why there would be none.
pub(crate) fn ends_s(config: &config::Tls) -> anyhow::Result<Option<u64>> {
    let pair = Paths::of(config)
        .map(|paths| Pair::read(&paths))
        .transpose()?;
    Ok(pair.map(|pair| pair.not_after_s()))
}

impl Contents {
    pub(super) fn read(paths: &Paths) -> anyhow::Result<Self> {
        Ok(Self {
            cert: read("tls.cert", &paths.cert)?,
            key: read("tls.key", &paths.key)?,
        })
    }
}

impl Pair {
    pub(super) fn read(paths: &Paths) -> anyhow::Result<Self> {
        Self::of(&Contents::read(paths)?, paths)
    }

    /// Of files that have been read.
    pub(super) fn of(contents: &Contents, paths: &Paths) -> anyhow::Result<Self> {
        let (cert, key) = (paths.cert.display(), paths.key.display());
        let chain = chain(&contents.cert).with_context(|| format!("tls.cert: {cert}"))?;
        let validity = Validity::of(&chain[0])
            .map_err(|_| anyhow::anyhow!("tls.cert: {cert}: holds no certificate of X.509"))?;
        let private = PrivateKeyDer::from_pem_slice(&contents.key).map_err(|_| {
            anyhow::anyhow!("tls.key: {key}: holds no private key in PEM that is not encrypted")
        })?;
        let certified = CertifiedKey::from_der(chain, private, &default_provider());
        let certified = certified.map_err(|error| match error {
            Error::InconsistentKeys(InconsistentKeys::KeyMismatch) => {
                anyhow::anyhow!("tls.key: {key}: is not the key of the certificate in {cert}")
            }
            error => anyhow::anyhow!("tls.key: {key}: cannot be used with {cert}: {error}"),
        })?;
        Ok(Self {
            certified,
            validity,
        })
    }

    pub(super) fn certified_key(&self) -> CertifiedKey {
        self.certified.clone()
    }

    /// When the certificate ends, in seconds since 1970.
    pub(super) fn not_after_s(&self) -> u64 {
        self.validity.not_after.as_secs()
    }

    /// When it ends, for people.
    pub(super) fn ends(&self) -> String {
        date(self.validity.not_after)
    }

    /// What works and should not stay so.
    pub(super) fn warnings(&self, paths: &Paths, now: Duration) -> Vec<String> {
        let warnings = [self.expiry(paths, now), open_to_others(&paths.key)];
        warnings.into_iter().flatten().collect()
    }

    fn expiry(&self, paths: &Paths, now: Duration) -> Option<String> {
        let Validity {
            not_before,
            not_after,
        } = self.validity;
        let what = if now > not_after {
            format!("has expired on {}: clients refuse it", date(not_after))
        } else if now < not_before {
            format!(
                "is not valid before {}: clients refuse it",
                date(not_before)
            )
        } else if now + EXPIRES_SOON > not_after {
            format!("expires on {}", date(not_after))
        } else {
            return None;
        };
        Some(format!("tls.cert: {}: {what}", paths.cert.display()))
    }
}

fn chain(pem: &[u8]) -> anyhow::Result<Vec<CertificateDer<'static>>> {
    let chain: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem).collect();
    match chain {
        Ok(chain) if !chain.is_empty() => Ok(chain),
        Ok(_) => bail!("holds no certificate in PEM"),
        Err(_) => bail!("is not readable as PEM"),
    }
}

fn read(key: &str, path: &Path) -> anyhow::Result<Vec<u8>> {
    let name = || format!("{key}: {}", path.display());
    let file = File::open(path).with_context(name)?;
    let mut bytes = Vec::new();
    file.take(FILE_BYTES_MAX + 1)
        .read_to_end(&mut bytes)
        .with_context(name)?;
    if bytes.len() as u64 > FILE_BYTES_MAX {
        bail!("{}: is larger than {} KiB", name(), FILE_BYTES_MAX / 1024);
    }
    Ok(bytes)
}

fn open_to_others(path: &Path) -> Option<String> {
    let mode = fs::metadata(path).ok()?.permissions().mode();
    let is_open = mode & OTHERS != 0;
    is_open.then(|| {
        let path = path.display();
        format!("tls.key: {path}: is open to everybody on this machine; chmod o= {path}")
    })
}
