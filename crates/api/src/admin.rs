//! `/admin/v1`: what operators do, with an admin token. Answers have real HTTP statuses.

pub(crate) mod access;
mod accounts;
mod apps;
mod callback_url;
mod callbacks;
mod create_app;
pub(crate) mod error;
mod found;
mod settings;
mod stats;
mod token;
mod tokens;
mod topics;
mod view;

use std::sync::Arc;

use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::routing::{delete, get, post};

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
        .route("/apps/{app}/topics", get(topics::list))
        .route(
            "/apps/{app}/topics/{topic}",
            get(topics::show).delete(topics::dismiss),
        )
        .route("/apps/{app}/callbacks", get(callbacks::list))
        .route(
            "/apps/{app}/callbacks/replay",
            post(callbacks::replay_failed),
        )
        .route("/apps/{app}/callbacks/test", post(callbacks::test))
        .route(
            "/apps/{app}/callbacks/{delivery}/replay",
            post(callbacks::replay),
        )
        .route("/stats", get(stats::stats))
        .route("/tokens", get(tokens::list).post(tokens::create))
        .route("/tokens/{id}", delete(tokens::revoke))
        .fallback(async || AdminError::NotFound("path"))
        .method_not_allowed_fallback(async || AdminError::Method)
        .layer(from_fn_with_state(Arc::clone(api), access::authenticate))
}

/// Whether a route is one of these.
pub(crate) fn is_admin(route: &str) -> bool {
    route.starts_with("/admin/")
}
