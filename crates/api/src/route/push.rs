//! POST /api/push: an app server speaks in the name of an account, to one or many, to accounts or
//! topics.

use std::sync::Arc;

use axum::extract::State;
use bytes::Bytes;
use chat::Push;
use model::limits::{BIZ_TYPE_BYTES_MAX, PUSH_LIST_MAX};
use model::{AccountName, Resource};
use serde::Serialize;

use crate::base64_text;
use crate::credentials::AppRequest;
use crate::envelope::Success;
use crate::fields::Fields;
use crate::refusal::{BadParameter, Refusal};
use crate::state::Api;

const RESOURCE_DEFAULT: &str = "server";

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Sent {
    packet_id: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SentAll {
    packet_ids: Vec<String>,
}

pub(crate) async fn to_account(
    State(api): State<Arc<Api>>,
    AppRequest { app, fields }: AppRequest,
) -> Result<Success<Sent>, Refusal> {
    let push = push(&fields)?;
    let to = fields.account("toAccount")?;
    let packet_id = api.chat.push_p2p(&app, push, &to).await?;
    Ok(Success(Sent { packet_id }))
}

/// A bad element of the list loses nobody else's message, and still has its packetId.
pub(crate) async fn to_accounts(
    State(api): State<Arc<Api>>,
    AppRequest { app, fields }: AppRequest,
) -> Result<Success<SentAll>, Refusal> {
    let push = push(&fields)?;
    let listed = fields.texts("toAccounts", PUSH_LIST_MAX)?;
    let name = |text: Option<String>| text.and_then(|text| AccountName::new(&text).ok());
    let to: Vec<_> = listed.into_iter().map(name).collect();
    let packet_ids = api.chat.push_p2p_many(&app, push, &to).await?;
    Ok(Success(SentAll { packet_ids }))
}

/// The account need not be a member.
pub(crate) async fn to_topic(
    State(api): State<Arc<Api>>,
    AppRequest { app, fields }: AppRequest,
) -> Result<Success<Sent>, Refusal> {
    let push = push(&fields)?;
    let to = fields.topic_id("topicId")?;
    let packet_id = api.chat.push_p2t(&app, push, to).await?;
    Ok(Success(Sent { packet_id }))
}

/// An unknown topic in the list loses nobody else's message, and still has its packetId.
pub(crate) async fn to_topics(
    State(api): State<Arc<Api>>,
    AppRequest { app, fields }: AppRequest,
) -> Result<Success<SentAll>, Refusal> {
    let push = push(&fields)?;
    let to = fields.topic_ids("topicIds", PUSH_LIST_MAX)?;
    let packet_ids = api.chat.push_p2t_many(&app, push, &to).await?;
    Ok(Success(SentAll { packet_ids }))
}

fn push(fields: &Fields) -> Result<Push, BadParameter> {
    Ok(Push {
        from: fields.account("fromAccount")?,
        from_resource: resource(fields)?,
        payload: payload(fields)?,
        biz_type: biz_type(fields)?,
        is_stored: fields.flag("isStore", true)?,
    })
}

fn resource(fields: &Fields) -> Result<Resource, BadParameter> {
    let text = fields.text_or_empty("fromResource")?;
    let text = if text.is_empty() {
        RESOURCE_DEFAULT
    } else {
        &text
    };
    Resource::new(text).map_err(|why| BadParameter::name("fromResource", why))
}

fn payload(fields: &Fields) -> Result<Bytes, BadParameter> {
    let msg = fields.text("msg")?;
    match &*fields.text_or_empty("msgType")? {
        "" => Ok(msg.into()),
        "base64" => {
            let decoded = base64_text::decode(msg);
            decoded
                .map(Bytes::from)
                .ok_or_else(|| BadParameter::new("msg", "must be base64"))
        }
        _ => Err(BadParameter::new("msgType", "must be empty or base64")),
    }
}

fn biz_type(fields: &Fields) -> Result<String, BadParameter> {
    let text = fields.text_or_empty("bizType")?;
    if text.len() > BIZ_TYPE_BYTES_MAX {
        let why = format!("must not be longer than {BIZ_TYPE_BYTES_MAX} bytes");
        return Err(BadParameter::new("bizType", why));
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Result<Push, String> {
        let fields = Fields::parse(json.as_bytes()).unwrap();
        push(&fields).map_err(|bad| bad.field.into_owned())
    }

    #[test]
    fn only_a_sender_and_a_message_are_needed() {
        let push = read(r#"{"fromAccount":"a","msg":"你好"}"#).unwrap();
        assert_eq!(&*push.from, "a");
        assert_eq!(&*push.from_resource, "server");
        assert_eq!(push.payload, "你好".as_bytes());
        assert!(push.is_stored && push.biz_type.is_empty());
    }

    #[test]
    fn a_message_is_text_or_base64() {
        let of = |kind: &str, msg: &str| {
            read(&format!(
                r#"{{"fromAccount":"a","msg":"{msg}","msgType":{kind}}}"#
            ))
            .map(|push| push.payload.to_vec())
        };
        assert_eq!(of("\"base64\"", "AAH/").as_deref(), Ok(&[0, 1, 255][..]));
        assert_eq!(of("\"base64\"", "").as_deref(), Ok(&[][..]));
        assert_eq!(of("\"\"", "AAH/").as_deref(), Ok(&b"AAH/"[..]));
        assert_eq!(of("null", "x").as_deref(), Ok(&b"x"[..]));
        assert_eq!(of("\"base64\"", "%%%"), Err("msg".into()));
        assert_eq!(of("\"hex\"", "00"), Err("msgType".into()));
    }

    #[test]
    fn a_bad_field_is_named() {
        for (json, field) in [
            (r#"{"msg":"x"}"#, "fromAccount"),
            (r#"{"fromAccount":"a,b","msg":"x"}"#, "fromAccount"),
            (r#"{"fromAccount":"a"}"#, "msg"),
            (r#"{"fromAccount":"a","msg":17}"#, "msg"),
            (r#"{"fromAccount":"a","msg":"x","isStore":"no"}"#, "isStore"),
            (
                r#"{"fromAccount":"a","msg":"x","fromResource":"a\nb"}"#,
                "fromResource",
            ),
        ] {
            assert_eq!(read(json).unwrap_err(), field, "{json}");
        }
        let long = "x".repeat(BIZ_TYPE_BYTES_MAX + 1);
        let json = format!(r#"{{"fromAccount":"a","msg":"x","bizType":"{long}"}}"#);
        assert_eq!(read(&json).unwrap_err(), "bizType");
    }
}
