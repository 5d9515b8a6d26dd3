use super::UrlError::{Credentials, Host, Malformed, Port, Private, Scheme, TooLong};
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
    for host in [
        "127.0.0.1",
        "127.255.255.254",
        "127.0.0.1.",
        "127.1",
        "127.0.1",
        "2130706433",
        "0x7f000001",
        "0X7F.1",
        "0x7f.0.0.0x1",
        "017700000001",
        "0177.0.0.01",
        "localhost",
        "LOCALHOST.",
        "x.localhost",
        "0.0.0.0",
        "0",
        "0x",
        "0.1.2.3",
        "10.0.0.1",
        "10.1",
        "167772161",
        "100.64.0.1",
        "100.127.255.255",
        "100.100.100.200",
        "169.254.169.254",
        "2852039166",
        "0xa9fea9fe",
        "0251.0376.0251.0376",
        "169.254.0.1",
        "168.63.129.16",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.192",
        "192.0.2.1",
        "192.88.99.1",
        "192.168.1.1",
        "192.168.257",
        "198.18.0.1",
        "198.19.255.255",
        "198.51.100.1",
        "203.0.113.1",
        "224.0.0.1",
        "239.255.255.255",
        "240.0.0.1",
        "255.255.255.255",
        "[::]",
        "[::1]",
        "[0:0:0:0:0:0:0:1]",
        "[::2]",
        "[::127.0.0.1]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[::ffff:a9fe:a9fe]",
        "[::ffff:0:10.0.0.1]",
        "[64:ff9b::10.0.0.1]",
        "[64:ff9b:1::8.8.8.8]",
        "[100::1]",
        "[2001:0:7f00:1::1]",
        "[2001:0:808:808:0:0:80ff:fffe]",
        "[2001:2::1]",
        "[2001:10::1]",
        "[2001:db8::1]",
        "[2002:7f00:1::1]",
        "[2002:a9fe:a9fe::]",
        "[2002:c0a8:101::]",
        "[2a00:1450::5efe:10.0.0.1]",
        "[3fff::1]",
        "[4000::1]",
        "[5f00::1]",
        "[fc00::1]",
        "[fd00::1]",
        "[fd00:ec2::254]",
        "[fe80::1]",
        "[febf::1]",
        "[fec0::1]",
        "[ff02::1]",
    ] {
        for url in [format!("http://{host}/"), format!("https://{host}:8443/x")] {
            assert_eq!(check_url(&url, false), Err(Private), "{url}");
            assert_eq!(check_url(&url, true), Ok(()), "{url}");
        }
    }
}
