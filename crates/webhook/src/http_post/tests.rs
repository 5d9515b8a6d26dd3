use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use bytes::Bytes;
use rcgen::{CertifiedKey, generate_simple_self_signed};
use tokio::net::TcpListener;
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;
use tokio_rustls::rustls::{RootCertStore, ServerConfig};

use super::connect::Connector;
use super::resolve::Resolver;
use super::{HttpPost, tls};
use crate::port::{Post as _, Request};
use crate::sink::{Sink, answer};
use crate::ssrf::nearby::NEARBY;

/// What is said of an address that may not be connected to.
const REFUSED: &str = "on this machine or in a private network";

fn request(url: impl Into<String>) -> Request {
    Request {
        url: url.into(),
        id: "cb_x".into(),
        timestamp_s: 1_700_000_000,
        signature: "v1,abc=".into(),
        body: Bytes::from_static(br#"{"msgType":"NORMAL_MSG"}"#),
    }
}

/// A certificate for `localhost`, and who believes it.
fn certificate() -> (TlsAcceptor, RootCertStore) {
    let CertifiedKey { cert, signing_key } =
        generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let mut roots = RootCertStore::empty();
    roots.add(cert.der().clone()).unwrap();
    let key = PrivateKeyDer::try_from(signing_key.serialize_der()).unwrap();
    let provider = Arc::new(tokio_rustls::rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![cert.der().clone()], key)
        .unwrap();
    (TlsAcceptor::from(Arc::new(config)), roots)
}

#[tokio::test]
async fn a_post_arrives_with_its_headers_and_body() {
    let sink = Sink::start(answer("200 OK")).await;
    let post = HttpPost::new(true);
    assert_eq!(post.post(request(sink.url("127.0.0.1"))).await, Ok(200));
    let got = sink.posts().remove(0);
    assert!(
        got.head.starts_with("POST /callback?x=1 HTTP/1.1\r\n"),
        "{}",
        got.head
    );
    for line in [
        format!("host: 127.0.0.1:{}", sink.port),
        "content-type: application/json".into(),
        "user-agent: OpenMIMC".into(),
        "webhook-id: cb_x".into(),
        "webhook-timestamp: 1700000000".into(),
        "webhook-signature: v1,abc=".into(),
    ] {
        assert!(
            got.head.contains(&format!("\r\n{line}\r\n")),
            "{line} in {}",
            got.head
        );
    }
    assert_eq!(got.body, br#"{"msgType":"NORMAL_MSG"}"#);
}

#[tokio::test]
async fn a_connection_is_used_again() {
    let sink = Sink::start("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello").await;
    let post = HttpPost::new(true);
    for _ in 0..3 {
        assert_eq!(post.post(request(sink.url("127.0.0.1"))).await, Ok(200));
    }
    assert_eq!((sink.posts().len(), sink.connections()), (3, 1));
}

#[tokio::test]
async fn redirects_are_answers_and_not_followed() {
    let target = Sink::start(answer("200 OK")).await;
    for status in [301, 302, 303, 307, 308] {
        let location = target.url("127.0.0.1");
        let answer =
            format!("HTTP/1.1 {status} Moved\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n");
        let sink = Sink::start(answer).await;
        let post = HttpPost::new(true);
        assert_eq!(post.post(request(sink.url("127.0.0.1"))).await, Ok(status));
    }
    assert!(target.posts().is_empty());
}

#[tokio::test]
async fn a_long_answer_is_not_read_and_a_slow_one_not_waited_for() {
    let endless = [
        b"HTTP/1.1 200 OK\r\n\r\n".to_vec(),
        vec![b'x'; 8 * 1024 * 1024],
    ]
    .concat();
    let slow = b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nx".to_vec();
    for answer in [endless, slow] {
        let sink = Sink::start(answer).await;
        let post = HttpPost::new(true);
        let posted = timeout(
            Duration::from_secs(4),
            post.post(request(sink.url("127.0.0.1"))),
        );
        assert_eq!(posted.await.unwrap(), Ok(200));
    }
}

#[tokio::test]
async fn what_is_no_http_is_an_error() {
    let endless_head = format!("HTTP/1.1 200 OK\r\nx: {}", "x".repeat(1024 * 1024));
    for answer in ["SSH-2.0-OpenSSH_9.9\r\n".to_owned(), endless_head] {
        let sink = Sink::start(answer).await;
        let post = HttpPost::new(true);
        assert!(post.post(request(sink.url("127.0.0.1"))).await.is_err());
    }
    for url in ["", "x", "ftp://example.com/", "http://"] {
        assert!(
            HttpPost::new(true).post(request(url)).await.is_err(),
            "{url}"
        );
    }
}

#[tokio::test]
async fn a_refused_connection_says_so() {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(listener);
    let url = format!("http://127.0.0.1:{port}/");
    let error = HttpPost::new(true).post(request(url)).await.unwrap_err();
    assert!(error.contains("refused"), "{error}");
}

#[tokio::test]
async fn nothing_nearby_is_ever_connected_to_without_permission() {
    let sink = Sink::start(answer("200 OK")).await;
    let post = HttpPost::new(false);
    for host in NEARBY {
        let error = post.post(request(sink.url(host))).await.unwrap_err();
        let is_told = error.contains(REFUSED);
        // A machine may not know some spelling, or have no IPv6: then there is no address at all.
        let is_sure = host.parse::<Ipv4Addr>().is_ok() || host.starts_with('[');
        assert!(is_told || !is_sure, "{host}: {error}");
    }
    assert_eq!((sink.posts().len(), sink.connections()), (0, 0));
}

/// Names as an attacker has them: each question is answered by the next of these.
fn names(answers: &[&[&str]]) -> (Resolver, Arc<AtomicUsize>) {
    let parse = |address: &&str| address.parse().unwrap();
    let answers: Vec<Vec<IpAddr>> = answers
        .iter()
        .map(|addresses| addresses.iter().map(parse).collect())
        .collect();
    let asked = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&asked);
    let resolver = Resolver::asking(move |_| {
        let at = count.fetch_add(1, Ordering::SeqCst);
        Ok(answers[at.min(answers.len() - 1)].clone())
    });
    (resolver, asked)
}

fn posting(resolver: Resolver, allow_private: bool) -> HttpPost {
    HttpPost::with_connector(Connector::asking(resolver, allow_private, tls::public()))
}

#[tokio::test]
async fn a_name_that_leads_nearby_is_refused_however_it_is_called() {
    let sink = Sink::start(answer("200 OK")).await;
    for addresses in [
        &["127.0.0.1"][..],
        &["169.254.169.254"],
        &["::1"],
        &["::ffff:127.0.0.1"],
        &["64:ff9b::7f00:1"],
        // One good address beside it makes it a trap, not a host.
        &["8.8.8.8", "127.0.0.1"],
        &["2001:4860:4860::8888", "fd00::1"],
    ] {
        let (resolver, _) = names(&[addresses]);
        let post = posting(resolver, false);
        let posted = post.post(request(sink.url("callbacks.example"))).await;
        let error = posted.unwrap_err();
        assert!(error.contains(REFUSED), "{addresses:?}: {error}");
    }
    assert_eq!((sink.posts().len(), sink.connections()), (0, 0));
}

#[tokio::test]
async fn the_address_that_was_checked_is_the_one_that_is_connected_to() {
    let sink = Sink::start("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n").await;
    // A name that changes right after it was asked for: at 127.0.0.2 nobody listens.
    let (resolver, asked) = names(&[&["127.0.0.1"], &["127.0.0.2"]]);
    let post = posting(resolver, true);
    assert_eq!(
        post.post(request(sink.url("rebinding.example"))).await,
        Ok(200)
    );
    assert_eq!(
        asked.load(Ordering::SeqCst),
        1,
        "one lookup for one connection"
    );
    // The next connection is checked anew.
    assert!(
        post.post(request(sink.url("rebinding.example")))
            .await
            .is_err()
    );
    assert_eq!((sink.posts().len(), asked.load(Ordering::SeqCst)), (1, 2));
}

#[tokio::test]
async fn a_name_that_turns_bad_later_is_refused_then() {
    let sink = Sink::start(answer("200 OK")).await;
    // Nobody's address first; whatever becomes of it, nothing reaches this machine.
    let (resolver, asked) = names(&[&[], &["127.0.0.1"]]);
    let post = posting(resolver, false);
    assert!(
        post.post(request(sink.url("rebinding.example")))
            .await
            .is_err()
    );
    let error = post.post(request(sink.url("rebinding.example"))).await;
    assert!(error.unwrap_err().contains(REFUSED));
    assert_eq!((asked.load(Ordering::SeqCst), sink.connections()), (2, 0));
}

#[tokio::test]
async fn with_permission_a_name_leads_home() {
    let sink = Sink::start(answer("200 OK")).await;
    let post = HttpPost::new(true);
    assert_eq!(post.post(request(sink.url("localhost"))).await, Ok(200));
}

#[tokio::test]
async fn https_goes_to_whom_a_known_authority_vouches_for() {
    let (acceptor, roots) = certificate();
    let sink = Sink::start_with(answer("200 OK").into_bytes(), Some(acceptor)).await;
    let url = |host: &str| sink.url(host).replace("http:", "https:");
    let post = HttpPost::with_connector(Connector::new(true, tls::trusting(roots)));
    assert_eq!(post.post(request(url("localhost"))).await, Ok(200));
    let wrong_name = post.post(request(url("127.0.0.1"))).await.unwrap_err();
    assert!(wrong_name.contains("certificate"), "{wrong_name}");
    let unknown = HttpPost::new(true).post(request(url("localhost"))).await;
    let unknown = unknown.unwrap_err();
    assert!(unknown.contains("UnknownIssuer"), "{unknown}");
    assert_eq!(sink.posts().len(), 1);
}

#[tokio::test]
async fn https_is_not_spoken_with_a_server_that_does_not() {
    let sink = Sink::start(answer("200 OK")).await;
    let url = sink.url("localhost").replace("http:", "https:");
    let post = HttpPost::new(true);
    let posted = timeout(Duration::from_secs(4), post.post(request(url)));
    // The server may wait for the end of a line that never comes.
    assert!(!matches!(posted.await, Ok(Ok(_))));
}

#[tokio::test]
async fn the_largest_body_arrives_whole() {
    let sink = Sink::start(answer("200 OK")).await;
    let body = Bytes::from(vec![b'x'; 4 * 1024 * 1024]);
    let mut large = request(sink.url("127.0.0.1"));
    large.body = body.clone();
    assert_eq!(HttpPost::new(true).post(large).await, Ok(200));
    assert_eq!(sink.posts()[0].body, body);
}
