//! What follows the `?`.

use percent_encoding::percent_decode_str;

/// The first value of a name, decoded; what is not UTF-8 is replaced.
pub(crate) fn value(query: Option<&str>, name: &str) -> Option<String> {
    let pairs = query?
        .split('&')
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")));
    let (_, value) = pairs.into_iter().find(|(key, _)| decode(key) == name)?;
    Some(decode(value))
}

fn decode(text: &str) -> String {
    let blanks = text.replace('+', " ");
    percent_decode_str(&blanks).decode_utf8_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_value_is_decoded() {
        let query = Some("type=wifi&list=a%2Cb+c%20d&list=x&empty=&none&%E5=%ff");
        assert_eq!(value(query, "list").as_deref(), Some("a,b c d"));
        assert_eq!(value(query, "empty").as_deref(), Some(""));
        assert_eq!(value(query, "none").as_deref(), Some(""));
        assert_eq!(value(query, "other"), None);
        assert_eq!(value(None, "list"), None);
    }
}
