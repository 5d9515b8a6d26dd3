//! Whom a request comes from, as far as its connection tells. Headers tell nothing: anybody can
//! write them.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};

use http::Extensions;

/// The host part of an IPv6 address: a subscriber has all of a /64.
const HOST_BITS: u32 = 64;

/// The address that a request's connection comes from, as a request extension.
#[derive(Clone, Copy, Debug)]
pub struct PeerAddress(pub SocketAddr);

/// What is counted as one address: an IPv4 address, or an IPv6 network of 64 bits.
pub(crate) fn peer(extensions: &Extensions) -> Option<IpAddr> {
    let PeerAddress(address) = extensions.get()?;
    Some(counted(address.ip()))
}

fn counted(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => {
            let network = address.to_bits() >> HOST_BITS << HOST_BITS;
            Ipv6Addr::from_bits(network).into()
        }
        v4 @ IpAddr::V4(_) => v4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ipv4_address_is_one_however_it_is_written_and_a_64_is_one() {
        for (address, expected) in [
            ("192.0.2.7", "192.0.2.7"),
            ("::ffff:192.0.2.7", "192.0.2.7"),
            ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
            ("2001:db8:1:2::", "2001:db8:1:2::"),
            ("2001:db8:1:3::1", "2001:db8:1:3::"),
        ] {
            let address: IpAddr = address.parse().unwrap();
            assert_eq!(counted(address).to_string(), expected);
        }
    }
}
