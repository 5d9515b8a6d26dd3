//! Modes T and K: the account that asks, by a token or by the app's keys in headers.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use chat::TokenError;
use http::HeaderMap;
use http::request::Parts;
use model::{Account, AccountName, App, AppId};

use crate::base64_text;
use crate::limits;
use crate::path;
use crate::refusal::{BadParameter, Refusal};
use crate::state::Api;

const ACCOUNT: &str = "appAccount";
const TOKEN: &str = "token";
/// Headers that somebody who guesses would have to send.
const CREDENTIALS: [&str; 3] = [TOKEN, "appKey", "appSecret"];

/// Who asks.
pub(crate) struct Caller {
    pub(crate) account: Arc<Account>,
}

impl Caller {
    /// A token or keys work for their own app only.
    pub(crate) fn must_be_of(&self, app_id: Option<u64>) -> Result<(), Refusal> {
        match app_id {
            Some(app_id) if AppId(app_id) != self.account.app_id => Err(Refusal::Authentication),
            _ => Ok(()),
        }
    }
}

/// Why there is no caller.
enum Denied {
    /// Credentials that were never good: somebody may be guessing.
    Wrong,
    Otherwise(Refusal),
}

impl<Why: Into<Refusal>> From<Why> for Denied {
    fn from(why: Why) -> Self {
        Self::Otherwise(why.into())
    }
}

/// An appId in the path must be that of the token or the keys.
impl FromRequestParts<Arc<Api>> for Caller {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, api: &Arc<Api>) -> Result<Self, Refusal> {
        let peer = limits::peer(&parts.extensions);
        let has_credentials = CREDENTIALS
            .iter()
            .any(|name| parts.headers.contains_key(*name));
        if has_credentials {
            api.limits.may_try(peer)?;
        }
        let app_id = match path::segment(parts, "appId").await {
            Some(text) => Some(text.parse().map_err(|_| Refusal::Authentication)?),
            None => None,
        };
        authenticate(api, &parts.headers, app_id)
            .await
            .map_err(|denied| match denied {
                Denied::Wrong if has_credentials => {
                    api.limits.failed(peer);
                    Refusal::Authentication
                }
                Denied::Wrong => Refusal::Authentication,
                Denied::Otherwise(refusal) => refusal,
            })
    }
}

/// A token wins over keys, even when it is bad.
async fn authenticate(
    api: &Api,
    headers: &HeaderMap,
    app_id: Option<AppId>,
) -> Result<Caller, Denied> {
    let account = match header(headers, TOKEN) {
        Some(_) => by_token(api, token(headers), app_id).await?,
        None => by_keys(api, headers, app_id).await?,
    };
    Ok(Caller { account })
}

/// A token that was good once is nobody's guess: clients go on asking with it.
async fn by_token(
    api: &Api,
    token: Option<&str>,
    app_id: Option<AppId>,
) -> Result<Arc<Account>, Denied> {
    let token = token.ok_or(Denied::Wrong)?;
    let (app, account) = match api.chat.authenticate(token).await {
        Err(TokenError::Invalid) => return Err(Denied::Wrong),
        authenticated => authenticated?,
    };
    if app_id.is_some_and(|id| id != app.id) {
        return Err(Denied::Wrong);
    }
    api.limits.request(app.id)?;
    Ok(account)
}

/// The account may be new: the keys are the app's own word for it.
async fn by_keys(
    api: &Api,
    headers: &HeaderMap,
    app_id: Option<AppId>,
) -> Result<Arc<Account>, Denied> {
    let app = app(api, headers)
        .filter(|app| app_id.is_none_or(|id| id == app.id))
        .ok_or(Denied::Wrong)?;
    if app.is_banned {
        return Err(Refusal::Forbidden.into());
    }
    api.limits.request(app.id)?;
    let name = name(headers)?;
    let account = api.chat.accounts.find_or_create(app.id, &name).await?;
    if account.is_banned {
        Err(Refusal::Forbidden.into())
    } else {
        Ok(account)
    }
}

fn app(api: &Api, headers: &HeaderMap) -> Option<Arc<App>> {
    header(headers, ACCOUNT)?;
    let key = str::from_utf8(header(headers, "appKey")?).ok()?;
    let secret = str::from_utf8(header(headers, "appSecret")?).ok()?;
    match header(headers, "appId") {
        Some(id) => {
            let id: AppId = str::from_utf8(id).ok()?.parse().ok()?;
            api.chat.apps.authenticate(id, key, secret)
        }
        None => api.chat.apps.authenticate_by_key(key, secret),
    }
}

fn name(headers: &HeaderMap) -> Result<AccountName, BadParameter> {
    let bad = |why: &'static str| BadParameter::new(ACCOUNT, why);
    let raw = header(headers, ACCOUNT).ok_or_else(|| bad("is missing"))?;
    let is_base64 = header(headers, "appAccountEncode")
        .is_some_and(|encoding| encoding.eq_ignore_ascii_case(b"base64"));
    let bytes = if is_base64 {
        base64_text::decode(raw).ok_or_else(|| bad("must be base64"))?
    } else {
        raw.to_vec()
    };
    let text = str::from_utf8(&bytes).map_err(|_| bad("must be UTF-8"))?;
    AccountName::new(text).map_err(|why| BadParameter::name(ACCOUNT, why))
}

/// The token that is shown, when it is text.
pub(crate) fn token(headers: &HeaderMap) -> Option<&str> {
    str::from_utf8(header(headers, TOKEN)?).ok()
}

/// The bytes of a header: clients send names as raw UTF-8.
fn header<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a [u8]> {
    headers.get(name).map(http::HeaderValue::as_bytes)
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn named(account: &[u8], encoding: Option<&'static str>) -> Result<String, String> {
        let mut headers = HeaderMap::new();
        headers.insert("appaccount", HeaderValue::from_bytes(account).unwrap());
        if let Some(encoding) = encoding {
            headers.insert("appaccountencode", HeaderValue::from_static(encoding));
        }
        name(&headers)
            .map(|name| name.to_string())
            .map_err(|bad| bad.why.into_owned())
    }

    #[test]
    fn an_account_is_raw_utf8_or_base64_that_says_so() {
        assert_eq!(named("小明😀".as_bytes(), None).as_deref(), Ok("小明😀"));
        assert_eq!(named(b"5bCP5piO", Some("base64")).as_deref(), Ok("小明"));
        assert_eq!(named(b"5bCP5piO", Some("BASE64")).as_deref(), Ok("小明"));
        assert_eq!(named(b"5bCP5piO", None).as_deref(), Ok("5bCP5piO"));
        assert_eq!(named(b"%%", Some("base64")), Err("must be base64".into()));
        assert_eq!(named(b"\xe5\xb0", None), Err("must be UTF-8".into()));
        assert!(named(b"a,b", None).is_err());
    }
}
