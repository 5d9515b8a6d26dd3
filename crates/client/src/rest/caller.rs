//! An account that asks the REST API: by a token, as its own device would, or by the app's
//! credentials, as its backend would.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::header::{HeaderName, HeaderValue, InvalidHeaderValue};
use serde_json::Value;

use super::{AppCredentials, Method, Rest, RestError};

/// Asks in the name of one account. Topics have verbs of their own; everything else is
/// [`call`](Self::call)ed by its path.
#[derive(Clone, Debug)]
pub struct Caller {
    rest: Rest,
    pub(super) app_id: String,
    headers: Vec<(HeaderName, HeaderValue)>,
}

impl Caller {
    /// By a token of the account.
    pub fn by_token(rest: Rest, app_id: &str, token: &str) -> Result<Self, RestError> {
        Self::new(rest, app_id, [("token", token)])
    }

    /// By the app's credentials. The account is created when the name is new.
    pub fn by_app(rest: Rest, app: &AppCredentials, account: &str) -> Result<Self, RestError> {
        let account = STANDARD.encode(account);
        let headers = [
            ("appid", &*app.app_id),
            ("appkey", &app.app_key),
            ("appsecret", app.app_secret.expose()),
            ("appaccount", &account),
            ("appaccountencode", "base64"),
        ];
        Self::new(rest, &app.app_id, headers)
    }

    fn new<'a>(
        rest: Rest,
        app_id: &str,
        headers: impl IntoIterator<Item = (&'static str, &'a str)>,
    ) -> Result<Self, RestError> {
        let headers: Result<_, InvalidHeaderValue> = headers.into_iter().map(header).collect();
        Ok(Self {
            headers: rest.understood(headers)?,
            rest,
            app_id: app_id.to_owned(),
        })
    }

    /// The data of the answer, when its code says success.
    pub async fn call(
        &self,
        method: Method,
        path: &str,
        body: Option<&Value>,
    ) -> Result<Value, RestError> {
        let reply = self.rest.call(method, path, &self.headers, body).await?;
        self.rest.opened(reply)
    }

    pub(super) fn read<T: serde::de::DeserializeOwned>(&self, data: Value) -> Result<T, RestError> {
        self.rest.understood(serde_json::from_value(data))
    }
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
        assert!(Caller::by_token(rest, "1", "a\nb").is_err());
    }
}
