//! Who reads what was said.

use std::collections::BTreeSet;
use std::sync::Arc;

use client::Target;
use client::rest::{Caller, HISTORY_COUNT_MAX, HistoryRange, PastMessage};

use crate::course::Course;

/// Messages of a page.
const PAGE: u32 = 50;
/// Acknowledged messages after which the next page is read.
const EVERY: usize = 20;

/// Who asks, and for what.
pub(crate) struct Conversation {
    /// As the course calls it.
    pub(crate) name: String,
    pub(crate) caller: Caller,
    pub(crate) with: Target,
}

/// Reads the newest page of one conversation after the other until it is over; how many were read.
/// What is acknowledged when a page is asked for is in it, or before it.
pub(crate) async fn read(conversations: Vec<Conversation>, course: Arc<Course>) -> usize {
    let mut pages = 0;
    let mut turns = conversations.iter().cycle();
    while !course.counts().is_over {
        let wanted = course.counts().acked + EVERY;
        course
            .wait(|counts| counts.is_over || counts.acked >= wanted)
            .await;
        let one = turns.next().expect("there are conversations");
        let acked = course.acked_in(&one.name);
        let range = HistoryRange::newest(PAGE);
        // The server may be gone, or go away meanwhile.
        let Ok(page) = one.caller.history(&one.with, range).await else {
            course.up().await;
            continue;
        };
        let first = page.first().map_or(i64::MAX, |message| message.sequence);
        let kept = acked.range(first..).filter(|(_, is_kept)| **is_kept);
        let kept: BTreeSet<i64> = kept.map(|(sequence, _)| *sequence).collect();
        let found = sequences(&page);
        assert!(found.is_superset(&kept), "{}: {kept:?} {found:?}", one.name);
        pages += 1;
    }
    pages
}

/// All of every conversation: what was acknowledged to be kept is there, what was not to be is not.
pub(crate) async fn compare(conversations: Vec<Conversation>, course: &Course) {
    for one in conversations {
        let found = walk(&one).await;
        for (sequence, is_kept) in course.acked_in(&one.name) {
            let is_there = found.contains(&sequence);
            assert_eq!(is_there, is_kept, "{sequence} in {}", one.name);
        }
    }
}

async fn walk(one: &Conversation) -> BTreeSet<i64> {
    let mut all = BTreeSet::new();
    let mut range = HistoryRange::newest(HISTORY_COUNT_MAX);
    loop {
        let page = one.caller.history(&one.with, range).await;
        let page = page.unwrap_or_else(|error| panic!("{}: {error}", one.name));
        let Some(first) = page.first() else {
            return all;
        };
        range = HistoryRange::Newest {
            before_ms: first.timestamp_ms,
            count: HISTORY_COUNT_MAX,
        };
        all.extend(sequences(&page));
    }
}

fn sequences(page: &[PastMessage]) -> BTreeSet<i64> {
    let ascending = page.is_sorted_by(|a, b| a.sequence < b.sequence);
    assert!(ascending, "a page of history ascends: {page:?}");
    page.iter().map(|message| message.sequence).collect()
}
