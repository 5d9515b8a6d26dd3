//! Long text on short lines: broken between words where there are any, between Chinese characters,
//! and not before what may not begin a line (Unicode's annex 14).

use unicode_linebreak::linebreaks;
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use super::text::beginning;

/// Lines of at most so many columns, at least one. A character that is too wide has its own.
pub(crate) fn wrapped(text: &str, columns: usize) -> Vec<&str> {
    let lines = text.split('\n');
    lines.flat_map(|line| wrapped_line(line, columns)).collect()
}

fn wrapped_line(text: &str, columns: usize) -> Vec<&str> {
    let mut lines = Vec::new();
    // Of the line that is being filled: where it starts, and how far it goes.
    let (mut start, mut end) = (0, 0);
    for (stop, _) in linebreaks(text) {
        if text[start..stop].trim_end().width() > columns {
            if end > start {
                lines.push(text[start..end].trim_end());
                start = end;
            }
            // A word that is longer than a line.
            while text[start..stop].trim_end().width() > columns {
                let part = head(&text[start..stop], columns);
                lines.push(part);
                start += part.len();
            }
        }
        end = stop;
    }
    if start < text.len() || lines.is_empty() {
        lines.push(text[start..].trim_end());
    }
    lines
}

/// What fits, and at least one character.
fn head(text: &str, columns: usize) -> &str {
    match beginning(text, columns) {
        "" => text.graphemes(true).next().unwrap_or(text),
        fits => fits,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_break_between_words() {
        assert_eq!(
            wrapped("the quick brown fox", 10),
            ["the quick", "brown fox"]
        );
        assert_eq!(
            wrapped("one\ntwo\n\nthree", 10),
            ["one", "two", "", "three"]
        );
        assert_eq!(wrapped("", 10), [""]);
    }

    #[test]
    fn chinese_breaks_between_characters_but_not_before_a_full_stop() {
        assert_eq!(wrapped("今天天气很好。", 12), ["今天天气很", "好。"]);
        assert_eq!(wrapped("今天天气很好", 5), ["今天", "天气", "很好"]);
    }

    #[test]
    fn what_is_longer_than_a_line_is_broken_anywhere() {
        assert_eq!(
            wrapped("see https://example.com/a", 8),
            ["see", "https://", "example.", "com/a"]
        );
        assert_eq!(wrapped("aaaaaaaaaa", 4), ["aaaa", "aaaa", "aa"]);
        assert_eq!(wrapped("👨‍👩‍👧👨‍👩‍👧", 2), ["👨‍👩‍👧", "👨‍👩‍👧"]);
        assert_eq!(wrapped("你好", 1), ["你", "好"]);
    }

    #[test]
    fn no_line_is_too_wide_and_no_text_is_lost() {
        let text = "Ein Ärgernis, 哎呀！ https://example.com/very/long/path?x=1 😀😀😀 ok";
        for columns in 2..40 {
            let lines = wrapped(text, columns);
            assert!(
                lines.iter().all(|line| line.width() <= columns),
                "{lines:?}"
            );
            let kept = |text: &str| text.split_whitespace().collect::<String>();
            assert_eq!(kept(&lines.concat()), kept(text), "{columns}");
        }
    }
}
