//! Readers who ask for the newest page of one pair after the other while everybody talks.

use std::sync::Arc;

use client::rest::{Caller, Method};
use tokio::task::JoinSet;
use tokio::time::Instant;

use crate::scenario::history::pages::{PAGE_PATH, Read, is_right, page_before};
use crate::target::Target;
use crate::traffic::session_line::account;

/// Messages of a page.
const PAGE: u32 = 50;
/// After every message.
const EVER_MS: i64 = 1 << 52;

pub(super) struct Reading(JoinSet<Read>);

/// They read until then.
pub(super) fn start(
    target: &Arc<Target>,
    pairs: u32,
    readers: u32,
    until: Instant,
) -> anyhow::Result<Reading> {
    let mut reading = JoinSet::new();
    for reader in 0..readers {
        let callers = (0..pairs).map(|pair| target.caller(&account(pair * 2)));
        let callers: Vec<_> = callers.collect::<Result<_, _>>()?;
        reading.spawn(read_on(callers, reader as usize, until));
    }
    Ok(Reading(reading))
}

impl Reading {
    pub(super) async fn done(self) -> Read {
        let mut all = Read::default();
        for read in self.0.join_all().await {
            all.add(&read);
        }
        all
    }
}

async fn read_on(callers: Vec<Caller>, first: usize, until: Instant) -> Read {
    let mut read = Read::default();
    for (sender, caller) in (0u32..).step_by(2).zip(&callers).cycle().skip(first) {
        if Instant::now() >= until {
            break;
        }
        let (from, to) = (account(sender), account(sender + 1));
        let body = page_before(&from, &to, EVER_MS, PAGE);
        let began = Instant::now();
        match caller.call(Method::POST, PAGE_PATH, Some(&body)).await {
            Ok(page) => {
                read.took.record(began.elapsed());
                read.wrong += u64::from(!is_right(&page, &to, EVER_MS, PAGE));
            }
            Err(_) => read.failed += 1,
        }
    }
    read
}
