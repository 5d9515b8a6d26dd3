//! Readers that ask for pages from all over the store, and look at what they get.

use std::sync::Arc;

use client::rest::{Caller, Method};
use parking_lot::Mutex;
use serde_json::{Value, json};
use tokio::task::JoinSet;
use tokio::time::Instant;

use super::History;
use super::filled::{Store, WRITER, reader};
use crate::flags::Flags;
use crate::latency::Latencies;
use crate::target::Target;
use crate::watch::Subject as _;

pub(in crate::scenario) const PAGE_PATH: &str = "/api/msg/p2p/queryOnCount";

/// What readers found.
#[derive(Default)]
pub(in crate::scenario) struct Read {
    pub(in crate::scenario) took: Latencies,
    /// Pages that do not hold what they must.
    pub(in crate::scenario) wrong: u64,
    /// Pages that are not full: there is no more before that time.
    pub(super) short: u64,
    pub(in crate::scenario) failed: u64,
}

impl Read {
    pub(in crate::scenario) fn add(&mut self, other: &Self) {
        self.took.add(&other.took);
        self.wrong += other.wrong;
        self.short += other.short;
        self.failed += other.failed;
    }
}

/// Which conversation, and before when: the same for every run.
struct Places {
    state: u64,
}

pub(super) async fn read(
    target: &Arc<Target>,
    store: &Store,
    history: &History,
    flags: &Flags,
) -> anyhow::Result<Read> {
    let read = Arc::new(Mutex::new(Read::default()));
    let until = Instant::now() + flags.measured();
    let mut readers = JoinSet::new();
    for seed in 0..history.readers {
        let places = Places {
            state: u64::from(seed),
        };
        let span = (store.from_ms, store.to_ms);
        let caller = store.caller.clone();
        let sizes = (history.conversations, history.page);
        readers.spawn(read_on(
            caller,
            places,
            span,
            sizes,
            until,
            Arc::clone(&read),
        ));
    }
    readers.join_all().await;
    // The server is still there: a reader that fails all the time is no measurement.
    target.usage().await?;
    Ok(std::mem::take(&mut *read.lock()))
}

async fn read_on(
    caller: Caller,
    mut places: Places,
    (from_ms, to_ms): (i64, i64),
    (conversations, count): (u32, u32),
    until: Instant,
    read: Arc<Mutex<Read>>,
) {
    // The first message has no page before it.
    let span_ms = u64::try_from(to_ms - from_ms).unwrap_or_default().max(1);
    while Instant::now() < until {
        let peer = reader(u32::try_from(places.below(conversations.into())).unwrap_or_default());
        // Later than the first fiftieth, so that a page can be full.
        let after_ms = span_ms / 50 + places.below(span_ms - span_ms / 50) + 1;
        let before_ms = from_ms + i64::try_from(after_ms).unwrap_or_default();
        let body = page_before(WRITER, &peer, before_ms, count);
        let began = Instant::now();
        let page = caller.call(Method::POST, PAGE_PATH, Some(&body)).await;
        let took = began.elapsed();
        let mut read = read.lock();
        match page {
            Ok(page) => {
                read.took.record(took);
                read.short += u64::from(page["row"] != count);
                read.wrong += u64::from(!is_right(&page, &peer, before_ms, count));
            }
            Err(_) => read.failed += 1,
        }
    }
}

/// The body of a request for the newest messages of a pair before a time.
pub(in crate::scenario) fn page_before(from: &str, to: &str, before_ms: i64, count: u32) -> Value {
    json!({"fromAccount": from, "toAccount": to, "utcToTime": before_ms, "count": count})
}

/// Only messages of this conversation, ascending, before the time, not more than asked for.
pub(in crate::scenario) fn is_right(page: &Value, peer: &str, before_ms: i64, count: u32) -> bool {
    let Some(messages) = page["messages"].as_array() else {
        return false;
    };
    let times: Vec<_> = messages
        .iter()
        .filter_map(|one| one["ts"].as_i64())
        .collect();
    let is_of_pair = |one: &Value| one["toAccount"] == peer;
    times.len() == messages.len()
        && times.len() <= count as usize
        && times.is_sorted_by(|earlier, later| earlier < later)
        && times.last().is_none_or(|last| *last < before_ms)
        && messages.iter().all(is_of_pair)
}

impl Places {
    /// The next of an even spread (splitmix64).
    fn below(&mut self, end: u64) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % end.max(1)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_page_is_right_when_it_is_of_the_pair_and_in_order() {
        let message = |to: &str, ts: i64| json!({"toAccount": to, "ts": ts});
        let page = |messages: &[Value]| json!({"messages": messages});
        let good = page(&[message("r", 1), message("r", 2)]);
        assert!(is_right(&good, "r", 3, 2));
        assert!(!is_right(&good, "r", 2, 2), "not before the time");
        assert!(!is_right(&good, "r", 3, 1), "too many");
        assert!(!is_right(&good, "s", 3, 2), "of others");
        assert!(!is_right(
            &page(&[message("r", 2), message("r", 1)]),
            "r",
            3,
            2
        ));
        assert!(is_right(&page(&[]), "r", 3, 2));
        assert!(!is_right(&json!(null), "r", 3, 2));
    }

    #[test]
    fn places_are_spread_and_the_same_in_every_run() {
        let mut places = Places { state: 7 };
        let drawn: Vec<_> = (0..1_000).map(|_| places.below(10)).collect();
        let mut again = Places { state: 7 };
        assert!(drawn.iter().all(|place| *place == again.below(10)));
        assert!((0..10).all(|place| drawn.iter().filter(|one| **one == place).count() > 50));
    }
}
