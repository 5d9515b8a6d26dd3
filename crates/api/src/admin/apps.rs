//! Apps that exist: list, show, ban, give a new secret, delete.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use model::App;
use serde_json::json;

use crate::admin::access::Role;
use crate::admin::error::AdminError;
use crate::admin::found::FoundApp;
use crate::admin::view::AppView;
use crate::json;
use crate::state::Api;

/// GET /apps: the oldest first.
pub(crate) async fn list(State(api): State<Arc<Api>>, role: Role) -> Response {
    let apps = api.chat.apps.list();
    let apps: Vec<_> = apps.iter().map(|app| AppView::new(app, role)).collect();
    json::response(StatusCode::OK, &json!({ "apps": apps }))
}

/// GET /apps/{app}.
pub(crate) async fn show(FoundApp(app): FoundApp, role: Role) -> Response {
    json::response(StatusCode::OK, &AppView::new(&app, role))
}

/// POST /apps/{app}/ban: its sessions end, its tokens are void.
pub(crate) async fn ban(
    State(api): State<Arc<Api>>,
    FoundApp(app): FoundApp,
) -> Result<Response, AdminError> {
    changed(api.chat.ban_app(app.id).await?.as_deref())
}

/// POST /apps/{app}/unban.
pub(crate) async fn unban(
    State(api): State<Arc<Api>>,
    FoundApp(app): FoundApp,
) -> Result<Response, AdminError> {
    changed(api.chat.unban_app(app.id).await?.as_deref())
}

/// POST /apps/{app}/rotate-secret: the old secret, all tokens and all sessions end.
pub(crate) async fn rotate_secret(
    State(api): State<Arc<Api>>,
    FoundApp(app): FoundApp,
) -> Result<Response, AdminError> {
    let rotated = api.chat.rotate_secret(app.id).await?;
    let (app, secret) = rotated.ok_or(AdminError::NotFound("app"))?;
    Ok(json::response(
        StatusCode::OK,
        &AppView::with_secret(&app, &secret),
    ))
}

/// DELETE /apps/{app}: with its accounts and all that is theirs.
pub(crate) async fn delete(
    State(api): State<Arc<Api>>,
    FoundApp(app): FoundApp,
) -> Result<Response, AdminError> {
    if !api.chat.delete_app(app.id).await? {
        return Err(AdminError::NotFound("app"));
    }
    api.webhook.app_deleted(app.id).await?;
    let deleted = json!({ "appId": app.id.to_string(), "deleted": true });
    Ok(json::response(StatusCode::OK, &deleted))
}

/// Another request may have deleted it meanwhile.
fn changed(app: Option<&App>) -> Result<Response, AdminError> {
    let app = app.ok_or(AdminError::NotFound("app"))?;
    Ok(json::response(
        StatusCode::OK,
        &AppView::new(app, Role::Admin),
    ))
}
