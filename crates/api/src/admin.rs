//! `/admin/v1`: what operators do, with the admin token. Answers have real HTTP statuses.

mod accounts;
mod apps;
mod callback_url;
mod create_app;
pub(crate) mod error;
mod found;
mod settings;
mod token;
mod view;

use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use http::{HeaderMap, header};
use subtle::ConstantTimeEq as _;

use crate::admin::error::AdminError;
use crate::state::Api;

pub(crate) fn router(api: &Arc<Api>) -> Router<Arc<Api>> {
    Router::new()
        .route("/apps", get(apps::list).post(create_app::create))
        .route(
            "/apps/{app}",
            get(apps::show).patch(settings::change).delete(apps::delete),
        )
        .route("/apps/{app}/rotate-secret", post(apps::rotate_secret))
        .route("/apps/{app}/ban", post(apps::ban))
        .route("/apps/{app}/unban", post(apps::unban))
        .route("/apps/{app}/token", post(token::token))
        .route("/apps/{app}/accounts/{account}", get(accounts::show))
        .route("/apps/{app}/accounts/{account}/kick", post(accounts::kick))
        .route("/apps/{app}/accounts/{account}/ban", post(accounts::ban))
        .route(
            "/apps/{app}/accounts/{account}/unban",
            post(accounts::unban),
        )
        .fallback(async || AdminError::NotFound("path"))
        .method_not_allowed_fallback(async || AdminError::Method)
        .layer(from_fn_with_state(Arc::clone(api), authenticate))
}

/// Whether a route is one of these.
pub(crate) fn is_admin(route: &str) -> bool {
    route.starts_with("/admin/")
}

async fn authenticate(State(api): State<Arc<Api>>, request: Request, next: Next) -> Response {
    match bearer(request.headers()) {
        Some(token) if bool::from(token.ct_eq(api.admin_token.as_bytes())) => {
            next.run(request).await
        }
        _ => AdminError::Unauthorized.into_response(),
    }
}

fn bearer(headers: &HeaderMap) -> Option<&[u8]> {
    let value = headers.get(header::AUTHORIZATION)?.as_bytes();
    let (scheme, token) = value.split_at_checked("bearer ".len())?;
    scheme.eq_ignore_ascii_case(b"bearer ").then_some(token)
}
