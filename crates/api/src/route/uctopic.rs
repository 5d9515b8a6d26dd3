//! /api/uctopic: unlimited groups before they are built. Nobody is in any, so clients that ask at
//! login are content; everything else says so.

use std::sync::Arc;

use axum::extract::State;

use crate::caller::Caller;
use crate::envelope::Success;
use crate::refusal::Refusal;
use crate::state::Api;

/// GET /api/uctopic/topics: always `[]`. C# clients ask every 200 ms until they get more.
pub(crate) async fn topics(
    State(api): State<Arc<Api>>,
    caller: Caller,
) -> Success<[&'static str; 0]> {
    api.held.wait(caller.account.uuid, api.ready.clone()).await;
    Success([])
}

pub(crate) async fn not_built(_caller: Caller) -> Refusal {
    Refusal::NotImplemented
}
