//! What somebody gets who speaks plain HTTP where TLS is spoken: an answer that says so, and the end.

use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;

/// How long the client may take to read it.
const FAREWELL: Duration = Duration::from_secs(1);
/// What is read of its request, in bytes: closing before it is read would make the kernel reset the
/// connection, and the client might lose the answer.
const REQUEST_BYTES_MAX: u64 = 64 * 1024;

const BODY: &str = r#"{"code":400,"message":"this port speaks HTTPS","data":null}"#;

pub(super) async fn refuse(mut stream: TcpStream) {
    let answer = format!(
        "HTTP/1.1 400 Bad Request\r\nContent-Type: application/json\r\nConnection: close\r\n\
         Content-Length: {}\r\n\r\n{BODY}",
        BODY.len()
    );
    let end = async {
        stream.write_all(answer.as_bytes()).await?;
        stream.shutdown().await?;
        let mut request = stream.take(REQUEST_BYTES_MAX);
        tokio::io::copy(&mut request, &mut tokio::io::sink()).await
    };
    // Whoever does not read it does not want to know.
    let _ = timeout(FAREWELL, end).await;
}
