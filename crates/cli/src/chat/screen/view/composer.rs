//! What is being written, and where the cursor is in it.

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use super::text::{Line, Look, Span};
use crate::chat::screen::editor::Editor;

const PROMPT: &str = "> ";
/// Rows that are shown of a long text; with the window's height they are fewer.
const ROWS_MAX: usize = 5;

/// Rows of the screen and, among them, the cursor as column and row.
pub(super) struct Composer {
    pub(super) lines: Vec<Line>,
    pub(super) cursor: (usize, usize),
}

pub(super) fn composer(editor: &Editor, columns: usize, rows_max: usize) -> Composer {
    let text_columns = columns.saturating_sub(PROMPT.len()).max(2);
    let mut rows = vec![String::new()];
    let mut width = 0;
    let mut cursor = (0, 0);
    let before = editor.before().len();
    for (at, character) in editor.text().grapheme_indices(true) {
        if at == before {
            cursor = (width, rows.len() - 1);
        }
        // What is written is shown as it will be shown to others.
        let shown = Span::new(character, Look::Plain);
        let is_end = matches!(character, "\n" | "\r\n");
        let columns = if is_end { 0 } else { shown.text().width() };
        if is_end || width + columns > text_columns {
            rows.push(String::new());
            width = 0;
        }
        if !is_end && let Some(row) = rows.last_mut() {
            row.push_str(shown.text());
        }
        width += columns;
    }
    if editor.after().is_empty() {
        // The cursor has a row of its own when the last one is full.
        if width >= text_columns {
            rows.push(String::new());
            width = 0;
        }
        cursor = (width, rows.len() - 1);
    }
    shown(&rows, cursor, rows_max.clamp(1, ROWS_MAX))
}

/// The rows around the cursor.
fn shown(rows: &[String], cursor: (usize, usize), height: usize) -> Composer {
    let (column, row) = cursor;
    let first = (row + 1).saturating_sub(height);
    let seen = rows.iter().enumerate().skip(first).take(height);
    let lines = seen.map(|(at, text)| {
        let lead = if at == 0 { PROMPT } else { "  " };
        Line::of(lead, Look::Strong).and(text, Look::Plain)
    });
    Composer {
        lines: lines.collect(),
        cursor: (PROMPT.len() + column, row - first),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chat::screen::editor::Edit;

    fn composed(text: &str, lefts: usize, columns: usize) -> (Vec<String>, (usize, usize)) {
        let mut editor = Editor::with(text);
        for _ in 0..lefts {
            editor.apply(&Edit::Left);
        }
        let composer = composer(&editor, columns, 3);
        let lines = composer.lines.iter().map(Line::text);
        (lines.collect(), composer.cursor)
    }

    #[test]
    fn the_cursor_stands_in_columns_not_in_characters() {
        assert_eq!(composed("你好", 0, 20), (vec!["> 你好".to_owned()], (6, 0)));
        assert_eq!(composed("你好", 1, 20).1, (4, 0));
        assert_eq!(composed("", 0, 20), (vec!["> ".to_owned()], (2, 0)));
    }

    #[test]
    fn long_text_goes_on_below_and_the_rows_of_the_cursor_are_shown() {
        let (lines, cursor) = composed("abcdef", 0, 6);
        assert_eq!(
            (lines, cursor),
            (vec!["> abcd".to_owned(), "  ef".to_owned()], (4, 1))
        );
        let (lines, cursor) = composed("1\n2\n3\n4", 0, 20);
        assert_eq!(
            (lines, cursor),
            (vec!["  2".into(), "  3".into(), "  4".into()], (3, 2))
        );
        let (lines, _) = composed("1\n2\n3\n4", 7, 20);
        assert_eq!(lines, ["> 1", "  2", "  3"]);
    }

    #[test]
    fn a_wide_character_that_does_not_fit_goes_to_the_next_row_whole() {
        let (lines, cursor) = composed("abc你", 0, 6);
        assert_eq!(
            (lines, cursor),
            (vec!["> abc".to_owned(), "  你".to_owned()], (4, 1))
        );
        let (lines, cursor) = composed("abcd", 0, 6);
        assert_eq!(
            (lines, cursor),
            (vec!["> abcd".to_owned(), "  ".to_owned()], (2, 1))
        );
    }
}
