//! From Markdown to HTML: headings get the ids that GitHub gives them, links to other guides lead to
//! their pages, and HTML in the text is text.

use std::collections::HashMap;

use pulldown_cmark::{CowStr, Event, Options, Parser, Tag, TagEnd, html};

use super::language::Language;

/// Code in a line of text up to this is not broken.
const WORD_BYTES_MAX: usize = 24;

/// The inside of a page.
pub(super) struct Rendered {
    pub(super) title: String,
    pub(super) body: String,
}

/// A whole guide. Its title is its first heading.
pub(super) fn page(text: &str, language: Language) -> Rendered {
    let events: Vec<_> = Parser::new_ext(text, Options::ENABLE_TABLES)
        .filter(|event| !is_comment(event))
        .map(|event| plain(event, language))
        .collect();
    let (events, title) = with_ids(events);
    let events = without_blanks(events).into_iter().map(short_code);
    let mut body = String::with_capacity(2 * text.len());
    html::push_html(&mut body, events);
    // Wide tables scroll by themselves, and a keyboard can reach them.
    let body = body
        .replace("<table>", "<div class=\"wide\" tabindex=\"0\"><table>")
        .replace("</table>", "</table></div>");
    Rendered {
        title,
        body: with_reachable_code(&body),
    }
}

/// A sentence or two of a description.
pub(super) fn snippet(text: &str) -> String {
    let mut body = String::with_capacity(2 * text.len());
    let events = Parser::new(text).map(|event| short_code(plain(event, Language::En)));
    html::push_html(&mut body, events);
    with_reachable_code(&body)
}

/// Code that is wider than the page scrolls by itself, and a keyboard can reach it.
fn with_reachable_code(html: &str) -> String {
    html.replace("<pre>", "<pre tabindex=\"0\">")
}

/// Text for between tags or in an attribute.
pub(super) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

/// A mark for `cargo xtask documents`; readers are not told.
fn is_comment(event: &Event<'_>) -> bool {
    matches!(event, Event::Html(text) if text.starts_with("<!--"))
}

