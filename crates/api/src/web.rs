//! What browsers load: the console at `/`, the demo chat at `/chat`, the web SDK's script. All of it
//! is built from `web/`, where the output is committed, and is in the binary. A page asks nobody but
//! this server for anything.

use std::collections::HashMap;
use std::path::Path;
use std::sync::LazyLock;

use axum::Router;
use axum::extract;
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, get};
use http::{HeaderMap, HeaderName, HeaderValue, header};
use include_dir::{Dir, include_dir};

use crate::cached::Cached;
use crate::refusal::Refusal;

/// One file below an address of its own.
type File = LazyLock<Cached>;

static CHAT_PAGE: File = LazyLock::new(|| {
    let page = include_str!("../../../web/console/dist/chat.html");
    Cached::new(HTML, page)
});
static CHAT_SCRIPT: File = LazyLock::new(|| {
    let script = include_str!("../../../web/console/dist/chat.js");
    Cached::new(JAVASCRIPT, script)
});
static CHAT_STYLE: File = LazyLock::new(|| {
    let style = include_str!("../../../web/console/dist/chat.css");
    Cached::new(CSS, style)
});
static CHAT_ICON: File = LazyLock::new(|| {
    let icon = include_str!("../../../web/console/dist/icon.svg");
    Cached::new(SVG, icon)
});
static CONSOLE_PAGE: File = LazyLock::new(|| {
    let page = include_str!("../../../web/console/dist/console.html");
    Cached::new(HTML, page)
});
static SDK: File = LazyLock::new(|| {
    let script = include_str!("../../../web/sdk/dist/mimc-min_1_0_0.js");
    Cached::new(JAVASCRIPT, script)
});
static SDK_MODULE: File = LazyLock::new(|| {
    let module = include_str!("../../../web/sdk/dist/openmimc.mjs");
    Cached::new(JAVASCRIPT, module)
});

/// Scripts and styles of the console by name. Views are files of their own, named after their content.
static CONSOLE: LazyLock<HashMap<&'static str, Cached>> = LazyLock::new(|| {
    static DIR: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../web/console/dist/console");
    DIR.files()
        .filter_map(|file| {
            let name = file.path().to_str()?;
            Some((
                name,
                Cached::new(content_type(file.path())?, file.contents()),
            ))
        })
        .collect()
});

const HTML: &str = "text/html;charset=UTF-8";
const CSS: &str = "text/css;charset=UTF-8";
const JAVASCRIPT: &str = "text/javascript;charset=UTF-8";
const SVG: &str = "image/svg+xml";

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

const SDK_MODULE_PATH: &str = "/sdk/openmimc.mjs";

/// Pages of every origin load the SDK; a module cannot be loaded without this.
const SDK_HEADERS: [(HeaderName, HeaderValue); 1] = [(
    header::ACCESS_CONTROL_ALLOW_ORIGIN,
    HeaderValue::from_static("*"),
)];

type Headers = [(HeaderName, HeaderValue); 2];

/// Scripts, styles and connections of this server only. Images and sounds that people send lie
/// elsewhere; the page loads them when the reader agrees.
const CHAT_HEADERS: Headers = headers(
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; \
     img-src 'self' https:; media-src 'self' https:; base-uri 'none'; form-action 'none'; \
     frame-ancestors 'none'",
);

/// Nothing but what this server has.
const CONSOLE_HEADERS: Headers = headers(
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; \
     img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
);

const fn headers(policy: &'static str) -> Headers {
    [
        (
            header::CONTENT_SECURITY_POLICY,
            HeaderValue::from_static(policy),
        ),
        (
            header::REFERRER_POLICY,
            HeaderValue::from_static("no-referrer"),
        ),
    ]
}

pub(crate) fn router<S: Clone + Send + Sync + 'static>() -> Router<S> {
    let pages = Router::new()
        .route("/", get(console))
        .route("/console/{file}", get(console_file))
        .route("/chat", get(chat))
        .route("/chat/chat.js", file(&CHAT_SCRIPT))
        .route("/chat/chat.css", file(&CHAT_STYLE))
        .route("/chat/icon.svg", file(&CHAT_ICON));
    let pages = pages.route(SDK_MODULE_PATH, sdk(&SDK_MODULE));
    SDK_PATHS
        .iter()
        .fold(pages, |router, path| router.route(path, sdk(&SDK)))
}

async fn console(headers: HeaderMap) -> Response {
    (CONSOLE_HEADERS, CONSOLE_PAGE.answer(&headers)).into_response()
}

async fn console_file(extract::Path(name): extract::Path<String>, headers: HeaderMap) -> Response {
    match CONSOLE.get(&*name) {
        Some(file) => file.answer(&headers),
        None => Refusal::UnknownPath.into_response(),
    }
}

async fn chat(headers: HeaderMap) -> Response {
    (CHAT_HEADERS, CHAT_PAGE.answer(&headers)).into_response()
}

/// Answers with a file of the SDK.
fn sdk<S: Clone + Send + Sync + 'static>(file: &'static File) -> MethodRouter<S> {
    get(move |headers: HeaderMap| async move { (SDK_HEADERS, file.answer(&headers)) })
}

/// Answers with a file.
fn file<S: Clone + Send + Sync + 'static>(file: &'static File) -> MethodRouter<S> {
    get(move |headers: HeaderMap| async move { file.answer(&headers) })
}

fn content_type(path: &Path) -> Option<&'static str> {
    match path.extension()?.to_str()? {
        "js" => Some(JAVASCRIPT),
        "css" => Some(CSS),
        "svg" => Some(SVG),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_console_has_all_that_its_page_and_its_scripts_name() {
        let text = |bytes: &'static [u8]| str::from_utf8(bytes).unwrap();
        let page = include_str!("../../../web/console/dist/console.html");
        for name in ["console.js", "console.css", "icon.svg"] {
            assert!(page.contains(&format!("/console/{name}")), "{name}");
            assert!(CONSOLE.contains_key(name), "{name}");
        }
        let dir = include_dir!("$CARGO_MANIFEST_DIR/../../web/console/dist/console");
        for file in dir.files() {
            // Chunks name each other as "./name-HASH.js".
            let parts = text(file.contents()).split("\"./").skip(1);
            let names = parts.filter_map(|rest| rest.split('"').next());
            for name in names.filter(|name| content_type(Path::new(name)).is_some()) {
                assert!(CONSOLE.contains_key(name), "{name}");
            }
        }
    }

    #[test]
    fn pages_hold_no_script_and_no_style_of_their_own() {
        for page in [
            include_str!("../../../web/console/dist/console.html"),
            include_str!("../../../web/console/dist/chat.html"),
        ] {
            for forbidden in ["<style", " style=", " on", "javascript:", "<script>"] {
                assert!(!page.contains(forbidden), "{forbidden}");
            }
        }
    }
}
