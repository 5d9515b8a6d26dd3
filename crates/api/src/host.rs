//! The name by which the client knows this server.

use http::{HeaderMap, header};

/// The Host without its port; `localhost` when there is none or it is no name.
pub(crate) fn host(headers: &HeaderMap) -> &str {
    let named = headers
        .get(header::HOST)
        .and_then(|value| value.to_str().ok());
    named
        .map(without_port)
        .filter(|host| is_name(host))
        .unwrap_or("localhost")
}

fn without_port(host: &str) -> &str {
    match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    }
}

fn is_name(host: &str) -> bool {
    !host.is_empty()
        && host
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b".-_[]:".contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_port_is_left_out_and_nonsense_is_localhost() {
        let of = |value: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::HOST, value.parse().unwrap());
            host(&headers).to_owned()
        };
        assert_eq!(of("chat.example.com:8080"), "chat.example.com");
        assert_eq!(of("10.0.0.1"), "10.0.0.1");
        assert_eq!(of("[::1]:80"), "[::1]");
        assert_eq!(of("[::1]"), "[::1]");
        assert_eq!(of("<script>"), "localhost");
        assert_eq!(host(&HeaderMap::new()), "localhost");
    }
}
