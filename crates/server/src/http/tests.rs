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

impl Port {
    async fn open(http_connections: u32) -> Self {
        Self::with(http_connections, api::Config::default()).await
    }

    async fn with(http_connections: u32, config: api::Config) -> Self {
        Self::with_tls(http_connections, config, None).await
    }

    async fn with_tls(http_connections: u32, config: api::Config, tls: Option<Arc<Tls>>) -> Self {
        let clock: Arc<dyn Clock> = Arc::new(SystemClock::new());
        let ports = store::memory::ports(clock, Arc::new(LocalRouter::new()));
        let chat = Chat::start(ports, chat::Config::default()).await.unwrap();
        let gateway = Gateway::new(
            Arc::clone(&chat),
            gateway::Config::default(),
            Arc::new(Silent),
        );
        let (ready, is_ready) = watch::channel(true);
        let router = api::router(api::Parts {
            chat,
            config,
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
        let mut config = Config::default();
        config.limits.http_connections = http_connections;
        let places = Arc::new(Semaphore::new(http_connections as usize));
        let http = Http::new(
            router,
            gateway,
            Arc::new(Metrics::new()),
            tls,
            places,
            &config,
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
    let config = api::Config {
        auth_failures_per_min: 2,
        ..api::Config::default()
    };
    let port = Port::with(10, config).await;
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
    let port = Port::with_tls(10, api::Config::default(), Some(tls)).await;
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
    let port = Port::with_tls(10, api::Config::default(), Some(tls)).await;
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
    let port = Port::with_tls(10, api::Config::default(), Some(tls)).await;
    let mut silent = port.send("").await;
    let mut begun = port.send("\u{16}\u{3}").await;
    port.ready.send_replace(false);
    timeout(PATIENCE, port.http.finished()).await.unwrap();
    for stream in [&mut silent, &mut begun] {
        assert_eq!(read(stream, "").await, "");
    }
}
