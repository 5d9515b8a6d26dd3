//! Why a request is refused: the one table of codes, HTTP statuses and messages of `/api`.

use std::borrow::Cow;

use axum::response::{IntoResponse, Response};
use chat::port::StoreError;
use chat::{BlockError, HistoryError, SendError, TokenError, TopicError};
use http::StatusCode;
use model::NameError;

use crate::envelope;
use crate::limits::TooMany;

/// A parameter that is no good. Says why, never what it was: it may be a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct BadParameter {
    pub(crate) field: Cow<'static, str>,
    pub(crate) why: Cow<'static, str>,
}

impl BadParameter {
    pub(crate) fn new(
        field: impl Into<Cow<'static, str>>,
        why: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self {
            field: field.into(),
            why: why.into(),
        }
    }

    pub(crate) fn name(field: &'static str, why: NameError) -> Self {
        Self::new(field, why.to_string())
    }
}

/// What was wanted of a topic that refused it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TopicAction {
    Create,
    Query,
    Join,
    Quit,
    Kick,
    Update,
    Dismiss,
    Push,
}

impl TopicAction {
    pub(crate) fn failed(self) -> &'static str {
        match self {
            Self::Create => "create topic fail",
            Self::Query => "query topic fail",
            Self::Join => "join topic fail",
            Self::Quit => "quit topic fail",
            Self::Kick => "kick topic fail",
            Self::Update => "update topic fail",
            Self::Dismiss => "dismiss topic fail",
            Self::Push => "push topic fail",
        }
    }

    /// The refusal of this action that an error stands for.
    pub(crate) fn refused(self, error: TopicError) -> Refusal {
        match error {
            TopicError::Refused => Refusal::Topic(self),
            TopicError::Bad { field, why } => BadParameter::new(field, why).into(),
            TopicError::StoreFull => Refusal::Busy,
            TopicError::Unavailable => Refusal::Internal,
        }
    }
}

/// A request that is not answered with success.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    Parameter(BadParameter),
    Topic(TopicAction),
    Authentication,
    Forbidden,
    PayloadTooLarge,
    NotImplemented,
    UnknownPath,
    Method,
    BodyTooSlow,
    BodyTooLarge,
    TooMany(TooMany),
    Internal,
    Busy,
}

impl Refusal {
    /// HTTP status, code and message. Business refusals travel over HTTP 200.
    fn row(self) -> (StatusCode, u16, Cow<'static, str>) {
        let business = |code, message: &'static str| (StatusCode::OK, code, message.into());
        let real =
            |status: StatusCode, message: &'static str| (status, status.as_u16(), message.into());
        match self {
            Self::Parameter(bad) => {
                let message = format!("invalid parameter: {}: {}", bad.field, bad.why);
                (StatusCode::OK, 400, message.into())
            }
            Self::Topic(action) => business(500, action.failed()),
            Self::Authentication => business(401, "authentication fail"),
            Self::Forbidden => business(403, "forbidden"),
            Self::PayloadTooLarge => business(413, "payload too large"),
            Self::NotImplemented => business(501, "not implemented"),
            Self::UnknownPath => real(StatusCode::NOT_FOUND, "not found"),
            Self::Method => real(StatusCode::METHOD_NOT_ALLOWED, "method not allowed"),
            Self::BodyTooSlow => real(StatusCode::REQUEST_TIMEOUT, "request timeout"),
            Self::BodyTooLarge => real(StatusCode::PAYLOAD_TOO_LARGE, "request body too large"),
            Self::TooMany(_) => real(StatusCode::TOO_MANY_REQUESTS, "too many requests"),
            Self::Internal => real(StatusCode::INTERNAL_SERVER_ERROR, "internal error"),
            Self::Busy => real(StatusCode::SERVICE_UNAVAILABLE, "busy"),
        }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let too_many = match self {
            Self::TooMany(too_many) => Some(too_many),
            _ => None,
        };
        let (status, code, message) = self.row();
        let mut response = envelope::response(status, code, &message, None::<()>);
        if let Some(too_many) = too_many {
            too_many.tell(&mut response);
        }
        response
    }
}

impl From<BadParameter> for Refusal {
    fn from(bad: BadParameter) -> Self {
        Self::Parameter(bad)
    }
}

impl From<TooMany> for Refusal {
    fn from(too_many: TooMany) -> Self {
        Self::TooMany(too_many)
    }
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        tracing::error!(%error, "the store failed a request");
        match error {
            StoreError::Full => Self::Busy,
            StoreError::Unavailable(_) => Self::Internal,
        }
    }
}

impl From<TokenError> for Refusal {
    fn from(error: TokenError) -> Self {
        match error {
            TokenError::Invalid | TokenError::Revoked | TokenError::Expired => Self::Authentication,
            TokenError::Forbidden => Self::Forbidden,
            TokenError::Unavailable => Self::Internal,
        }
    }
}

impl From<SendError> for Refusal {
    fn from(error: SendError) -> Self {
        match error {
            SendError::BadTarget => BadParameter::new("toAccount", "no such target").into(),
            SendError::UnknownTopic => Self::Topic(TopicAction::Push),
            SendError::Forbidden | SendError::Blocked | SendError::NotMember => Self::Forbidden,
            SendError::TooLarge => Self::PayloadTooLarge,
            SendError::RateLimited => Self::TooMany(TooMany::SOON),
            SendError::Busy => Self::Busy,
            SendError::Unavailable => Self::Internal,
        }
    }
}

impl From<HistoryError> for Refusal {
    fn from(error: HistoryError) -> Self {
        match error {
            HistoryError::NotMember => Self::Topic(TopicAction::Query),
            HistoryError::StoreFull => Self::Busy,
            HistoryError::Unavailable => Self::Internal,
        }
    }
}

impl From<BlockError> for Refusal {
    fn from(error: BlockError) -> Self {
        match error {
            BlockError::Oneself => BadParameter::new("blackAccount", error.to_string()).into(),
            BlockError::StoreFull => Self::Busy,
            BlockError::Unavailable => Self::Internal,
        }
    }
}
