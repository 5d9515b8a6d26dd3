//! Ids are text in JSON: a float has no room for their digits.

use std::fmt::Display;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, de};

pub(super) fn digits<'de, D, T>(from: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: FromStr<Err: Display>,
{
    let text = String::deserialize(from)?;
    let number = text.parse();
    number.map_err(|error| de::Error::custom(format!("{text:?} is no number: {error}")))
}
