//! The end, in an order in which nothing that was accepted is lost.

use std::time::Duration;

use chat::Chat;
use gateway::Gateway;
use tokio::time::{Instant, timeout_at};
use webhook::Webhooks;

use crate::http::Http;
use crate::storage::Storage;

/// For clients to get their receipts and for requests under way, from the start of the end.
const CLIENTS_UNTIL: Duration = Duration::from_secs(6);
/// For what was accepted to be committed.
const COMMITS_UNTIL: Duration = Duration::from_secs(8);
/// For callbacks under way to be answered.
const CALLBACKS_UNTIL: Duration = Duration::from_millis(8_600);
/// For the store to be closed.
const STORE_UNTIL: Duration = Duration::from_millis(9_400);

/// Returns within the 10 s that a stop may take. No new connection may come any more.
pub(crate) async fn drain(
    gateway: &Gateway,
    http: &Http,
    chat: &Chat,
    webhooks: &Webhooks,
    storage: &Storage,
) {
    let start = Instant::now();
    gateway.stop();
    let clients = async { tokio::join!(gateway.stopped(), http.finished()) };
    if timeout_at(start + CLIENTS_UNTIL, clients).await.is_err() {
        tracing::warn!("some connections did not end in time and are cut off");
    }
    if timeout_at(start + COMMITS_UNTIL, chat.stop())
        .await
        .is_err()
    {
        tracing::error!("not all that was under way was committed in time");
    }
    if timeout_at(start + CALLBACKS_UNTIL, webhooks.stop())
        .await
        .is_err()
    {
        tracing::warn!("callbacks were cut off; they are posted again after the next start");
    }
    match timeout_at(start + STORE_UNTIL, storage.close()).await {
        Ok(Ok(())) => {}
        Ok(Err(error)) => tracing::error!(%error, "the store was not closed"),
        Err(_) => tracing::warn!("the store was not closed in time; the next start takes longer"),
    }
}
