//! A store with as many messages as are wanted: pushed from one account to many, a thousand with each
//! request.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, bail};
use client::rest::{Caller, Method, PushMany, RestError};
use serde_json::Value;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep};

use super::pages::{PAGE_PATH, page_before};
use crate::progress::Progress;
use crate::target::Target;

/// Who sends it all.
pub(super) const WRITER: &str = "writer";
/// Requests under way.
const AT_ONCE: usize = 4;
/// How long a refused request rests, and how often it is tried again.
const BUSY_PAUSE: Duration = Duration::from_millis(50);
const TRIES_MAX: usize = 100;
/// After every message.
const EVER_MS: i64 = 1 << 52;

/// What is in the store.
pub(super) struct Store {
    /// Of all conversations together.
    pub(super) messages: u64,
    /// Of them, those that this run added.
    pub(super) added: u64,
    pub(super) took: Duration,
    /// Timestamps of the first and the last.
    pub(super) from_ms: i64,
    pub(super) to_ms: i64,
    pub(super) caller: Caller,
}

impl Store {
    /// Each round adds one message to each conversation; its number is in the payload, so that a
    /// prepared store tells how many there were.
    pub(super) async fn fill(
        target: &Arc<Target>,
        messages: u64,
        conversations: u32,
        payload_bytes: u32,
    ) -> anyhow::Result<Self> {
        let caller = target.caller(WRITER)?;
        let known = known_rounds(&caller).await?;
        let wanted = messages.div_ceil(conversations.into());
        let began = Instant::now();
        let to: Arc<Vec<_>> = Arc::new((0..conversations).map(reader).collect());
        let all = wanted.saturating_sub(known) * u64::from(conversations);
        let mut progress = Progress::new("messages filled in", all);
        let mut under_way = JoinSet::new();
        for (done, round) in (0u64..).zip(known..wanted) {
            if under_way.len() >= AT_ONCE {
                under_way
                    .join_next()
                    .await
                    .context("one is under way")???;
                progress.at(done * u64::from(conversations));
            }
            let push = PushMany::new(WRITER, to.iter(), payload(round, payload_bytes));
            under_way.spawn(pushed(Arc::clone(target), push));
        }
        while let Some(done) = under_way.join_next().await {
            done??;
        }
        let took = began.elapsed();
        Ok(Self {
            messages: known.max(wanted) * u64::from(conversations),
            added: all,
            took,
            from_ms: first_ms(&caller).await?,
            to_ms: last_ms(&caller).await?,
            caller,
        })
    }
}

/// The account of a conversation.
pub(super) fn reader(number: u32) -> String {
    format!("reader{number}")
}

fn payload(round: u64, bytes: u32) -> Vec<u8> {
    let mut payload = format!("{round:016}").into_bytes();
    payload.resize(bytes as usize, b'.');
    payload
}

async fn pushed(target: Arc<Target>, push: PushMany) -> anyhow::Result<()> {
    for _ in 0..TRIES_MAX {
        match target.rest().push_many(target.app(), &push).await {
            Ok(_) => return Ok(()),
            Err(RestError::Refused {
                code: 429 | 503, ..
            }) => sleep(BUSY_PAUSE).await,
            Err(error) => return Err(error.into()),
        }
    }
    bail!("the server is busy all the time")
}

/// Rounds that the store has already. Requests under way at the same time may have come in any order.
async fn known_rounds(caller: &Caller) -> anyhow::Result<u64> {
    let newest = newest(caller, EVER_MS, AT_ONCE).await?;
    Ok(newest.iter().map(|(_, round)| round + 1).max().unwrap_or(0))
}

/// When the first conversation began: nothing is older.
async fn first_ms(caller: &Caller) -> anyhow::Result<i64> {
    let (mut nothing_before, mut something_before) = (0, EVER_MS);
    while nothing_before + 1 < something_before {
        let middle = i64::midpoint(nothing_before, something_before);
        if newest(caller, middle, 1).await?.is_empty() {
            nothing_before = middle;
        } else {
            something_before = middle;
        }
    }
    Ok(nothing_before)
}

/// When the first conversation ended.
async fn last_ms(caller: &Caller) -> anyhow::Result<i64> {
    let newest = newest(caller, EVER_MS, 1).await?;
    Ok(newest.first().context("the store was filled")?.0)
}

/// Timestamps and rounds of the newest messages of the first conversation before a time.
async fn newest(caller: &Caller, before_ms: i64, count: usize) -> anyhow::Result<Vec<(i64, u64)>> {
    let count = u32::try_from(count)?;
    let body = page_before(WRITER, &reader(0), before_ms, count);
    let page = caller.call(Method::POST, PAGE_PATH, Some(&body)).await?;
    let messages = page["messages"].as_array().into_iter().flatten();
    messages.map(time_and_round).collect()
}

fn time_and_round(message: &Value) -> anyhow::Result<(i64, u64)> {
    let at_ms = message["ts"].as_i64().context("a message has a time")?;
    let payload = message["payload"].as_str().and_then(decoded);
    let round = payload.and_then(|payload| payload.get(..16)?.parse().ok());
    Ok((at_ms, round.context("the store holds other messages, too")?))
}

fn decoded(payload: &str) -> Option<String> {
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;

    String::from_utf8(STANDARD.decode(payload).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_payload_tells_its_round_at_any_size() {
        for bytes in [16, 200] {
            let payload = String::from_utf8(payload(42, bytes)).unwrap();
            assert_eq!(payload.len(), bytes as usize);
            assert_eq!(payload[..16].parse(), Ok(42_u64));
        }
    }
}
