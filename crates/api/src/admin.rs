//! `/admin/v1`: what operators do, with an admin token or the console's cookie. Answers have real
//! HTTP statuses.
//!
//! The path of a request: [`gate`] says who asks, by a token that [`access`] knows or a session that
//! [`sessions`] knows, and whether such a one may; then one file below does it.

pub(crate) mod access;
mod accounts;
mod apps;
mod callback_detail;
mod callback_url;
mod callbacks;
mod create_app;
pub(crate) mod error;
mod explain_token;
mod found;
mod gate;
mod origin;
mod page;
mod relations;
pub(crate) mod session;
pub(crate) mod sessions;
mod settings;
pub(crate) mod signin_codes;
mod stats;
mod token;
mod tokens;
mod topics;
mod trace;
mod view;

use std::sync::Arc;

use axum::Router;
use axum::middleware::{from_fn, from_fn_with_state};

pub(crate) use crate::admin::gate::COOKIE;

use crate::admin::error::AdminError;
use crate::routes::Routes;
use crate::state::Api;

/// All that need a role: viewers may GET, admins everything.
fn guarded() -> Routes {
    Routes::default()
        .get("/apps", apps::list)
        .post("/apps", create_app::create)
        .get("/apps/{appId}", apps::show)
        .patch("/apps/{appId}", settings::change)
        .delete("/apps/{appId}", apps::delete)
        .post("/apps/{appId}/rotate-secret", apps::rotate_secret)
        .post("/apps/{appId}/ban", apps::ban)
        .post("/apps/{appId}/unban", apps::unban)
        .post("/apps/{appId}/token", token::token)
        .get("/apps/{appId}/accounts", accounts::list)
        .get("/apps/{appId}/accounts/{account}", accounts::show)
        .post("/apps/{appId}/accounts/{account}/kick", accounts::kick)
        .post("/apps/{appId}/accounts/{account}/ban", accounts::ban)
        .post("/apps/{appId}/accounts/{account}/unban", accounts::unban)
        .get("/apps/{appId}/accounts/{account}/topics", relations::topics)
        .get(
            "/apps/{appId}/accounts/{account}/contacts",
            relations::contacts,
        )
        .get(
            "/apps/{appId}/accounts/{account}/blacklist",
            relations::blacklist,
        )
        .put(
            "/apps/{appId}/accounts/{account}/blacklist/{other}",
            relations::block,
        )
        .delete(
            "/apps/{appId}/accounts/{account}/blacklist/{other}",
            relations::unblock,
        )
        .get("/apps/{appId}/topics", topics::list)
        .get("/apps/{appId}/topics/{topicId}", topics::show)
        .delete("/apps/{appId}/topics/{topicId}", topics::dismiss)
        .get("/apps/{appId}/callbacks", callbacks::list)
        .get("/apps/{appId}/callbacks/{id}", callback_detail::show)
        .post("/apps/{appId}/callbacks/replay", callbacks::replay_failed)
        .post("/apps/{appId}/callbacks/verify", callback_detail::verify)
        .post("/apps/{appId}/callbacks/test", callbacks::test)
        .post("/apps/{appId}/callbacks/{id}/replay", callbacks::replay)
        .get("/apps/{appId}/trace/{id}", trace::trace)
        .get("/stats", stats::stats)
        .get("/config", stats::config)
        .get("/health", stats::health)
        .post("/token/explain", explain_token::explain)
        .get("/tokens", tokens::list)
        .post("/tokens", tokens::create)
        .delete("/tokens/{id}", tokens::revoke)
        .post("/signin-codes", session::issue_code)
}

pub(crate) fn router(api: &Arc<Api>) -> Router<Arc<Api>> {
    let is_known = || from_fn_with_state(Arc::clone(api), gate::authenticate);
    let guarded = guarded()
        .into_router()
        .fallback(async || AdminError::NotFound("path"))
        .method_not_allowed_fallback(async || AdminError::Method)
        .layer(from_fn(gate::authorise))
        .layer(is_known());
    let own = session::own()
        .into_router()
        .method_not_allowed_fallback(async || AdminError::Method)
        .layer(is_known());
    guarded
        .merge(own)
        .merge(session::open().into_router())
        .layer(from_fn(gate::keep_private))
}

/// Every route, for whom it may be.
#[cfg(test)]
pub(crate) fn all() -> Vec<crate::routes::Route> {
    let all = [guarded(), session::own(), session::open()];
    all.into_iter().flat_map(Routes::into_iter).collect()
}

/// Whether a route is one of these.
pub(crate) fn is_admin(route: &str) -> bool {
    route.starts_with("/admin/")
}
