//! Addresses that are not on the public internet.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Whether an address is anything but a public unicast one: loopback, link-local, private,
/// shared, multicast, unspecified, broadcast, documentation, reserved, a cloud's metadata, or an
/// IPv6 address that leads to an IPv4 address of these.
pub fn is_forbidden(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_forbidden_v4(address),
        IpAddr::V6(address) => is_forbidden_v6(address),
    }
}

/// The special-purpose registry of IANA, and what clouds keep beside it.
#[expect(
    clippy::unnested_or_patterns,
    reason = "one line for each range and its reason"
)]
fn is_forbidden_v4(address: Ipv4Addr) -> bool {
    match address.octets() {
        [0 | 10 | 127, ..] // this network, private, loopback
        | [100, 64..=127, ..] // carrier-grade NAT, RFC 6598; metadata at Alibaba
        | [169, 254, ..] // link-local; metadata nearly everywhere
        | [172, 16..=31, ..] // private
        | [192, 168, ..] // private
        | [192, 0, 0, _] // IETF protocols; metadata at Oracle
        | [192, 0, 2, _] // documentation
        | [192, 88, 99, _] // 6to4 relays
        | [198, 18..=19, ..] // benchmarks
        | [198, 51, 100, _] // documentation
        | [203, 0, 113, _] // documentation
        | [168, 63, 129, 16] // Azure's host
        | [224..=255, ..] => true, // multicast, reserved, broadcast
        _ => false,
    }
}

#[expect(
    clippy::unnested_or_patterns,
    reason = "one line for each range and its reason"
)]
fn is_forbidden_v6(address: Ipv6Addr) -> bool {
    if let Some(inner) = inner_v4(address) {
        return inner.into_iter().any(is_forbidden_v4);
    }
    match address.segments() {
        [0x2001, 0x0000..=0x01ff, ..] // IETF protocols: benchmarks, ORCHID
        | [0x2001, 0x0db8, ..] // documentation
        | [0x3fff, 0x0000..=0x0fff, ..] => true, // documentation
        // Only 2000::/3 is global unicast. What is outside: unspecified, loopback, unique local
        // (fd00:ec2::254 among them), link-local, site-local, multicast.
        [first, ..] => first & 0xe000 != 0x2000,
    }
}

/// The IPv4 addresses that an IPv6 address stands for or is tunnelled to.
fn inner_v4(address: Ipv6Addr) -> Option<Vec<Ipv4Addr>> {
    let one = |high, low| Some(vec![v4(high, low)]);
    match address.segments() {
        // ::1 and :: are no addresses of IPv4.
        [0, 0, 0, 0, 0, 0, 0, 0 | 1] => None,
        // Mapped, compatible, translated (RFC 2765), NAT64 (RFC 6052).
        [0, 0, 0, 0, 0, 0xffff | 0, a, b]
        | [0, 0, 0, 0, 0xffff, 0, a, b]
        | [0x64, 0xff9b, 0, 0, 0, 0, a, b]
        // 6to4 (RFC 3056).
        | [0x2002, a, b, ..]
        // ISATAP (RFC 5214), below a public prefix.
        | [0x2000..=0x3fff, _, _, _, 0 | 0x200, 0x5efe, a, b] => one(a, b),
        // Teredo (RFC 4380): its server, and the client with every bit turned.
        [0x2001, 0, a, b, _, _, c, d] => Some(vec![v4(a, b), v4(!c, !d)]),
        _ => None,
    }
}

fn v4(high: u16, low: u16) -> Ipv4Addr {
    let [a, b] = high.to_be_bytes();
    let [c, d] = low.to_be_bytes();
    Ipv4Addr::new(a, b, c, d)
}
