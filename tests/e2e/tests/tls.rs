//! TLS: real handshakes with certificates of the story's own.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::os::unix::fs::PermissionsExt as _;

use client::connection::{Connection, ConnectionError};
use client::rest::{Method, Rest, RestError};
use client::{Event, Gateway};
use e2e::{Certificate, Server, mimc, within};
use serde_json::Value;

/// A server whose gateway serves who knows TLS, and nobody else.
async fn server() -> Server {
    Server::start_tls(Certificate::new(), &[]).await
}

#[tokio::test]
async fn people_talk_over_tls_and_everything_says_so() {
    let server = server().await;
    assert_eq!(server.ready()["tls"], true);
    let console = server.ready()["consoleUrl"].as_str().unwrap();
    assert!(console.starts_with(&server.url()), "{console}");
    for words in ["wss://", "TCP with TLS", "curl -s https://"] {
        assert!(server.log().contains(words), "{words}");
    }

    let ann = server.person("ann", "desk").await;
    // Finds the gateway, and that it speaks TLS, by asking the server.
    let found = server.rest().gateway().await.unwrap();
    let mut ben = server.person_over(found, "ben", "desk");
    ben.connected().await;
    ann.tell("ben", "privately").await;
    assert_eq!(ben.hear().await.payload, "privately");
    let large = "x".repeat(15_000);
    for _ in 0..40 {
        ann.tell("ben", &large).await;
    }
    assert_eq!(ben.hear_texts(40).await, vec![large; 40]);
}

#[tokio::test]
async fn who_does_not_speak_tls_is_sent_away() {
    let server = server().await;
    let opened = within("the end", Connection::open(server.tcp())).await;
    let is_ended = matches!(
        opened,
        Err(ConnectionError::Closed | ConnectionError::Broken(_))
    );
    assert!(is_ended, "{opened:?}");

    let plain = Rest::new(&server.url().replace("https", "http")).unwrap();
    let answer = plain.call(Method::GET, "/livez", &[], None).await.unwrap();
    assert_eq!(answer.status, 400);
    assert_eq!(answer.body["message"], "this port speaks HTTPS");

    let distrusting = Rest::new(&server.url()).unwrap();
    let refused = distrusting.call(Method::GET, "/livez", &[], None).await;
    let Err(RestError::Unreachable { why, .. }) = refused else {
        panic!("{refused:?}");
    };
    assert!(why.contains("UnknownIssuer"), "{why}");
    let trust = server.certificate().trust();
    let elsewhere = Gateway::tls(server.tcp(), "im.example.com", trust).unwrap();
    let opened = Connection::open(elsewhere).await;
    assert!(opened.unwrap_err().to_string().contains("certificate"));
}

#[tokio::test]
async fn with_optional_tls_the_first_byte_tells() {
    let server = Server::start_tls(Certificate::new(), &[("MIMC_TLS__TCP", "optional")]).await;
    let mut ann = server.person("ann", "desk").await;
    let mut ben = server.person_over(Gateway::plain(server.tcp()), "ben", "desk");
    ben.connected().await;
    ann.tell("ben", "from TLS").await;
    assert_eq!(ben.hear().await.payload, "from TLS");
    ben.tell("ann", "to TLS").await;
    assert_eq!(ann.hear().await.payload, "to TLS");
}

#[tokio::test]
async fn without_tls_on_the_gateway_clients_are_told_to_come_plainly() {
    let server = Server::start_tls(Certificate::new(), &[("MIMC_TLS__TCP", "off")]).await;
    let found = server.rest().gateway().await.unwrap();
    let mut ann = server.person_over(found, "ann", "desk");
    ann.connected().await;
}

/// Waits until a new handshake is shown the certificate that is in the files now.
async fn shown_is_what_the_files_hold(server: &Server) {
    let shown = async {
        loop {
            // Its own connection, with a handshake of its own.
            let rest = server.rest();
            match rest.call(Method::GET, "/livez", &[], None).await {
                Ok(_) => return,
                Err(_) => tokio::task::yield_now().await,
            }
        }
    };
    within("the new certificate", shown).await;
}

#[tokio::test]
async fn a_new_certificate_is_shown_to_who_comes_and_nobody_is_disconnected() {
    let server = server().await;
    let mut ann = server.person("ann", "desk").await;
    let before = server.certificate().trust();
    let kept = server.rest();
    kept.call(Method::GET, "/livez", &[], None).await.unwrap();
    for is_asked in [false, true] {
        server.certificate().renew();
        if is_asked {
            server.signal("-HUP").await;
        }
        shown_is_what_the_files_hold(&server).await;
    }

    let ben = server.person("ben", "desk").await;
    ben.tell("ann", "hello").await;
    let heard = ann.next().await;
    let Event::Message(message) = heard else {
        panic!("the connection of before is gone: {heard:?}");
    };
    assert_eq!(message.payload, "hello");
    // The connection that HTTP keeps was opened with the first certificate, too.
    kept.call(Method::GET, "/livez", &[], None).await.unwrap();
    let former = Rest::trusting(&server.url(), before).unwrap();
    let refused = former.call(Method::GET, "/livez", &[], None).await;
    assert!(refused.is_err(), "the first certificate is shown no more");
}

