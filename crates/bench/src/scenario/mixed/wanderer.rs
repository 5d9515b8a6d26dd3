//! A device that comes and goes, with the client that an app would use: it is given what waited for it
//! each time it comes, and nothing twice.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use client::rest::Envelope;
use client::{Client, Event, Events, Gateway};
use tokio::sync::watch;
use tokio::time::{Instant, sleep, timeout_at};

use crate::target::RESOURCE;
use crate::traffic::line::Got;
use crate::traffic::session_line::got;
use crate::traffic::tally::Tally;
use crate::traffic::{Part, Times};

/// How long a visit takes at least, and how much longer it is for some.
const VISIT: Duration = Duration::from_millis(300);
const VISIT_SPREAD_MS: u32 = 500;
/// How long it is away.
const AWAY: Duration = Duration::from_millis(400);

/// Sequences that wanderers must have been given when everything has been said.
type Last = Arc<HashMap<u32, i64>>;

pub(super) struct Wanderer {
    pub(super) number: u32,
    /// Who writes to it.
    pub(super) sender: u32,
    pub(super) envelope: Envelope,
    pub(super) gateway: Gateway,
}

/// Tells wanderers that everything has been said.
#[derive(Default)]
pub(super) struct Farewell(watch::Sender<Option<Last>>);

impl Farewell {
    pub(super) fn heard(&self) -> watch::Receiver<Option<Last>> {
        self.0.subscribe()
    }

    pub(super) fn say(&self, parts: &[Part]) {
        let last = parts
            .iter()
            .filter_map(|part| Some((part.number(), part.last_acked()?)));
        self.0.send_replace(Some(Arc::new(last.collect())));
    }
}

impl Wanderer {
    /// Until everything has been said and heard; how often it came, and what it saw.
    pub(super) async fn wander(
        self,
        mut farewell: watch::Receiver<Option<Last>>,
        tally: Arc<Tally>,
        times: Times,
    ) -> (u64, Part) {
        let mut received = Vec::new();
        let mut visits = 0;
        let spread = Duration::from_millis(u64::from(self.number * 37 % VISIT_SPREAD_MS));
        while farewell.borrow().is_none() {
            visits += 1;
            let until = Instant::now() + VISIT + spread;
            self.visit(&mut received, &tally, until, i64::MAX).await;
            tokio::select! {
                () = sleep(AWAY) => {}
                _ = farewell.changed() => {}
            }
        }
        let last = farewell.borrow().clone().unwrap_or_default();
        let last = last.get(&self.sender).copied().unwrap_or_default();
        let until = Instant::now() + times.drain;
        self.visit(&mut received, &tally, until, last).await;
        (visits + 1, Part::of_absent(self.number, &received, last))
    }

    /// Stays until then, or until it has been given this sequence.
    async fn visit(&self, received: &mut Vec<Got>, tally: &Tally, until: Instant, last: i64) {
        let newest = received.last().map_or(0, |got| got.sequence);
        if newest >= last {
            return;
        }
        let (client, mut events) = Client::builder(self.gateway.clone(), self.envelope.clone())
            .resource(RESOURCE)
            .start();
        let listening = listen(&mut events, received, tally, last);
        // When the time is over, what was not shown stays for the next visit.
        let _ = timeout_at(until, listening).await;
        events.done();
        client.logout().await;
    }
}

async fn listen(events: &mut Events, received: &mut Vec<Got>, tally: &Tally, last: i64) {
    while let Some(event) = events.next().await {
        let Event::Message(message) = event else {
            continue;
        };
        // When it was due says nothing here: it waited for us.
        tally.delivered(std::iter::once(None));
        received.push(got(&message, None));
        if message.sequence >= last {
            return;
        }
    }
}
