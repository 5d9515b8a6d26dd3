//! Who asks, before anything is done: a bearer token, or the cookie of a session of the console,
//! which must prove that a page of this server means it.

use std::sync::Arc;

use axum::extract::{FromRequestParts, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::request::Parts;
use http::{HeaderMap, HeaderName, HeaderValue, Method, header};

use crate::admin::access::{Role, TokenId};
use crate::admin::error::AdminError;
use crate::admin::origin;
use crate::admin::sessions::Session;
use crate::limits;
use crate::state::Api;

/// The cookie of the console.
pub(crate) const COOKIE: &str = "mimc_console";
const CSRF: HeaderName = HeaderName::from_static("x-mimc-csrf");
const NO_STORE: HeaderValue = HeaderValue::from_static("no-store");

/// Who asks, as a request extension.
#[derive(Clone)]
pub(crate) struct Asker {
    pub(crate) role: Role,
    pub(crate) token: TokenId,
    /// Of one who asks with a cookie.
    pub(crate) session: Option<Session>,
}

impl FromRequestParts<Arc<Api>> for Asker {
    type Rejection = AdminError;

    async fn from_request_parts(parts: &mut Parts, _: &Arc<Api>) -> Result<Self, AdminError> {
        let asker = parts.extensions.get().cloned();
        asker.ok_or(AdminError::Unauthorized)
    }
}

impl FromRequestParts<Arc<Api>> for Role {
    type Rejection = AdminError;

    async fn from_request_parts(parts: &mut Parts, _: &Arc<Api>) -> Result<Self, AdminError> {
        let asker = parts.extensions.get::<Asker>();
        asker
            .map(|asker| asker.role)
            .ok_or(AdminError::Unauthorized)
    }
}

/// Nobody gets past it without a role.
pub(super) async fn authenticate(
    State(api): State<Arc<Api>>,
    mut request: Request,
    next: Next,
) -> Response {
    let asker = match asker(&api, &request) {
        Ok(asker) => asker,
        Err(error) => return error.into_response(),
    };
    request.extensions_mut().insert(asker);
    next.run(request).await
}

/// Whoever is no admin only reads.
pub(super) async fn authorise(request: Request, next: Next) -> Response {
    let asker = request.extensions().get::<Asker>();
    let is_admin = asker.is_some_and(|asker| asker.role == Role::Admin);
    if !is_admin && !is_reading(request.method()) {
        return AdminError::Forbidden.into_response();
    }
    next.run(request).await
}

/// What operators see is kept by no browser and no proxy.
pub(super) async fn keep_private(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    response
        .headers_mut()
        .insert(header::CACHE_CONTROL, NO_STORE);
    response
}

/// The value of the console's cookie.
pub(super) fn cookie(headers: &HeaderMap) -> Option<&str> {
    let lines = headers.get_all(header::COOKIE).into_iter();
    let pairs = lines
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(';'));
    pairs
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(name, _)| *name == COOKIE)
        .map(|(_, value)| value)
}

/// The text of a bearer token.
fn bearer(headers: &HeaderMap) -> Option<&[u8]> {
    let value = headers.get(header::AUTHORIZATION)?.as_bytes();
    let (scheme, token) = value.split_at_checked("bearer ".len())?;
    scheme.eq_ignore_ascii_case(b"bearer ").then_some(token)
}

/// A token goes before a cookie, and needs no proof: no page of others can send it.
fn asker(api: &Api, request: &Request) -> Result<Asker, AdminError> {
    let headers = request.headers();
    if let Some(token) = bearer(headers) {
        let peer = limits::peer(request.extensions());
        let holder = api.admin_token(peer, token)?;
        return Ok(Asker {
            role: holder.role,
            token: holder.id,
            session: None,
        });
    }
    let cookie = cookie(headers).ok_or(AdminError::Unauthorized)?;
    let now_ms = api.chat.clock.now_ms();
    let session = api.console.used(cookie, now_ms);
    let session = session.ok_or(AdminError::Unauthorized)?;
    let Some(role) = api.admin_tokens.role_of(&session.token_id) else {
        api.console.end(session.key);
        return Err(AdminError::Unauthorized);
    };
    if !is_reading(request.method()) && !is_meant(&session, headers) {
        return Err(AdminError::Csrf);
    }
    Ok(Asker {
        role,
        token: session.token_id.clone(),
        session: Some(session),
    })
}

fn is_meant(session: &Session, headers: &HeaderMap) -> bool {
    let given = headers.get(CSRF).map(HeaderValue::as_bytes);
    session.is_csrf(given.unwrap_or_default()) && origin::is_ours(headers)
}

fn is_reading(method: &Method) -> bool {
    [Method::GET, Method::HEAD].contains(method)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cookie_is_found_among_others() {
        let of = |line: &'static str| {
            let mut headers = HeaderMap::new();
            headers.append(header::COOKIE, HeaderValue::from_static("first=1"));
            headers.append(header::COOKIE, HeaderValue::from_static(line));
            cookie(&headers).map(ToOwned::to_owned)
        };
        assert_eq!(of("mimc_console=x").as_deref(), Some("x"));
        assert_eq!(of("a=b; mimc_console=x; c").as_deref(), Some("x"));
        for line in [
            "",
            "a",
            "mimc_console",
            "xmimc_console=x",
            "a=mimc_console=x",
        ] {
            assert_eq!(of(line), None, "{line}");
        }
    }
}
