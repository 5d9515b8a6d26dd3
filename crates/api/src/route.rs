//! The routes of apps, one story per file, and the table of those below `/api`.

mod blacklist;
mod contact;
pub(crate) mod dev;
pub(crate) mod gslb;
pub(crate) mod health;
mod history;
mod push;
mod status;
pub(crate) mod token;
mod topic;
mod uctopic;

use std::sync::Arc;

use axum::Router;
use axum::routing::{any, get};

use crate::routes::Routes;
use crate::state::Api;

/// The routes that `openapi.json` describes.
pub(crate) fn described() -> Routes {
    Routes::default()
        .post("/api/account/token", token::token)
        .post("/api/account/status", status::status)
        .post("/api/push/p2p", push::to_account)
        .post("/api/push/p2p/more", push::to_accounts)
        .post("/api/push/p2t", push::to_topic)
        .post("/api/push/p2t/more", push::to_topics)
        .post("/api/topic/{appId}", topic::create)
        .get("/api/topic/{appId}/account", topic::mine)
        .get("/api/topic/{appId}/{topicId}", topic::show)
        .put("/api/topic/{appId}/{topicId}", topic::update)
        .delete("/api/topic/{appId}/{topicId}", topic::dismiss)
        .post("/api/topic/{appId}/{topicId}/accounts", topic::invite)
        .delete("/api/topic/{appId}/{topicId}/accounts", topic::kick)
        .delete("/api/topic/{appId}/{topicId}/account", topic::quit)
        .post("/api/msg/p2p/query", history::p2p::on_time)
        .post("/api/msg/p2p/queryOnTime", history::p2p::on_time)
        .post("/api/msg/p2p/queryOnCount", history::p2p::on_count)
        .post("/api/msg/p2p/queryOnSequence", history::p2p::on_sequence)
        .post("/api/msg/p2t/query", history::p2t::on_time)
        .post("/api/msg/p2t/queryOnTime", history::p2t::on_time)
        .post("/api/msg/p2t/queryOnCount", history::p2t::on_count)
        .post("/api/msg/p2t/queryOnSequence", history::p2t::on_sequence)
        .get("/api/contact", contact::list)
        .delete("/api/contact/p2p/session", contact::forget_account)
        .delete("/api/contact/p2t/session", contact::forget_topic)
        .get("/api/blacklist", blacklist::show)
        .post("/api/blacklist", blacklist::add)
        .delete("/api/blacklist", blacklist::remove)
}

/// Those, and unlimited groups, which are not built yet.
pub(crate) fn router() -> Router<Arc<Api>> {
    described()
        .into_router()
        .route("/api/uctopic", any(uctopic::not_built))
        .route(
            "/api/uctopic/topics",
            get(uctopic::topics).fallback(uctopic::not_built),
        )
        .route("/api/uctopic/{*rest}", any(uctopic::not_built))
}
