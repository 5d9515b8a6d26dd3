//! Refuses values that cannot work, before anything is opened.

use std::net::SocketAddrV4;
use std::path::Path;

use tracing_subscriber::EnvFilter;

use super::{Config, Layer};
use crate::peers::network;

/// Less would hold a few messages, more is a mistake.
const TRACE_KIB_MIN: usize = 64;
const TRACE_KIB_MAX: usize = 1 << 20;

/// An error names the source, the key and the reason.
pub(super) fn check(config: &Config, settings: &Layer) -> anyhow::Result<()> {
    for (key, fault) in faults(config) {
        if let Err(why) = fault {
            anyhow::bail!("{}: {key}: {why}", settings[key].source);
        }
    }
    Ok(())
}

fn faults(config: &Config) -> Vec<(&'static str, Result<(), &'static str>)> {
    let limits = &config.limits;
    vec![
        (
            "data_dir",
            is(!config.data_dir.as_os_str().is_empty(), "must not be empty"),
        ),
        ("http.listen", address(&config.http.listen)),
        (
            "http.trusted_proxies",
            networks(&config.http.trusted_proxies),
        ),
        ("limits.exempt", networks(&limits.exempt)),
        (
            "http.header_timeout_s",
            is(config.http.header_timeout_s > 0, "must be above 0"),
        ),
        ("tcp.listen", address(&config.tcp.listen)),
        (
            "tls.cert",
            with(
                &config.tls.cert,
                &config.tls.key,
                "must not be set without tls.key",
            ),
        ),
        (
            "tls.key",
            with(
                &config.tls.key,
                &config.tls.cert,
                "must not be set without tls.cert",
            ),
        ),
        ("gateway.advertise", advertised(&config.gateway.advertise)),
        ("token.ttl_s", is(config.token.ttl_s > 0, "must be above 0")),
        (
            "console.session_s",
            is(
                (60..=43_200).contains(&config.console.session_s),
                "must be 60 to 43200",
            ),
        ),
        (
            "limits.connections",
            is(limits.connections > 0, "must be above 0"),
        ),
        (
            "limits.http_connections",
            is(limits.http_connections > 0, "must be above 0"),
        ),
        (
            "limits.tls_handshakes",
            is(limits.tls_handshakes > 0, "must be above 0"),
        ),
        (
            "limits.in_flight_kib",
            is(limits.in_flight_kib > 1024, "must be above 1024"),
        ),
        (
            "limits.body_kib",
            is(limits.body_kib > 1024, "must be above 1024"),
        ),
        (
            "limits.cached_accounts",
            is(limits.cached_accounts > 0, "must be above 0"),
        ),
        ("trace.memory_kib", memory(config.trace.memory_kib)),
        ("log.level", level(&config.log.level)),
    ]
}

fn is(fine: bool, why: &'static str) -> Result<(), &'static str> {
    if fine { Ok(()) } else { Err(why) }
}

fn address(text: &str) -> Result<(), &'static str> {
    let port = text
        .rsplit_once(':')
        .filter(|(host, _)| !host.is_empty())
        .map(|(_, port)| port);
    let is_port = port.is_some_and(|port| port.parse::<u16>().is_ok());
    is(is_port, "expected host:port, as 127.0.0.1:8080")
}

fn advertised(addresses: &[String]) -> Result<(), &'static str> {
    let fine = addresses
        .iter()
        .all(|address| address.parse::<SocketAddrV4>().is_ok());
    is(fine, "expected IPv4:port, as 203.0.113.5:5222")
}

/// Serving in the clear what was meant to be encrypted would be worse than not serving.
fn with(path: &Path, other: &Path, why: &'static str) -> Result<(), &'static str> {
    is(
        path.as_os_str().is_empty() || !other.as_os_str().is_empty(),
        why,
    )
}

fn networks(texts: &[String]) -> Result<(), &'static str> {
    let fine = texts.iter().all(|text| network(text).is_some());
    is(fine, "expected addresses and networks, as 10.0.0.0/8")
}

fn memory(kib: usize) -> Result<(), &'static str> {
    is(
        kib == 0 || (TRACE_KIB_MIN..=TRACE_KIB_MAX).contains(&kib),
        "must be 0, or 64 to 1048576",
    )
}

fn level(text: &str) -> Result<(), &'static str> {
    let fine = !text.is_empty() && EnvFilter::builder().parse(text).is_ok();
    is(fine, "expected error, warn, info, debug or trace")
}
