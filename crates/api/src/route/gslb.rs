//! GET /gslb/?list=a,b: where clients find the TCP gateway, whatever names they know it by.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;

use axum::extract::{Extension, RawQuery, State};
use axum::response::Response;
use http::StatusCode;
use serde::Serialize;

use crate::json;
use crate::query;
use crate::state::Api;

/// Names answered at a time; clients ask for two.
const NAMES_MAX: usize = 64;

/// The address that a request came in on, as a request extension.
#[derive(Clone, Copy, Debug)]
pub struct LocalAddress(pub SocketAddr);

#[derive(Serialize)]
struct Answer<'a> {
    #[serde(rename = "S")]
    status: &'static str,
    #[serde(rename = "R")]
    found: Found<'a>,
    /// Whether these addresses speak TLS; MIMC's own clients know nothing of it.
    #[serde(rename = "tls", skip_serializing_if = "std::ops::Not::not")]
    is_tls: bool,
}

/// By the kind of network, of which there is one.
#[derive(Serialize)]
struct Found<'a> {
    wifi: BTreeMap<&'a str, &'a [String]>,
}

pub(crate) async fn gslb(
    State(api): State<Arc<Api>>,
    local: Option<Extension<LocalAddress>>,
    RawQuery(query): RawQuery,
) -> Response {
    let list = query::value(query.as_deref(), "list").unwrap_or_default();
    let here = [here(
        local.map(|Extension(LocalAddress(address))| address.ip()),
        api.tcp_port,
    )];
    let addresses = match &api.config.advertise[..] {
        [] => &here[..],
        advertised => advertised,
    };
    let names = list
        .split(',')
        .map(str::trim)
        .filter(|name| !name.is_empty());
    let wifi = names
        .take(NAMES_MAX)
        .map(|name| (name, addresses))
        .collect();
    json::response(
        StatusCode::OK,
        &Answer {
            status: "Ok",
            found: Found { wifi },
            is_tls: api.is_tcp_tls,
        },
    )
}

/// Clients know nothing but IPv4.
fn here(local: Option<IpAddr>, port: u16) -> String {
    let ip = match local.map(|ip| ip.to_canonical()) {
        Some(IpAddr::V4(ip)) => ip,
        _ => Ipv4Addr::LOCALHOST,
    };
    format!("{ip}:{port}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_is_the_one_that_was_asked_when_that_is_ipv4() {
        let of = |ip: &str| here(Some(ip.parse().unwrap()), 5222);
        assert_eq!(of("10.1.2.3"), "10.1.2.3:5222");
        assert_eq!(of("::ffff:10.1.2.3"), "10.1.2.3:5222");
        assert_eq!(of("2001:db8::1"), "127.0.0.1:5222");
        assert_eq!(here(None, 1), "127.0.0.1:1");
    }
}
