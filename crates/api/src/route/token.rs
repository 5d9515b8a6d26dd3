//! POST /api/account/token: an account logs in with what this answers.

use std::sync::Arc;

use axum::extract::State;
use http::HeaderMap;
use model::{AccountName, App};
use serde::Serialize;

use crate::base64_text;
use crate::credentials::AppRequest;
use crate::envelope::Success;
use crate::host::host;
use crate::refusal::Refusal;
use crate::state::Api;

/// The channel that every client names; it never had another value.
const CHANNEL: u8 = 9;
/// There is one region.
const REGION: u8 = 0;

/// What a client needs to log in.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct TokenData {
    app_id: String,
    app_package: String,
    app_account: String,
    mi_chid: u8,
    mi_user_id: String,
    mi_user_security_key: String,
    token: String,
    fe_domain_name: String,
    relay_domain_name: String,
    region_bucket: u8,
}

pub(crate) async fn token(
    State(api): State<Arc<Api>>,
    headers: HeaderMap,
    AppRequest { app, fields }: AppRequest,
) -> Result<Success<TokenData>, Refusal> {
    let name = fields.account("appAccount")?;
    issue(&api, &headers, &app, &name).await
}

/// A token for an account, which is made when it is new.
pub(crate) async fn issue(
    api: &Api,
    headers: &HeaderMap,
    app: &App,
    name: &AccountName,
) -> Result<Success<TokenData>, Refusal> {
    if app.is_banned {
        return Err(Refusal::Forbidden);
    }
    let account = api.chat.accounts.find_or_create(app.id, name).await?;
    if account.is_banned {
        return Err(Refusal::Forbidden);
    }
    Ok(Success(TokenData {
        app_id: app.id.to_string(),
        app_package: app.package.clone(),
        app_account: account.name.to_string(),
        mi_chid: CHANNEL,
        mi_user_id: account.uuid.to_string(),
        mi_user_security_key: base64_text::encode(&account.security_key.0),
        token: api.chat.tokens.issue(app, &account),
        fe_domain_name: domain(&api.config.fe_domain, headers),
        relay_domain_name: domain(&api.config.relay_domain, headers),
        region_bucket: REGION,
    }))
}

fn domain(configured: &str, headers: &HeaderMap) -> String {
    if configured.is_empty() {
        host(headers)
    } else {
        configured
    }
    .to_owned()
}