#[tokio::test]
async fn a_broken_pair_changes_nothing_but_the_log_and_a_figure() {
    let server = server().await;
    let mut ann = server.person("ann", "desk").await;
    server.certificate().spoil();
    server.signal("-HUP").await;
    until_figure(&server, "mimc_tls_pair_broken 1").await;
    let log = server.log();
    let warned: Vec<_> = log.lines().filter(|line| line.contains("WARN")).collect();
    let why = warned.iter().find(|line| line.contains("key.pem")).unwrap();
    assert!(why.contains("the one before is shown"), "{why}");
    let ben = server.person("ben", "desk").await;
    ben.tell("ann", "all is well").await;
    assert_eq!(ann.hear().await.payload, "all is well");
    server.certificate().renew();
    shown_is_what_the_files_hold(&server).await;
    until_figure(&server, "mimc_tls_pair_broken 0").await;
}

async fn until_figure(server: &Server, line: &str) {
    let figure = async {
        loop {
            let metrics = metrics(server).await;
            if metrics.lines().any(|one| one == line) {
                return;
            }
        }
    };
    within(line, figure).await;
}

/// By hand: what metrics are is no JSON.
async fn metrics(server: &Server) -> String {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    let http = server.ready()["http"].as_str().unwrap();
    let gateway = Gateway::tls(http, "localhost", server.certificate().trust());
    let Ok(mut stream) = gateway.unwrap().connect().await else {
        // The files hold what is not shown.
        return String::new();
    };
    let request = "GET /metrics HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    answer
}

#[tokio::test]
async fn a_broken_pair_at_the_start_is_one_clear_line_and_nothing_is_made() {
    let server = Server::with_tls(Certificate::new(), &[]);
    server.certificate().spoil();
    let said = server.fails_to_start().await;
    let named = format!("tls.key: {}", server.certificate().key().display());
    assert!(said.contains(&named) && said.lines().count() == 1, "{said}");
    let left = std::fs::read_dir(server.data_dir()).unwrap().count();
    assert_eq!(left, 0, "the data directory is as it was");
}

#[tokio::test]
async fn the_configuration_can_be_checked_before() {
    let certificate = Certificate::new();
    let check = async || {
        let mut check = mimc(&["config", "check", "-o", "json"]);
        check
            .env("MIMC_TLS__CERT", certificate.cert())
            .env("MIMC_TLS__KEY", certificate.key());
        within("the check", check.output()).await.unwrap()
    };
    let warnings = async || {
        let done = check().await;
        assert!(done.status.success());
        let checked: Value = serde_json::from_slice(&done.stdout).unwrap();
        checked["warnings"].as_array().unwrap().clone()
    };
    assert!(warnings().await.is_empty());
    let open = std::fs::Permissions::from_mode(0o644);
    std::fs::set_permissions(certificate.key(), open).unwrap();
    let warned = warnings().await;
    assert!(warned[0].as_str().unwrap().contains("open to everybody"));
    certificate.spoil();
    let done = check().await;
    assert_eq!(done.status.code(), Some(1));
    let said = String::from_utf8(done.stderr).unwrap();
    assert!(
        said.contains("tls.key: ") && said.lines().count() == 1,
        "{said}"
    );
}

#[tokio::test]
async fn the_command_line_speaks_tls_with_whom_it_believes() {
    let server = server().await;
    let app_id = server.app().app_id;
    let listed = server.mimc(&["app", "list"]).await;
    assert!(listed.stdout.contains(&app_id), "{listed:?}");
    let sent = server.mimc(&["send", &app_id, "ann", "ben", "hello"]).await;
    assert_eq!(sent.code, Some(0), "{sent:?}");
    let mut ben = server.person("ben", "desk").await;
    assert_eq!(ben.hear().await.payload, "hello");

    let other = Certificate::new();
    let mut distrusting = server.verb(&["app", "list"]);
    distrusting.env("MIMC_CA", other.cert());
    let done = within("the refusal", distrusting.output()).await.unwrap();
    assert_eq!(done.status.code(), Some(1));
    let said = String::from_utf8(done.stderr).unwrap();
    assert!(said.contains("certificate"), "{said}");
    let nonsense = server.mimc(&["--ca", "/dev/null", "app", "list"]).await;
    assert!(
        nonsense.stderr.contains("no certificates of authorities"),
        "{nonsense:?}"
    );
}

#[tokio::test]
async fn the_doctor_says_of_a_certificate_what_the_health_of_the_server_says() {
    let server = Server::start_tls(Certificate::new(), &[]).await;
    let finding = async || {
        let mut doctor = server.verb(&["doctor", "-o", "json"]);
        doctor.env("MIMC_TLS__CERT", server.certificate().cert());
        doctor.env("MIMC_TLS__KEY", server.certificate().key());
        let done = within("a verb", doctor.output()).await.unwrap();
        let findings: Value = serde_json::from_slice(&done.stdout).unwrap();
        let mut all = findings.as_array().unwrap().iter();
        all.find(|one| one["check"] == "certificate")
            .unwrap()
            .clone()
    };
    let good = finding().await;
    let health = server.mimc(&["health", "-o", "json"]).await.json();
    let mut checks = health["findings"].as_array().unwrap().iter();
    let said = checks.find(|one| one["check"] == "certificate").unwrap();
    assert_eq!(
        (&good["state"], &good["found"]),
        (&"ok".into(), &said["what"]),
        "{health}"
    );
    server.certificate().spoil();
    let spoiled = finding().await;
    assert_eq!(spoiled["state"], "problem");
    assert!(spoiled["found"].as_str().unwrap().contains("tls.key"));
}
