//! One callback: what was posted, and whether a signature is right.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use chat::port::{CallbackRequest, SignedPost};
use http::StatusCode;
use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::admin::access::Role;
use crate::admin::callbacks::DeliveryView;
use crate::admin::error::AdminError;
use crate::admin::found::{Body, DeliveryId, FoundApp};
use crate::fields::Fields;
use crate::insight::Words;
use crate::json;
use crate::refusal::BadParameter;
use crate::state::Api;

/// A receiver refuses timestamps that are further off, in seconds.
const RECENT_S: u64 = 300;

/// What was or will be posted.
#[derive(Serialize)]
struct RequestView {
    url: String,
    headers: Map<String, Value>,
    /// JSON as it was signed, which is UTF-8.
    body: String,
}

/// A request as its receiver has it.
#[derive(Debug, PartialEq, Eq)]
struct Post {
    id: String,
    timestamp: String,
    signatures: String,
    body: String,
}

/// GET /apps/{app}/callbacks/{delivery}: as in the list, and for admins with what was posted at the
/// newest attempt; `null` when the message is no longer kept.
pub(crate) async fn show(
    State(api): State<Arc<Api>>,
    FoundApp(app): FoundApp,
    DeliveryId(id): DeliveryId,
    role: Role,
) -> Result<Response, AdminError> {
    let delivery = api.webhook.delivery(app.id, &id).await?;
    let delivery = delivery.ok_or(AdminError::NotFound("callback"))?;
    let request = match role {
        Role::Admin => api.webhook.request(&delivery).await?,
        Role::Viewer => None,
    };
    let mut shown = json!(DeliveryView::new(&delivery));
    shown["request"] = json!(request.map(RequestView::new));
    Ok(json::response(StatusCode::OK, &shown))
}

/// POST /apps/{app}/callbacks/verify `{body, headers}` or `{body, id, timestamp, signature}`: whether
/// we have signed that, and what the right signature is.
pub(crate) async fn verify(
    State(api): State<Arc<Api>>,
    FoundApp(app): FoundApp,
    Body(fields): Body,
) -> Result<Response, AdminError> {
    let post = Post::read(&fields)?;
    let Ok(timestamp_s) = post.timestamp.parse::<u64>() else {
        return Err(BadParameter::new("timestamp", "must be seconds since 1970, as digits").into());
    };
    let check = |body: &str| {
        let post = SignedPost {
            id: &post.id,
            timestamp_s,
            signatures: &post.signatures,
            body: body.as_bytes(),
        };
        let checked = api.webhook.check_signature(&app, post);
        checked.ok_or(AdminError::Conflict(
            "the app's callback secret has no good form",
        ))
    };
    let checked = check(&post.body)?;
    let off_s = (api.chat.clock.now_ms() / 1_000).abs_diff(timestamp_s);
    let finding = if checked.is_valid && off_s <= RECENT_S {
        Finding::Right
    } else if checked.is_valid {
        Finding::Old { off_s }
    } else if !post
        .signatures
        .split_ascii_whitespace()
        .any(|one| one.starts_with("v1,"))
    {
        Finding::NoSignature
    } else if check(post.body.trim())?.is_valid {
        Finding::Padded
    } else {
        Finding::Wrong
    };
    let body = json!({
        "valid": checked.is_valid,
        "expected": checked.expected,
        "sentence": finding.words(),
    });
    Ok(json::response(StatusCode::OK, &body))
}

/// What can be said of a signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Finding {
    Right,
    Old { off_s: u64 },
    NoSignature,
    Padded,
    Wrong,
}