fn plain(event: Event<'_>, language: Language) -> Event<'_> {
    match event {
        Event::Html(text) | Event::InlineHtml(text) => Event::Text(text),
        Event::Start(Tag::Link {
            link_type,
            dest_url,
            title,
            id,
        }) => Event::Start(Tag::Link {
            link_type,
            dest_url: target(dest_url, language),
            title,
            id,
        }),
        other => other,
    }
}

/// What a page is made of, as guides link it, and the name of the page.
const GENERATED: [(&str, &str); 3] = [
    ("../../openapi.json", "api"),
    ("../../openapi.json#admin", "admin-api"),
    ("../../web-sdk.json", "web-sdk-reference"),
];

/// `faq.md#x` is a place on the page of that guide.
fn target(link: CowStr<'_>, language: Language) -> CowStr<'_> {
    let generated = GENERATED.iter().find(|(path, _)| *path == &*link);
    let (file, place) = match link.split_once('#') {
        Some((file, place)) if generated.is_none() => (file, Some(place)),
        _ => (&*link, None),
    };
    let generated = generated.map(|(_, name)| *name);
    let Some(name) = generated.or_else(|| file.strip_suffix(".md")) else {
        return link;
    };
    if name.contains('/') {
        return link;
    }
    let page = format!("/docs/{}/{name}", language.tag());
    match place {
        Some(place) => format!("{page}#{place}").into(),
        None => page.into(),
    }
}

/// Code as long as a word stays together: a line should not end in the middle of `--data-dir`.
fn short_code(event: Event<'_>) -> Event<'_> {
    match event {
        Event::Code(code) if code.len() <= WORD_BYTES_MAX => {
            let code = escaped(&code);
            Event::InlineHtml(format!("<code class=\"word\">{code}</code>").into())
        }
        other => other,
    }
}

/// Between two Chinese characters the end of a line is no blank.
fn without_blanks(events: Vec<Event<'_>>) -> Vec<Event<'_>> {
    let is_blank = |at: usize| {
        let before = events[..at].iter().rev().find_map(words_of);
        let after = events[at + 1..].iter().find_map(words_of);
        let last = before.and_then(|text| text.chars().next_back());
        let first = after.and_then(|text| text.chars().next());
        let is_within = last.is_some_and(is_chinese) && first.is_some_and(is_chinese);
        !is_within && !last.is_some_and(is_wide_mark)
    };
    let kept: Vec<bool> = (0..events.len())
        .map(|at| !matches!(events[at], Event::SoftBreak) || is_blank(at))
        .collect();
    let events = events.into_iter().zip(kept);
    events
        .filter_map(|(event, kept)| kept.then_some(event))
        .collect()
}

fn words_of<'a>(event: &'a Event<'_>) -> Option<&'a str> {
    match event {
        Event::Text(text) | Event::Code(text) => Some(text),
        _ => None,
    }
}

fn is_chinese(c: char) -> bool {
    is_wide_mark(c) || matches!(c, '\u{2e80}'..='\u{9fff}' | '\u{f900}'..='\u{faff}')
}

/// Full-width punctuation brings its own blank.
fn is_wide_mark(c: char) -> bool {
    matches!(c, '\u{3000}'..='\u{303f}' | '\u{ff00}'..='\u{ff60}')
}

/// Gives each heading an id; the text of the first is the title.
fn with_ids(mut events: Vec<Event<'_>>) -> (Vec<Event<'_>>, String) {
    let mut used = HashMap::new();
    let mut title = String::new();
    for at in 0..events.len() {
        if !matches!(events[at], Event::Start(Tag::Heading { .. })) {
            continue;
        }
        let text = text_of(&events[at..]);
        if let Event::Start(Tag::Heading { id, .. }) = &mut events[at] {
            *id = Some(unique(&mut used, slug(&text)).into());
        }
        if title.is_empty() {
            title = text;
        }
    }
    (events, title)
}

/// The text of the heading that begins here.
fn text_of(events: &[Event<'_>]) -> String {
    events
        .iter()
        .take_while(|event| !matches!(event, Event::End(TagEnd::Heading(_))))
        .filter_map(|event| match event {
            Event::Text(text) | Event::Code(text) => Some(&**text),
            _ => None,
        })
        .collect()
}

/// As GitHub makes ids: letters and digits in lower case, blanks are hyphens.
fn slug(text: &str) -> String {
    let kept = text.trim().chars().filter_map(|c| match c {
        ' ' => Some('-'),
        '-' | '_' => Some(c),
        c if c.is_alphanumeric() => Some(c),
        _ => None,
    });
    kept.flat_map(char::to_lowercase).collect()
}

/// A second one of the same text has `-1` at its end.
fn unique(used: &mut HashMap<String, u32>, slug: String) -> String {
    let before = used.entry(slug.clone()).or_default();
    *before += 1;
    match *before {
        1 => slug,
        count => format!("{slug}-{}", count - 1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_have_the_ids_of_github() {
        assert_eq!(slug("What are the limits?"), "what-are-the-limits");
        assert_eq!(
            slug("Tokens: lifetime and revocation"),
            "tokens-lifetime-and-revocation"
        );
        assert_eq!(
            slug("`AppProxyService` in Python"),
            "appproxyservice-in-python"
        );
        assert_eq!(slug("什么是临时账号？"), "什么是临时账号");
        let page = page("# A `b`\n\n## A\n\n## A\n", Language::En);
        assert_eq!(page.title, "A b");
        for id in ["id=\"a-b\"", "id=\"a\"", "id=\"a-1\""] {
            assert!(page.body.contains(id), "{}", page.body);
        }
    }

    #[test]
    fn links_to_guides_lead_to_their_pages() {
        let page = page(
            "[a](faq.md) [b](faq.md#x) [c](#y) [d](https://e.example) [e](../../openapi.json)",
            Language::Zh,
        );
        for href in [
            "/docs/zh/faq",
            "/docs/zh/faq#x",
            "#y",
            "https://e.example",
            "/docs/zh/api",
        ] {
            assert!(
                page.body.contains(&format!("href=\"{href}\"")),
                "{}",
                page.body
            );
        }
    }

    #[test]
    fn a_line_that_ends_in_chinese_ends_without_a_blank() {
        let body = |text| page(text, Language::Zh).body;
        assert!(body("# a\n\n等待\n消息").contains("等待消息"));
        assert!(body("# a\n\n等待，\nb").contains("等待，b"));
        assert!(body("# a\n\n**等待**\n消息").contains("</strong>消息"));
        assert!(body("# a\n\n等待\nb").contains("等待\nb"));
        assert!(body("# a\n\nb\nc").contains("b\nc"));
    }

    #[test]
    fn short_code_stays_in_one_line() {
        let body = page(
            "# a\n\n`--x<y` and `a b c d e f g h i j k l m n`",
            Language::En,
        )
        .body;
        assert!(
            body.contains("<code class=\"word\">--x&lt;y</code>"),
            "{body}"
        );
        assert!(body.contains("<code>a b c"), "{body}");
    }

    #[test]
    fn html_in_the_text_is_text() {
        let page = page("a <b onclick=x> c\n\n<script>d</script>\n", Language::En);
        assert!(!page.body.contains("<b ") && !page.body.contains("<script"));
        let marked = super::page("# a\n\n<!-- checked -->\n```sh\nb\n```\n", Language::En).body;
        assert!(!marked.contains("checked"), "{marked}");
        assert_eq!(
            escaped("<a href=\"x\">&"),
            "&lt;a href=&quot;x&quot;&gt;&amp;"
        );
    }
}
