//! The fields of a JSON object, each read as what it is expected to be.
//!
//! Values stay the text that they came as until they are asked for: ids of 19 digits never become
//! floats, and what nobody asks for is only known to be well-formed, however deep it nests.
//! `null` is absent everywhere.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use axum::extract::{FromRequest, Request};
use model::{AccountName, AppId, TopicId};
use serde::de::{Deserializer, SeqAccess, Visitor};
use serde_json::value::RawValue;

use crate::body;
use crate::refusal::{BadParameter, Refusal};
use crate::state::Api;

/// The largest number that is told from larger ones.
const NUMBER_MAX: u64 = (1 << 63) - 1;

/// The body of a request.
pub(crate) struct Fields(HashMap<String, Box<RawValue>>);

impl FromRequest<Arc<Api>> for Fields {
    type Rejection = Refusal;

    async fn from_request(request: Request, api: &Arc<Api>) -> Result<Self, Refusal> {
        let body = body::read(request.into_body(), api).await?;
        Ok(Self::parse(&body)?)
    }
}

impl Fields {
    pub(crate) fn parse(body: &[u8]) -> Result<Self, BadParameter> {
        let bad = |why: String| BadParameter::new("body", why);
        let text = str::from_utf8(body).map_err(|_| bad("must be UTF-8".into()))?;
        if !text.trim_ascii_start().starts_with('{') {
            return Err(bad("must be a JSON object".into()));
        }
        // The parser's own words may quote the text.
        serde_json::from_str(text).map(Self).map_err(|error| {
            bad(format!(
                "not JSON at line {} column {}",
                error.line(),
                error.column()
            ))
        })
    }

    /// All names, `null` ones included.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// Refuses all names but these.
    pub(crate) fn only(&self, known: &[&str]) -> Result<(), BadParameter> {
        let unknown = self.names().find(|name| !known.contains(name));
        unknown.map_or(Ok(()), |name| {
            Err(BadParameter::new(name.to_owned(), "is not known"))
        })
    }

    /// The JSON of a value, which may be `null`.
    pub(crate) fn raw(&self, field: &str) -> Option<&str> {
        self.0.get(field).map(|value| value.get())
    }

    fn present(&self, field: &str) -> Option<&str> {
        self.raw(field).filter(|json| *json != "null")
    }

    fn required(&self, field: &'static str) -> Result<&str, BadParameter> {
        self.present(field)
            .ok_or_else(|| BadParameter::new(field, "is missing"))
    }

    pub(crate) fn text(&self, field: &'static str) -> Result<String, BadParameter> {
        text(self.required(field)?).map_err(|why| BadParameter::new(field, why))
    }

    /// Empty when absent.
    pub(crate) fn text_or_empty(&self, field: &'static str) -> Result<String, BadParameter> {
        let Some(json) = self.present(field) else {
            return Ok(String::new());
        };
        text(json).map_err(|why| BadParameter::new(field, why))
    }

    pub(crate) fn account(&self, field: &'static str) -> Result<AccountName, BadParameter> {
        AccountName::new(&self.text(field)?).map_err(|why| BadParameter::name(field, why))
    }

    /// A string of digits or a number.
    pub(crate) fn app_id(&self, field: &'static str) -> Result<AppId, BadParameter> {
        id(unquoted(self.required(field)?))
            .map(AppId)
            .map_err(|why| BadParameter::new(field, why))
    }

    pub(crate) fn topic_id(&self, field: &'static str) -> Result<TopicId, BadParameter> {
        id(unquoted(self.required(field)?))
            .map(TopicId)
            .map_err(|why| BadParameter::new(field, why))
    }

    /// An id that may be missing.
    pub(crate) fn id_if_present(&self, field: &'static str) -> Result<Option<u64>, BadParameter> {
        let Some(json) = self.present(field) else {
            return Ok(None);
        };
        id(unquoted(json))
            .map(Some)
            .map_err(|why| BadParameter::new(field, why))
    }

    pub(crate) fn text_if_present(
        &self,
        field: &'static str,
    ) -> Result<Option<String>, BadParameter> {
        let Some(json) = self.present(field) else {
            return Ok(None);
        };
        text(json)
            .map(Some)
            .map_err(|why| BadParameter::new(field, why))
    }

    /// A string, or the digits of a number.
    pub(crate) fn text_or_number(&self, field: &'static str) -> Result<String, BadParameter> {
        let json = self.required(field)?;
        if is_digits(json) {
            return Ok(json.to_owned());
        }
        text(json).map_err(|why| BadParameter::new(field, why))
    }

