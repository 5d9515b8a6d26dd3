//! Where connections and requests come from, as far as limits go.

use std::net::IpAddr;
use std::num::NonZeroU64;

/// What is counted as one: an IPv4 address, or an IPv6 network of 64 bits, all of which one
/// subscriber has.
///
/// Eight bytes, since every connection keeps one: the upper half of an IPv6 address, or an IPv4
/// address behind a prefix that no IPv6 network has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Source(NonZeroU64);

/// `0:1::/32`, which belongs to nobody.
const IPV4: u64 = 1 << 32;
/// The host part of an IPv6 address.
const HOST_BITS: u32 = 64;

impl From<IpAddr> for Source {
    fn from(address: IpAddr) -> Self {
        let bits = match address.to_canonical() {
            IpAddr::V4(address) => IPV4 | u64::from(address.to_bits()),
            IpAddr::V6(address) => u64::try_from(address.to_bits() >> HOST_BITS).unwrap_or(0),
        };
        // `::/64`, in which this machine is `::1`.
        Self(NonZeroU64::new(bits).unwrap_or(NonZeroU64::MIN))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(address: &str) -> Source {
        address.parse::<IpAddr>().unwrap().into()
    }

    #[test]
    fn an_ipv4_address_is_one_however_it_is_written() {
        assert_eq!(source("192.0.2.7"), source("::ffff:192.0.2.7"));
        assert_ne!(source("192.0.2.7"), source("192.0.2.8"));
        assert_ne!(source("0.0.0.0"), source("::"));
    }

    #[test]
    fn an_ipv6_network_of_64_bits_is_one() {
        assert_eq!(source("2001:db8:1:2:3:4:5:6"), source("2001:db8:1:2::"));
        assert_ne!(source("2001:db8:1:2::1"), source("2001:db8:1:3::1"));
        assert_eq!(source("::1"), source("::2"));
    }

    #[test]
    fn it_is_small_and_so_is_none() {
        assert_eq!(size_of::<Option<Source>>(), 8);
    }
}
