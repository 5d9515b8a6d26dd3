//! The admin API: apps and figures, for operators and their tools. Accounts, callbacks, tokens,
//! topics and traces have files of their own.

mod accounts;
mod callbacks;
mod tokens;
mod topics;
mod trace;

use http::header::{AUTHORIZATION, HeaderName, HeaderValue};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, PercentEncode, utf8_percent_encode};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::rest::{AppCredentials, Envelope, Method, Rest, RestError};
use crate::secret::Secret;

pub use callbacks::SignedPost;
pub use tokens::{NewToken, Role, SignIn};

/// What may stand in a part of a path as it is.
const KEPT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// An operator's access to one server.
#[derive(Clone, Debug)]
pub struct Admin {
    rest: Rest,
    authorization: HeaderValue,
}

/// Why the admin API did not do it.
#[derive(Debug, thiserror::Error)]
pub enum AdminError {
    /// The token has characters that no header may carry.
    #[error("the admin token is not printable ASCII")]
    BadToken,
    /// The token is unknown, or its role may not do this.
    #[error("not allowed: {0}")]
    NotAllowed(String),
    /// There is no such app or account.
    #[error("not found: {0}")]
    NotFound(String),
    /// 400 malformed; 409 taken; 422 outside its limits; 5xx the server's own trouble.
    #[error("refused with status {status}: {message}")]
    Refused {
        /// The HTTP status.
        status: u16,
        /// The server's words, which name the field when one is at fault.
        message: String,
    },
    /// No answer, or none of this API.
    #[error(transparent)]
    Rest(#[from] RestError),
}

/// An app that is to be made. Credentials are made too, unless the app brings its own.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct NewApp {
    /// For people.
    pub name: String,
    /// As in `com.example.app`.
    pub package: String,
    /// Of an app that moves here: digits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub app_id: Option<String>,
    /// Of an app that moves here: digits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub app_key: Option<String>,
    /// Of an app that moves here: base64.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub app_secret: Option<Secret>,
}

/// An app as the server shows it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AppInfo {
    /// Decimal digits.
    pub app_id: String,
    /// Decimal digits.
    pub app_key: String,
    /// Shown when the app is made and when the secret is rotated, never again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub app_secret: Option<Secret>,
    /// For people.
    pub name: String,
    /// As in `com.example.app`.
    pub package: String,
    /// Whether it is banned: nobody logs in, nothing is sent.
    pub banned: bool,
    /// By the names of the API: `maxPayload`, `instantCallback` …
    #[serde(default)]
    pub settings: Map<String, Value>,
    /// Whatever else the server shows.
    #[serde(flatten)]
    pub more: Map<String, Value>,
}

impl AppInfo {
    /// What the app's backend needs; `None` when the secret is not shown.
    pub fn credentials(&self) -> Option<AppCredentials> {
        Some(AppCredentials {
            app_id: self.app_id.clone(),
            app_key: self.app_key.clone(),
            app_secret: self.app_secret.clone()?,
        })
    }
}

impl Admin {
    /// With the token of the server's `admin.token`, or another that it knows.
    pub fn new(rest: Rest, token: &str) -> Result<Self, AdminError> {
        let mut authorization = HeaderValue::try_from(format!("Bearer {}", token.trim()))
            .map_err(|_unprintable| AdminError::BadToken)?;
        authorization.set_sensitive(true);
        Ok(Self {
            rest,
            authorization,
        })
    }

    /// The server's HTTP side.
    pub fn rest(&self) -> &Rest {
        &self.rest
    }

    // Apps

    /// Makes an app; its secret is shown now and never again.
    pub async fn create_app(&self, app: &NewApp) -> Result<AppInfo, AdminError> {
        let body = serde_json::to_value(app).unwrap_or_default();
        self.read(self.call(Method::POST, "/apps", Some(&body)).await?)
    }

    /// All apps, without their secrets.
    pub async fn apps(&self) -> Result<Vec<AppInfo>, AdminError> {
        let answer = self.call(Method::GET, "/apps", None).await?;
        self.read(match answer {
            Value::Object(mut page) => page.remove("apps").unwrap_or_default(),
            list => list,
        })
    }

    /// One app, without its secret.
    pub async fn app(&self, app_id: &str) -> Result<AppInfo, AdminError> {
        self.read(self.call(Method::GET, &app_path(app_id), None).await?)
    }

    /// Changes settings, by the names of the API; those not named stay. All or nothing.
    pub async fn change_app(
        &self,
        app_id: &str,
        settings: Map<String, Value>,
    ) -> Result<AppInfo, AdminError> {
        let body = Value::Object(settings);
        let path = app_path(app_id);
        self.read(self.call(Method::PATCH, &path, Some(&body)).await?)
    }

    /// Makes a new secret and shows it; the old one and all tokens are void at once.
    pub async fn rotate_secret(&self, app_id: &str) -> Result<AppInfo, AdminError> {
        self.read(self.post(&app_path(app_id), "rotate-secret").await?)
    }