    /// An object of strings, if it is there.
    pub(crate) fn texts_by_name(
        &self,
        field: &'static str,
    ) -> Result<Option<HashMap<String, String>>, BadParameter> {
        let texts = self.present(field).map(serde_json::from_str).transpose();
        texts.map_err(|_| BadParameter::new(field, "must be an object of strings"))
    }

    /// Not negative, as a string of digits or a number; what is beyond 2^63 − 1 is taken as that.
    pub(crate) fn number(&self, field: &'static str) -> Result<u64, BadParameter> {
        number(unquoted(self.required(field)?)).map_err(|why| BadParameter::new(field, why))
    }

    /// A boolean, or one of the strings `"true"` and `"false"`.
    pub(crate) fn flag(&self, field: &'static str, default: bool) -> Result<bool, BadParameter> {
        match self.present(field) {
            None => Ok(default),
            Some("true" | "\"true\"") => Ok(true),
            Some("false" | "\"false\"") => Ok(false),
            Some(_) => Err(BadParameter::new(field, "must be true or false")),
        }
    }

    /// 1 to `max` elements; those that are no strings are `None`.
    pub(crate) fn texts(
        &self,
        field: &'static str,
        max: usize,
    ) -> Result<Vec<Option<String>>, BadParameter> {
        self.list(field, max, |json| text(json).ok())
    }

    /// 1 to `max` elements; those that are no ids are `None`.
    pub(crate) fn topic_ids(
        &self,
        field: &'static str,
        max: usize,
    ) -> Result<Vec<Option<TopicId>>, BadParameter> {
        self.list(field, max, |json| id(unquoted(json)).map(TopicId).ok())
    }

    fn list<T>(
        &self,
        field: &'static str,
        max: usize,
        read: impl Fn(&str) -> T,
    ) -> Result<Vec<T>, BadParameter> {
        let json = self.required(field)?;
        let bad = || BadParameter::new(field, format!("must be a list of 1 to {max} elements"));
        let mut parser = serde_json::Deserializer::from_str(json);
        let elements = parser
            .deserialize_seq(Elements { max })
            .map_err(|_| bad())?;
        if elements.is_empty() {
            return Err(bad());
        }
        let elements = elements.into_iter();
        Ok(elements.map(|element| read(element.get())).collect())
    }
}

fn text(json: &str) -> Result<String, &'static str> {
    if !json.starts_with('"') {
        return Err("must be a string");
    }
    serde_json::from_str(json).map_err(|_| "must be valid Unicode")
}

/// An id is above 0 and below 2^63, as all ours are.
pub(crate) fn id(text: &str) -> Result<u64, &'static str> {
    if !is_digits(text) {
        return Err("must be an id of digits");
    }
    let id = text.parse().map_err(|_| "is too large")?;
    if (1..1 << 63).contains(&id) {
        Ok(id)
    } else {
        Err("is out of range")
    }
}

fn number(text: &str) -> Result<u64, &'static str> {
    if !is_digits(text) {
        return Err("must be an integer and not negative");
    }
    // Digits alone fail to parse only when they are too many.
    Ok(text.parse().unwrap_or(NUMBER_MAX).min(NUMBER_MAX))
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// What is between the quotes of a string, else all of it.
fn unquoted(json: &str) -> &str {
    json.strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'))
        .unwrap_or(json)
}

/// Gathers the elements of a list, and gives up on one that is too long.
struct Elements {
    max: usize,
}

impl<'de> Visitor<'de> for Elements {
    type Value = Vec<&'de RawValue>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a list of up to {} elements", self.max)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        let mut elements = Vec::new();
        while let Some(element) = list.next_element()? {
            if elements.len() == self.max {
                return Err(serde::de::Error::custom("too long"));
            }
            elements.push(element);
        }
        Ok(elements)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(json: &str) -> Fields {
        Fields::parse(json.as_bytes()).unwrap()
    }

