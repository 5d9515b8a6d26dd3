//! What the model looks like: a pure function of model, window and time, and no terminal.
//!
//! - [`bars`] above and below, [`sidebar`] at the left where there is room, [`composer`] at the bottom
//! - [`body`] is the part of the [`messages`], or of the [`items`] of a page, that is seen
//! - [`text`] makes lines of text, [`wrap`] breaks it

mod bars;
mod body;
mod composer;
mod items;
mod messages;
mod sidebar;
#[cfg(test)]
mod tests;
pub(crate) mod text;
mod wrap;

use jiff::tz::TimeZone;
use tokio::time::Instant;

use self::body::Row;
use self::composer::composer;
use self::text::{Line, Look};
use super::model::scroll::{Move, Scroll};
use super::model::{Item, Model};

/// From so many columns on there is a list of conversations.
const SIDEBAR_FROM_COLUMNS: usize = 72;
/// Of this width, with the line beside it.
const SIDEBAR_COLUMNS: usize = 21;
/// The part of the height that may be given to what is being written.
const COMPOSER_SHARE: usize = 3;
const DIVIDER: &str = "│";

/// Where and when it is looked at.
#[derive(Clone, Debug)]
pub(crate) struct Window {
    pub(crate) columns: usize,
    pub(crate) rows: usize,
    pub(crate) now: Instant,
    pub(crate) zone: TimeZone,
}

/// A full screen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Frame {
    /// One for each row.
    pub(crate) lines: Vec<Line>,
    /// Column and row.
    pub(crate) cursor: (usize, usize),
}

/// How a window is divided.
struct Layout {
    sidebar_columns: usize,
    body_columns: usize,
    body_rows: usize,
}

pub(crate) fn frame(model: &Model, window: &Window) -> Frame {
    let (columns, rows) = (window.columns, window.rows);
    let layout = layout(model, window);
    let body_rows = rows_of(model, layout.body_columns, &window.zone);
    let scroll = scroll_of(model);
    let seen = body::lines(&body_rows, layout.body_rows, scroll);
    let below = body::rows_below(&body_rows, layout.body_rows, scroll);

    let mut lines = vec![bars::title(model, columns)];
    if layout.sidebar_columns > 0 {
        let sidebar = sidebar::sidebar(model, layout.sidebar_columns - 1, layout.body_rows);
        let both = sidebar.into_iter().zip(seen);
        lines.extend(both.map(|(left, right)| left.and(DIVIDER, Look::Faint).then(right)));
    } else {
        lines.extend(seen);
    }
    lines.extend(bars::notice(model, columns));
    lines.push(bars::status(model, columns, below, window.now));
    let composer = composer(&model.editor, columns, rows / COMPOSER_SHARE);
    let cursor = (composer.cursor.0, lines.len() + composer.cursor.1);
    lines.extend(composer.lines);
    fitted(lines, cursor, window)
}

/// What is looked at after a move, and whether that is the beginning.
pub(crate) fn moved(model: &Model, window: &Window, by: Move) -> (Scroll, bool) {
    let layout = layout(model, window);
    let rows = rows_of(model, layout.body_columns, &window.zone);
    body::moved(&rows, layout.body_rows, scroll_of(model), by)
}

fn layout(model: &Model, window: &Window) -> Layout {
    let has_sidebar = window.columns >= SIDEBAR_FROM_COLUMNS;
    let sidebar_columns = if has_sidebar { SIDEBAR_COLUMNS } else { 0 };
    let composer = composer(&model.editor, window.columns, window.rows / COMPOSER_SHARE);
    let notice = bars::notice(model, window.columns).len();
    // Title and status have one each.
    let others = 2 + notice + composer.lines.len();
    Layout {
        sidebar_columns,
        body_columns: window.columns - sidebar_columns,
        body_rows: window.rows.saturating_sub(others),
    }
}

fn scroll_of(model: &Model) -> Scroll {
    match (&model.page, model.current()) {
        (Some(page), _) => page.scroll,
        (None, Some(open)) => open.scroll,
        (None, None) => Scroll::Bottom,
    }
}

fn rows_of(model: &Model, columns: usize, zone: &TimeZone) -> Vec<Row> {
    match (&model.page, model.current()) {
        (Some(page), _) => items::rows(&page.items, columns),
        (None, Some(open)) => messages::rows(open, &model.me, columns, zone),
        (None, None) => items::rows(&welcome(), columns),
    }
}

fn welcome() -> Vec<Item> {
    vec![
        Item::new("", "No conversations yet."),
        Item::new("", ""),
        Item::new("/open NAME", "begins one with an account"),
        Item::new("/create NAME ACCOUNT…", "makes a topic"),
        Item::new("/help", "tells the rest"),
    ]
}

/// In a window that is too small for all of it, the last rows stay.
fn fitted(mut lines: Vec<Line>, cursor: (usize, usize), window: &Window) -> Frame {
    let excess = lines.len().saturating_sub(window.rows);
    lines.drain(..excess);
    let lines = lines.into_iter().map(|line| line.cut(window.columns));
    let (column, row) = cursor;
    Frame {
        lines: lines.collect(),
        cursor: (
            column.min(window.columns.saturating_sub(1)),
            row.saturating_sub(excess),
        ),
    }
}
