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

use crate::admin::error::AdminError;
use crate::routes::Routes;
use crate::state::Api;

/// All that need a role: viewers may GET, admins everything.
fn guarded() -> Routes {
    Routes::default()
        .get("/apps", apps::list)
        .post("/apps", create_app::create)
        .get("/apps/{app}", apps::show)
        .patch("/apps/{app}", settings::change)
        .delete("/apps/{app}", apps::delete)
        .post("/apps/{app}/rotate-secret", apps::rotate_secret)
        .post("/apps/{app}/ban", apps::ban)
        .post("/apps/{app}/unban", apps::unban)
        .post("/apps/{app}/token", token::token)
        .get("/apps/{app}/accounts", accounts::list)
        .get("/apps/{app}/accounts/{account}", accounts::show)
        .post("/apps/{app}/accounts/{account}/kick", accounts::kick)
        .post("/apps/{app}/accounts/{account}/ban", accounts::ban)
        .post("/apps/{app}/accounts/{account}/unban", accounts::unban)
        .get("/apps/{app}/accounts/{account}/topics", relations::topics)
        .get(
            "/apps/{app}/accounts/{account}/contacts",
            relations::contacts,
        )
        .get(
            "/apps/{app}/accounts/{account}/blacklist",
            relations::blacklist,
        )
        .put(
            "/apps/{app}/accounts/{account}/blacklist/{other}",
            relations::block,
        )
        .delete(
            "/apps/{app}/accounts/{account}/blacklist/{other}",
            relations::unblock,
        )
        .get("/apps/{app}/topics", topics::list)
        .get("/apps/{app}/topics/{topic}", topics::show)
        .delete("/apps/{app}/topics/{topic}", topics::dismiss)
        .get("/apps/{app}/callbacks", callbacks::list)
        .get("/apps/{app}/callbacks/{delivery}", callback_detail::show)
        .post("/apps/{app}/callbacks/replay", callbacks::replay_failed)
        .post("/apps/{app}/callbacks/verify", callback_detail::verify)
        .post("/apps/{app}/callbacks/test", callbacks::test)
        .post("/apps/{app}/callbacks/{delivery}/replay", callbacks::replay)
        .get("/apps/{app}/trace/{id}", trace::trace)
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

/// Whether a route is one of these.
pub(crate) fn is_admin(route: &str) -> bool {
    route.starts_with("/admin/")
}
