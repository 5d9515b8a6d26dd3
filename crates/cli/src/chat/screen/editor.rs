//! The text that is being written, and where the cursor is in it. It moves by what people see as
//! one character.

use unicode_segmentation::UnicodeSegmentation;

/// Bytes of a message that is written here; what is above is not taken.
pub(crate) const TEXT_BYTES_MAX: usize = 60 * 1024;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Editor {
    text: String,
    /// In bytes; between two characters.
    cursor: usize,
}

/// A change of the text or of the place in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Edit {
    Insert(String),
    DeleteBack,
    DeleteForward,
    DeleteWordBack,
    DeleteToStart,
    DeleteToEnd,
    Left,
    Right,
    WordLeft,
    WordRight,
    Start,
    End,
}

impl Editor {
    /// With the cursor at the end.
    pub(crate) fn with(text: &str) -> Self {
        Self {
            text: text.to_owned(),
            cursor: text.len(),
        }
    }

    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// What is before the cursor.
    pub(crate) fn before(&self) -> &str {
        &self.text[..self.cursor]
    }

    pub(crate) fn after(&self) -> &str {
        &self.text[self.cursor..]
    }

    /// Empties it.
    pub(crate) fn take(&mut self) -> String {
        self.cursor = 0;
        std::mem::take(&mut self.text)
    }

    pub(crate) fn apply(&mut self, edit: &Edit) {
        match edit {
            Edit::Insert(text) => self.insert(text),
            Edit::DeleteBack => self.delete(self.cursor - last(self.before()), self.cursor),
            Edit::DeleteForward => self.delete(self.cursor, self.cursor + first(self.after())),
            Edit::DeleteWordBack => self.delete(self.word_left(), self.cursor),
            Edit::DeleteToStart => self.delete(0, self.cursor),
            Edit::DeleteToEnd => self.delete(self.cursor, self.text.len()),
            Edit::Left => self.cursor -= last(self.before()),
            Edit::Right => self.cursor += first(self.after()),
            Edit::WordLeft => self.cursor = self.word_left(),
            Edit::WordRight => self.cursor = self.word_right(),
            Edit::Start => self.cursor = 0,
            Edit::End => self.cursor = self.text.len(),
        }
    }

    fn insert(&mut self, text: &str) {
        if self.text.len() + text.len() <= TEXT_BYTES_MAX {
            self.text.insert_str(self.cursor, text);
            self.cursor += text.len();
        }
    }

    fn delete(&mut self, from: usize, to: usize) {
        self.text.replace_range(from..to, "");
        self.cursor = from;
    }

    fn word_left(&self) -> usize {
        let mut words = self.before().unicode_word_indices();
        words.next_back().map_or(0, |(at, _)| at)
    }

    fn word_right(&self) -> usize {
        let mut words = self.after().unicode_word_indices();
        let end = words.next().map(|(at, word)| self.cursor + at + word.len());
        end.unwrap_or(self.text.len())
    }
}

/// Bytes of the first character that people see.
fn first(text: &str) -> usize {
    text.graphemes(true).next().map_or(0, str::len)
}

fn last(text: &str) -> usize {
    text.graphemes(true).next_back().map_or(0, str::len)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edited(text: &str, edits: &[Edit]) -> String {
        let mut editor = Editor::with(text);
        for edit in edits {
            editor.apply(edit);
        }
        format!("{}|{}", editor.before(), editor.after())
    }

    #[test]
    fn a_character_is_what_people_see_as_one() {
        assert_eq!(edited("你👨‍👩‍👧é", &[Edit::Left, Edit::Left]), "你|👨‍👩‍👧é");
        assert_eq!(edited("你👨‍👩‍👧", &[Edit::DeleteBack]), "你|");
        assert_eq!(edited("你好", &[Edit::Start, Edit::DeleteForward]), "|好");
    }

    #[test]
    fn words_are_passed_and_deleted_whole() {
        let text = "one two, three";
        assert_eq!(edited(text, &[Edit::DeleteWordBack]), "one two, |");
        assert_eq!(
            edited(text, &[Edit::WordLeft, Edit::WordLeft]),
            "one |two, three"
        );
        assert_eq!(
            edited(text, &[Edit::Start, Edit::WordRight]),
            "one| two, three"
        );
        assert_eq!(edited(text, &[Edit::WordRight]), "one two, three|");
    }

    #[test]
    fn at_the_ends_nothing_happens() {
        let all = [
            Edit::DeleteBack,
            Edit::Left,
            Edit::WordLeft,
            Edit::DeleteToStart,
        ];
        assert_eq!(edited("", &all), "|");
        let all = [
            Edit::DeleteForward,
            Edit::Right,
            Edit::WordRight,
            Edit::DeleteToEnd,
        ];
        assert_eq!(edited("a", &all), "a|");
    }

    #[test]
    fn the_rest_of_a_line_can_be_cut_either_way() {
        assert_eq!(
            edited("one two", &[Edit::WordLeft, Edit::DeleteToEnd]),
            "one |"
        );
        assert_eq!(
            edited("one two", &[Edit::WordLeft, Edit::DeleteToStart]),
            "|two"
        );
    }

    #[test]
    fn what_is_too_much_is_not_taken() {
        let much = "x".repeat(TEXT_BYTES_MAX);
        let mut editor = Editor::with("a");
        editor.apply(&Edit::Insert(much));
        assert_eq!(editor.text(), "a");
    }
}
