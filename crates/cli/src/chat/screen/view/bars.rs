//! The bar above the conversation and the line below it: where one is, and how things are.

use tokio::time::Instant;

use super::text::{Line, Look, harmless};
use super::wrap::wrapped;
use crate::chat::screen::model::conversation::Conversation;
use crate::chat::screen::model::{Connection, Model};

/// Lines that one notice may take.
const NOTICE_LINES_MAX: usize = 3;

/// Whose conversation this is, and as whom one is here.
pub(super) fn title(model: &Model, columns: usize) -> Line {
    let left = match (&model.page, model.current()) {
        (Some(page), _) => page.title.clone(),
        (None, Some(open)) => heading(open),
        (None, None) => "OpenMIMC".to_owned(),
    };
    ends(&format!(" {left}"), &format!("{} ", model.me), columns)
}

/// The connection, and what is unread elsewhere; at the right how much is below.
pub(super) fn status(model: &Model, columns: usize, rows_below: usize, now: Instant) -> Line {
    let (text, look) = match &model.connection {
        Connection::Online => ("● online".to_owned(), Look::Good),
        Connection::Connecting => ("○ connecting…".to_owned(), Look::Warning),
        Connection::Waiting { why, until } => match until.saturating_duration_since(now) {
            none if none.is_zero() => ("○ connecting…".to_owned(), Look::Warning),
            left => {
                let s = left.as_millis().div_ceil(1_000);
                (
                    format!("○ reconnecting in {s} s (Ctrl-R: now): {why}"),
                    Look::Warning,
                )
            }
        },
    };
    let below = match (&model.page, rows_below) {
        (Some(_), 0) => "Esc closes ".to_owned(),
        (_, 0) => String::new(),
        (_, rows) => format!("↓ {rows} more "),
    };
    let right = Line::of(&below, Look::Strong).cut(columns);
    let left = Line::of(&format!(" {text}"), look).then(unread(model));
    left.fit(columns - right.width(), Look::Plain).then(right)
}

/// What there is to know, in a few lines.
pub(super) fn notice(model: &Model, columns: usize) -> Vec<Line> {
    let Some(notice) = &model.notice else {
        return Vec::new();
    };
    let look = if notice.is_error {
        Look::Bad
    } else {
        Look::Strong
    };
    let text = harmless(&notice.text);
    let lines = wrapped(&text, columns.saturating_sub(1).max(2)).into_iter();
    let lines = lines.take(NOTICE_LINES_MAX);
    lines
        .map(|line| Line::of(" ", look).and(line, look))
        .collect()
}

fn heading(open: &Conversation) -> String {
    match open.members.len() {
        0 => open.name(),
        members => format!("{} ({members})", open.name()),
    }
}

fn unread(model: &Model) -> Line {
    let all = model.conversations();
    let unread = all.iter().filter(|one| one.unread > 0);
    let names: Vec<String> = unread
        .map(|one| format!("{} {}", one.name(), one.unread))
        .collect();
    if names.is_empty() {
        return Line::default();
    }
    Line::of(" · ", Look::Faint).and(&names.join(", "), Look::Strong)
}

/// Text at both ends; the left one gives way.
fn ends(left: &str, right: &str, columns: usize) -> Line {
    let right = Line::of(right, Look::Bar).cut(columns / 2);
    let left = Line::of(left, Look::Bar);
    left.fit(columns - right.width(), Look::Bar).then(right)
}
