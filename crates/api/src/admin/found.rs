//! What an admin path names, or 404, and the body with errors of the admin shape.

use std::sync::Arc;

use axum::extract::{FromRequest, FromRequestParts, Request};
use http::request::Parts;
use model::{Account, AccountName, App, TopicId};

use crate::admin::error::AdminError;
use crate::body;
use crate::fields::Fields;
use crate::path;
use crate::refusal::BadParameter;
use crate::state::Api;

/// The app of the path.
pub(crate) struct FoundApp(pub(crate) Arc<App>);

impl FromRequestParts<Arc<Api>> for FoundApp {
    type Rejection = AdminError;

    async fn from_request_parts(parts: &mut Parts, api: &Arc<Api>) -> Result<Self, AdminError> {
        let id = segment(parts, "appId")
            .await?
            .parse()
            .map_err(|_| AdminError::NotFound("app"))?;
        api.chat
            .apps
            .get(id)
            .map(Self)
            .ok_or(AdminError::NotFound("app"))
    }
}

/// The account name of the path; whether there is such an account is another question.
pub(crate) struct NamedAccount(pub(crate) AccountName);

impl FromRequestParts<Arc<Api>> for NamedAccount {
    type Rejection = AdminError;

    async fn from_request_parts(parts: &mut Parts, _: &Arc<Api>) -> Result<Self, AdminError> {
        let name = segment(parts, "account").await?;
        AccountName::new(&name)
            .map(Self)
            .map_err(|_| AdminError::NotFound("account"))
    }
}

/// The account of the path, with its app.
pub(crate) struct FoundAccount {
    pub(crate) app: Arc<App>,
    pub(crate) account: Arc<Account>,
}

impl FromRequestParts<Arc<Api>> for FoundAccount {
    type Rejection = AdminError;

    async fn from_request_parts(parts: &mut Parts, api: &Arc<Api>) -> Result<Self, AdminError> {
        let FoundApp(app) = FoundApp::from_request_parts(parts, api).await?;
        let NamedAccount(name) = NamedAccount::from_request_parts(parts, api).await?;
        let account = api.chat.accounts.find(app.id, &name).await?;
        let account = account.ok_or(AdminError::NotFound("account"))?;
        Ok(Self { app, account })
    }
}

/// The second account of the path, which may be new.
pub(crate) struct OtherAccount(pub(crate) AccountName);

impl FromRequestParts<Arc<Api>> for OtherAccount {
    type Rejection = AdminError;

    async fn from_request_parts(parts: &mut Parts, _: &Arc<Api>) -> Result<Self, AdminError> {
        let name = segment(parts, "other").await?;
        let other = AccountName::new(&name).map_err(|why| BadParameter::name("other", why))?;
        Ok(Self(other))
    }
}

/// The delivery of the path; whether there is one is another question.
pub(crate) struct DeliveryId(pub(crate) String);

impl FromRequestParts<Arc<Api>> for DeliveryId {
    type Rejection = AdminError;

    async fn from_request_parts(parts: &mut Parts, _: &Arc<Api>) -> Result<Self, AdminError> {
        segment(parts, "id").await.map(Self)
    }
}

/// The topic of the path; whether there is one is another question.
pub(crate) struct NamedTopic(pub(crate) TopicId);

impl FromRequestParts<Arc<Api>> for NamedTopic {
    type Rejection = AdminError;

    async fn from_request_parts(parts: &mut Parts, _: &Arc<Api>) -> Result<Self, AdminError> {
        let id = segment(parts, "topicId").await?;
        id.parse()
            .map(Self)
            .map_err(|_| AdminError::NotFound("topic"))
    }
}

/// The `{id}` of the path.
pub(crate) struct Segment(pub(crate) String);

impl FromRequestParts<Arc<Api>> for Segment {
    type Rejection = AdminError;

    async fn from_request_parts(parts: &mut Parts, _: &Arc<Api>) -> Result<Self, AdminError> {
        segment(parts, "id").await.map(Self)
    }
}

async fn segment(parts: &mut Parts, name: &str) -> Result<String, AdminError> {
    let segment = path::segment(parts, name).await;
    segment.ok_or(AdminError::NotFound("path"))
}

/// The fields of the body; all of them must be known.
pub(crate) struct Body(pub(crate) Fields);

impl FromRequest<Arc<Api>> for Body {
    type Rejection = AdminError;

    async fn from_request(request: Request, api: &Arc<Api>) -> Result<Self, AdminError> {
        let body = body::read(request.into_body(), api)
            .await
            .map_err(AdminError::Body)?;
        Ok(Self(Fields::parse(&body)?))
    }
}
