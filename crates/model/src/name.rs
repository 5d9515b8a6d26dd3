//! Names that come from outside. A value of these types has been checked.

use std::borrow::Borrow;
use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use thiserror::Error;

use crate::limits::{ACCOUNT_NAME_BYTES_MAX, RESOURCE_BYTES_MAX};

/// Why a text is no name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum NameError {
    /// It has no bytes.
    #[error("must not be empty")]
    Empty,
    /// It is longer than the named maximum, in bytes of UTF-8.
    #[error("must not be longer than {0} bytes")]
    TooLong(usize),
    /// It holds a comma, which separates names in lists.
    #[error("must not contain a comma")]
    Comma,
    /// It holds a control character.
    #[error("must not contain control characters")]
    Control,
}

macro_rules! name {
    ($(#[$doc:meta])* $name:ident, $bytes_max:expr, $comma_is_fine:literal) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Arc<str>);

        impl $name {
            /// Checks a text.
            pub fn new(text: &str) -> Result<Self, NameError> {
                check(text, $bytes_max, $comma_is_fine)?;
                Ok(Self(text.into()))
            }
        }

        impl Deref for $name {
            type Target = str;

            fn deref(&self) -> &str {
                &self.0
            }
        }

        impl Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

name! {
    /// The app's own id of a user: 1 to 128 bytes of UTF-8 without commas and control
    /// characters, compared byte for byte.
    AccountName, ACCOUNT_NAME_BYTES_MAX, false
}
name! {
    /// A device of an account: 1 to 256 bytes of UTF-8 without control characters.
    Resource, RESOURCE_BYTES_MAX, true
}

fn check(text: &str, bytes_max: usize, comma_is_fine: bool) -> Result<(), NameError> {
    if text.is_empty() {
        return Err(NameError::Empty);
    }
    if text.len() > bytes_max {
        return Err(NameError::TooLong(bytes_max));
    }
    if !comma_is_fine && text.contains(',') {
        return Err(NameError::Comma);
    }
    if text.chars().any(char::is_control) {
        return Err(NameError::Control);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_text_up_to_the_limit_is_a_name() {
        for text in ["x", "小明😀", "a b", "a/b?c#d%e", &"x".repeat(128)] {
            assert_eq!(&*AccountName::new(text).unwrap(), text);
        }
        assert!(Resource::new(&"x".repeat(256)).is_ok());
        assert!(Resource::new("a,b").is_ok());
    }

    #[test]
    fn other_texts_are_refused_with_the_reason() {
        let refused = |text: &str| AccountName::new(text).unwrap_err();
        assert_eq!(refused(""), NameError::Empty);
        assert_eq!(refused(&"x".repeat(129)), NameError::TooLong(128));
        assert_eq!(refused(&"小米".repeat(22)), NameError::TooLong(128));
        assert_eq!(refused("a,b"), NameError::Comma);
        for text in ["a\nb", "a\0b", "\x7f", "\u{85}"] {
            assert_eq!(refused(text), NameError::Control);
        }
        assert_eq!(
            Resource::new(&"x".repeat(257)).unwrap_err(),
            NameError::TooLong(256)
        );
    }
}
