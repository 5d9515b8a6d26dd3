//! GET /docs: the guides, the API reference and that of the web SDK as plain pages, in English and Chinese. All of it is
//! in the binary; a page asks nobody else for anything and runs no script.

mod guides;
mod language;
mod markdown;
mod page;
mod reference;
mod web_sdk;
mod words;

use std::collections::HashMap;
use std::sync::LazyLock;

use axum::Router;
use axum::extract::Path;
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};

use self::guides::GUIDES;
use self::language::Language;
use self::markdown::Rendered;
use self::reference::Api;
use crate::cached::Cached;

const STYLE: &str = include_str!("docs/style.css");
/// The page of a language that leads to the others.
const INDEX: &str = "";
/// The pages that are made of `openapi.json`.
const REFERENCE: &str = "api";
const ADMIN_REFERENCE: &str = "admin-api";
/// The page that is made of `web-sdk.json`.
const SDK_REFERENCE: &str = "web-sdk-reference";

const HEADERS: [(HeaderName, HeaderValue); 3] = [
    (
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    ),
    (
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static(
            "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; \
             frame-ancestors 'none'",
        ),
    ),
    (
        header::REFERRER_POLICY,
        HeaderValue::from_static("no-referrer"),
    ),
];

static STYLESHEET: LazyLock<Cached> =
    LazyLock::new(|| Cached::new("text/css;charset=UTF-8", STYLE));

type Pages = HashMap<(Language, &'static str), Cached>;

/// Made at the first question.
static PAGES: LazyLock<Pages> = LazyLock::new(|| {
    let of_language = |language| {
        pages(language)
            .into_iter()
            .map(move |(name, html)| (language, name, html))
    };
    let all = Language::ALL.into_iter().flat_map(of_language);
    all.map(|(language, name, html)| {
        (
            (language, name),
            Cached::new("text/html;charset=UTF-8", html),
        )
    })
    .collect()
});

pub(crate) fn router<S: Clone + Send + Sync + 'static>() -> Router<S> {
    Router::new()
        .route("/docs", get(preferred))
        .route("/docs/style.css", get(style))
        .route("/docs/{language}", get(index))
        .route("/docs/{language}/{page}", get(page))
}

async fn style(headers: HeaderMap) -> Response {
    STYLESHEET.answer(&headers)
}

/// The index in the language that the reader prefers.
async fn preferred(headers: HeaderMap) -> Response {
    let language = Language::preferred(&headers);
    let mut response = answer(Some(language), INDEX, &headers);
    response
        .headers_mut()
        .append(header::VARY, HeaderValue::from_static("Accept-Language"));
    response
}

async fn index(Path(language): Path<String>, headers: HeaderMap) -> Response {
    answer(Language::named(&language), INDEX, &headers)
}

async fn page(Path((language, page)): Path<(String, String)>, headers: HeaderMap) -> Response {
    answer(Language::named(&language), &page, &headers)
}

fn answer(language: Option<Language>, name: &str, headers: &HeaderMap) -> Response {
    let found = language.and_then(|language| PAGES.get(&(language, static_name(name)?)));
    let response = match found {
        Some(page) => page.answer(headers),
        None => (StatusCode::NOT_FOUND, Html(page::not_found())).into_response(),
    };
    (HEADERS, response).into_response()
}

/// The name of a page as the table has it.
fn static_name(name: &str) -> Option<&'static str> {
    let names = GUIDES.iter().map(|guide| guide.name);
    names
        .chain([INDEX, REFERENCE, ADMIN_REFERENCE, SDK_REFERENCE])
        .find(|known| *known == name)
}

