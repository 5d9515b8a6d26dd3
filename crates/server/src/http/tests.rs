use std::time::Duration;

use api::{AdminTokens, TokensFile};
use chat::Chat;
use chat::port::{Clock, NoCallbacks, Silent};
use cluster::LocalRouter;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWriteExt as _};
use tokio::time::timeout;

use super::*;
use crate::clock::SystemClock;
use crate::config::Config;
use crate::peers::Peers;
use crate::tls::tests::{Folder, make, shake};

const PATIENCE: Duration = Duration::from_secs(5);

struct Port {
    address: SocketAddr,
    ready: watch::Sender<bool>,
    http: Arc<Http>,
}

/// Tokens besides the first are not what these stories are about.
struct NoFile;

impl TokensFile for NoFile {
    fn read(&self) -> std::io::Result<Option<String>> {
        Ok(None)
    }

    fn write(&self, _: &str) -> std::io::Result<()> {
        Ok(())
    }
}

/// How a port is set up.
struct Setup {
    api: api::Config,
    config: Config,
    gateway: gateway::Config,
    tls: Option<Arc<Tls>>,
}

impl Default for Setup {
    fn default() -> Self {
        let mut config = Config::default();
        config.limits.http_connections = 10;
        config.limits.exempt = Vec::new();
        Self {
            api: api::Config::default(),
            config,
            gateway: gateway::Config::default(),
            tls: None,
        }
    }
}

impl Port {
    async fn open(http_connections: u32) -> Self {
        let mut setup = Setup::default();
        setup.config.limits.http_connections = http_connections;
        Self::with(setup).await
    }

    async fn with_tls(tls: Arc<Tls>) -> Self {
        let tls = Some(tls);
        let setup = Setup::default();
        Self::with(Setup { tls, ..setup }).await
    }

    async fn with(setup: Setup) -> Self {
        let clock: Arc<dyn Clock> = Arc::new(SystemClock::new());
        let ports = store::memory::ports(clock, Arc::new(LocalRouter::new()));
        let chat = Chat::start(ports, chat::Config::default()).await.unwrap();
        let gateway = Gateway::new(Arc::clone(&chat), setup.gateway, Arc::new(Silent));
        let (ready, is_ready) = watch::channel(true);
        let router = api::router(api::Parts {
            chat,
            config: setup.api,
            webhook: Arc::new(NoCallbacks),
            check_url: Arc::new(|_| Ok(())),
            admin_tokens: AdminTokens::load("x", Arc::new(NoFile)).unwrap(),
            signin_codes: Arc::default(),
            demo: None,
            ready: is_ready.clone(),
            insight: Arc::new(api::insight::NoInsight),
            metrics: Arc::new(String::new),
            tcp_port: 5222,
            is_tcp_tls: false,
        });
        let config = setup.config;
        let places = Arc::new(Semaphore::new(config.limits.http_connections as usize));
        let metrics = Arc::new(Metrics::new());
        let peers = Peers::new(&config);
        let admission = Admission::new(Arc::clone(&gateway), Arc::clone(&metrics), peers);
        let http = Http::new(
            router, gateway, admission, metrics, setup.tls, places, &config,
        );
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(Arc::clone(&http).serve(listener, is_ready));
        Self {
            address,
            ready,
            http,
        }
    }

    async fn send(&self, text: &str) -> TcpStream {
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        stream.write_all(text.as_bytes()).await.unwrap();
        stream
    }
}

/// What comes until nothing more does, or until the text that is waited for.
async fn read(stream: &mut (impl AsyncRead + Unpin), until: &str) -> String {
    let mut read = String::new();
    let mut bytes = [0; 1024];
    while until.is_empty() || !read.contains(until) {
        let count = timeout(PATIENCE, stream.read(&mut bytes))
            .await
            .unwrap()
            .unwrap_or(0);
        if count == 0 {
            break;
        }
        read.push_str(str::from_utf8(&bytes[..count]).unwrap());
    }
    read
}

const LIVEZ: &str = "GET /livez HTTP/1.1\r\nHost: x\r\n\r\n";
const LIVE: &str = "{\"live\":true}";

/// The key is that of RFC 6455.
fn upgrade(path: &str) -> String {
    format!(
        "GET {path} HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
         Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    )
}

