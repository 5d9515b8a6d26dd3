//! URLs that callbacks go to. Names are checked again on the resolved address at each delivery.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use http::Uri;

use crate::refusal::BadParameter;

/// URLs, in bytes.
const URL_BYTES_MAX: usize = 2_048;

/// A URL as JSON; `null` and `""` are none.
pub(crate) fn read(
    field: &str,
    json: &str,
    allow_private: bool,
) -> Result<Option<String>, BadParameter> {
    let bad = |why: &'static str| BadParameter::new(field.to_owned(), why);
    if json == "null" {
        return Ok(None);
    }
    let url: String = serde_json::from_str(json).map_err(|_| bad("must be a URL"))?;
    if url.is_empty() {
        return Ok(None);
    }
    check(&url, allow_private).map_err(bad)?;
    Ok(Some(url))
}

fn check(url: &str, allow_private: bool) -> Result<(), &'static str> {
    if url.len() > URL_BYTES_MAX {
        return Err("must not be longer than 2048 bytes");
    }
    let uri: Uri = url.parse().map_err(|_| "must be a URL")?;
    if !matches!(uri.scheme_str(), Some("http" | "https")) {
        return Err("must begin with http:// or https://");
    }
    let host = uri
        .host()
        .filter(|host| !host.is_empty())
        .ok_or("must name a host")?;
    if uri
        .authority()
        .is_some_and(|authority| authority.as_str().contains('@'))
    {
        return Err("must not contain a user name");
    }
    let literal = host
        .trim_start_matches('[')
        .trim_end_matches(']')
        .parse::<IpAddr>();
    if !allow_private && (literal.is_ok_and(is_private) || host.eq_ignore_ascii_case("localhost")) {
        return Err("must not be on this machine or in a private network");
    }
    Ok(())
}

fn is_private(ip: IpAddr) -> bool {
    match ip.to_canonical() {
        IpAddr::V4(ip) => is_private_v4(ip),
        IpAddr::V6(ip) => is_private_v6(ip),
    }
}

fn is_private_v4(ip: Ipv4Addr) -> bool {
    let [a, b, ..] = ip.octets();
    let is_shared = a == 100 && (64..128).contains(&b); // carrier-grade NAT, RFC 6598
    a == 0
        || is_shared
        || ip.is_loopback()
        || ip.is_private()
        || ip.is_link_local() // clouds keep their metadata here
        || ip.is_broadcast()
        || ip.is_multicast()
}

fn is_private_v6(ip: Ipv6Addr) -> bool {
    ip.is_loopback()
        || ip.is_unspecified()
        || ip.is_unique_local()
        || ip.is_unicast_link_local()
        || ip.is_multicast()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_of_the_world_are_fine() {
        for url in [
            "https://example.com/x?y=1",
            "http://example.com:8080",
            "http://8.8.8.8/",
            "http://[2001:4860:4860::8888]/x",
            "HTTPS://EXAMPLE.com/",
        ] {
            assert_eq!(check(url, false), Ok(()), "{url}");
        }
    }

    #[test]
    fn other_texts_are_not() {
        let long = format!("http://x.example/{}", "x".repeat(2048));
        for url in [
            "x",
            "/x",
            "ftp://example.com",
            "javascript:alert(1)",
            "http://",
            "http://a b/",
            "http://user@example.com/",
            &long,
        ] {
            assert!(check(url, true).is_err(), "{url}");
        }
    }

    #[test]
    fn addresses_nearby_need_permission() {
        for url in [
            "http://127.0.0.1:1/",
            "http://localhost/",
            "http://10.0.0.1/",
            "http://192.168.1.1",
            "http://172.16.0.1",
            "http://169.254.169.254/latest",
            "http://0.0.0.0",
            "http://[::1]/",
            "http://[fd00:ec2::254]/",
            "http://[fe80::1]/",
            "http://[::ffff:127.0.0.1]/",
            "http://100.64.0.1/",
            "http://224.0.0.1/",
        ] {
            assert!(check(url, false).is_err(), "{url}");
            assert_eq!(check(url, true), Ok(()), "{url}");
        }
    }
}
