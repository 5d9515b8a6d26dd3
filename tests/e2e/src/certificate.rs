//! What a server with TLS shows.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use client::Trust;
use rcgen::{CertificateParams, KeyPair};
use tempfile::TempDir;

/// A certificate for this machine that has signed itself, and its key, in files.
#[derive(Debug)]
pub struct Certificate {
    folder: TempDir,
}

impl Certificate {
    /// A new one.
    ///
    /// # Panics
    ///
    /// As all of these do, when the disk is full.
    #[expect(clippy::new_without_default, reason = "each is another")]
    pub fn new() -> Self {
        let folder = TempDir::with_prefix("mimc-e2e-tls-").expect("a temporary directory");
        let certificate = Self { folder };
        certificate.renew();
        certificate
    }

    /// Replaces it by another, one file after the other, as programs that renew certificates do.
    ///
    /// # Panics
    ///
    /// When the disk is full.
    pub fn renew(&self) {
        let names = ["localhost".to_owned(), "127.0.0.1".to_owned()];
        let params = CertificateParams::new(names).expect("good names");
        let key = KeyPair::generate().expect("there is chance");
        let cert = params.self_signed(&key).expect("a good key");
        self.replace(&self.cert(), &cert.pem());
        self.replace(&self.key(), &key.serialize_pem());
    }

    /// Makes the key one that cannot be used.
    ///
    /// # Panics
    ///
    /// When the disk is full.
    pub fn spoil(&self) {
        self.replace(&self.key(), "nothing that would be a key\n");
    }

    /// Whole, under the same name.
    fn replace(&self, path: &Path, text: &str) {
        let beside = self.folder.path().join("new");
        fs::write(&beside, text).expect("there is room");
        let mode = fs::Permissions::from_mode(0o600);
        fs::set_permissions(&beside, mode).expect("the file is ours");
        fs::rename(&beside, path).expect("the file is ours");
    }

    /// The file of the certificate.
    pub fn cert(&self) -> PathBuf {
        self.folder.path().join("cert.pem")
    }

    /// The file of the key.
    pub fn key(&self) -> PathBuf {
        self.folder.path().join("key.pem")
    }

    /// Who believes it as it is now, and nobody else.
    ///
    /// # Panics
    ///
    /// When the file is gone.
    pub fn trust(&self) -> Trust {
        let pem = fs::read(self.cert()).expect("the file is there");
        Trust::authorities(&pem).expect("a certificate")
    }
}