impl Finding {
    fn words(self) -> Words {
        let (en, zh) = match self {
            Self::Right => ("The signature is right.".to_owned(), "签名正确。".to_owned()),
            Self::Old { off_s } => (
                format!(
                    "The signature is right, but the timestamp is {off_s} s away from now: a \
                     receiver refuses more than {RECENT_S} s."
                ),
                format!(
                    "签名正确，但时间戳与当前时间相差 {off_s} 秒：接收方应拒绝超过 {RECENT_S} 秒的请求。"
                ),
            ),
            Self::NoSignature => (
                "There is no signature of the form v1, and base64; take the header \
                 webhook-signature as it came."
                    .to_owned(),
                "没有形如 v1, 加 base64 的签名；请原样填入 webhook-signature 头的内容。".to_owned(),
            ),
            Self::Padded => (
                "The signature is right for the body without the blanks around it: hash the bytes \
                 as they came."
                    .to_owned(),
                "去掉首尾空白后的请求体签名正确：请对收到的原始字节计算签名。".to_owned(),
            ),
            Self::Wrong => (
                "The signature is wrong: the body was changed (hash the bytes as they came, before \
                 any JSON parser), the id or the timestamp is another one's, or the secret is not \
                 this app's (it is what follows whsec_, decoded from base64)."
                    .to_owned(),
                "签名错误：请求体被改动（应对原始字节计算，而不是解析后的 JSON），id 或时间戳不属于这个请求，\
                 或密钥不是本应用的（密钥是 whsec_ 之后的部分，须先做 base64 解码）。"
                    .to_owned(),
            ),
        };
        Words { en, zh }
    }
}

impl Post {
    fn read(fields: &Fields) -> Result<Self, BadParameter> {
        fields.only(&["body", "headers", "id", "timestamp", "signature"])?;
        let body = fields.text("body")?;
        let Some(headers) = fields.texts_by_name("headers")? else {
            return Ok(Self {
                id: fields.text("id")?,
                timestamp: fields.text_or_number("timestamp")?,
                signatures: fields.text("signature")?,
                body,
            });
        };
        let header = |name: &str| {
            let found = headers
                .iter()
                .find(|(one, _)| one.eq_ignore_ascii_case(name));
            let found = found.map(|(_, value)| value.trim().to_owned());
            found.ok_or_else(|| BadParameter::new("headers", format!("{name} is missing")))
        };
        Ok(Self {
            id: header("webhook-id")?,
            timestamp: header("webhook-timestamp")?,
            signatures: header("webhook-signature")?,
            body,
        })
    }
}

impl RequestView {
    fn new(request: CallbackRequest) -> Self {
        let headers = request.headers.into_iter();
        Self {
            url: request.url,
            headers: headers
                .map(|(name, value)| (name.to_owned(), value.into()))
                .collect(),
            body: String::from_utf8_lossy(&request.body).into_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Result<Post, String> {
        let fields = Fields::parse(json.as_bytes()).unwrap();
        Post::read(&fields).map_err(|bad| bad.field.into_owned())
    }

    #[test]
    fn a_request_is_told_by_its_headers_or_by_their_values() {
        let expected = Post {
            id: "cb_1".into(),
            timestamp: "7".into(),
            signatures: "v1,x".into(),
            body: "{}\n".into(),
        };
        for json in [
            r#"{"body":"{}\n","id":"cb_1","timestamp":7,"signature":"v1,x"}"#,
            r#"{"body":"{}\n","id":"cb_1","timestamp":"7","signature":"v1,x"}"#,
            r#"{"body":"{}\n","headers":{"Webhook-Id":"cb_1","WEBHOOK-TIMESTAMP":" 7","webhook-signature":"v1,x","host":"a"}}"#,
        ] {
            assert_eq!(read(json).as_ref(), Ok(&expected), "{json}");
        }
        for (json, field) in [
            ("{}", "body"),
            (r#"{"body":""}"#, "id"),
            (r#"{"body":"","headers":{}}"#, "headers"),
            (r#"{"body":"","headers":"x"}"#, "headers"),
            (r#"{"body":"","headers":{"a":1}}"#, "headers"),
            (r#"{"body":"","x":1}"#, "x"),
        ] {
            assert_eq!(read(json), Err(field.into()), "{json}");
        }
    }
}
