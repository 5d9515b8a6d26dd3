//! The 64-bit ids. On the wire they are varints, in JSON strings; here each is its own type.

use std::fmt;
use std::num::ParseIntError;
use std::str::FromStr;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub u64);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = ParseIntError;

            fn from_str(text: &str) -> Result<Self, ParseIntError> {
                text.parse().map($name)
            }
        }
    };
}

id! {
    /// A tenant. Given by the developer when an app moves here, else 19 digits of our own.
    AppId
}
id! {
    /// Our name for an account, unique over all apps, above 0 and below 2^63.
    Uuid
}
id! {
    /// A group, unique in the installation, 17 or 18 decimal digits.
    TopicId
}
id! {
    /// The place of a message among everything this installation ever committed: unique,
    /// ascending in the order of commitment, `ms since 1970 × 100,000 + counter`, below 2^63.
    /// 0 is before all of them.
    Sequence
}

impl Sequence {
    /// How many sequences one millisecond has.
    pub const PER_MS: u64 = 100_000;

    /// The first sequence a message committed at this time can have.
    pub fn at_ms(ms: u64) -> Self {
        Self(ms.saturating_mul(Self::PER_MS))
    }

    /// About when it was committed; a busy millisecond runs ahead of the clock.
    pub fn ms(self) -> u64 {
        self.0 / Self::PER_MS
    }
}
