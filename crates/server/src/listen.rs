//! Opens the ports.

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::Context as _;
use tokio::net::{TcpListener, TcpSocket, lookup_host};

/// Connections that the system keeps until they are taken; it may have a lower maximum.
const BACKLOG: u32 = 4_096;

/// How long a door stays shut when the system has no room for a connection.
pub(crate) const EXHAUSTED_PAUSE: Duration = Duration::from_millis(100);

/// Listens at `host:port`; an error names the key and the address.
pub(crate) async fn listen(key: &str, address: &str) -> anyhow::Result<TcpListener> {
    try_listen(address)
        .await
        .with_context(|| format!("{key}: cannot listen on {address}"))
}

async fn try_listen(address: &str) -> anyhow::Result<TcpListener> {
    let first = lookup_host(address).await?.next();
    let address: SocketAddr = first.context("the name has no address")?;
    let socket = if address.is_ipv4() {
        TcpSocket::new_v4()
    } else {
        TcpSocket::new_v6()
    }?;
    // A port whose last connections are still closing may be used again.
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    Ok(socket.listen(BACKLOG)?)
}
