//! The languages that there are pages in.

use http::{HeaderMap, header};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Language {
    En,
    Zh,
}

impl Language {
    pub(super) const ALL: [Self; 2] = [Self::En, Self::Zh];

    /// As paths have it.
    pub(super) fn tag(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Zh => "zh",
        }
    }

    /// As browsers and screen readers have it.
    pub(super) fn html_tag(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Zh => "zh-CN",
        }
    }

    /// In itself.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::En => "English",
            Self::Zh => "中文",
        }
    }

    pub(super) fn named(tag: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|language| language.tag() == tag)
    }

    /// The first that the reader's browser names; browsers name the best first.
    pub(super) fn preferred(headers: &HeaderMap) -> Self {
        let accepted = headers.get(header::ACCEPT_LANGUAGE);
        let accepted = accepted.and_then(|value| value.to_str().ok());
        let mut tags = accepted.unwrap_or_default().split(',');
        tags.find_map(|tag| Self::named(tag.trim().get(..2)?))
            .unwrap_or(Self::En)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_language_that_there_is_wins() {
        for (accepted, expected) in [
            ("zh-CN,zh;q=0.9,en;q=0.8", Language::Zh),
            ("en-US,en;q=0.9,zh;q=0.8", Language::En),
            ("fr-FR, zh;q=0.5", Language::Zh),
            ("*", Language::En),
            ("", Language::En),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT_LANGUAGE, accepted.parse().unwrap());
            assert_eq!(Language::preferred(&headers), expected, "{accepted}");
        }
        assert_eq!(Language::preferred(&HeaderMap::new()), Language::En);
    }
}
