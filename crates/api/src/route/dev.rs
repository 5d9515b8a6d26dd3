//! POST /dev/token `{account}`: the demo chat's log-in, for the demo app and under `--dev` only.

use std::sync::Arc;

use axum::extract::State;
use http::HeaderMap;

use crate::envelope::Success;
use crate::fields::Fields;
use crate::refusal::Refusal;
use crate::route::token::{TokenData, issue};
use crate::state::Api;

pub(crate) async fn token(
    State(api): State<Arc<Api>>,
    headers: HeaderMap,
    fields: Fields,
) -> Result<Success<TokenData>, Refusal> {
    let demo = api
        .demo
        .and_then(|id| api.chat.apps.get(id))
        .ok_or(Refusal::UnknownPath)?;
    let name = fields.account("account")?;
    issue(&api, &headers, &demo, &name).await
}
