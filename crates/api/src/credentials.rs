//! Mode B: the app's credentials in the body.

use std::sync::Arc;

use model::App;

use crate::fields::Fields;
use crate::refusal::Refusal;
use crate::state::Api;

/// The app that asks.
pub(crate) fn authenticate(api: &Api, fields: &Fields) -> Result<Arc<App>, Refusal> {
    let id = fields.app_id("appId")?;
    let key = fields.text("appKey")?;
    let secret = fields.text("appSecret")?;
    let app = api
        .chat
        .apps
        .authenticate(id, &key, &secret)
        .ok_or(Refusal::Authentication)?;
    if app.is_banned {
        Err(Refusal::Forbidden)
    } else {
        Ok(app)
    }
}
