//! POST /apps/{app}/token: a token for any account, in the envelope of /api/account/token.

use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::HeaderMap;

use crate::admin::error::AdminError;
use crate::admin::found::{Body, FoundApp};
use crate::refusal::Refusal;
use crate::route::token::issue;
use crate::state::Api;

pub(crate) async fn token(
    State(api): State<Arc<Api>>,
    FoundApp(app): FoundApp,
    headers: HeaderMap,
    Body(fields): Body,
) -> Result<Response, AdminError> {
    fields.only(&["account"])?;
    let name = fields.account("account")?;
    match issue(&api, &headers, &app, &name).await {
        // What is no answer of the product has the shape of all errors here.
        Err(Refusal::Internal) => Err(AdminError::Internal),
        Err(Refusal::Busy) => Err(AdminError::Full),
        answer => Ok(answer.into_response()),
    }
}
