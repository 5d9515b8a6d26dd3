//! The session of the console: sign in with a token or a one-time code, ask who one is, sign out.

use std::sync::Arc;

use axum::extract::{FromRequest as _, Request, State};
use axum::response::{IntoResponse as _, Response};
use http::{HeaderValue, StatusCode, header};
use model::Source;
use serde_json::json;

use crate::admin::access::{Role, TokenHolder};
use crate::admin::error::AdminError;
use crate::admin::found::Body;
use crate::admin::gate::{self, Asker, COOKIE};
use crate::admin::origin;
use crate::admin::sessions::{LIFE_MS_MAX, Session};
use crate::fields::Fields;
use crate::json;
use crate::limits;
use crate::refusal::BadParameter;
use crate::routes::Routes;
use crate::state::Api;

/// A request extension: the request came over TLS.
#[derive(Clone, Copy, Debug)]
pub struct Encrypted;

/// What a sign-in shows.
enum Shown {
    Token(String),
    Code(String),
}

/// For everybody.
pub(super) fn open() -> Routes {
    Routes::default().post("/session", begin)
}

/// For whoever has a role, whichever it is.
pub(super) fn own() -> Routes {
    Routes::default()
        .get("/session", show)
        .delete("/session", end)
}

/// POST /session `{token}` or `{signin}`: sets the cookie. Another page must not sign somebody in
/// either: what is then typed in would be seen by another.
async fn begin(State(api): State<Arc<Api>>, request: Request) -> Result<Response, AdminError> {
    if !origin::is_ours(request.headers()) {
        return Err(AdminError::Csrf);
    }
    let peer = limits::peer(request.extensions());
    let is_encrypted = request.extensions().get::<Encrypted>().is_some();
    let is_secure = is_encrypted || origin::is_https(request.headers());
    let former = gate::cookie(request.headers()).map(ToOwned::to_owned);
    let Body(fields) = Body::from_request(request, &api).await?;

    let holder = holder(&api, peer, shown(&fields)?)?;
    let now_ms = api.chat.clock.now_ms();
    if let Some(former) = former.and_then(|cookie| api.console.used(&cookie, now_ms)) {
        api.console.end(former.key);
    }
    let (cookie, session) = api.console.begin(holder.id, now_ms);
    let mut response = view(holder.role, &session);
    set_cookie(&mut response, &cookie, LIFE_MS_MAX / 1_000, is_secure);
    Ok(response)
}

/// GET /session: who one is, and until when.
async fn show(asker: Asker) -> Result<Response, AdminError> {
    let session = asker.session.ok_or(AdminError::Unauthorized)?;
    Ok(view(asker.role, &session))
}

/// DELETE /session: signs out.
async fn end(State(api): State<Arc<Api>>, asker: Asker) -> Response {
    if let Some(session) = asker.session {
        api.console.end(session.key);
    }
    let mut response = StatusCode::NO_CONTENT.into_response();
    set_cookie(&mut response, "", 0, false);
    response
}

/// POST /signin-codes: a one-time code for the asker's token. Not for cookies: a session would
/// beget others for ever.
pub(crate) async fn issue_code(
    State(api): State<Arc<Api>>,
    asker: Asker,
) -> Result<Response, AdminError> {
    if asker.session.is_some() {
        return Err(AdminError::NeedsToken);
    }
    let now_ms = api.chat.clock.now_ms();
    let (code, expires_at) = api.signin_codes.issue(asker.token, now_ms);
    let body = json!({ "signin": code, "expiresAt": expires_at });
    Ok(json::response(StatusCode::CREATED, &body))
}

fn shown(fields: &Fields) -> Result<Shown, BadParameter> {
    fields.only(&["token", "signin"])?;
    let token = fields.text_if_present("token")?;
    let code = fields.text_if_present("signin")?;
    match (token, code) {
        (Some(token), None) => Ok(Shown::Token(token)),
        (None, Some(code)) => Ok(Shown::Code(code)),
        (None, None) => Err(BadParameter::new("token", "is missing")),
        (Some(_), Some(_)) => Err(BadParameter::new("signin", "must not stand beside token")),
    }
}

/// Whoever tries too often is not looked at.
fn holder(api: &Api, peer: Option<Source>, shown: Shown) -> Result<TokenHolder, AdminError> {
    let code = match shown {
        Shown::Token(token) => return api.admin_token(peer, token.trim().as_bytes()),
        Shown::Code(code) => code,
    };
    api.limits.may_try(peer)?;
    let id = api.signin_codes.redeem(&code, api.chat.clock.now_ms());
    let holder = id.and_then(|id| {
        let role = api.admin_tokens.role_of(&id)?;
        Some(TokenHolder { id, role })
    });
    holder.ok_or_else(|| {
        api.limits.failed(peer);
        AdminError::SignIn
    })
}

fn view(role: Role, session: &Session) -> Response {
    let body = json!({
        "role": role,
        "csrf": session.csrf(),
        "expiresAt": session.ends_at_ms,
    });
    json::response(StatusCode::OK, &body)
}

/// The cookie may outlive the session, which is known here and lasts longer by being used.
fn set_cookie(response: &mut Response, value: &str, age_s: u64, is_secure: bool) {
    let secure = if is_secure { "; Secure" } else { "" };
    let cookie = format!(
        "{COOKIE}={value}; HttpOnly; SameSite=Strict; Path=/admin; Max-Age={age_s}{secure}"
    );
    let cookie = HeaderValue::try_from(cookie).expect("letters, digits and signs of ASCII");
    response.headers_mut().insert(header::SET_COOKIE, cookie);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sign_in_shows_one_thing_and_nothing_else() {
        let field = |json: &str| {
            let fields = Fields::parse(json.as_bytes()).unwrap();
            shown(&fields).err().map(|bad| bad.field.into_owned())
        };
        assert_eq!(field(r#"{"token":"x"}"#), None);
        assert_eq!(field(r#"{"signin":"x","token":null}"#), None);
        for (json, expected) in [
            ("{}", "token"),
            (r#"{"token":1}"#, "token"),
            (r#"{"token":"x","signin":"y"}"#, "signin"),
            (r#"{"token":"x","role":"admin"}"#, "role"),
        ] {
            assert_eq!(field(json).as_deref(), Some(expected), "{json}");
        }
    }
}