    #[test]
    fn an_id_keeps_every_digit_as_a_number_or_a_string() {
        for json in [
            r#"{"appId":2882303761517123457}"#,
            r#"{"appId":"2882303761517123457"}"#,
        ] {
            assert_eq!(
                fields(json).app_id("appId"),
                Ok(AppId(2_882_303_761_517_123_457))
            );
        }
        let largest = format!(r#"{{"appId":{}}}"#, (1_u64 << 63) - 1);
        assert_eq!(fields(&largest).app_id("appId"), Ok(AppId((1 << 63) - 1)));
    }

    #[test]
    fn what_is_no_id_is_refused() {
        let nines = "9".repeat(5000);
        for value in [
            "1e3",
            "1.0",
            "-1",
            "0",
            "\"\"",
            "\"+5\"",
            "\" 5\"",
            "\"5",
            "[5]",
            "{}",
            "true",
            "9223372036854775808",
            &nines,
            "1e999",
        ] {
            let Ok(fields) = Fields::parse(format!(r#"{{"appId":{value}}}"#).as_bytes()) else {
                continue;
            };
            assert!(fields.app_id("appId").is_err(), "{value}");
        }
    }

    #[test]
    fn a_number_is_digits_and_a_huge_one_is_the_largest() {
        let fields = fields(r#"{"a":7,"b":"7","c":99999999999999999999999,"d":0}"#);
        assert_eq!(fields.number("a"), Ok(7));
        assert_eq!(fields.number("b"), Ok(7));
        assert_eq!(fields.number("c"), Ok(NUMBER_MAX));
        assert_eq!(fields.number("d"), Ok(0));
        for value in ["-1", "1.5", "1e3", "\"\"", "\"x\"", "true", "[1]", "null"] {
            let fields = Fields::parse(format!(r#"{{"a":{value}}}"#).as_bytes()).unwrap();
            assert!(fields.number("a").is_err(), "{value}");
        }
    }

    #[test]
    fn null_is_absent() {
        let fields = fields(r#"{"a":null,"b":null,"c":null}"#);
        assert_eq!(
            fields.text("a").unwrap_err(),
            BadParameter::new("a", "is missing")
        );
        assert_eq!(fields.text_or_empty("a"), Ok(String::new()));
        assert_eq!(fields.flag("b", true), Ok(true));
        assert!(fields.texts("c", 9).is_err());
    }

    #[test]
    fn a_wrong_type_is_named_but_never_quoted() {
        let fields = fields(r#"{"a":17,"b":"secret","c":"\ud800"}"#);
        assert_eq!(fields.text("a").unwrap_err().why, "must be a string");
        assert_eq!(
            fields.flag("b", true).unwrap_err().why,
            "must be true or false"
        );
        assert_eq!(fields.text("c").unwrap_err().why, "must be valid Unicode");
    }

    #[test]
    fn a_flag_is_a_boolean_or_its_name() {
        let fields = fields(r#"{"a":true,"b":"false","c":1}"#);
        assert_eq!(fields.flag("a", false), Ok(true));
        assert_eq!(fields.flag("b", true), Ok(false));
        assert!(fields.flag("c", true).is_err());
        assert_eq!(fields.flag("d", true), Ok(true));
    }

    #[test]
    fn only_objects_are_bodies() {
        for body in [
            "",
            "{",
            "[]",
            "null",
            "\"x\"",
            "{\"a\":}",
            "{} x",
            "{\"a\" 1}",
            "\u{feff}{}",
        ] {
            assert_eq!(
                Fields::parse(body.as_bytes()).err().unwrap().field,
                "body",
                "{body}"
            );
        }
        assert!(Fields::parse(b"\xff\xfe").is_err());
        assert!(Fields::parse(b" \r\n{ \"a\" : 1 } ").is_ok());
        let error = Fields::parse(br#"{"appSecret":hush}"#).err().unwrap();
        assert!(!error.why.contains("hush"));
    }

    #[test]
    fn deep_nesting_is_only_a_value() {
        let deep = format!(
            r#"{{"x":{}{},"a":"b"}}"#,
            "[".repeat(500_000),
            "]".repeat(500_000)
        );
        assert_eq!(fields(&deep).text("a").as_deref(), Ok("b"));
        assert!(fields(&deep).texts("x", 9).is_err() || fields(&deep).texts("x", 9).is_ok());
        assert!(Fields::parse("[".repeat(100_000).as_bytes()).is_err());
        assert!(Fields::parse(format!("{{\"a\":{}", "{\"a\":".repeat(90_000)).as_bytes()).is_err());
    }

    #[test]
    fn a_list_has_one_to_max_elements_and_bad_ones_keep_their_place() {
        let fields = fields(r#"{"a":["x",1,"y",null],"b":[],"c":"x","d":[1,2,3,4,5]}"#);
        let expected = vec![Some("x".to_owned()), None, Some("y".to_owned()), None];
        assert_eq!(fields.texts("a", 4), Ok(expected));
        for field in ["b", "c", "d", "e"] {
            assert!(fields.texts(field, 4).is_err(), "{field}");
        }
    }

    proptest::proptest! {
        #[test]
        fn bytes_never_panic_the_parser(bytes: Vec<u8>) {
            let _ = Fields::parse(&bytes);
        }

        #[test]
        fn any_text_survives(text: String) {
            let json = serde_json::json!({ "a": text }).to_string();
            proptest::prop_assert_eq!(fields(&json).text("a"), Ok(text));
        }
    }
}
