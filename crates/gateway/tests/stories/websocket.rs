//! The handshake; the frames themselves are tested where they are read.

use http::{Request, StatusCode};

fn request(headers: &[(&str, &str)]) -> Request<()> {
    let mut request = Request::get("/any/path");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.body(()).unwrap()
}

const GOOD: [(&str, &str); 4] = [
    ("upgrade", "WebSocket"),
    ("connection", "keep-alive, Upgrade"),
    ("sec-websocket-version", "13"),
    ("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ=="),
];

#[test]
fn the_answer_is_that_of_the_rfc() {
    let answer = gateway::handshake(&request(&GOOD)).unwrap().unwrap();
    assert_eq!(answer.status(), StatusCode::SWITCHING_PROTOCOLS);
    assert_eq!(
        answer.headers()["sec-websocket-accept"],
        "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="
    );
}

#[test]
fn a_request_for_something_else_is_left_alone() {
    assert!(gateway::handshake(&request(&[])).is_none());
    assert!(gateway::handshake(&request(&[("upgrade", "h2c")])).is_none());
}

#[test]
fn a_broken_handshake_is_refused() {
    for (at, value) in [(1, "close"), (2, "8"), (3, "short")] {
        let mut headers = GOOD;
        headers[at].1 = value;
        assert!(
            gateway::handshake(&request(&headers)).unwrap().is_err(),
            "{headers:?}"
        );
        let without: Vec<_> = GOOD
            .iter()
            .copied()
            .filter(|one| one.0 != GOOD[at].0)
            .collect();
        assert!(
            gateway::handshake(&request(&without)).unwrap().is_err(),
            "{without:?}"
        );
    }
}
