//! GET /chat: the demo chat; and the web SDK's script. Both are built from `web/`, where their
//! output is committed, and are in the binary. A page asks nobody but this server for anything.

use std::sync::LazyLock;

use axum::Router;
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, get};
use http::{HeaderMap, HeaderName, HeaderValue, header};

use crate::cached::Cached;

/// One file below an address of its own.
type File = LazyLock<Cached>;

static CHAT_PAGE: File = LazyLock::new(|| {
    let page = include_str!("../../../web/console/dist/chat.html");
    Cached::new("text/html;charset=UTF-8", page)
});
static CHAT_SCRIPT: File = LazyLock::new(|| {
    let script = include_str!("../../../web/console/dist/chat.js");
    Cached::new(JAVASCRIPT, script)
});
static CHAT_STYLE: File = LazyLock::new(|| {
    let style = include_str!("../../../web/console/dist/chat.css");
    Cached::new("text/css;charset=UTF-8", style)
});
static CHAT_ICON: File = LazyLock::new(|| {
    let icon = include_str!("../../../web/console/dist/icon.svg");
    Cached::new("image/svg+xml", icon)
});
static SDK: File = LazyLock::new(|| {
    let script = include_str!("../../../web/sdk/dist/mimc-min_1_0_0.js");
    Cached::new(JAVASCRIPT, script)
});

const JAVASCRIPT: &str = "text/javascript;charset=UTF-8";

/// The names under which apps load the SDK: all that the original had.
const SDK_PATHS: [&str; 8] = [
    "/sdk/mimc-min_1_0_0.js",
    "/sdk/mimc-min_1_0_1.js",
    "/sdk/mimc-min_1_0_2.js",
    "/sdk/mimc-min_1_0_3.js",
    "/mimc-min_1_0_0.js",
    "/mimc-min_1_0_1.js",
    "/mimc-min_1_0_2.js",
    "/mimc-min_1_0_3.js",
];

/// Scripts, styles and connections of this server only. Images and sounds that people send lie
/// elsewhere; the page loads them when the reader agrees.
const CHAT_HEADERS: [(HeaderName, HeaderValue); 2] = [
    (
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static(
            "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; \
             img-src 'self' https:; media-src 'self' https:; base-uri 'none'; \
             form-action 'none'; frame-ancestors 'none'",
        ),
    ),
    (
        header::REFERRER_POLICY,
        HeaderValue::from_static("no-referrer"),
    ),
];

pub(crate) fn router<S: Clone + Send + Sync + 'static>() -> Router<S> {
    let pages = Router::new()
        .route("/chat", get(chat))
        .route("/chat/chat.js", file(&CHAT_SCRIPT))
        .route("/chat/chat.css", file(&CHAT_STYLE))
        .route("/chat/icon.svg", file(&CHAT_ICON));
    SDK_PATHS
        .iter()
        .fold(pages, |router, path| router.route(path, file(&SDK)))
}

async fn chat(headers: HeaderMap) -> Response {
    (CHAT_HEADERS, CHAT_PAGE.answer(&headers)).into_response()
}

/// Answers with a file.
fn file<S: Clone + Send + Sync + 'static>(file: &'static File) -> MethodRouter<S> {
    get(move |headers: HeaderMap| async move { file.answer(&headers) })
}
