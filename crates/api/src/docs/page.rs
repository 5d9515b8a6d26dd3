//! What stands around every page: the way to the others, and to the other language.

use super::language::Language;
use super::markdown::{Rendered, escaped};
use super::words::{summary, words};

const NAME: &str = "OpenMIMC";

/// A whole page; `titles` are those of all pages but the index.
pub(super) fn frame(
    language: Language,
    name: &str,
    page: &Rendered,
    titles: &[(&str, String)],
) -> String {
    let words = words(language);
    format!(
        "<!doctype html>\n<html lang=\"{lang}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n<title>{title}</title>\n\
         <link rel=\"stylesheet\" href=\"/docs/style.css\">\n</head>\n<body>\n\
         <a class=\"skip\" href=\"#content\">{skip}</a>\n<header>\n\
         <a class=\"name\" href=\"/docs/{tag}\">{NAME}</a>\n\
         <nav aria-label=\"{language_label}\">{languages}</nav>\n</header>\n\
         <div class=\"columns\">\n<nav aria-label=\"{pages_label}\"><ul>{pages}</ul></nav>\n\
         <main id=\"content\">\n{body}</main>\n</div>\n</body>\n</html>\n",
        lang = language.html_tag(),
        title = title(&page.title),
        skip = words.skip,
        tag = language.tag(),
        language_label = words.language,
        languages = languages(language, name),
        pages_label = words.pages,
        pages = links(language, name, titles),
        body = page.body,
    )
}

/// The page that leads to all others.
pub(super) fn index(language: Language, titles: &[(&str, String)]) -> Rendered {
    let words = words(language);
    let entry = |(name, title): &(&str, String)| {
        format!(
            "<li><a href=\"{}\">{}</a><span>{}</span></li>\n",
            path(language, name),
            escaped(title),
            summary(language, name)
        )
    };
    let entries: String = titles.iter().map(entry).collect();
    let body = format!(
        "<h1>{}</h1>\n<p>{}</p>\n<ul class=\"entries\">\n{entries}</ul>\n",
        words.index_title, words.index_text
    );
    Rendered {
        title: words.index_title.to_owned(),
        body,
    }
}

/// For a path below /docs that nobody has.
pub(super) fn not_found() -> String {
    let body = "<h1>Not found</h1>\n<p>There is no such page. <span lang=\"zh-CN\">没有这个页面。</span></p>\n\
                <p><a href=\"/docs\">/docs</a></p>\n";
    let page = Rendered {
        title: "Not found".to_owned(),
        body: body.to_owned(),
    };
    frame(Language::En, "", &page, &[])
}

fn title(page: &str) -> String {
    if page.contains(NAME) {
        escaped(page)
    } else {
        format!("{} · {NAME}", escaped(page))
    }
}

fn languages(current: Language, name: &str) -> String {
    let link = |language: Language| {
        let (tag, label) = (language.html_tag(), language.name());
        if language == current {
            format!("<span aria-current=\"true\" lang=\"{tag}\">{label}</span>")
        } else {
            let path = path(language, name);
            format!("<a href=\"{path}\" lang=\"{tag}\" hreflang=\"{tag}\">{label}</a>")
        }
    };
    Language::ALL.map(link).join(" ")
}

fn links(language: Language, current: &str, titles: &[(&str, String)]) -> String {
    let link = |(name, title): &(&str, String)| {
        let path = path(language, name);
        let mark = if *name == current {
            " aria-current=\"page\""
        } else {
            ""
        };
        format!("<li><a href=\"{path}\"{mark}>{}</a></li>", escaped(title))
    };
    titles.iter().map(link).collect()
}

fn path(language: Language, name: &str) -> String {
    match name {
        "" => format!("/docs/{}", language.tag()),
        name => format!("/docs/{}/{name}", language.tag()),
    }
}
