//! Accounts of an app: list, show, kick, ban.

use std::sync::Arc;

use axum::extract::{RawQuery, State};
use axum::response::Response;
use chat::port::ListAccounts;
use http::StatusCode;
use model::limits::ACCOUNT_NAME_BYTES_MAX;
use model::{Account, AccountName, App};
use serde_json::json;

use crate::admin::error::AdminError;
use crate::admin::found::{FoundAccount, FoundApp, NamedAccount};
use crate::admin::page;
use crate::admin::view::{AccountRow, AccountView};
use crate::json;
use crate::query;
use crate::refusal::BadParameter;
use crate::state::Api;

/// GET /apps/{app}/accounts?prefix=&after=NAME&limit=N: in the order of the names' bytes.
pub(crate) async fn list(
    State(api): State<Arc<Api>>,
    FoundApp(app): FoundApp,
    RawQuery(query): RawQuery,
) -> Result<Response, AdminError> {
    let query = query.as_deref();
    let (wanted, limit) = wanted(query)?;
    let accounts = api.chat.list_accounts(app.id, wanted).await?;
    let (accounts, next) = page::cut(accounts, limit, |one| one.account.name.to_string());
    let accounts: Vec<_> = accounts.iter().map(AccountRow::new).collect();
    let body = json!({ "accounts": accounts, "next": next });
    Ok(json::response(StatusCode::OK, &body))
}

/// GET /apps/{app}/accounts/{account}: with its devices, and what waits for them.
pub(crate) async fn show(
    State(api): State<Arc<Api>>,
    FoundAccount { app, account }: FoundAccount,
) -> Result<Response, AdminError> {
    shown(&api, &app, Some(&account)).await
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
    let banned = api.chat.ban_account(&app, &name).await?;
    shown(&api, &app, banned.as_deref()).await
}

/// POST …/unban.
pub(crate) async fn unban(
    State(api): State<Arc<Api>>,
    FoundApp(app): FoundApp,
    NamedAccount(name): NamedAccount,
) -> Result<Response, AdminError> {
    let unbanned = api.chat.unban_account(&app, &name).await?;
    shown(&api, &app, unbanned.as_deref()).await
}

async fn shown(api: &Api, app: &App, account: Option<&Account>) -> Result<Response, AdminError> {
    let account = account.ok_or(AdminError::NotFound("account"))?;
    let devices = api.chat.devices(account.uuid).await?;
    let pending = api.chat.pending(account.uuid).await?;
    let ends_at_ms = api.chat.ends_at_ms(app, account);
    Ok(json::response(
        StatusCode::OK,
        &AccountView::new(account, ends_at_ms, pending, &devices),
    ))
}

/// What is asked for, with one row more than the page has.
fn wanted(query: Option<&str>) -> Result<(ListAccounts, usize), BadParameter> {
    let prefix = query::value(query, "prefix").unwrap_or_default();
    if prefix.len() > ACCOUNT_NAME_BYTES_MAX {
        let why = format!("must not be longer than {ACCOUNT_NAME_BYTES_MAX} bytes");
        return Err(BadParameter::new("prefix", why));
    }
    let after = page::after(query, AccountName::new)?;
    let limit = page::limit(query)?;
    let wanted = ListAccounts {
        prefix,
        after,
        limit: limit + 1,
    };
    Ok((wanted, limit))
}
