//! A receiver of callbacks on a real socket, for tests.

use std::sync::Arc;

use parking_lot::Mutex;
use tokio::io::{
    AsyncBufReadExt as _, AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _, BufReader,
};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

/// What arrived.
#[derive(Clone, Debug)]
pub(crate) struct Arrived {
    pub(crate) head: String,
    pub(crate) body: Vec<u8>,
}

impl Arrived {
    /// The value of a header; its name in lower case.
    pub(crate) fn header(&self, name: &str) -> &str {
        let mut lines = self.head.lines();
        let line = lines.find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
        line.unwrap_or_default()
    }
}

/// A server with one answer for all: these bytes after each request; none, and it hangs.
pub(crate) struct Sink {
    pub(crate) port: u16,
    posts: Arc<Mutex<Vec<Arrived>>>,
    connections: Arc<Mutex<usize>>,
}

impl Sink {
    pub(crate) async fn start(answer: impl Into<Vec<u8>>) -> Self {
        Self::start_with(answer.into(), None).await
    }

    pub(crate) async fn start_with(answer: Vec<u8>, tls: Option<TlsAcceptor>) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let sink = Self {
            port: listener.local_addr().unwrap().port(),
            posts: Arc::default(),
            connections: Arc::default(),
        };
        let posts = Arc::clone(&sink.posts);
        let connections = Arc::clone(&sink.connections);
        tokio::spawn(async move {
            while let Ok((tcp, _)) = listener.accept().await {
                *connections.lock() += 1;
                let (posts, answer, tls) = (Arc::clone(&posts), answer.clone(), tls.clone());
                tokio::spawn(async move {
                    match tls {
                        None => serve(tcp, &posts, &answer).await,
                        Some(tls) => match tls.accept(tcp).await {
                            Ok(stream) => serve(stream, &posts, &answer).await,
                            Err(error) => Err(error),
                        },
                    }
                });
            }
        });
        sink
    }

    pub(crate) fn url(&self, host: &str) -> String {
        format!("http://{host}:{}/callback?x=1", self.port)
    }

    pub(crate) fn posts(&self) -> Vec<Arrived> {
        self.posts.lock().clone()
    }

    pub(crate) fn connections(&self) -> usize {
        *self.connections.lock()
    }
}

async fn serve(
    stream: impl AsyncRead + AsyncWrite + Unpin,
    posts: &Mutex<Vec<Arrived>>,
    answer: &[u8],
) -> std::io::Result<()> {
    let mut stream = BufReader::new(stream);
    loop {
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            if stream.read_line(&mut head).await? == 0 {
                return Ok(());
            }
        }
        let size = head.split("content-length: ").nth(1).unwrap();
        let size = size.split("\r\n").next().unwrap().parse().unwrap();
        let mut body = vec![0; size];
        stream.read_exact(&mut body).await?;
        posts.lock().push(Arrived { head, body });
        stream.write_all(answer).await?;
        stream.flush().await?;
    }
}

/// An answer without a body.
pub(crate) fn answer(status: &str) -> String {
    format!("HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n")
}
