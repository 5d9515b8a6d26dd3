//! Other people's text, made harmless for a terminal.

use std::borrow::Cow;

/// Stands for what may not be written.
const SUBSTITUTE: char = '\u{fffd}';

/// Nobody's text moves the cursor, recolours the terminal or turns the direction of reading. A tab
/// stays.
pub(crate) fn printable(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_harmful) {
        return Cow::Borrowed(text);
    }
    let shown = |c| if is_harmful(c) { SUBSTITUTE } else { c };
    Cow::Owned(text.chars().map(shown).collect())
}

/// Control characters, which begin escape sequences; line and paragraph separators; and what
/// overrides or isolates the direction of the text around it.
fn is_harmful(c: char) -> bool {
    let is_control = c.is_control() && c != '\t';
    is_control
        || matches!(c, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escape_sequences_lose_what_makes_them_so() {
        assert_eq!(printable("a\u{1b}[2Jb"), "a\u{fffd}[2Jb");
        assert_eq!(
            printable("\u{9b}31m\r\n\u{7f}"),
            "\u{fffd}31m\u{fffd}\u{fffd}\u{fffd}"
        );
    }

    #[test]
    fn the_direction_of_reading_stays() {
        assert_eq!(printable("a\u{202e}gpj.exe"), "a\u{fffd}gpj.exe");
    }

    #[test]
    fn text_of_any_language_is_as_it_was() {
        let text = "你好\tשלום 👨‍👩‍👧";
        assert!(matches!(printable(text), Cow::Borrowed(same) if same == text));
    }
}
