//! Whom connections and requests come from: the address of the socket, or what a proxy says that the
//! operator trusts. Everybody else could write such a header.

use std::net::IpAddr;

use http::{HeaderMap, HeaderName};
use ipnet::IpNet;
use model::Source;

use crate::config::Config;

const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
const FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");

/// What the operator says about addresses.
#[derive(Debug)]
pub(crate) struct Peers {
    exempt: Vec<IpNet>,
    proxies: Vec<IpNet>,
}

impl Peers {
    /// Of a configuration that has been checked: what is no network is left out.
    pub(crate) fn new(config: &Config) -> Self {
        let networks = |texts: &[String]| texts.iter().filter_map(|text| network(text)).collect();
        Self {
            exempt: networks(&config.limits.exempt),
            proxies: networks(&config.http.trusted_proxies),
        }
    }

    /// What a connection is counted as; `None`: it is not limited by its address.
    pub(crate) fn source(&self, address: IpAddr) -> Option<Source> {
        let is_free = has(&self.exempt, address) || has(&self.proxies, address);
        (!is_free).then(|| address.into())
    }

    /// Whom a request comes from. Each proxy appends whom it has it from, so the list is read from
    /// its end, up to the first that is no proxy of ours.
    pub(crate) fn client(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let mut client = peer;
        let values = headers.get_all(FORWARDED_FOR).iter();
        let mut hops = values
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
            .collect::<Vec<_>>();
        while has(&self.proxies, client) {
            match hops.pop().map(address) {
                Some(Some(before)) => client = before,
                // A proxy that is trusted and says nothing that can be read.
                Some(None) | None => break,
            }
        }
        client
    }

    /// Whether a trusted proxy says that the request came to it over TLS.
    pub(crate) fn is_https(&self, peer: IpAddr, headers: &HeaderMap) -> bool {
        let proto = headers.get_all(FORWARDED_PROTO).iter().next_back();
        has(&self.proxies, peer) && proto.is_some_and(|proto| proto == "https")
    }
}

fn has(networks: &[IpNet], address: IpAddr) -> bool {
    let address = address.to_canonical();
    networks.iter().any(|network| network.contains(&address))
}

/// A network as `10.0.0.0/8`, or one address.
pub(crate) fn network(text: &str) -> Option<IpNet> {
    let address = || text.parse::<IpAddr>().ok().map(IpNet::from);
    text.parse().ok().or_else(address)
}

/// As proxies write addresses: bare, in brackets, with a port.
fn address(text: &str) -> Option<IpAddr> {
    let text = text.trim();
    let bare = match text.strip_prefix('[') {
        Some(rest) => rest.split_once(']')?.0,
        // A colon alone is in front of a port, several are of IPv6.
        None => match text.split_once(':') {
            Some((address, port)) if !port.contains(':') => address,
            _ => text,
        },
    };
    bare.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn peers(proxies: &[&str]) -> Peers {
        let mut config = Config::default();
        config.http.trusted_proxies = proxies.iter().map(ToString::to_string).collect();
        Peers::new(&config)
    }

    fn headers(lines: &[(HeaderName, &'static str)]) -> HeaderMap {
        let pairs = lines
            .iter()
            .map(|(name, value)| (name.clone(), value.parse().unwrap()));
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.append(name, value);
        }
        headers
    }

    fn client(proxies: &[&str], peer: &str, forwarded: &[&'static str]) -> String {
        let lines: Vec<_> = forwarded
            .iter()
            .map(|value| (FORWARDED_FOR, *value))
            .collect();
        let peer = peer.parse().unwrap();
        peers(proxies).client(peer, &headers(&lines)).to_string()
    }

    #[test]
    fn a_header_of_somebody_who_is_not_trusted_says_nothing() {
        assert_eq!(client(&[], "127.0.0.1", &["192.0.2.1"]), "127.0.0.1");
        let proxies = ["10.0.0.0/8"];
        assert_eq!(
            client(&proxies, "203.0.113.9", &["192.0.2.1"]),
            "203.0.113.9"
        );
    }

    #[test]
    fn a_trusted_proxy_says_whom_it_has_the_request_from() {
        let proxies = ["127.0.0.1", "10.0.0.0/8", "fd00::/8"];
        for (forwarded, expected) in [
            (&["192.0.2.1"][..], "192.0.2.1"),
            (&["192.0.2.1:4711"], "192.0.2.1"),
            (&["2001:db8::1"], "2001:db8::1"),
            (&["[2001:db8::1]:443"], "2001:db8::1"),
            // What the client itself wrote stands before it.
            (&["198.51.100.7, 192.0.2.1"], "192.0.2.1"),
            (&["198.51.100.7", "192.0.2.1"], "192.0.2.1"),
            // A chain of proxies of ours.
            (&["192.0.2.1, 10.1.2.3, fd00::1"], "192.0.2.1"),
            (&["192.0.2.1, ::ffff:10.1.2.3"], "192.0.2.1"),
            // The last that can be read.
            (&["10.1.2.3"], "10.1.2.3"),
            (&["192.0.2.1, unknown"], "127.0.0.1"),
            (&["192.0.2.1, unknown, 10.1.2.3"], "10.1.2.3"),
            (&[""], "127.0.0.1"),
            (&[], "127.0.0.1"),
        ] {
            assert_eq!(
                client(&proxies, "127.0.0.1", forwarded),
                expected,
                "{forwarded:?}"
            );
        }
    }

    #[test]
    fn who_may_come_as_often_as_he_likes_is_configured() {
        let mut config = Config::default();
        config.http.trusted_proxies = vec!["203.0.113.9".into()];
        let peers = Peers::new(&config);
        for free in [
            "127.0.0.1",
            "::1",
            "10.1.2.3",
            "::ffff:192.168.1.1",
            "203.0.113.9",
        ] {
            assert_eq!(peers.source(free.parse().unwrap()), None, "{free}");
        }
        for counted in ["203.0.113.10", "8.8.8.8", "2001:db8::1"] {
            assert!(
                peers.source(counted.parse().unwrap()).is_some(),
                "{counted}"
            );
        }
        config.limits.exempt = Vec::new();
        let strict = Peers::new(&config);
        assert!(strict.source("127.0.0.1".parse().unwrap()).is_some());
    }

    #[test]
    fn only_a_trusted_proxy_says_that_it_was_https() {
        let https = headers(&[(FORWARDED_PROTO, "https")]);
        let peers = peers(&["10.0.0.1"]);
        assert!(peers.is_https("10.0.0.1".parse().unwrap(), &https));
        assert!(!peers.is_https("10.0.0.2".parse().unwrap(), &https));
        let http = headers(&[(FORWARDED_PROTO, "https"), (FORWARDED_PROTO, "http")]);
        assert!(!peers.is_https("10.0.0.1".parse().unwrap(), &http));
    }
}
