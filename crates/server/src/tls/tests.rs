use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::Path;
use std::{fs, io};

use rcgen::{CertificateParams, KeyPair, date_time_ymd};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

use super::reload::Watch;
use super::*;
use crate::clock::SystemClock;
use crate::telemetry::reading::{Moment, Survey};

const NOW: Duration = Duration::from_secs(1_750_000_000);

/// Somewhere to keep a pair.
pub(crate) struct Folder(TempDir);

/// A pair in PEM.
pub(crate) struct Made {
    cert: String,
    key: String,
    pub(crate) der: CertificateDer<'static>,
}

pub(crate) fn make() -> Made {
    make_until(2999)
}

fn make_until(year: i32) -> Made {
    let mut params = CertificateParams::new(["localhost".to_owned()]).unwrap();
    params.not_after = date_time_ymd(year, 1, 1);
    let key = KeyPair::generate().unwrap();
    let cert = params.self_signed(&key).unwrap();
    Made {
        cert: cert.pem(),
        key: key.serialize_pem(),
        der: cert.der().clone(),
    }
}

impl Folder {
    pub(crate) fn with(made: &Made) -> Self {
        let folder = Self(TempDir::new().unwrap());
        folder.put("cert.pem", &made.cert);
        folder.put("key.pem", &made.key);
        folder
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// As certbot does it: whole, under the same name.
    fn put(&self, name: &str, text: &str) {
        let beside = self.path("new");
        fs::write(&beside, text).unwrap();
        fs::set_permissions(&beside, fs::Permissions::from_mode(0o600)).unwrap();
        fs::rename(&beside, self.path(name)).unwrap();
    }

    pub(crate) fn config(&self) -> Config {
        let mut config = Config::default();
        config.tls.cert = self.path("cert.pem");
        config.tls.key = self.path("key.pem");
        config
    }

    pub(crate) fn tls(&self) -> Arc<Tls> {
        let metrics = Arc::new(Metrics::new());
        Tls::load(&self.config(), &metrics, NOW).unwrap().unwrap()
    }
}

/// Both ends of a TCP connection: the client's, the server's.
async fn connection() -> (TcpStream, TcpStream) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let client = TcpStream::connect(listener.local_addr().unwrap()).await;
    (client.unwrap(), listener.accept().await.unwrap().0)
}

pub(crate) type ClientStream = tokio_rustls::client::TlsStream<TcpStream>;