#[tokio::test]
async fn a_websocket_opens_on_every_path() {
    let port = Port::open(1).await;
    for path in ["/", "/api/account/token", "/no/such/path?x=y"] {
        let mut stream = port.send(&upgrade(path)).await;
        let answer = read(&mut stream, "\r\n\r\n").await.to_lowercase();
        assert!(answer.starts_with("http/1.1 101 "), "{answer}");
        assert!(answer.contains("s3pplmbitxaq9kygzzhzrbk+xoo="), "{answer}");
    }
}

#[tokio::test]
async fn a_broken_handshake_is_told_why() {
    let port = Port::open(10).await;
    let upgrade = "GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n";
    for (version, status) in [("13", "400"), ("8", "426")] {
        let request = format!("{upgrade}Sec-WebSocket-Version: {version}\r\n\r\n");
        let answer = read(&mut port.send(&request).await, "null}").await;
        assert!(
            answer.starts_with(&format!("HTTP/1.1 {status} ")),
            "{answer}"
        );
        assert!(answer.contains("\"data\":null"), "{answer}");
    }
}

#[tokio::test]
async fn a_connection_over_the_limit_is_closed_and_others_stay() {
    let port = Port::open(1).await;
    let mut first = port.send(LIVEZ).await;
    assert!(read(&mut first, LIVE).await.contains("200 OK"));
    assert_eq!(read(&mut port.send(LIVEZ).await, "").await, "");
    first.write_all(LIVEZ.as_bytes()).await.unwrap();
    assert!(read(&mut first, LIVE).await.contains("200 OK"));
}

#[tokio::test]
async fn failures_are_counted_for_the_connections_address_whatever_headers_say() {
    let mut setup = Setup::default();
    setup.api.auth_failures_per_min = 2;
    let port = Port::with(setup).await;
    for (number, status) in [(1, 401), (2, 401), (3, 429)] {
        let request = format!(
            "GET /admin/v1/apps HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer no\r\n\
             X-Forwarded-For: 192.0.2.{number}\r\nForwarded: for=192.0.2.{number}\r\n\r\n"
        );
        let answer = read(&mut port.send(&request).await, "}}").await;
        assert!(
            answer.starts_with(&format!("HTTP/1.1 {status} ")),
            "{answer}"
        );
    }
}

#[tokio::test]
async fn at_the_end_no_silent_connection_is_waited_for() {
    let port = Port::open(10).await;
    let mut asked = port.send(LIVEZ).await;
    read(&mut asked, LIVE).await;
    let mut others = vec![asked];
    for beginning in ["", "GE", "GET /livez HTTP/1.1\r\nHo"] {
        others.push(port.send(beginning).await);
    }
    port.ready.send_replace(false);
    timeout(PATIENCE, port.http.finished()).await.unwrap();
    for stream in &mut others {
        assert_eq!(read(stream, "").await, "");
    }
    // The listener goes with its task, at its next turn.
    while let Ok(mut late) = TcpStream::connect(port.address).await {
        assert_eq!(read(&mut late, "").await, "");
    }
}

#[tokio::test]
async fn over_tls_requests_are_answered_and_websockets_open() {
    let made = make();
    let tls = Folder::with(&made).tls();
    let port = Port::with_tls(tls).await;
    let trusted = [&made];
    let open = async || {
        let stream = TcpStream::connect(port.address).await.unwrap();
        shake(stream, &trusted).await.unwrap()
    };
    let mut stream = open().await;
    for _ in 0..2 {
        stream.write_all(LIVEZ.as_bytes()).await.unwrap();
        assert!(read(&mut stream, LIVE).await.contains("200 OK"));
    }
    let mut stream = open().await;
    stream.write_all(upgrade("/").as_bytes()).await.unwrap();
    assert!(read(&mut stream, "\r\n\r\n").await.contains(" 101 "));
    // A ping of WebSocket, masked with zeros, is answered by the gateway.
    stream
        .write_all(&[0x89, 0x81, 0, 0, 0, 0, 7])
        .await
        .unwrap();
    let mut pong = [0; 3];
    stream.read_exact(&mut pong).await.unwrap();
    assert_eq!(pong, [0x8a, 1, 7]);
}

