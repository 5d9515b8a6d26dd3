//! Lists of account names as clients write them: one text, separated by commas.

use std::collections::HashSet;

use model::{AccountName, NameError};

/// The names of a list: blanks around them and empty parts are dropped, each is there once, in the
/// order of their first mention.
pub(crate) fn list(text: &str) -> Result<Vec<AccountName>, NameError> {
    collect(text.split(','))
}

/// The same of parts that are one name each.
pub(crate) fn collect<'a>(
    parts: impl IntoIterator<Item = &'a str>,
) -> Result<Vec<AccountName>, NameError> {
    let mut seen = HashSet::new();
    let mut names = Vec::new();
    for part in parts.into_iter().map(str::trim_ascii) {
        if !part.is_empty() && seen.insert(part) {
            names.push(AccountName::new(part)?);
        }
    }
    Ok(names)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Vec<String>, NameError> {
        Ok(list(text)?.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn an_untidy_list_is_tidied() {
        assert_eq!(read("b, a ,,b, ,\ta").unwrap(), ["b", "a"]);
        assert_eq!(read("小明 😀").unwrap(), ["小明 😀"]);
        for text in ["", " ", ",", " , "] {
            assert!(read(text).unwrap().is_empty(), "{text:?}");
        }
    }

    #[test]
    fn one_bad_name_spoils_the_list() {
        assert_eq!(read("a,b\nc"), Err(NameError::Control));
        assert_eq!(
            read(&format!("a,{}", "x".repeat(129))),
            Err(NameError::TooLong(128))
        );
    }
}