/// A handshake that believes these certificates and nobody else.
pub(crate) async fn shake(stream: TcpStream, trusted: &[&Made]) -> io::Result<ClientStream> {
    let mut roots = RootCertStore::empty();
    for made in trusted {
        roots.add(made.der.clone()).unwrap();
    }
    let config = ClientConfig::builder_with_provider(Arc::new(default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let name = ServerName::try_from("localhost").unwrap();
    let connector = TlsConnector::from(Arc::new(config));
    connector.connect(name, stream).await
}

/// The certificate that a new handshake is shown.
async fn shown(tls: &Tls, trusted: &[&Made]) -> CertificateDer<'static> {
    let (client, server) = connection().await;
    let (client, opened) = tokio::join!(shake(client, trusted), tls.open(server, Door::Tcp));
    assert!(matches!(opened, Some(Opened::Tls(_))));
    let (_, state) = client.as_ref().unwrap().get_ref();
    state.peer_certificates().unwrap()[0].clone().into_owned()
}

fn figures(tls: &Tls) -> String {
    tls.metrics
        .render(Moment::default(), Survey::default(), &[])
}

#[track_caller]
fn has(figures: &str, line: &str) {
    assert!(
        figures.lines().any(|one| one == line),
        "{line} in {figures}"
    );
}

#[tokio::test]
async fn a_handshake_shows_the_certificate_and_then_bytes_pass() {
    let made = make();
    let tls = Folder::with(&made).tls();
    let (client, server) = connection().await;
    let trusted = [&made];
    let (client, opened) = tokio::join!(shake(client, &trusted), tls.open(server, Door::Http));
    let Some(Opened::Tls(mut server)) = opened else {
        panic!("no handshake")
    };
    let mut client = client.unwrap();
    client.write_all(b"hello").await.unwrap();
    let mut bytes = [0; 5];
    server.read_exact(&mut bytes).await.unwrap();
    assert_eq!(&bytes, b"hello");
    has(
        &figures(&tls),
        "mimc_tls_handshakes_total{outcome=\"done\"} 1",
    );
    let ends = "mimc_tls_certificate_expiry_timestamp_seconds 32472144000";
    has(&figures(&tls), ends);
}

#[tokio::test]
async fn who_speaks_something_else_is_told_apart_and_nothing_of_it_is_read() {
    let tls = Folder::with(&make()).tls();
    let (mut client, server) = connection().await;
    client.write_all(b"GET /").await.unwrap();
    let Some(Opened::Plain(mut server)) = tls.open(server, Door::Http).await else {
        panic!("taken for TLS")
    };
    let mut bytes = [0; 5];
    server.read_exact(&mut bytes).await.unwrap();
    assert_eq!(&bytes, b"GET /");
}

#[tokio::test]
async fn a_handshake_that_is_none_fails() {
    let tls = Folder::with(&make()).tls();
    let (mut client, server) = connection().await;
    client
        .write_all(&[0x16, 3, 1, 0, 4, 9, 9, 9, 9])
        .await
        .unwrap();
    assert!(tls.open(server, Door::Tcp).await.is_none());
    let (client, server) = connection().await;
    drop(client);
    assert!(tls.open(server, Door::Tcp).await.is_none());
    has(
        &figures(&tls),
        "mimc_tls_handshakes_total{outcome=\"failed\"} 2",
    );
}

#[tokio::test(start_paused = true)]
async fn who_is_silent_before_or_in_the_handshake_is_not_waited_for() {
    let tls = Folder::with(&make()).tls();
    for beginning in [&b""[..], &[0x16, 3, 1]] {
        let (mut client, server) = connection().await;
        client.write_all(beginning).await.unwrap();
        assert!(tls.open(server, Door::Tcp).await.is_none());
    }
    has(
        &figures(&tls),
        "mimc_tls_handshakes_total{outcome=\"timed_out\"} 2",
    );
}

#[tokio::test]
async fn one_handshake_too_many_is_closed_at_once() {
    let made = make();
    let folder = Folder::with(&made);
    let mut config = folder.config();
    config.limits.tls_handshakes = 1;
    let metrics = Arc::new(Metrics::new());
    let tls = Tls::load(&config, &metrics, NOW).unwrap().unwrap();
    let (silent, server) = connection().await;
    let first = tokio::spawn({
        let tls = Arc::clone(&tls);
        async move { tls.open(server, Door::Tcp).await.is_some() }
    });
    while tls.handshakes.available_permits() > 0 {
        tokio::task::yield_now().await;
    }
    let (_client, server) = connection().await;
    assert!(tls.open(server, Door::Tcp).await.is_none());
    has(
        &figures(&tls),
        "mimc_tls_handshakes_total{outcome=\"refused\"} 1",
    );
    drop(silent);
    assert!(!first.await.unwrap());
    assert_eq!(shown(&tls, &[&made]).await, made.der);
}

async fn watching(tls: &Arc<Tls>) -> Watch {
    Watch::new(Arc::clone(tls), Arc::new(SystemClock::new())).await
}

#[tokio::test]
async fn files_that_are_replaced_one_after_the_other_are_shown_when_both_are() {
    let (first, second) = (make(), make());
    let folder = Folder::with(&first);
    let tls = folder.tls();
    let mut watch = watching(&tls).await;
    folder.put("cert.pem", &second.cert);
    watch.look(false).await;
    assert_eq!(shown(&tls, &[&first]).await, first.der);
    folder.put("key.pem", &second.key);
    watch.look(false).await;
    assert_eq!(shown(&tls, &[&second]).await, second.der);
    has(
        &figures(&tls),
        "mimc_tls_reloads_total{outcome=\"shown\"} 1",
    );
    assert!(!figures(&tls).contains("outcome=\"broken\""));
}

#[tokio::test]
async fn a_directory_of_links_that_is_switched_is_followed() {
    let (first, second) = (make(), make());
    let folder = Folder::with(&first);
    // As Kubernetes mounts a secret: key.pem -> ..data/key.pem, ..data -> ..1
    let links = TempDir::new().unwrap();
    let at = |name: &str| links.path().join(name);
    let version = |name: &str, made: &Made| {
        fs::create_dir(at(name)).unwrap();
        fs::write(at(name).join("cert.pem"), &made.cert).unwrap();
        fs::write(at(name).join("key.pem"), &made.key).unwrap();
    };
    version("..1", &first);
    version("..2", &second);
    symlink("..1", at("..data")).unwrap();
    for name in ["cert.pem", "key.pem"] {
        symlink(Path::new("..data").join(name), at(name)).unwrap();
    }
    let mut config = folder.config();
    config.tls.cert = at("cert.pem");
    config.tls.key = at("key.pem");
    let metrics = Arc::new(Metrics::new());
    let tls = Tls::load(&config, &metrics, NOW).unwrap().unwrap();
    let mut watch = watching(&tls).await;
    symlink("..2", at("..new")).unwrap();
    fs::rename(at("..new"), at("..data")).unwrap();
    watch.look(false).await;
    assert_eq!(shown(&tls, &[&second]).await, second.der);
}

#[tokio::test]
async fn a_broken_pair_keeps_the_one_before_and_is_counted_once() {
    let (first, second) = (make(), make());
    let folder = Folder::with(&first);
    let tls = folder.tls();
    let mut watch = watching(&tls).await;
    for broken in ["", "garbage", &second.key] {
        folder.put("key.pem", broken);
        for _ in 0..3 {
            watch.look(false).await;
        }
        assert_eq!(shown(&tls, &[&first]).await, first.der);
    }
    fs::remove_file(folder.path("key.pem")).unwrap();
    watch.look(false).await;
    watch.look(false).await;
    has(
        &figures(&tls),
        "mimc_tls_reloads_total{outcome=\"broken\"} 4",
    );
    has(&figures(&tls), "mimc_tls_pair_broken 1");
    // Back to what it was.
    folder.put("key.pem", &first.key);
    watch.look(false).await;
    has(&figures(&tls), "mimc_tls_pair_broken 0");
    assert_eq!(shown(&tls, &[&first]).await, first.der);
}

#[tokio::test]
async fn who_asks_is_told_at_once() {
    let folder = Folder::with(&make());
    let tls = folder.tls();
    let mut watch = watching(&tls).await;
    folder.put("cert.pem", "garbage");
    watch.look(true).await;
    has(&figures(&tls), "mimc_tls_pair_broken 1");
}

#[test]
fn a_pair_that_cannot_be_used_is_told_by_key_and_file() {
    let made = make();
    let other = make();
    let folder = Folder::with(&made);
    let fault = |cert: &str, key: &str| {
        folder.put("cert.pem", cert);
        folder.put("key.pem", key);
        let error = check(&folder.config().tls, NOW).unwrap_err();
        let error = format!("{error:#}");
        assert!(
            !error.contains('\n') && !error.contains("PRIVATE"),
            "{error}"
        );
        error
    };
    let bad_der = "-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n";
    let cut = &made.cert[..made.cert.len() / 2];
    for (cert, key, named, why) in [
        ("", &*made.key, "cert", "holds no certificate in PEM"),
        ("garbage", &made.key, "cert", "holds no certificate in PEM"),
        (cut, &made.key, "cert", "PEM"),
        (bad_der, &made.key, "cert", "no certificate of X.509"),
        (&made.key, &made.key, "cert", "holds no certificate in PEM"),
        (&made.cert, "", "key", "holds no private key"),
        (&made.cert, &made.cert, "key", "holds no private key"),
        (
            &made.cert,
            &other.key,
            "key",
            "is not the key of the certificate in",
        ),
    ] {
        let error = fault(cert, key);
        let path = folder.path(&format!("{named}.pem"));
        let start = format!("tls.{named}: {}: ", path.display());
        assert!(error.starts_with(&start) && error.contains(why), "{error}");
    }
    fs::remove_file(folder.path("key.pem")).unwrap();
    let error = format!("{:#}", check(&folder.config().tls, NOW).unwrap_err());
    assert!(
        error.starts_with("tls.key: ") && error.contains("No such file"),
        "{error}"
    );
    let large = "x".repeat(2 << 20);
    assert!(fault(&large, &made.key).contains("larger than 1024 KiB"));
}

#[test]
fn a_key_for_everybody_and_an_end_that_is_near_are_warnings() {
    let made = make();
    let folder = Folder::with(&made);
    let warnings = |now: Duration| check(&folder.config().tls, now).unwrap();
    assert_eq!(warnings(NOW), [""; 0]);
    let day = Duration::from_hours(24);
    folder.put("cert.pem", &made.cert);
    let open = fs::Permissions::from_mode(0o644);
    fs::set_permissions(folder.path("key.pem"), open).unwrap();
    assert!(warnings(NOW)[0].contains("open to everybody"));

    let short = make_until(2026);
    folder.put("cert.pem", &short.cert);
    folder.put("key.pem", &short.key);
    // 1 January 2026.
    let end = day * 20_454;
    assert_eq!(warnings(day * (20_454 - 15)), [""; 0]);
    assert!(warnings(day * (20_454 - 13))[0].ends_with("expires on 2026-01-01"));
    assert!(warnings(end + day)[0].contains("has expired on 2026-01-01"));
    assert!(warnings(Duration::ZERO)[0].contains("is not valid before"));
}

#[test]
fn without_files_there_is_no_tls() {
    let metrics = Arc::new(Metrics::new());
    assert!(
        Tls::load(&Config::default(), &metrics, NOW)
            .unwrap()
            .is_none()
    );
}