#[tokio::test]
async fn plain_http_on_a_port_of_tls_is_told_so() {
    let tls = Folder::with(&make()).tls();
    let port = Port::with_tls(tls).await;
    for request in [LIVEZ, &upgrade("/"), "POST /x HTTP/1.1\r\n"] {
        let answer = read(&mut port.send(request).await, "").await;
        assert!(
            answer.starts_with("HTTP/1.1 400 Bad Request\r\n"),
            "{answer}"
        );
        assert!(answer.contains("\"message\":\"this port speaks HTTPS\""));
    }
    timeout(PATIENCE, async {
        while port.http.places.available_permits() < 10 {
            tokio::task::yield_now().await;
        }
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn at_the_end_no_handshake_is_waited_for() {
    let tls = Folder::with(&make()).tls();
    let port = Port::with_tls(tls).await;
    let mut silent = port.send("").await;
    let mut begun = port.send("\u{16}\u{3}").await;
    port.ready.send_replace(false);
    timeout(PATIENCE, port.http.finished()).await.unwrap();
    for stream in [&mut silent, &mut begun] {
        assert_eq!(read(stream, "").await, "");
    }
}

/// A failed authentication, as a proxy forwards it.
fn failure(forwarded: &str) -> String {
    format!(
        "GET /admin/v1/apps HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer no\r\n\
         X-Forwarded-For: {forwarded}\r\n\r\n"
    )
}

#[tokio::test]
async fn behind_a_trusted_proxy_each_client_has_its_own_limits() {
    let mut setup = Setup::default();
    setup.api.auth_failures_per_min = 1;
    setup.config.http.trusted_proxies = vec!["127.0.0.0/8".into()];
    let port = Port::with(setup).await;
    for (forwarded, status) in [
        ("192.0.2.1", 401),
        ("192.0.2.2", 401),
        ("192.0.2.1", 429),
        // What the client writes itself stands in front, and says nothing.
        ("192.0.2.77, 192.0.2.2", 429),
    ] {
        let answer = read(&mut port.send(&failure(forwarded)).await, "}}").await;
        let start = format!("HTTP/1.1 {status} ");
        assert!(answer.starts_with(&start), "{forwarded}: {answer}");
    }
}

#[tokio::test]
async fn an_address_has_so_many_connections_and_a_websocket_is_one_of_them() {
    let mut setup = Setup::default();
    setup.gateway.connections_per_source_max = 2;
    let port = Port::with(setup).await;
    let mut websocket = port.send(&upgrade("/")).await;
    assert!(read(&mut websocket, "\r\n\r\n").await.contains(" 101 "));
    let mut second = port.send(LIVEZ).await;
    assert!(read(&mut second, LIVE).await.contains("200 OK"));
    assert_eq!(read(&mut port.send(LIVEZ).await, "").await, "");
    drop(websocket);
    timeout(PATIENCE, async {
        while !read(&mut port.send(LIVEZ).await, LIVE).await.contains(LIVE) {}
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn behind_a_proxy_websockets_are_counted_for_who_opens_them() {
    let mut setup = Setup::default();
    setup.gateway.connections_per_source_max = 1;
    setup.config.http.trusted_proxies = vec!["127.0.0.1".into()];
    let port = Port::with(setup).await;
    let from = |client: &str| {
        let line = format!("\r\nX-Forwarded-For: {client}\r\n\r\n");
        upgrade("/").replace("\r\n\r\n", &line)
    };
    let mut open = Vec::new();
    for (client, status) in [("192.0.2.1", 101), ("192.0.2.2", 101), ("192.0.2.1", 429)] {
        let mut stream = port.send(&from(client)).await;
        let answer = read(&mut stream, "\r\n\r\n").await;
        let start = format!("HTTP/1.1 {status} ");
        assert!(answer.starts_with(&start), "{client}: {answer}");
        open.push(stream);
    }
}

#[tokio::test]
async fn pages_of_other_origins_open_websockets_only_where_that_is_configured() {
    let mut setup = Setup::default();
    setup.config.http.websocket_origins = vec!["https://a.example".into()];
    let port = Port::with(setup).await;
    for (origin, status) in [
        ("Origin: https://a.example\r\n", 101),
        ("", 101),
        ("Origin: https://b.example\r\n", 403),
        ("Origin: http://a.example\r\n", 403),
        ("Origin: https://a.example.b.example\r\n", 403),
        ("Origin: null\r\n", 403),
    ] {
        let request = upgrade("/").replace("Host: x\r\n", &format!("Host: x\r\n{origin}"));
        let answer = read(&mut port.send(&request).await, "\r\n\r\n").await;
        let start = format!("HTTP/1.1 {status} ");
        assert!(answer.starts_with(&start), "{origin}: {answer}");
    }
    let anywhere = Port::open(1).await;
    let request = upgrade("/").replace("Host: x\r\n", "Host: x\r\nOrigin: null\r\n");
    let answer = read(&mut anywhere.send(&request).await, "\r\n\r\n").await;
    assert!(answer.contains(" 101 "), "{answer}");
}

#[tokio::test(start_paused = true)]
async fn a_head_that_does_not_end_is_not_waited_for() {
    let port = Port::open(10).await;
    for beginning in [
        "",
        "GET /livez HT",
        "GET /livez HTTP/1.1\r\nHost: x\r\nX-A: a",
    ] {
        let mut stream = port.send(beginning).await;
        let began = tokio::time::Instant::now();
        let mut rest = Vec::new();
        stream.read_to_end(&mut rest).await.unwrap();
        let waited = began.elapsed().as_secs();
        assert!((59..=62).contains(&waited), "{beginning:?}: {waited} s");
    }
    // Nor is the next request on a connection that has had one.
    let mut stream = port.send(LIVEZ).await;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.unwrap();
    assert!(answer.ends_with(LIVE.as_bytes()));
}

#[tokio::test(start_paused = true)]
async fn a_line_now_and_then_does_not_keep_a_head_open() {
    let port = Port::open(10).await;
    let mut stream = port.send("GET /livez HTTP/1.1\r\n").await;
    let began = tokio::time::Instant::now();
    let mut byte = [0];
    loop {
        // Slowloris: always something new, and never the end.
        if stream.write_all(b"X-A: a\r\n").await.is_err() {
            break;
        }
        let read = timeout(Duration::from_secs(5), stream.read(&mut byte)).await;
        if matches!(read, Ok(Ok(0) | Err(_))) {
            break;
        }
    }
    assert!(began.elapsed().as_secs() <= 66, "{:?}", began.elapsed());
}

#[tokio::test]
async fn a_head_that_is_too_large_is_refused_before_it_is_whole() {
    let port = Port::open(10).await;
    let many = "X-A: a\r\n".repeat(HEADERS_MAX + 1);
    let long = format!("X-A: {}\r\n", "a".repeat(2 * HEAD_BYTES_MAX));
    for lines in [&many, &long] {
        let mut stream = TcpStream::connect(port.address).await.unwrap();
        let request = format!("GET /livez HTTP/1.1\r\nHost: x\r\n{lines}\r\n");
        // The server may close before it has read all of it.
        let _ = stream.write_all(request.as_bytes()).await;
        let answer = read(&mut stream, "\r\n\r\n").await;
        assert!(answer.starts_with("HTTP/1.1 431 "), "{answer}");
    }
    let uri = format!(
        "GET /{} HTTP/1.1\r\nHost: x\r\n\r\n",
        "a".repeat(2 * HEAD_BYTES_MAX)
    );
    let answer = read(&mut port.send(&uri).await, "\r\n\r\n").await;
    assert!(answer.starts_with("HTTP/1.1 4"), "{answer}");
}

#[tokio::test]
async fn what_is_no_http_is_refused_and_closed() {
    let port = Port::open(10).await;
    for nonsense in [
        "\u{16}\u{3}\u{1}\u{2}\u{0}\u{1}\r\n\r\n",
        "GET\r\n\r\n",
        "GET /livez HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
        "GET /livez HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
        "GET /livez HTTP/1.1\r\nHo st: x\r\n\r\n",
    ] {
        let answer = read(&mut port.send(nonsense).await, "").await;
        let is_refused = answer.is_empty() || answer.starts_with("HTTP/1.1 400 ");
        assert!(is_refused, "{nonsense:?}: {answer}");
    }
}
