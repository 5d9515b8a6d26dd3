//! Results, on stdout and nowhere else: tables for people, JSON for programs.

use std::io::{self, BufWriter, Stdout, Write};

use serde::Serialize;
use unicode_width::UnicodeWidthStr;

use crate::arguments::Format;

/// Blanks between the columns of a table.
const GAP: usize = 2;

/// Where results go. What is written is seen at the next [`flush`](Self::flush), which every
/// result ends with.
#[derive(Debug)]
pub(crate) struct Output {
    format: Format,
    out: BufWriter<Stdout>,
}

impl Output {
    pub(crate) fn new(format: Format) -> Self {
        Self {
            format,
            out: BufWriter::new(io::stdout()),
        }
    }

    pub(crate) fn is_json(&self) -> bool {
        self.format == Format::Json
    }

    /// A result: one JSON value, or what `text` writes for people.
    pub(crate) fn result<T: Serialize>(
        &mut self,
        value: &T,
        text: impl FnOnce(&T) -> String,
    ) -> anyhow::Result<()> {
        match self.format {
            Format::Json => self.pretty_json(value),
            Format::Text => self.text(&text(value)),
        }
    }

    /// One JSON value on one line.
    pub(crate) fn json_line(&mut self, value: &impl Serialize) -> anyhow::Result<()> {
        self.text(&serde_json::to_string(value)?)
    }

    /// Lines for people; nothing when empty.
    pub(crate) fn text(&mut self, text: &str) -> anyhow::Result<()> {
        if !text.is_empty() {
            writeln!(self.out, "{text}")?;
        }
        Ok(self.out.flush()?)
    }

    fn pretty_json(&mut self, value: &impl Serialize) -> anyhow::Result<()> {
        self.text(&serde_json::to_string_pretty(value)?)
    }
}

/// Rows with their columns under each other.
pub(crate) fn table(rows: &[Vec<String>]) -> String {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width_of = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column));
        cells.map(|cell| cell.width()).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..columns).map(width_of).collect();
    let lines = rows.iter().map(|row| line(row, &widths));
    lines.collect::<Vec<_>>().join("\n")
}

fn line(row: &[String], widths: &[usize]) -> String {
    let mut line = String::new();
    for (cell, wanted) in row.iter().zip(widths) {
        line.push_str(cell);
        let blanks = wanted - cell.width() + GAP;
        line.extend(std::iter::repeat_n(' ', blanks));
    }
    line.truncate(line.trim_end().len());
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(cells: &[&str]) -> Vec<String> {
        cells.iter().map(|cell| (*cell).to_owned()).collect()
    }

    #[test]
    fn columns_stand_under_each_other() {
        let rows = [
            row(&["APPID", "NAME", "X"]),
            row(&["1", "新应用"]),
            row(&["", "a", "b"]),
        ];
        let expected = "APPID  NAME    X\n1      新应用\n       a       b";
        assert_eq!(table(&rows), expected);
    }

    #[test]
    fn no_rows_are_no_text() {
        assert_eq!(table(&[]), "");
    }
}
