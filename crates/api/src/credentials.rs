//! Mode B: the app's credentials in the body.

use std::sync::Arc;

use axum::extract::{FromRequest, Request};
use model::{App, Source};

use crate::fields::Fields;
use crate::limits;
use crate::refusal::Refusal;
use crate::state::Api;

/// The app that asks, and what it says.
pub(crate) struct AppRequest {
    pub(crate) app: Arc<App>,
    pub(crate) fields: Fields,
}

impl FromRequest<Arc<Api>> for AppRequest {
    type Rejection = Refusal;

    async fn from_request(request: Request, api: &Arc<Api>) -> Result<Self, Refusal> {
        let peer = limits::peer(request.extensions());
        let fields = Fields::from_request(request, api).await?;
        let app = authenticate(api, peer, &fields)?;
        Ok(Self { app, fields })
    }
}

fn authenticate(api: &Api, peer: Option<Source>, fields: &Fields) -> Result<Arc<App>, Refusal> {
    let id = fields.app_id("appId")?;
    let key = fields.text("appKey")?;
    let secret = fields.text("appSecret")?;
    api.limits.may_try(peer)?;
    let Some(app) = api.chat.apps.authenticate(id, &key, &secret) else {
        api.limits.failed(peer);
        return Err(Refusal::Authentication);
    };
    if app.is_banned {
        return Err(Refusal::Forbidden);
    }
    api.limits.request(app.id)?;
    Ok(app)
}
