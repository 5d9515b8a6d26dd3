//! Tokens of operators: make, list, revoke. The one of `admin.token` is always there besides.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use serde_json::{Value, json};

use crate::admin::access::{Role, Token, TokenId};
use crate::admin::error::AdminError;
use crate::admin::found::{Body, Segment};
use crate::fields::Fields;
use crate::json;
use crate::refusal::BadParameter;
use crate::state::Api;

/// Names of tokens, in bytes.
const NAME_BYTES_MAX: usize = 256;

/// GET /tokens: none of them shows its text.
pub(crate) async fn list(State(api): State<Arc<Api>>) -> Response {
    let tokens: Vec<_> = api.admin_tokens.list().iter().map(view).collect();
    json::response(StatusCode::OK, &json!({ "tokens": tokens }))
}

/// POST /tokens `{role, name?}`: the only time its text is shown.
pub(crate) async fn create(
    State(api): State<Arc<Api>>,
    Body(fields): Body,
) -> Result<Response, AdminError> {
    let (name, role) = read(&fields)?;
    let now_ms = api.chat.clock.now_ms();
    let (token, text) = api.admin_tokens.create(name, role, now_ms).await?;
    let mut shown = view(&token);
    shown["token"] = text.into();
    Ok(json::response(StatusCode::CREATED, &shown))
}

/// DELETE /tokens/{id}: sessions of the console that were begun with it end.
pub(crate) async fn revoke(
    State(api): State<Arc<Api>>,
    Segment(id): Segment,
) -> Result<Response, AdminError> {
    if !api.admin_tokens.revoke(&id).await? {
        return Err(AdminError::NotFound("token"));
    }
    api.console.end_of(&TokenId::Other(id.clone()));
    Ok(json::response(
        StatusCode::OK,
        &json!({ "id": id, "deleted": true }),
    ))
}

fn view(token: &Token) -> Value {
    json!({
        "id": token.id,
        "name": token.name,
        "role": token.role,
        "createdAt": token.created_at,
    })
}

fn read(fields: &Fields) -> Result<(String, Role), BadParameter> {
    fields.only(&["name", "role"])?;
    let role = match &*fields.text("role")? {
        "admin" => Role::Admin,
        "viewer" => Role::Viewer,
        _ => return Err(BadParameter::new("role", "must be admin or viewer")),
    };
    let name = fields.text_or_empty("name")?;
    if name.len() > NAME_BYTES_MAX || name.chars().any(char::is_control) {
        let why = "must not be longer than 256 bytes or contain control characters";
        return Err(BadParameter::new("name", why));
    }
    Ok((name, role))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_needs_a_role_and_may_have_a_name() {
        let of = |json: &str| {
            read(&Fields::parse(json.as_bytes()).unwrap()).map_err(|bad| bad.field.into_owned())
        };
        assert_eq!(
            of(r#"{"role":"viewer"}"#),
            Ok((String::new(), Role::Viewer))
        );
        assert_eq!(
            of(r#"{"role":"admin","name":"n"}"#),
            Ok(("n".into(), Role::Admin))
        );
        for (json, field) in [
            ("{}", "role"),
            (r#"{"role":"root"}"#, "role"),
            (r#"{"role":"admin","name":"a\nb"}"#, "name"),
            (r#"{"role":"admin","token":"x"}"#, "token"),
        ] {
            assert_eq!(of(json), Err(field.into()), "{json}");
        }
    }
}
