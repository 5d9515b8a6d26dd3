//! The end, in an order in which nothing that was accepted is lost.

use std::sync::Arc;
use std::time::Duration;

use chat::Chat;
use gateway::Gateway;
use tokio::time::timeout;

use crate::http::Http;

/// For clients to get their receipts and for requests under way.
const CLIENTS: Duration = Duration::from_secs(6);
/// For what was accepted to be committed.
const COMMITS: Duration = Duration::from_secs(3);

/// Returns within the 10 s that a stop may take. No new connection may come any more.
pub(crate) async fn drain(gateway: &Gateway, http: &Http, chat: &Arc<Chat>) {
    gateway.stop();
    let clients = async { tokio::join!(gateway.stopped(), http.finished()) };
    if timeout(CLIENTS, clients).await.is_err() {
        tracing::warn!("some connections did not end in time and are cut off");
    }
    if timeout(COMMITS, chat.stop()).await.is_err() {
        tracing::error!("the store did not take in all that was under way in time");
    }
}
