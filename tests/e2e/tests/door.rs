//! Who is not let in.

use std::io::ErrorKind;

use e2e::{Server, within};
use tokio::io::AsyncReadExt as _;
use tokio::net::TcpStream;

/// An orderly end would have clients back at once, and the C# client would not notice it.
#[tokio::test]
async fn a_connection_too_many_of_an_address_is_reset() {
    let server = Server::start_set(&[
        ("MIMC_LIMITS__CONNECTIONS_PER_ADDRESS", "1"),
        ("MIMC_LIMITS__EXEMPT", ""),
    ])
    .await;
    let first = TcpStream::connect(server.tcp()).await.unwrap();
    let mut second = TcpStream::connect(server.tcp()).await.unwrap();
    let refused = within("a refusal", second.read_u8()).await.unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::ConnectionReset);
    drop(first);
}