/// All pages of a language by name.
fn pages(language: Language) -> Vec<(&'static str, String)> {
    let guides = GUIDES.iter();
    let mut rendered: Vec<(&'static str, Rendered)> = guides
        .map(|guide| (guide.name, markdown::page(guide.text(language), language)))
        .collect();
    rendered.push((REFERENCE, reference::page(language, Api::Apps)));
    rendered.push((ADMIN_REFERENCE, reference::page(language, Api::Operators)));
    rendered.push((SDK_REFERENCE, web_sdk::page(language)));
    let titles: Vec<_> = rendered
        .iter()
        .map(|(name, page)| (*name, page.title.clone()))
        .collect();
    rendered.push((INDEX, page::index(language, &titles)));
    rendered
        .into_iter()
        .map(|(name, page)| (name, page::frame(language, name, &page, &titles)))
        .collect()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use percent_encoding::percent_decode_str;

    use super::*;

    /// What stands between `<` and `>`; in text these are escaped.
    fn tags(html: &str) -> impl Iterator<Item = &str> {
        let parts = html.split('<').skip(1);
        parts.map(|part| part.split('>').next().unwrap())
    }

    /// The values of an attribute in a page.
    fn values<'a>(html: &'a str, attribute: &str) -> Vec<&'a str> {
        let mark = format!(" {attribute}=\"");
        let found = tags(html).filter_map(|tag| tag.split_once(&*mark));
        found
            .map(|(_, rest)| rest.split('"').next().unwrap())
            .collect()
    }

    fn all_pages() -> Vec<(String, String)> {
        let mut all = Vec::new();
        for language in Language::ALL {
            for (name, html) in pages(language) {
                all.push((format!("/docs/{}/{name}", language.tag()), html));
            }
        }
        all
    }

    #[test]
    fn every_link_leads_to_a_page_and_a_place_on_it() {
        let all = all_pages();
        let mut places: HashSet<String> = HashSet::new();
        for (path, html) in &all {
            let path = path.trim_end_matches('/');
            places.insert(path.to_owned());
            let ids = values(html, "id");
            assert_eq!(
                ids.len(),
                ids.iter().collect::<HashSet<_>>().len(),
                "{path} has an id twice"
            );
            places.extend(ids.iter().map(|id| format!("{path}#{id}")));
        }
        places.extend(["/docs/style.css".to_owned(), "/openapi.json".to_owned()]);
        for (path, html) in &all {
            for link in values(html, "href") {
                let link = percent_decode_str(link).decode_utf8_lossy();
                let absolute = match link.strip_prefix('#') {
                    Some(place) => format!("{}#{place}", path.trim_end_matches('/')),
                    None => link.clone().into_owned(),
                };
                let is_elsewhere = absolute.starts_with("https://");
                assert!(
                    is_elsewhere || places.contains(&absolute),
                    "{path} links {link}"
                );
            }
        }
    }

    #[test]
    fn pages_run_nothing_and_load_nothing_of_others() {
        for (path, html) in all_pages() {
            for tag in tags(&html) {
                for forbidden in ["script", "style", "img", "iframe", "link rel=\"preload"] {
                    assert!(!tag.starts_with(forbidden), "{path} has <{tag}>");
                }
                for forbidden in [" style=", " src=", " on", "javascript:"] {
                    assert!(!tag.contains(forbidden), "{path} has <{tag}>");
                }
            }
            assert_eq!(html.matches("<h1").count(), 1, "{path}");
            assert_eq!(html.matches("<main").count(), 1, "{path}");
        }
    }

    #[test]
    fn unknown_pages_are_not_found() {
        let status = |language: &str, name: &str| {
            answer(Language::named(language), name, &HeaderMap::new()).status()
        };
        assert_eq!(status("en", "faq"), StatusCode::OK);
        assert_eq!(status("zh", "api"), StatusCode::OK);
        assert_eq!(status("zh", "admin-api"), StatusCode::OK);
        assert_eq!(status("zh", "web-sdk-reference"), StatusCode::OK);
        for (language, name) in [("fr", "faq"), ("en", "no"), ("en", "faq.md"), ("EN", "")] {
            assert_eq!(
                status(language, name),
                StatusCode::NOT_FOUND,
                "{language}/{name}"
            );
        }
    }
}
