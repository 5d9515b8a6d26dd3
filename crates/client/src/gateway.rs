//! Where a gateway is, how it is spoken to, and a stream to it.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use tokio::net::{TcpSocket, TcpStream, lookup_host};
use tokio_rustls::rustls::pki_types::{InvalidDnsNameError, ServerName};

use crate::connection::ConnectionError;
use crate::stream::Stream;
use crate::trust::Trust;

/// How long a connection may take to open, its handshake included.
pub const CONNECT_WAIT: Duration = Duration::from_secs(5);

/// A TCP gateway.
#[derive(Clone, Debug)]
pub struct Gateway {
    address: String,
    tls: Option<Tls>,
}

#[derive(Clone, Debug)]
struct Tls {
    name: ServerName<'static>,
    trust: Trust,
}

impl Gateway {
    /// At `host:port`, in the clear.
    pub fn plain(address: impl Into<String>) -> Self {
        Self {
            address: address.into(),
            tls: None,
        }
    }

    /// At `host:port`, over TLS: its certificate must be for `name`, a host name or an address.
    pub fn tls(
        address: impl Into<String>,
        name: &str,
        trust: Trust,
    ) -> Result<Self, InvalidDnsNameError> {
        let name = ServerName::try_from(name.to_owned())?;
        Ok(Self {
            address: address.into(),
            tls: Some(Tls { name, trust }),
        })
    }

    /// `host:port`.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Connects, and shakes hands where TLS is spoken.
    pub async fn connect(&self) -> Result<Stream, ConnectionError> {
        self.connect_from(None).await
    }

    /// The same from one of this machine's addresses, of the same kind as the gateway's: each has
    /// ports of its own.
    pub async fn connect_from(&self, local: Option<IpAddr>) -> Result<Stream, ConnectionError> {
        tokio::time::timeout(CONNECT_WAIT, self.try_connect(local))
            .await
            .unwrap_or_else(|_elapsed| Err(io::ErrorKind::TimedOut.into()))
            .map_err(|why| ConnectionError::Unreachable {
                address: self.address.clone(),
                why,
            })
    }

    async fn try_connect(&self, local: Option<IpAddr>) -> io::Result<Stream> {
        let socket = match local {
            Some(local) => connect_from(local, &self.address).await?,
            None => TcpStream::connect(&self.address).await?,
        };
        socket.set_nodelay(true)?;
        let Some(Tls { name, trust }) = &self.tls else {
            return Ok(Stream::Plain(socket));
        };
        let stream = trust.connector().connect(name.clone(), socket).await?;
        Ok(Stream::Tls(Box::new(stream)))
    }
}

async fn connect_from(local: IpAddr, address: &str) -> io::Result<TcpStream> {
    let mut found = lookup_host(address).await?;
    let to = found.find(|to| to.is_ipv4() == local.is_ipv4());
    let to = to.ok_or(io::ErrorKind::AddrNotAvailable)?;
    let socket = match local {
        IpAddr::V4(_) => TcpSocket::new_v4(),
        IpAddr::V6(_) => TcpSocket::new_v6(),
    }?;
    socket.bind(SocketAddr::new(local, 0))?;
    socket.connect(to).await
}

impl From<&str> for Gateway {
    fn from(address: &str) -> Self {
        Self::plain(address)
    }
}

impl From<&String> for Gateway {
    fn from(address: &String) -> Self {
        Self::plain(address)
    }
}

impl From<SocketAddr> for Gateway {
    fn from(address: SocketAddr) -> Self {
        Self::plain(address.to_string())
    }
}
