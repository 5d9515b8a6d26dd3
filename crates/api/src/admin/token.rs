//! POST /apps/{app}/token: a token for any account, in the envelope of /api/account/token.

use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::HeaderMap;

use crate::admin::error::AdminError;
use crate::admin::found::{Body, FoundApp};
use crate::route::token::issue;
use crate::state::Api;

pub(crate) async fn token(
    State(api): State<Arc<Api>>,
    FoundApp(app): FoundApp,
    headers: HeaderMap,
    Body(fields): Body,
) -> Result<Response, AdminError> {
    let name = fields.account("account")?;
    Ok(issue(&api, &headers, &app, &name).await.into_response())
}
