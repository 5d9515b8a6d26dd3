//! Tokens of operators, besides the one of `admin.token`.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::{Admin, AdminError, part};
use crate::rest::Method;
use crate::secret::Secret;

/// What a token allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Everything.
    Admin,
    /// Reading what is no secret.
    Viewer,
}

/// A token that was just made.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct NewToken {
    /// By which it is revoked.
    pub id: String,
    /// Shown now and never again.
    pub token: Secret,
    /// What it allows.
    pub role: Role,
    /// Whatever else the server shows.
    #[serde(flatten)]
    pub more: Map<String, Value>,
}

/// A one-time sign-in to the console.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SignIn {
    /// The code.
    pub signin: Secret,
    /// Until when it can be used, in milliseconds since 1970.
    pub expires_at: u64,
}

impl Admin {
    /// Makes a token; the name is for people, and may be empty.
    pub async fn create_token(&self, role: Role, name: &str) -> Result<NewToken, AdminError> {
        let body = json!({"role": role, "name": name});
        self.read(self.call(Method::POST, "/tokens", Some(&body)).await?)
    }

    /// `{tokens}`, without their texts.
    pub async fn tokens(&self) -> Result<Map<String, Value>, AdminError> {
        self.read(self.call(Method::GET, "/tokens", None).await?)
    }

    /// A code that signs in to the console once, in this one's name: `{signin, expiresAt}`.
    pub async fn signin_code(&self) -> Result<SignIn, AdminError> {
        self.read(self.call(Method::POST, "/signin-codes", None).await?)
    }

    /// From now on it opens nothing.
    pub async fn revoke_token(&self, id: &str) -> Result<(), AdminError> {
        let path = format!("/tokens/{}", part(id));
        self.call(Method::DELETE, &path, None).await.map(drop)
    }
}
