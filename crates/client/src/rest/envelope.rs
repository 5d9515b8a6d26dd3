//! The token envelope: what an account needs to log in.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::secret::Secret;

/// The data of a token answer. Field names in JSON are those of the REST API.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Envelope {
    /// The app.
    #[serde(rename = "appId", with = "digits")]
    pub app_id: u64,
    /// The app's package, which every packet repeats.
    #[serde(rename = "appPackage", default)]
    pub package: String,
    /// The app's own user id.
    #[serde(rename = "appAccount")]
    pub account: String,
    /// The server's id for the account; at most 2^63−1.
    #[serde(rename = "miUserId", with = "digits")]
    pub uuid: u64,
    /// Keys the signature of the login and the payloads. Base64.
    #[serde(rename = "miUserSecurityKey")]
    pub security_key: Secret,
    /// Opaque, and good for some days.
    pub token: Secret,
}

/// The text is no token envelope.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no token envelope: {0}")]
pub struct BadEnvelope(String);

impl Envelope {
    /// Reads the answer of `/api/account/token`, whole or only its `data`.
    pub fn from_json(text: &str) -> Result<Self, BadEnvelope> {
        let value: Value =
            serde_json::from_str(text).map_err(|error| BadEnvelope(error.to_string()))?;
        let has_data = value.get("data").is_some_and(|data| !data.is_null());
        match value {
            Value::Object(mut outer) if has_data => Self::from_data(outer["data"].take()),
            other => Self::from_data(other),
        }
    }

    /// Reads the `data` of that answer.
    pub fn from_data(data: Value) -> Result<Self, BadEnvelope> {
        serde_json::from_value(data).map_err(|error| BadEnvelope(error.to_string()))
    }
}

/// 64-bit ids leave as strings and come as strings or numbers.
mod digits {
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Digits {
        Number(u64),
        Text(String),
    }

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it so")]
    pub(super) fn serialize<S: Serializer>(id: &u64, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(id)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<u64, D::Error> {
        match Digits::deserialize(from)? {
            Digits::Number(id) => Ok(id),
            Digits::Text(text) => text.parse().map_err(D::Error::custom),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DATA: &str = r#"{"appId":"2882303761517669588","appPackage":"com.example","appAccount":"小明",
        "miChid":9,"miUserId":9223372036854775807,"miUserSecurityKey":"a2V5","token":"t-1"}"#;

    #[test]
    fn ids_keep_all_their_digits_as_text_and_as_number() {
        let envelope = Envelope::from_json(DATA).unwrap();
        assert_eq!(envelope.app_id, 2_882_303_761_517_669_588);
        assert_eq!(envelope.uuid, 9_223_372_036_854_775_807);
        assert_eq!(envelope.account, "小明");
    }

    #[test]
    fn the_whole_answer_reads_like_its_data() {
        let whole = format!(r#"{{"code":200,"message":"success","data":{DATA}}}"#);
        assert_eq!(Envelope::from_json(&whole), Envelope::from_json(DATA));
    }

    #[test]
    fn a_refusal_is_no_envelope() {
        assert!(Envelope::from_json(r#"{"code":401,"message":"x","data":null}"#).is_err());
    }

    #[test]
    fn debug_hides_token_and_key() {
        let shown = format!("{:?}", Envelope::from_json(DATA).unwrap());
        assert!(!shown.contains("t-1") && !shown.contains("a2V5"), "{shown}");
    }
}
