//! An account that asks the REST API: by a token, as its own device would, or by the app's
//! credentials, as its backend would.

use std::fmt;
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::header::{HeaderName, HeaderValue, InvalidHeaderValue};
use parking_lot::Mutex;
use serde_json::Value;

use super::{AppCredentials, Envelope, Method, Reply, Rest, RestError};
use crate::token::{TokenError, TokenSource};

/// The code of an answer to a token that is no longer good.
const UNAUTHENTICATED: i64 = 401;

/// Asks in the name of one account. Topics, history and contacts have verbs of their own;
/// everything else is [`call`](Self::call)ed by its path. Cheap to clone.
#[derive(Clone)]
pub struct Caller {
    rest: Rest,
    pub(super) app_id: String,
    pub(super) account: String,
    right: Arc<Right>,
}

/// By what right the account asks.
struct Right {
    headers: Mutex<Headers>,
    /// Where another token comes from when the one in `headers` is refused.
    renewal: Option<Box<dyn TokenSource>>,
}

type Headers = Vec<(HeaderName, HeaderValue)>;

impl Caller {
    /// By one token, until the server refuses it.
    pub fn by_token(rest: Rest, envelope: &Envelope) -> Result<Self, RestError> {
        Self::of_envelope(rest, envelope, None)
    }

    /// By tokens of this source: one now, and another when the server refuses it.
    pub async fn by_tokens(rest: Rest, source: impl TokenSource) -> Result<Self, TokenError> {
        let envelope = source.token(false).await?;
        let source: Box<dyn TokenSource> = Box::new(source);
        Ok(Self::of_envelope(rest, &envelope, Some(source))?)
    }

    /// By the app's credentials. The account is created when the name is new.
    pub fn by_app(rest: Rest, app: &AppCredentials, account: &str) -> Result<Self, RestError> {
        let encoded = STANDARD.encode(account);
        let named = [
            ("appid", &*app.app_id),
            ("appkey", &app.app_key),
            ("appsecret", app.app_secret.expose()),
            ("appaccount", &encoded),
            ("appaccountencode", "base64"),
        ];
        Self::new(rest, &app.app_id, account, headers(named), None)
    }

    fn of_envelope(
        rest: Rest,
        envelope: &Envelope,
        renewal: Option<Box<dyn TokenSource>>,
    ) -> Result<Self, RestError> {
        let app_id = envelope.app_id.to_string();
        let headers = token_headers(envelope);
        Self::new(rest, &app_id, &envelope.account, headers, renewal)
    }

    fn new(
        rest: Rest,
        app_id: &str,
        account: &str,
        headers: Result<Headers, InvalidHeaderValue>,
        renewal: Option<Box<dyn TokenSource>>,
    ) -> Result<Self, RestError> {
        let headers = Mutex::new(rest.understood(headers)?);
        Ok(Self {
            rest,
            app_id: app_id.to_owned(),
            account: account.to_owned(),
            right: Arc::new(Right { headers, renewal }),
        })
    }

    /// In whose name it asks.
    pub fn account(&self) -> &str {
        &self.account
    }

    /// The data of the answer, when its code says success.
    pub async fn call(
        &self,
        method: Method,
        path: &str,
        body: Option<&Value>,
    ) -> Result<Value, RestError> {
        let reply = self.reply(method.clone(), path, body).await?;
        if reply.code() == Some(UNAUTHENTICATED) && self.has_another_token().await? {
            return self.rest.opened(self.reply(method, path, body).await?);
        }
        self.rest.opened(reply)
    }

    async fn reply(
        &self,
        method: Method,
        path: &str,
        body: Option<&Value>,
    ) -> Result<Reply, RestError> {
        let headers = self.right.headers.lock().clone();
        self.rest.call(method, path, &headers, body).await
    }

    /// Puts another token in place of the refused one, when there is one to be had.
    async fn has_another_token(&self) -> Result<bool, RestError> {
        let Some(source) = &self.right.renewal else {
            return Ok(false);
        };
        match source.token(true).await {
            Ok(envelope) => {
                let headers = self.rest.understood(token_headers(&envelope))?;
                *self.right.headers.lock() = headers;
                Ok(true)
            }
            Err(TokenError::Refused(_)) => Ok(false),
            Err(TokenError::Unavailable(why)) => {
                let server = self.rest.server().to_owned();
                Err(RestError::Unreachable { server, why })
            }
        }
    }

    pub(super) fn read<T: serde::de::DeserializeOwned>(&self, data: Value) -> Result<T, RestError> {
        self.rest.understood(serde_json::from_value(data))
    }
}

impl fmt::Debug for Caller {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Caller")
            .field("server", &self.rest.server())
            .field("app_id", &self.app_id)
            .field("account", &self.account)
            .finish_non_exhaustive()
    }
}

fn token_headers(envelope: &Envelope) -> Result<Headers, InvalidHeaderValue> {
    headers([("token", envelope.token.expose())])
}

fn headers<'a>(
    named: impl IntoIterator<Item = (&'static str, &'a str)>,
) -> Result<Headers, InvalidHeaderValue> {
    named.into_iter().map(header).collect()
}

fn header(
    (name, value): (&'static str, &str),
) -> Result<(HeaderName, HeaderValue), InvalidHeaderValue> {
    let mut value = HeaderValue::from_str(value)?;
    value.set_sensitive(true);
    Ok((HeaderName::from_static(name), value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_name_of_an_account_fits_and_secrets_are_not_shown() {
        let rest = Rest::new("http://127.0.0.1:1").unwrap();
        let app = AppCredentials {
            app_id: "1".into(),
            app_key: "2".into(),
            app_secret: "hush".into(),
        };
        let caller = Caller::by_app(rest.clone(), &app, "小明").unwrap();
        assert!(!format!("{caller:?}").contains("hush"), "{caller:?}");
        let mut envelope = Envelope {
            app_id: 1,
            package: String::new(),
            account: "小明".to_owned(),
            uuid: 2,
            security_key: "k".into(),
            token: "good".into(),
        };
        let caller = Caller::by_token(rest.clone(), &envelope).unwrap();
        assert_eq!(caller.account(), "小明");
        envelope.token = "a\nb".into();
        assert!(Caller::by_token(rest, &envelope).is_err());
    }
}
