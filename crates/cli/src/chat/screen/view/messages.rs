//! What was said, as rows: when, who, what, and what became of it.

use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};
use unicode_width::UnicodeWidthStr;

use super::body::Row;
use super::text::{Line, Look, harmless, name_look};
use super::wrap::wrapped;
use crate::chat::screen::model::conversation::{Conversation, History};
use crate::chat::screen::model::timeline::{Entry, Shown, State};

/// `14:05 `
const TIME_COLUMNS: usize = 6;
/// Of names, however much room there is.
const NAME_COLUMNS_MAX: usize = 16;
/// The share of a row that names may have.
const NAME_SHARE: usize = 5;
/// What a text has, however narrow the window is.
const TEXT_COLUMNS_MIN: usize = 8;

const SENDING: &str = "…";
const STORED: &str = "✓";
const READ: &str = "✓✓";

/// How a conversation is drawn.
struct Drawing<'a> {
    of: &'a Conversation,
    me: &'a str,
    columns: usize,
    name_columns: usize,
    zone: &'a TimeZone,
}

/// All of a conversation, from the first message that is here to the last.
pub(super) fn rows(of: &Conversation, me: &str, columns: usize, zone: &TimeZone) -> Vec<Row> {
    let shown = of.timeline.shown();
    let drawing = Drawing {
        of,
        me,
        columns,
        name_columns: name_columns(&shown, columns),
        zone,
    };
    let mut rows = vec![Row::new(0, 0, drawing.head())];
    let mut day = String::new();
    for one in shown {
        let mut lines = Vec::new();
        let its_day = one.entry.timestamp_ms().map(|ms| drawing.day(ms));
        if let Some(its_day) = its_day.filter(|its_day| *its_day != day) {
            let title = format!("— {its_day} —");
            lines.push(drawing.hint(&title));
            day = its_day;
        }
        lines.extend(drawing.message(one));
        let lines = lines.into_iter().enumerate();
        rows.extend(lines.map(|(nth, line)| Row::new(one.entry.key, nth, line)));
    }
    rows
}

/// As wide as the widest name, within limits.
fn name_columns(shown: &[Shown<'_>], columns: usize) -> usize {
    let names = shown.iter().map(|one| one.entry.from.width());
    let widest = names.max().unwrap_or_default();
    widest.min(NAME_COLUMNS_MAX).min(columns / NAME_SHARE)
}

impl Drawing<'_> {
    /// What is known of what was said before.
    fn head(&self) -> Line {
        let is_empty = self.of.timeline.newest().is_none();
        self.hint(match self.of.history {
            History::Loading => "loading…",
            History::Complete if is_empty => "nothing was said here yet",
            History::Complete => "the beginning",
            History::Unknown | History::Partial if self.of.timeline.is_full() => {
                "no room for earlier messages"
            }
            History::Unknown | History::Partial => "PgUp or /history: earlier messages",
        })
    }

    fn message(&self, one: Shown<'_>) -> Vec<Line> {
        let entry = one.entry;
        let indent = TIME_COLUMNS + self.name_columns + 1;
        let text_columns = self.columns.saturating_sub(indent).max(TEXT_COLUMNS_MIN);
        let mut texts = texts(one, text_columns);
        let mark = self.mark(entry);
        if mark.width() > 0 {
            let last = texts.pop().unwrap_or_default();
            if last.width() + 1 + mark.width() <= text_columns {
                texts.push(last.and(" ", Look::Plain).then(mark));
            } else {
                texts.extend([last, mark]);
            }
        }
        if let State::Failed { why } = &entry.state {
            let why = harmless(&format!("✗ not sent: {why}"));
            let lines = wrapped(&why, text_columns);
            texts.extend(lines.into_iter().map(|line| Line::of(line, Look::Bad)));
        }
        let mut lead = self.lead(entry);
        let blank = Line::of(&" ".repeat(indent), Look::Plain);
        let mut lines = Vec::with_capacity(texts.len());
        for text in texts {
            lines.push(std::mem::replace(&mut lead, blank.clone()).then(text));
        }
        lines
    }

    /// Time and name.
    fn lead(&self, entry: &Entry) -> Line {
        let time = entry.timestamp_ms().map(|ms| self.time_of_day(ms));
        let look = if entry.from == self.me {
            Look::Mine
        } else {
            name_look(&entry.from)
        };
        let name = Line::of(&entry.from, look).fit(self.name_columns, look);
        Line::of(&time.unwrap_or_default(), Look::Faint)
            .fit(TIME_COLUMNS, Look::Faint)
            .then(name)
            .and(" ", Look::Plain)
    }

    /// What became of a message of ours. In a topic nobody tells what was read.
    fn mark(&self, entry: &Entry) -> Line {
        if entry.from != self.me {
            return Line::default();
        }
        match entry.sequence() {
            Some(sequence) if sequence <= self.of.read_by_them => Line::of(READ, Look::Good),
            Some(_) => Line::of(STORED, Look::Faint),
            None if entry.state == State::Sending => Line::of(SENDING, Look::Faint),
            None => Line::default(),
        }
    }

    fn hint(&self, text: &str) -> Line {
        let line = Line::of(text, Look::Faint).cut(self.columns);
        let blanks = (self.columns - line.width()) / 2;
        Line::of(&" ".repeat(blanks), Look::Plain).then(line)
    }

    fn day(&self, ms: i64) -> String {
        let local = self.local(ms);
        local.map_or_else(String::new, |at| {
            format!("{:04}-{:02}-{:02}", at.year(), at.month(), at.day())
        })
    }

    fn time_of_day(&self, ms: i64) -> String {
        let local = self.local(ms);
        local.map_or_else(String::new, |at| {
            format!("{:02}:{:02}", at.hour(), at.minute())
        })
    }

    /// `None` for a time that no calendar has.
    fn local(&self, ms: i64) -> Option<Zoned> {
        let at = Timestamp::from_millisecond(ms).ok()?;
        Some(at.to_zoned(self.zone.clone()))
    }
}

fn texts(one: Shown<'_>, columns: usize) -> Vec<Line> {
    if one.is_recalled {
        return vec![Line::of("(taken back)", Look::Faint)];
    }
    let text = harmless(&one.entry.frame.content.to_string());
    let lines = wrapped(&text, columns).into_iter();
    lines.map(|line| Line::of(line, Look::Plain)).collect()
}
