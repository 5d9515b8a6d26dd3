//! Lines with looks: text that is harmless by construction, measured in columns.

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use crate::printable::printable;

/// How text looks. What that means in colours, the terminal knows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Look {
    #[default]
    Plain,
    /// Of less weight: times, hints.
    Faint,
    Strong,
    /// Light on dark the other way round: bars, and what is chosen.
    Bar,
    Good,
    Warning,
    Bad,
    /// Of one's own.
    Mine,
    /// One of [`NAME_LOOKS`] to tell people apart.
    Name(u8),
}

/// A tab, as the distance to the next stop is nobody's business in a message.
const TAB: &str = "    ";
/// Looks for names.
pub(crate) const NAME_LOOKS: u8 = 5;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Span {
    text: String,
    pub(crate) look: Look,
}

impl Span {
    pub(crate) fn new(text: &str, look: Look) -> Self {
        Self {
            text: printable(text).replace('\t', TAB),
            look,
        }
    }

    pub(crate) fn text(&self) -> &str {
        &self.text
    }
}

/// One row of the screen, or a part of one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Line {
    spans: Vec<Span>,
}

impl Line {
    pub(crate) fn of(text: &str, look: Look) -> Self {
        Self::default().and(text, look)
    }

    #[must_use]
    pub(crate) fn and(mut self, text: &str, look: Look) -> Self {
        self.spans.push(Span::new(text, look));
        self
    }

    #[must_use]
    pub(crate) fn then(mut self, other: Self) -> Self {
        self.spans.extend(other.spans);
        self
    }

    pub(crate) fn spans(&self) -> &[Span] {
        &self.spans
    }

    /// In columns.
    pub(crate) fn width(&self) -> usize {
        self.spans.iter().map(|span| span.text.width()).sum()
    }

    /// At most so wide; `…` stands for what is cut off.
    #[must_use]
    pub(crate) fn cut(mut self, columns: usize) -> Self {
        if self.width() <= columns {
            return self;
        }
        let mut left = columns.saturating_sub(1);
        for span in &mut self.spans {
            let kept = beginning(&span.text, left).len();
            span.text.truncate(kept);
            left -= span.text.width();
        }
        let look = self.spans.last().map_or(Look::Plain, |last| last.look);
        self.spans.retain(|span| !span.text.is_empty());
        let dots = if columns == 0 { "" } else { "…" };
        self.and(dots, look)
    }

    /// Exactly so wide.
    #[must_use]
    pub(crate) fn fit(self, columns: usize, look: Look) -> Self {
        let line = self.cut(columns);
        let blanks = columns - line.width();
        line.and(&" ".repeat(blanks), look)
    }

    #[cfg(test)]
    pub(crate) fn text(&self) -> String {
        self.spans.iter().map(Span::text).collect()
    }
}

/// Text of several lines, as it can be measured and shown.
pub(crate) fn harmless(text: &str) -> String {
    let lines = text.lines().map(|line| printable(line).replace('\t', TAB));
    lines.collect::<Vec<_>>().join("\n")
}

/// As much of the text as fits, in whole characters.
pub(crate) fn beginning(text: &str, columns: usize) -> &str {
    let mut width = 0;
    for (at, character) in text.grapheme_indices(true) {
        width += character.width();
        if width > columns {
            return &text[..at];
        }
    }
    text
}

/// The same look for a name everywhere.
pub(crate) fn name_look(name: &str) -> Look {
    let sum = name
        .bytes()
        .fold(0_u8, |sum, byte| sum.wrapping_mul(31).wrapping_add(byte));
    Look::Name(sum % NAME_LOOKS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wide_characters_are_cut_whole() {
        let cut = |columns| Line::of("你好吗", Look::Plain).cut(columns).text();
        assert_eq!(
            [cut(6), cut(5), cut(4), cut(1), cut(0)],
            ["你好吗", "你好…", "你…", "…", ""]
        );
    }

    #[test]
    fn a_line_is_as_wide_as_it_is_wanted() {
        let line = Line::of("小", Look::Plain).and("明", Look::Strong);
        assert_eq!(line.clone().fit(6, Look::Plain).text(), "小明  ");
        assert_eq!(line.fit(3, Look::Plain).text(), "小…");
    }

    #[test]
    fn no_text_is_an_escape_sequence() {
        let line = Line::of("a\u{1b}[31mb\tc", Look::Plain);
        assert_eq!(line.text(), "a\u{fffd}[31mb    c");
    }
}
