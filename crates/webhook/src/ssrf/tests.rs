use super::UrlError::{Credentials, Host, Malformed, Port, Private, Scheme, TooLong};
use super::nearby::NEARBY;
use super::*;

#[test]
fn urls_of_the_world_are_fine() {
    for url in [
        "https://example.com/x?y=1",
        "http://example.com",
        "http://example.com:8080",
        "http://example.com./callback",
        "HTTPS://EXAMPLE.com/",
        "https://xn--fiqs8s.example/",
        "https://a-b_c.example:65535/x",
        "http://8.8.8.8/",
        "http://134744072/",
        "http://[2001:4860:4860::8888]/x",
        "http://[::ffff:8.8.8.8]/",
        "http://[2002:808:808::1]/",
        "http://[64:ff9b::8.8.8.8]/",
        "http://172.15.0.1/",
        "http://172.32.0.1/",
        "http://100.63.0.1/",
        "http://100.128.0.1/",
        "http://192.0.1.1/",
        "http://223.255.255.255/",
        "http://localhost.example.com/",
        "http://127.0.0.1.example.com/",
        // Names of which only a lookup tells where they lead, right before each connection.
        "http://metadata.google.internal/",
        "http://127.0.0.1.nip.io/",
        "http://xn--lcalhost-ezb.example/",
        // What stands behind the host changes nothing of it.
        "http://example.com/?@127.0.0.1/",
        "http://example.com/#@127.0.0.1/",
        "http://example.com:22/",
        "http://example.com:00080/",
    ] {
        assert_eq!(check_url(url, false), Ok(()), "{url}");
    }
}

#[test]
fn other_texts_are_refused_with_the_reason() {
    let long = format!("http://x.example/{}", "x".repeat(URL_BYTES_MAX));
    for (url, error) in [
        ("", Malformed),
        ("x", Malformed),
        ("abc", Malformed),
        ("/x", Malformed),
        ("//x/y", Malformed),
        ("http:", Malformed),
        ("http://", Malformed),
        ("http:///x", Malformed),
        ("http://a b/", Malformed),
        ("http://example.com\\@127.0.0.1/", Malformed),
        ("http://例子.example/", Malformed),
        ("http://１２７.0.0.1/", Malformed),
        ("javascript:1", Malformed),
        ("javascript:alert(1)", Malformed),
        ("file:///etc/passwd", Malformed),
        ("ftp://example.com/", Scheme),
        ("gopher://example.com/", Scheme),
        ("ws://example.com/", Scheme),
        ("http://user@example.com/", Credentials),
        ("http://user:password@example.com/", Credentials),
        ("http://@example.com/", Credentials),
        ("http://example.com:0/", Port),
        ("http://example.com:65536/", Port),
        ("http://example.com:x/", Port),
        ("http://example.com:/", Port),
        ("http://.example.com/", Host),
        ("http://example..com/", Host),
        ("http://./", Host),
        ("http://256.0.0.1/", Host),
        ("http://1.2.3.4.5/", Host),
        ("http://1.2.3.08/", Host),
        ("http://4294967296/", Host),
        ("http://x.0x1/", Host),
        ("http://%31%32%37.0.0.1/", Malformed),
        ("http://exa$mple.com/", Host),
        ("http:127.0.0.1/", Malformed),
        ("http:/127.0.0.1/", Malformed),
        ("http:\\\\127.0.0.1/", Malformed),
        (" http://127.0.0.1/", Malformed),
        ("http://127.0.0.1\t/", Malformed),
        ("http://example.com\r\nHost: x/", Malformed),
        ("http://127.0.0.1%00.example.com/", Malformed),
        ("http://127\u{3002}0\u{3002}0\u{3002}1/", Malformed),
        ("http://\u{2460}\u{2461}\u{2466}.0.0.1/", Malformed),
        ("http://[fe80::1%25eth0]/", Malformed),
        ("http://[fe80::1%eth0]/", Malformed),
        ("http://[::1/", Malformed),
        ("http://::1/", Malformed),
        ("http://[127.0.0.1]/", Host),
        ("http://127.0.0.1:80:80/", Malformed),
        ("http://example.com:+80/", Port),
        ("http://example.com:-1/", Port),
        ("http://example.com@127.0.0.1/", Credentials),
        ("http://127.0.0.1:80@example.com/", Credentials),
        (&long, TooLong),
    ] {
        for allow_private in [false, true] {
            let refused = check_url(url, allow_private);
            let is_refused_somehow = error == Malformed && refused.is_err();
            assert!(
                is_refused_somehow || refused == Err(error),
                "{url}: {refused:?}"
            );
        }
    }
}

#[test]
fn addresses_nearby_need_permission() {
    assert!(NEARBY.len() >= 60);
    for host in NEARBY {
        for url in [format!("http://{host}/"), format!("https://{host}:8443/x")] {
            assert_eq!(check_url(&url, false), Err(Private), "{url}");
            assert_eq!(check_url(&url, true), Ok(()), "{url}");
        }
    }
}
