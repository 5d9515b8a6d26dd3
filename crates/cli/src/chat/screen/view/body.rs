//! The part of something long that is on the screen, and how it moves.

use super::text::Line;
use crate::chat::screen::model::scroll::{Move, Scroll};

/// A row of something long. Key and number name it, whatever comes above and below.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    key: u64,
    nth: usize,
    line: Line,
}

impl Row {
    pub(crate) fn new(key: u64, nth: usize, line: Line) -> Self {
        Self { key, nth, line }
    }
}

/// Exactly `height` lines, the last ones at the bottom.
pub(super) fn lines(rows: &[Row], height: usize, scroll: Scroll) -> Vec<Line> {
    let end = end(rows, height, scroll);
    let seen = &rows[end.saturating_sub(height)..end];
    let blank = height - seen.len();
    let blank = std::iter::repeat_n(Line::default(), blank);
    let seen = seen.iter().map(|row| row.line.clone());
    blank.chain(seen).collect()
}

/// Rows that are below what is on the screen.
pub(super) fn rows_below(rows: &[Row], height: usize, scroll: Scroll) -> usize {
    rows.len() - end(rows, height, scroll)
}

/// What is looked at after a move, and whether that is the beginning.
pub(super) fn moved(rows: &[Row], height: usize, scroll: Scroll, by: Move) -> (Scroll, bool) {
    let end = end(rows, height, scroll);
    // One row of what was seen stays in sight.
    let page = height.saturating_sub(1).max(1);
    let wanted = match by {
        Move::LineUp => end.saturating_sub(1),
        Move::LineDown => end + 1,
        Move::PageUp => end.saturating_sub(page),
        Move::PageDown => end + page,
        Move::Top => 0,
        Move::Bottom => rows.len(),
    };
    let new_end = wanted.clamp(height.min(rows.len()), rows.len());
    let is_top = new_end <= height && !matches!(by, Move::LineDown | Move::PageDown | Move::Bottom);
    (at(rows, new_end), is_top)
}

fn at(rows: &[Row], end: usize) -> Scroll {
    match rows.get(end.wrapping_sub(1)) {
        Some(last) if end < rows.len() => Scroll::At {
            key: last.key,
            row: last.nth,
        },
        _ => Scroll::Bottom,
    }
}

/// Behind the last row on the screen. The screen is full while there are rows to fill it.
fn end(rows: &[Row], height: usize, scroll: Scroll) -> usize {
    let end = match scroll {
        Scroll::Bottom => rows.len(),
        Scroll::At { key, row } => {
            let is_it = |one: &Row| one.key == key && one.nth <= row;
            let found = rows.iter().rposition(is_it);
            found.map_or(rows.len(), |at| at + 1)
        }
    };
    end.max(height.min(rows.len()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chat::screen::view::text::Look;

    /// Two rows for each key.
    fn rows(keys: std::ops::Range<u64>) -> Vec<Row> {
        let two = |key| (0..2).map(move |nth| (key, nth));
        let row = |(key, nth)| Row::new(key, nth, Line::of(&format!("{key}.{nth}"), Look::Plain));
        keys.flat_map(two).map(row).collect()
    }

    fn seen(rows: &[Row], height: usize, scroll: Scroll) -> Vec<String> {
        lines(rows, height, scroll).iter().map(Line::text).collect()
    }

    #[test]
    fn the_end_is_shown_and_what_is_short_stands_at_the_bottom() {
        assert_eq!(seen(&rows(0..5), 3, Scroll::Bottom), ["3.1", "4.0", "4.1"]);
        assert_eq!(seen(&rows(0..1), 3, Scroll::Bottom), ["", "0.0", "0.1"]);
        assert_eq!(seen(&rows(0..0), 1, Scroll::Bottom), [""]);
    }

    #[test]
    fn what_is_looked_at_stays_when_more_comes_above_and_below() {
        let (scroll, _) = moved(&rows(5..9), 2, Scroll::Bottom, Move::LineUp);
        assert_eq!(seen(&rows(5..9), 2, scroll), ["7.1", "8.0"]);
        assert_eq!(seen(&rows(1..20), 2, scroll), ["7.1", "8.0"]);
        assert_eq!(rows_below(&rows(5..10), 2, scroll), 3);
    }

    #[test]
    fn pages_overlap_and_the_ends_hold() {
        let rows = rows(0..5);
        let (up, is_top) = moved(&rows, 4, Scroll::Bottom, Move::PageUp);
        assert_eq!(
            (seen(&rows, 4, up), is_top),
            (
                vec!["1.1".into(), "2.0".into(), "2.1".into(), "3.0".into()],
                false
            )
        );
        let (up, _) = moved(&rows, 4, up, Move::PageUp);
        let (top, is_top) = moved(&rows, 4, up, Move::PageUp);
        assert_eq!(seen(&rows, 4, top)[0], "0.0");
        assert!(is_top);
        let (down, is_top) = moved(&rows, 4, top, Move::LineDown);
        assert_eq!((seen(&rows, 4, down)[0].as_str(), is_top), ("0.1", false));
        assert_eq!(moved(&rows, 4, down, Move::Bottom), (Scroll::Bottom, false));
    }

    #[test]
    fn a_window_that_is_larger_than_all_of_it_is_at_the_top_at_once() {
        let (scroll, is_top) = moved(&rows(0..1), 9, Scroll::Bottom, Move::PageUp);
        assert_eq!((scroll, is_top), (Scroll::Bottom, true));
    }

    #[test]
    fn rows_that_are_gone_leave_the_end() {
        let gone = Scroll::At { key: 99, row: 0 };
        assert_eq!(seen(&rows(0..2), 1, gone), ["1.1"]);
    }
}
