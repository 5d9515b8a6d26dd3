//! The list of conversations beside the open one.

use super::text::{Line, Look};
use crate::chat::screen::model::Model;
use crate::chat::screen::model::conversation::Conversation;

/// Exactly `height` lines of `columns`; the open conversation is among them.
pub(super) fn sidebar(model: &Model, columns: usize, height: usize) -> Vec<Line> {
    let all = model.conversations();
    let open = model.current().map(|open| &open.with);
    let at = all.iter().position(|one| Some(&one.with) == open);
    let first = at.map_or(0, |at| (at + 1).saturating_sub(height));
    let mut lines: Vec<Line> = all
        .iter()
        .enumerate()
        .skip(first)
        .take(height)
        .map(|(nth, one)| row(one, Some(nth) == at, columns))
        .collect();
    lines.resize(height, Line::default().fit(columns, Look::Plain));
    lines
}

fn row(one: &Conversation, is_open: bool, columns: usize) -> Line {
    let look = match (is_open, one.unread) {
        (true, _) => Look::Bar,
        (false, 0) => Look::Plain,
        (false, _) => Look::Strong,
    };
    let count = match one.unread {
        0 => String::new(),
        unread => format!(" {unread}"),
    };
    let name_columns = columns.saturating_sub(count.len() + 2);
    let name = Line::of(&one.name(), look).fit(name_columns, look);
    Line::of(" ", look)
        .then(name)
        .and(&count, look)
        .and(" ", look)
}
