//! Accounts of an app: show, kick, ban.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use model::Account;
use serde_json::json;

use crate::admin::error::AdminError;
use crate::admin::found::{FoundApp, NamedAccount};
use crate::admin::view::AccountView;
use crate::json;
use crate::state::Api;

/// GET /apps/{app}/accounts/{account}: with its devices.
pub(crate) async fn show(
    State(api): State<Arc<Api>>,
    FoundApp(app): FoundApp,
    NamedAccount(name): NamedAccount,
) -> Result<Response, AdminError> {
    shown(
        &api,
        api.chat.accounts.find(app.id, &name).await?.as_deref(),
    )
}

/// POST …/kick: ends its sessions; it may log in again.
pub(crate) async fn kick(
    State(api): State<Arc<Api>>,
    FoundApp(app): FoundApp,
    NamedAccount(name): NamedAccount,
) -> Result<Response, AdminError> {
    let kicked = api.chat.kick_account(&app, &name).await?;
    let sessions = kicked.ok_or(AdminError::NotFound("account"))?;
    Ok(json::response(
        StatusCode::OK,
        &json!({ "sessions": sessions }),
    ))
}

/// POST …/ban: its sessions end, its tokens are void.
pub(crate) async fn ban(
    State(api): State<Arc<Api>>,
    FoundApp(app): FoundApp,
    NamedAccount(name): NamedAccount,
) -> Result<Response, AdminError> {
    shown(&api, api.chat.ban_account(&app, &name).await?.as_deref())
}

/// POST …/unban.
pub(crate) async fn unban(
    State(api): State<Arc<Api>>,
    FoundApp(app): FoundApp,
    NamedAccount(name): NamedAccount,
) -> Result<Response, AdminError> {
    shown(&api, api.chat.unban_account(&app, &name).await?.as_deref())
}

fn shown(api: &Api, account: Option<&Account>) -> Result<Response, AdminError> {
    let account = account.ok_or(AdminError::NotFound("account"))?;
    let devices = api.chat.devices(account.uuid);
    Ok(json::response(
        StatusCode::OK,
        &AccountView::new(account, &devices),
    ))
}