    /// Bans an app: its sessions end, nobody logs in, nothing is sent.
    pub async fn ban_app(&self, app_id: &str) -> Result<(), AdminError> {
        self.post(&app_path(app_id), "ban").await.map(drop)
    }

    /// Lifts the ban.
    pub async fn unban_app(&self, app_id: &str) -> Result<(), AdminError> {
        self.post(&app_path(app_id), "unban").await.map(drop)
    }

    /// Deletes an app with all that is its.
    pub async fn delete_app(&self, app_id: &str) -> Result<(), AdminError> {
        let path = app_path(app_id);
        self.call(Method::DELETE, &path, None).await.map(drop)
    }

    // Tokens of accounts

    /// A token for an account, as its app's backend would get it.
    pub async fn token(&self, app_id: &str, account: &str) -> Result<Envelope, AdminError> {
        let answer = self.token_answer(app_id, account).await?;
        Envelope::from_data(answer["data"].clone())
            .map_err(|error| self.not_understood(&error).into())
    }

    /// The same as the whole answer of the token API.
    pub async fn token_answer(&self, app_id: &str, account: &str) -> Result<Value, AdminError> {
        let path = format!("{}/token", app_path(app_id));
        let body = json!({"account": account});
        let answer = self.call(Method::POST, &path, Some(&body)).await?;
        let code = answer.get("code").and_then(Value::as_i64);
        match code {
            None | Some(200) => Ok(answer),
            Some(code) => Err(RestError::Refused {
                code,
                message: answer["message"].as_str().unwrap_or_default().to_owned(),
            }
            .into()),
        }
    }

    // The server

    /// What happens now, and what happened lately.
    ///
    /// The window is `15m`, `3h` or `24h`.
    pub async fn stats(&self, window: &str) -> Result<Map<String, Value>, AdminError> {
        let path = format!("/stats?window={}", part(window));
        self.read(self.call(Method::GET, &path, None).await?)
    }

    /// What the checks of the running server have found: `{checkedAt, findings}`.
    pub async fn health(&self) -> Result<Map<String, Value>, AdminError> {
        self.read(self.call(Method::GET, "/health", None).await?)
    }

    /// The server's configuration: `{keys}`, each with its value and source.
    pub async fn config(&self) -> Result<Map<String, Value>, AdminError> {
        self.read(self.call(Method::GET, "/config", None).await?)
    }

    async fn post(&self, path: &str, verb: &str) -> Result<Value, AdminError> {
        self.call(Method::POST, &format!("{path}/{verb}"), None)
            .await
    }

    async fn call(
        &self,
        method: Method,
        path: &str,
        body: Option<&Value>,
    ) -> Result<Value, AdminError> {
        let path = format!("/admin/v1{path}");
        let headers: [(HeaderName, HeaderValue); 1] = [(AUTHORIZATION, self.authorization.clone())];
        let reply = self.rest.call(method, &path, &headers, body).await?;
        if reply.status.is_success() {
            return Ok(reply.body);
        }
        let message = words(&reply.body).unwrap_or_else(|| reply.status.to_string());
        Err(match reply.status.as_u16() {
            401 | 403 => AdminError::NotAllowed(message),
            404 => AdminError::NotFound(message),
            status => AdminError::Refused { status, message },
        })
    }

    fn read<T: serde::de::DeserializeOwned>(&self, value: Value) -> Result<T, AdminError> {
        serde_json::from_value(value).map_err(|error| self.not_understood(&error).into())
    }

    fn not_understood(&self, why: &dyn std::error::Error) -> RestError {
        RestError::NotUnderstood {
            server: self.rest.server().to_owned(),
            why: why.to_string(),
        }
    }
}

/// `{"error": {"message", "field"?}}`, or the message of an app's envelope.
fn words(body: &Value) -> Option<String> {
    let Some(error) = body.get("error") else {
        return Some(body.get("message")?.as_str()?.to_owned());
    };
    let message = error.get("message")?.as_str()?;
    Some(match error.get("field").and_then(Value::as_str) {
        Some(field) if !message.contains(field) => format!("{field}: {message}"),
        _ => message.to_owned(),
    })
}

fn app_path(app_id: &str) -> String {
    format!("/apps/{}", part(app_id))
}

/// A name as a part of a path, or a value of a query.
fn part(name: &str) -> PercentEncode<'_> {
    utf8_percent_encode(name, KEPT)
}

fn account_path(app_id: &str, account: &str) -> String {
    format!("{}/accounts/{}", app_path(app_id), part(account))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_paths_are_encoded() {
        assert_eq!(
            account_path("1", "小明 /?"),
            "/apps/1/accounts/%E5%B0%8F%E6%98%8E%20%2F%3F"
        );
    }

    #[test]
    fn an_error_names_its_field() {
        let body = json!({"error": {"code": "x", "message": "must be 1 to 9", "field": "ttl"}});
        assert_eq!(words(&body).unwrap(), "ttl: must be 1 to 9");
    }
}
