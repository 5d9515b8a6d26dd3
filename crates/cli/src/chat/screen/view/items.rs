//! Terms and what there is to say about them, beside each other where there is room.

use super::body::Row;
use super::text::{Line, Look, harmless};
use super::wrap::wrapped;
use crate::chat::screen::model::Item;

/// Of the terms that have their text beside them; a longer one has it below.
const TERM_COLUMNS_MAX: usize = 22;
/// The share of a row that terms may have; when they need more, all texts are below.
const TERM_SHARE: usize = 2;
const GAP: usize = 2;

pub(super) fn rows(items: &[Item], columns: usize) -> Vec<Row> {
    let terms = items
        .iter()
        .map(|item| Line::of(&item.term, Look::Plain).width());
    let widest = terms.max().unwrap_or_default().min(TERM_COLUMNS_MAX);
    let indent = if widest <= columns / TERM_SHARE {
        1 + widest + GAP
    } else {
        1 + GAP
    };
    let lines = items.iter().flat_map(|item| lines(item, indent, columns));
    let rows = lines.enumerate().map(|(nth, line)| Row::new(0, nth, line));
    rows.collect()
}

fn lines(item: &Item, indent: usize, columns: usize) -> Vec<Line> {
    let term = Line::of(" ", Look::Plain).and(&item.term, Look::Strong);
    let indent = if item.term.is_empty() { 1 } else { indent };
    let blank = Line::of(&" ".repeat(indent), Look::Plain);
    let mut lines = Vec::new();
    let mut lead = if term.width() + GAP <= indent {
        term.fit(indent, Look::Plain)
    } else if item.term.is_empty() {
        blank.clone()
    } else {
        lines.push(term.cut(columns));
        blank.clone()
    };
    if item.text.is_empty() && !lines.is_empty() {
        return lines;
    }
    let text = harmless(&item.text);
    for part in wrapped(&text, columns.saturating_sub(indent + 1).max(2)) {
        let lead = std::mem::replace(&mut lead, blank.clone());
        lines.push(lead.and(part, Look::Plain));
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chat::screen::model::scroll::Scroll;
    use crate::chat::screen::view::body;

    fn shown(items: &[(&str, &str)], columns: usize) -> Vec<String> {
        let items: Vec<Item> = items
            .iter()
            .map(|(term, text)| Item::new(*term, *text))
            .collect();
        let rows = rows(&items, columns);
        let lines = body::lines(&rows, rows.len(), Scroll::Bottom);
        lines
            .iter()
            .map(|line| line.text().trim_end().to_owned())
            .collect()
    }

    #[test]
    fn a_text_stands_beside_its_term_or_below_where_that_is_narrow() {
        let items = [
            ("/open NAME", "go to an account"),
            ("", "that is all"),
            ("小明", ""),
        ];
        let wide = [
            " /open NAME  go to an",
            "             account",
            " that is all",
            " 小明",
        ];
        assert_eq!(shown(&items, 24), wide);
        let narrow = [
            " /open NAME",
            "   go to an",
            "   account",
            " that is all",
            " 小明",
        ];
        assert_eq!(shown(&items, 16), narrow);
    }
}
