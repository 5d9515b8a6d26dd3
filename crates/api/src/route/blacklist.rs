//! /api/blacklist: whose P2P messages an account does not want.

use std::sync::Arc;

use axum::extract::{RawQuery, State};
use model::AccountName;
use serde::Serialize;

use crate::caller::Caller;
use crate::envelope::Success;
use crate::fields::Fields;
use crate::query;
use crate::refusal::{BadParameter, Refusal};
use crate::state::Api;

const FIELD: &str = "blackAccount";

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Blocked {
    is_black: bool,
}

/// POST /api/blacklist `{blackAccount}`.
pub(crate) async fn add(
    State(api): State<Arc<Api>>,
    caller: Caller,
    fields: Fields,
) -> Result<Success<()>, Refusal> {
    let other = fields.account(FIELD)?;
    api.chat.set_blocked(&caller.account, &other, true).await?;
    Ok(Success(()))
}

/// DELETE /api/blacklist?blackAccount=X.
pub(crate) async fn remove(
    State(api): State<Arc<Api>>,
    caller: Caller,
    RawQuery(query): RawQuery,
) -> Result<Success<()>, Refusal> {
    let other = named(query.as_deref())?;
    api.chat.set_blocked(&caller.account, &other, false).await?;
    Ok(Success(()))
}

/// GET /api/blacklist?blackAccount=X.
pub(crate) async fn show(
    State(api): State<Arc<Api>>,
    caller: Caller,
    RawQuery(query): RawQuery,
) -> Result<Success<Blocked>, Refusal> {
    let other = named(query.as_deref())?;
    let is_black = api.chat.has_blocked(&caller.account, &other).await?;
    Ok(Success(Blocked { is_black }))
}

fn named(query: Option<&str>) -> Result<AccountName, BadParameter> {
    let text = query::value(query, FIELD).ok_or_else(|| BadParameter::new(FIELD, "is missing"))?;
    AccountName::new(&text).map_err(|why| BadParameter::name(FIELD, why))
}
