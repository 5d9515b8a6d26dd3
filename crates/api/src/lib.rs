//! HTTP: REST for apps, administration, health. Everything but the WebSocket.
//!
//! The path of a request: [`path`] (one spelling of each path) → [`headers`] → [`cors`] → [`guard`] (a request
//! id, no panic gets out) → one file below [`route`] or [`admin`], which reads [`body`] and
//! [`fields`], lets [`credentials`] or [`caller`] say who asks and [`limits`] whether too often, calls
//! `chat`, and answers with an [`envelope`] or a [`refusal`].
//!
//! [`routes`] is the table of what apps call, which [`openapi`] describes; [`docs`] shows that and
//! the guides to people, [`web`] what browsers load.

mod admin;
mod base64_text;
mod body;
mod cached;
mod caller;
mod config;
mod cors;
mod credentials;
mod docs;
mod envelope;
mod fields;
mod guard;
mod headers;
mod held;
mod host;
pub mod insight;
mod json;
mod limits;
mod names;
mod openapi;
mod path;
#[cfg(feature = "properties")]
pub mod properties;
mod query;
mod refusal;
mod route;
mod routes;
mod state;
mod web;

use std::sync::Arc;

use axum::Router;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::{get, post};
use tower::util::MapRequest;

pub use crate::admin::access::{AdminTokens, Role, TokensError, TokensFile};
pub use crate::admin::session::Encrypted;
pub use crate::admin::signin_codes::SignInCodes;
pub use crate::config::Config;
pub use crate::limits::PeerAddress;
pub use crate::route::gslb::LocalAddress;
pub use crate::state::{CheckUrl, Parts};

use crate::refusal::Refusal;
use crate::state::Api;

/// All routes. Answers carry the matched route as an `axum::extract::MatchedPath` extension, for
/// whoever counts them.
pub fn router(parts: Parts) -> Router {
    let api = Arc::new(Api::new(parts));
    let routes = Router::new()
        .route("/gslb", get(route::gslb::gslb))
        .route("/livez", get(route::health::live))
        .route("/readyz", get(route::health::ready))
        .route("/metrics", get(route::health::metrics))
        .route("/openapi.json", get(openapi::openapi))
        .route("/dev/token", post(route::dev::token))
        .merge(route::router())
        .merge(docs::router())
        .merge(web::router())
        .fallback(async || Refusal::UnknownPath)
        .method_not_allowed_fallback(async || Refusal::Method)
        .nest("/admin/v1", admin::router(&api))
        .layer(from_fn(guard::guard))
        .layer(from_fn_with_state(Arc::clone(&api), cors::cors))
        .layer(from_fn_with_state(Arc::clone(&api), headers::headers))
        .with_state(api);
    // Routing happens before layers, so the path is changed in front of the router.
    Router::new().fallback_service(MapRequest::new(routes, path::normalise))
}
