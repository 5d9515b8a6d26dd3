//! /api/uctopic: unlimited groups before they are built. Nobody is in any, so clients that ask at
//! login are content; everything else says so.

use std::sync::Arc;

use axum::extract::State;
use http::HeaderMap;

use crate::caller::{self, Caller};
use crate::envelope::Success;
use crate::refusal::Refusal;
use crate::state::Api;

/// GET /api/uctopic/topics: always `[]`. C# clients ask 200 ms after each answer until they get more,
/// also with a token that has expired long since; and without a pause when the HTTP status is an
/// error. So refusals are held as well, where the token was ours.
pub(crate) async fn topics(
    State(api): State<Arc<Api>>,
    caller: Result<Caller, Refusal>,
    headers: HeaderMap,
) -> Result<Success<[&'static str; 0]>, Refusal> {
    let asker = match &caller {
        Ok(caller) => Some(caller.account.uuid),
        Err(_) => caller::token(&headers).and_then(|token| api.chat.tokens.owner(token)),
    };
    if let Some(asker) = asker {
        api.held.wait(asker, api.ready.clone()).await;
    }
    caller.map(|_| Success([]))
}

pub(crate) async fn not_built(_caller: Caller) -> Refusal {
    Refusal::NotImplemented
}
