//! Where tokens come from.

use std::sync::Arc;

use async_trait::async_trait;

use crate::admin::{Admin, AdminError};
use crate::rest::{AppCredentials, BadEnvelope, Envelope, Rest, RestError};

/// Gets tokens for one account. In an app on people's devices this asks the app's own backend,
/// which alone holds the [`AppCredentials`].
///
/// It is asked before the first login, and again whenever the server has refused the last token.
#[async_trait]
pub trait TokenSource: Send + Sync + 'static {
    /// A token that is good now. `is_again` says that the server refused the last one: a cached one
    /// would be refused as well.
    async fn token(&self, is_again: bool) -> Result<Envelope, TokenError>;
}

/// Why there is no token.
#[derive(Debug, thiserror::Error)]
pub enum TokenError {
    /// Asking again will not help: the client ends.
    #[error("no token: {0}")]
    Refused(String),
    /// For now. The client asks again later.
    #[error("no token for now: {0}")]
    Unavailable(String),
}

/// One source for the client and a [`Caller`](crate::rest::Caller).
#[async_trait]
impl<T: TokenSource + ?Sized> TokenSource for Arc<T> {
    async fn token(&self, is_again: bool) -> Result<Envelope, TokenError> {
        (**self).token(is_again).await
    }
}

/// One token that was got elsewhere; the client ends when it is refused.
#[async_trait]
impl TokenSource for Envelope {
    async fn token(&self, is_again: bool) -> Result<Envelope, TokenError> {
        if is_again {
            return Err(TokenError::Refused("the only one was refused".to_owned()));
        }
        Ok(self.clone())
    }
}

/// Tokens by the app's own credentials: for backends, bots and tests.
#[derive(Clone, Debug)]
pub struct AppTokens {
    /// The server.
    pub rest: Rest,
    /// The app.
    pub app: AppCredentials,
    /// For whom.
    pub account: String,
}

#[async_trait]
impl TokenSource for AppTokens {
    async fn token(&self, _is_again: bool) -> Result<Envelope, TokenError> {
        Ok(self.rest.token(&self.app, &self.account).await?)
    }
}

/// Tokens by the operator's power: for the command line.
#[derive(Clone, Debug)]
pub struct AdminTokens {
    /// The server, and the right to ask.
    pub admin: Admin,
    /// The app.
    pub app_id: String,
    /// For whom.
    pub account: String,
}

#[async_trait]
impl TokenSource for AdminTokens {
    async fn token(&self, _is_again: bool) -> Result<Envelope, TokenError> {
        Ok(self.admin.token(&self.app_id, &self.account).await?)
    }
}

/// Tokens of the demo app, from a server that runs with `--dev`.
#[derive(Clone, Debug)]
pub struct DevTokens {
    /// The server.
    pub rest: Rest,
    /// For whom.
    pub account: String,
}

#[async_trait]
impl TokenSource for DevTokens {
    async fn token(&self, _is_again: bool) -> Result<Envelope, TokenError> {
        Ok(self.rest.dev_token(&self.account).await?)
    }
}

impl From<RestError> for TokenError {
    fn from(error: RestError) -> Self {
        if error.is_passing() {
            Self::Unavailable(error.to_string())
        } else {
            Self::Refused(error.to_string())
        }
    }
}

impl From<AdminError> for TokenError {
    fn from(error: AdminError) -> Self {
        match error {
            AdminError::Rest(error) => error.into(),
            AdminError::Refused { status, .. } if status >= 500 => {
                Self::Unavailable(error.to_string())
            }
            other => Self::Refused(other.to_string()),
        }
    }
}

impl From<BadEnvelope> for TokenError {
    fn from(error: BadEnvelope) -> Self {
        Self::Refused(error.to_string())
    }
}
