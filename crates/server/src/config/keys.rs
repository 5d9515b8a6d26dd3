//! All keys: what each means, for people, and its default.

use toml::{Table, Value};

use super::sections::Config;
use super::{Layer, Setting, Source};

/// Key and meaning, in the order in which people read them.
pub(super) const KEYS: &[(&str, &str)] = &[
    (
        "data_dir",
        "Where everything is kept. One server at a time uses it.",
    ),
    (
        "http.listen",
        "Address of REST, WebSockets and the console; port 0 picks a free one.",
    ),
    (
        "http.cors_origins",
        "Origins whose pages may call /api; \"*\" is any.",
    ),
    (
        "http.websocket_origins",
        "Origins whose pages may open WebSockets; \"*\" is any. Who is no browser sends none and is let in.",
    ),
    (
        "http.trusted_proxies",
        "Addresses and networks of proxies whose X-Forwarded-For and X-Forwarded-Proto are believed.",
    ),
    (
        "http.header_timeout_s",
        "Seconds that a request's head, or the next request, may take.",
    ),
    (
        "tcp.listen",
        "Address of the TCP gateway; port 0 picks a free one.",
    ),
    (
        "tls.cert",
        "PEM file with the certificate chain, for TLS on both listeners; read again when it changes.",
    ),
    (
        "tls.key",
        "PEM file with the certificate's private key, not encrypted; read again when it changes.",
    ),
    (
        "tls.tcp",
        "Whom the TCP gateway serves when there is a certificate: required (TLS only), optional (TLS and, as MIMC's own SDKs need it, plain) or off (plain only).",
    ),
    (
        "tls.hsts_s",
        "Seconds for which a browser that came by HTTPS shall not come otherwise (Strict-Transport-Security), to any port of this host; 0: that is not said.",
    ),
    (
        "gateway.advertise",
        "IPv4:port of TCP gateways that /gslb/ answers; empty: the address that was asked.",
    ),
    (
        "token.fe_domain",
        "feDomainName of token answers; empty: the Host of the request.",
    ),
    (
        "token.relay_domain",
        "relayDomainName of token answers; empty: the Host of the request.",
    ),
    ("token.ttl_s", "Lifetime of a token in seconds."),
    (
        "callback.allow_private",
        "Whether callbacks may go to this machine and private networks.",
    ),
    (
        "console.session_s",
        "Seconds after which the console asks for a new sign-in when it is not used; 60 to 43200.",
    ),
    (
        "store.accept_clock_behind",
        "Start although the newest message is over an hour ahead of the machine's clock.",
    ),
    (
        "store.filter_mib",
        "MiB of memory that make looking for old messages quick; beyond it, they are read from disk.",
    ),
    (
        "trace.memory_kib",
        "KiB of memory for what happened to messages lately, which `mimc trace` tells; 24 bytes a step, about 4 steps a message, the oldest go first. 0 remembers nothing.",
    ),
    (
        "limits.connections",
        "Open connections of clients, TCP and WebSocket together.",
    ),
    (
        "limits.http_connections",
        "Open HTTP connections; more are closed at once.",
    ),
    (
        "limits.tls_handshakes",
        "TLS handshakes under way; more are closed at once.",
    ),
    (
        "limits.connections_per_address",
        "Open connections of one address (IPv6: of a /64), HTTP included; more are closed at once. Keep it below limits.http_connections and limits.tls_handshakes, or one address can take all of those. 0 is no limit.",
    ),
    (
        "limits.connects_per_address_per_s",
        "New connections of one address per second, on average over 10 s; more are closed at once. 0 is no limit.",
    ),
    (
        "limits.login_failures_per_min",
        "Logins of one address at the gateway that may fail per minute for their token or signature; then none is looked at. 0 is no limit.",
    ),
    (
        "limits.exempt",
        "Addresses and networks for which the three limits before do not hold; trusted proxies are exempt, too.",
    ),
    (
        "limits.in_flight_kib",
        "KiB of messages between acceptance and delivery; then: busy.",
    ),
    (
        "limits.body_kib",
        "KiB of request bodies that are arriving at a time; then: busy.",
    ),
    ("limits.cached_accounts", "Accounts kept in memory."),
    (
        "limits.held_questions",
        "Repeated questions held for 3 s at a time; then: answered at once.",
    ),
    (
        "limits.app_requests_per_s",
        "Requests to /api of one app per second; then: HTTP 429. 0 is no limit.",
    ),
    (
        "limits.auth_failures_per_min",
        "Failed authentications over HTTP from one address per minute; then: HTTP 429. 0 is no limit. Behind a proxy set http.trusted_proxies, or all requests have its address.",
    ),
    (
        "log.level",
        "error, warn, info, debug or trace; also per part, as info,gateway=debug.",
    ),
    ("log.format", "text or json."),
];

/// Keys whose values nobody is shown. Secrets are in files of the data directory, so there are none.
pub(super) const SECRETS: &[&str] = &[];

/// The bottom layer: every key has a value.
pub(super) fn defaults() -> Layer {
    let mut layer = Layer::new();
    let config = Table::try_from(Config::default()).expect("a test turns the defaults into TOML");
    flatten("", config, &mut |key, value| {
        layer.insert(
            key,
            Setting {
                value,
                source: Source::Default,
            },
        );
    });
    layer
}

/// Calls with every value of a table and its key.
pub(super) fn flatten(prefix: &str, table: Table, act: &mut impl FnMut(String, Value)) {
    for (name, value) in table {
        let key = if prefix.is_empty() {
            name
        } else {
            format!("{prefix}.{name}")
        };
        match value {
            Value::Table(section) => flatten(&key, section, act),
            value => act(key, value),
        }
    }
}

/// Puts a value at its key, which is at most one section deep.
pub(super) fn put(table: &mut Table, key: &str, value: Value) {
    let Some((section, name)) = key.split_once('.') else {
        table.insert(key.to_owned(), value);
        return;
    };
    let section = table
        .entry(section)
        .or_insert_with(|| Value::Table(Table::new()));
    if let Value::Table(section) = section {
        section.insert(name.to_owned(), value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_has_a_meaning_and_every_meaning_a_key() {
        let defaults = defaults();
        let mut described: Vec<_> = KEYS.iter().map(|(key, _)| *key).collect();
        described.sort_unstable();
        let known: Vec<_> = defaults.keys().map(String::as_str).collect();
        assert_eq!(described, known);
    }
}
