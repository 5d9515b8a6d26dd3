//! Whether a browser says that a page of this server asks. A request that changes something with a
//! cookie, or signs in, could otherwise be some other page's.

use http::{HeaderMap, HeaderName, HeaderValue, header};

const FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// False when an `Origin` or a `Sec-Fetch-Site` is there that names another place. A proxy in
/// between must pass the `Host` on, as for token answers.
pub(super) fn is_ours(headers: &HeaderMap) -> bool {
    let site_is_ours = headers.get(FETCH_SITE).is_none_or(is_same_site);
    let origin_is_ours = headers
        .get(header::ORIGIN)
        .is_none_or(|origin| is_host(origin, headers.get(header::HOST)));
    site_is_ours && origin_is_ours
}

/// Whether the page was loaded over TLS, which the server need not have spoken itself.
pub(super) fn is_https(headers: &HeaderMap) -> bool {
    let origin = headers.get(header::ORIGIN).map(HeaderValue::as_bytes);
    origin.is_some_and(|origin| origin.starts_with(b"https://"))
}

/// `none`: somebody typed it.
fn is_same_site(site: &HeaderValue) -> bool {
    site == "same-origin" || site == "none"
}

fn is_host(origin: &HeaderValue, host: Option<&HeaderValue>) -> bool {
    let origin = origin.to_str().ok().and_then(|it| it.split_once("://"));
    let host = host.and_then(|host| host.to_str().ok());
    let (Some((scheme, authority)), Some(host)) = (origin, host) else {
        return false;
    };
    let port = match scheme {
        "http" => ":80",
        "https" => ":443",
        _ => return false,
    };
    let bare = |name: &'_ str| name.strip_suffix(port).unwrap_or(name).to_ascii_lowercase();
    bare(authority) == bare(host)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ours(pairs: &[(&'static str, &'static str)]) -> bool {
        let headers = pairs.iter().map(|(name, value)| {
            (
                HeaderName::from_static(name),
                HeaderValue::from_static(value),
            )
        });
        is_ours(&headers.collect())
    }

    #[test]
    fn an_origin_that_is_sent_must_be_the_host() {
        assert!(ours(&[]), "curl sends none");
        for (origin, host, expected) in [
            ("http://127.0.0.1:8080", "127.0.0.1:8080", true),
            ("https://im.example.com", "im.example.com", true),
            ("https://im.example.com", "IM.example.com:443", true),
            ("http://im.example.com", "im.example.com:80", true),
            ("http://[::1]:8080", "[::1]:8080", true),
            ("http://127.0.0.1:8081", "127.0.0.1:8080", false),
            ("http://127.0.0.1", "127.0.0.1:8080", false),
            ("https://evil.example", "im.example.com", false),
            (
                "https://im.example.com.evil.example",
                "im.example.com",
                false,
            ),
            ("ftp://im.example.com", "im.example.com", false),
            ("null", "null", false),
            ("", "", false),
        ] {
            let headers = [("origin", origin), ("host", host)];
            assert_eq!(ours(&headers), expected, "{origin} at {host}");
        }
        assert!(!ours(&[("origin", "http://a")]), "no host to compare with");
    }

    #[test]
    fn a_browser_that_names_another_site_is_believed() {
        for (site, expected) in [
            ("same-origin", true),
            ("none", true),
            ("same-site", false),
            ("cross-site", false),
        ] {
            assert_eq!(ours(&[("sec-fetch-site", site)]), expected, "{site}");
        }
    }
}
