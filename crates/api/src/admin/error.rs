//! Why an operator's request is refused: `{"error": {"code", "message", "field"?}}`.

use std::borrow::Cow;

use axum::response::{IntoResponse, Response};
use chat::port::{CreateAppError, StoreError};
use chat::{BlockError, TopicError};
use http::{HeaderValue, StatusCode, header};
use serde::Serialize;

use crate::body::BodyError;
use crate::json;
use crate::limits::TooMany;
use crate::refusal::BadParameter;

/// A request that is not answered with success.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum AdminError {
    Unauthorized,
    /// A sign-in with a code that is no good.
    SignIn,
    /// Viewers change nothing.
    Forbidden,
    /// A cookie came without the proof that a page of this server sent it.
    Csrf,
    /// A cookie is not enough.
    NeedsToken,
    /// What is not there.
    NotFound(&'static str),
    /// A message of which nothing is known, and how far was looked.
    Untraced(String),
    Method,
    Bad(BadParameter),
    OutOfRange(BadParameter),
    Taken,
    /// Why not now.
    Conflict(&'static str),
    Body(BodyError),
    TooMany(TooMany),
    Full,
    Internal,
}

#[derive(Serialize)]
struct Answer<'a> {
    error: Details<'a>,
}

#[derive(Serialize)]
struct Details<'a> {
    code: &'static str,
    message: Cow<'a, str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<&'a str>,
}

impl AdminError {
    fn status(&self) -> StatusCode {
        match self {
            Self::Unauthorized | Self::SignIn => StatusCode::UNAUTHORIZED,
            Self::Forbidden | Self::Csrf | Self::NeedsToken => StatusCode::FORBIDDEN,
            Self::NotFound(_) | Self::Untraced(_) => StatusCode::NOT_FOUND,
            Self::Method => StatusCode::METHOD_NOT_ALLOWED,
            Self::Bad(_) | Self::Body(BodyError::Broken) => StatusCode::BAD_REQUEST,
            Self::OutOfRange(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Taken | Self::Conflict(_) => StatusCode::CONFLICT,
            Self::Body(BodyError::TooSlow) => StatusCode::REQUEST_TIMEOUT,
            Self::Body(BodyError::TooLarge) => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Body(BodyError::Busy) => StatusCode::SERVICE_UNAVAILABLE,
            Self::TooMany(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::Full => StatusCode::INSUFFICIENT_STORAGE,
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    fn details(&self) -> Details<'_> {
        let plain = |code, message: &'static str| Details {
            code,
            message: message.into(),
            field: None,
        };
        match self {
            Self::Unauthorized => plain("unauthorized", "the admin token is missing or wrong"),
            Self::SignIn => plain("unauthorized", "the sign-in code is wrong, used or too old"),
            Self::Forbidden => plain("forbidden", "a viewer changes nothing"),
            Self::Csrf => plain("csrf", "the request may be another page's"),
            Self::NeedsToken => plain("forbidden", "this needs the admin token itself"),
            Self::NotFound(what) => Details {
                code: "not_found",
                message: format!("there is no such {what}").into(),
                field: None,
            },
            Self::Untraced(how) => Details {
                code: "not_found",
                message: how.into(),
                field: None,
            },
            Self::Method => plain("method_not_allowed", "method not allowed"),
            Self::Bad(bad) => named("invalid", bad),
            Self::OutOfRange(bad) => named("out_of_range", bad),
            Self::Taken => plain("taken", "another app has this appId or appKey"),
            Self::Conflict(why) => plain("conflict", why),
            Self::Body(error) => Details {
                code: "bad_body",
                message: error.to_string().into(),
                field: None,
            },
            Self::TooMany(_) => plain("too_many_requests", "too many requests"),
            Self::Full => plain("no_space", "no space left in the store"),
            Self::Internal => plain("internal", "internal error"),
        }
    }
}

fn named<'a>(code: &'static str, bad: &'a BadParameter) -> Details<'a> {
    Details {
        code,
        message: format!("{}: {}", bad.field, bad.why).into(),
        field: Some(&bad.field),
    }
}

impl IntoResponse for AdminError {
    fn into_response(self) -> Response {
        let answer = Answer {
            error: self.details(),
        };
        let mut response = json::response(self.status(), &answer);
        match self {
            Self::Unauthorized => {
                let scheme = HeaderValue::from_static("Bearer");
                response
                    .headers_mut()
                    .insert(header::WWW_AUTHENTICATE, scheme);
            }
            Self::TooMany(too_many) => too_many.tell(&mut response),
            _ => {}
        }
        response
    }
}

impl From<BadParameter> for AdminError {
    fn from(bad: BadParameter) -> Self {
        Self::Bad(bad)
    }
}

impl From<TooMany> for AdminError {
    fn from(too_many: TooMany) -> Self {
        Self::TooMany(too_many)
    }
}

impl From<StoreError> for AdminError {
    fn from(error: StoreError) -> Self {
        tracing::error!(%error, "the store failed an admin request");
        match error {
            StoreError::Full => Self::Full,
            StoreError::Unavailable(_) => Self::Internal,
        }
    }
}

impl From<TopicError> for AdminError {
    fn from(error: TopicError) -> Self {
        match error {
            TopicError::Refused => Self::NotFound("topic"),
            TopicError::Bad { field, why } => Self::Bad(BadParameter::new(field, why)),
            TopicError::StoreFull => Self::Full,
            TopicError::Unavailable => Self::Internal,
        }
    }
}

impl From<BlockError> for AdminError {
    fn from(error: BlockError) -> Self {
        match error {
            BlockError::Oneself => Self::Bad(BadParameter::new("other", "must be another account")),
            BlockError::StoreFull => Self::Full,
            BlockError::Unavailable => Self::Internal,
        }
    }
}

impl From<CreateAppError> for AdminError {
    fn from(error: CreateAppError) -> Self {
        match error {
            CreateAppError::Taken => Self::Taken,
            CreateAppError::Store(error) => error.into(),
        }
    }
}

#[cfg(test)]
impl AdminError {
    pub(crate) fn status_and_code(&self) -> (u16, &'static str) {
        (self.status().as_u16(), self.details().code)
    }

    /// One of each.
    pub(crate) fn all() -> Vec<Self> {
        let bad = BadParameter::new("x", "y");
        let all = vec![
            Self::Unauthorized,
            Self::SignIn,
            Self::Forbidden,
            Self::Csrf,
            Self::NeedsToken,
            Self::NotFound("x"),
            Self::Untraced(String::new()),
            Self::Method,
            Self::Bad(bad.clone()),
            Self::OutOfRange(bad),
            Self::Taken,
            Self::Conflict("x"),
            Self::Body(BodyError::TooSlow),
            Self::Body(BodyError::TooLarge),
            Self::Body(BodyError::Busy),
            Self::Body(BodyError::Broken),
            Self::TooMany(TooMany::SOON),
            Self::Full,
            Self::Internal,
        ];
        // A new one does not compile here before it is in the list above.
        for error in &all {
            match error {
                Self::Unauthorized
                | Self::SignIn
                | Self::Forbidden
                | Self::Csrf
                | Self::NeedsToken
                | Self::NotFound(_)
                | Self::Untraced(_)
                | Self::Method
                | Self::Bad(_)
                | Self::OutOfRange(_)
                | Self::Taken
                | Self::Conflict(_)
                | Self::Body(_)
                | Self::TooMany(_)
                | Self::Full
                | Self::Internal => {}
            }
        }
        all
    }
}
