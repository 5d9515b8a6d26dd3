//! Whom a request comes from, as far as its connection tells, and the proxies that the server trusts.

use std::net::SocketAddr;

use http::Extensions;
use model::Source;

/// The address that a request comes from, as a request extension.
#[derive(Clone, Copy, Debug)]
pub struct PeerAddress(pub SocketAddr);

/// What is counted as one address.
pub(crate) fn peer(extensions: &Extensions) -> Option<Source> {
    let PeerAddress(address) = extensions.get()?;
    Some(address.ip().into())
}
