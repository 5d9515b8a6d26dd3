//! The routes of apps, one story per file, and the table of those below `/api`.

mod blacklist;
mod contact;
pub(crate) mod dev;
pub(crate) mod gslb;
pub(crate) mod health;
mod history;
pub(crate) mod home;
mod push;
mod status;
pub(crate) mod token;
mod topic;
mod uctopic;

use std::sync::Arc;

use axum::Router;
use axum::routing::{MethodRouter, any, delete, get, post};

use crate::state::Api;

/// The routes that `openapi.json` describes.
pub(crate) fn described() -> Vec<(&'static str, MethodRouter<Arc<Api>>)> {
    vec![
        ("/api/account/token", post(token::token)),
        ("/api/account/status", post(status::status)),
        ("/api/push/p2p", post(push::to_account)),
        ("/api/push/p2p/more", post(push::to_accounts)),
        ("/api/push/p2t", post(push::to_topic)),
        ("/api/push/p2t/more", post(push::to_topics)),
        ("/api/topic/{appId}", post(topic::create)),
        ("/api/topic/{appId}/account", get(topic::mine)),
        (
            "/api/topic/{appId}/{topicId}",
            get(topic::show).put(topic::update).delete(topic::dismiss),
        ),
        (
            "/api/topic/{appId}/{topicId}/accounts",
            post(topic::invite).delete(topic::kick),
        ),
        ("/api/topic/{appId}/{topicId}/account", delete(topic::quit)),
        ("/api/msg/p2p/query", post(history::p2p::on_time)),
        ("/api/msg/p2p/queryOnTime", post(history::p2p::on_time)),
        ("/api/msg/p2p/queryOnCount", post(history::p2p::on_count)),
        (
            "/api/msg/p2p/queryOnSequence",
            post(history::p2p::on_sequence),
        ),
        ("/api/msg/p2t/query", post(history::p2t::on_time)),
        ("/api/msg/p2t/queryOnTime", post(history::p2t::on_time)),
        ("/api/msg/p2t/queryOnCount", post(history::p2t::on_count)),
        (
            "/api/msg/p2t/queryOnSequence",
            post(history::p2t::on_sequence),
        ),
        ("/api/contact", get(contact::list)),
        ("/api/contact/p2p/session", delete(contact::forget_account)),
        ("/api/contact/p2t/session", delete(contact::forget_topic)),
        (
            "/api/blacklist",
            get(blacklist::show)
                .post(blacklist::add)
                .delete(blacklist::remove),
        ),
    ]
}

/// Those, and unlimited groups, which are not built yet.
pub(crate) fn router() -> Router<Arc<Api>> {
    let described = described().into_iter();
    described
        .fold(Router::new(), |router, (path, methods)| {
            router.route(path, methods)
        })
        .route("/api/uctopic", any(uctopic::not_built))
        .route(
            "/api/uctopic/topics",
            get(uctopic::topics).fallback(uctopic::not_built),
        )
        .route("/api/uctopic/{*rest}", any(uctopic::not_built))
}
