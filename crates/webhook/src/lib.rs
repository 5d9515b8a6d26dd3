//! Callbacks: what happens to messages, told to the apps' own servers.
//!
//! The path of an event, in one direction:
//!
//! [`Webhooks::committed`] (called in the order of commitment, never waits) → `queue` (bounded;
//! what does not fit is read from the log again) → `intake` (turns messages into rows, durable
//! with their position in the log) → `schedule` (one task: whose time has come, a fair share for
//! each app) → `attempt` (builds the `body` again, signs it, posts it, says what follows).
//!
//! A message that does not reach its receivers goes to the offline URL as well: `offline` judges,
//! `waits` remembers who is waited for, `decide` answers, after 10 s at the latest.
//!
//! - [`port`]: what is needed from outside; [`chat::port::Deliveries`] keeps the rows
//! - [`http_post`]: the client, which connects to checked addresses only ([`ssrf`])
//! - [`signature`]: what receivers verify
//! - [`memory`]: rows that are gone with the process; [`contract`]: what every keeper of rows has
//!   to pass

pub mod contract;
pub mod http_post;
pub mod memory;
pub mod port;
pub mod signature;
pub mod ssrf;

mod attempt;
mod bell;
mod body;
mod decide;
mod housekeeping;
mod intake;
mod lane;
mod offline;
mod operate;
mod queue;
mod schedule;
mod tally;
mod trial;
mod waits;

#[cfg(test)]
mod sample;
#[cfg(test)]
mod sink;
#[cfg(test)]
mod stage;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use chat::port::{Clock, Deliveries, StoreError};
use model::{Message, Uuid};
use parking_lot::Mutex;
use tokio::sync::watch;
use tokio::task::JoinHandle;

pub use crate::http_post::HttpPost;
pub use crate::memory::MemoryDeliveries;
pub use crate::signature::verify;
pub use crate::ssrf::{UrlError, check_url};
pub use crate::tally::Counts;

use crate::bell::Bell;
use crate::intake::Intake;
use crate::port::{Audience, Events, Post, Tenants};
use crate::queue::Queue;
use crate::schedule::Scheduler;
use crate::tally::Tally;
use crate::waits::Waits;

/// What the engine runs on.
#[derive(Clone)]
pub struct Ports {
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// The rows.
    pub deliveries: Arc<dyn Deliveries>,
    /// The log.
    pub events: Arc<dyn Events>,
    /// Members and receivers.
    pub audience: Arc<dyn Audience>,
    /// Apps and their settings.
    pub tenants: Arc<dyn Tenants>,
    /// The way to the apps' servers.
    pub post: Arc<dyn Post>,
}

/// What an installation may set.
#[derive(Clone, Debug)]
pub struct Config {
    /// Posts of one app at the same time.
    pub posts_per_app_max: usize,
    /// Posts of all apps at the same time. When half of them are under way, each app gets one, so
    /// that many hanging receivers leave room for others.
    pub posts_max: usize,
    /// Messages between their commit and the intake, about 80 bytes each.
    pub queue_max: usize,
    /// Receivers of one app's messages that are waited for, about 100 bytes each. Beyond it the
    /// question is decided after 10 s, not when they acknowledge.
    pub waits_per_app_max: usize,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            posts_per_app_max: 8,
            posts_max: 1_024,
            queue_max: 65_536,
            waits_per_app_max: 16_384,
        }
    }
}

/// The engine. Dropping it ends its tasks wherever they are, as a crash would; what was not
/// recorded is posted again after the next start.
pub struct Webhooks {
    ports: Arc<Ports>,
    queue: Arc<Queue>,
    waits: Arc<Waits>,
    bell: Arc<Bell>,
    tally: Arc<Tally>,
    stop: watch::Sender<bool>,
    tasks: Mutex<Vec<JoinHandle<()>>>,
}

impl Webhooks {
    /// Starts on the current runtime: goes on from the stored position and rows, the first time
    /// of all after the newest message there is. The next one may be committed when this returns.
    pub async fn start(ports: Ports, config: &Config) -> Result<Arc<Self>, StoreError> {
        let ports = Arc::new(ports);
        let position = intake::position(&ports).await?;
        let queue = Arc::new(Queue::new(config.queue_max));
        let waits = Arc::new(Waits::new(config.waits_per_app_max));
        let bell = Arc::new(Bell::default());
        let tally = Arc::new(Tally::default());
        let (stop, stopping) = watch::channel(false);
        let intake = Intake::new(
            Arc::clone(&ports),
            Arc::clone(&queue),
            Arc::clone(&waits),
            Arc::clone(&bell),
            position,
        );
        let scheduler = Scheduler::new(
            Arc::clone(&ports),
            config.clone(),
            Arc::clone(&bell),
            Arc::clone(&tally),
        );
        let tasks = vec![
            tokio::spawn(intake.run(stopping.clone())),
            tokio::spawn(scheduler.run(stopping.clone())),
            tokio::spawn(housekeeping::run(Arc::clone(&ports), stopping)),
        ];
        Ok(Arc::new(Self {
            ports,
            queue,
            waits,
            bell,
            tally,
            stop,
            tasks: Mutex::new(tasks),
        }))
    }

    /// Takes note of committed messages. To be called with every one of them, in the order of
    /// commitment. Never waits.
    pub fn committed(&self, messages: &[Arc<Message>]) {
        let notes = messages.iter().filter_map(|message| {
            let app = self.ports.tenants.app(message.content.app_id)?;
            queue::Note::of(message, &app)
        });
        let Some(newest) = messages.last() else {
            return;
        };
        let notes: Vec<_> = notes.collect();
        if self.queue.push(notes, newest.sequence) {
            self.tally.overflowed();
        }
    }

    /// A hint that a device of an account has moved its cursor, after that can be read. Cheap when
    /// nobody waits for it; may be left out, and is then noticed after 10 s.
    pub fn acknowledged(&self, uuid: Uuid) {
        self.waits.acknowledged(uuid);
    }

    /// What happened since the start, for metrics.
    pub fn counts(&self) -> Counts {
        self.tally.counts()
    }

    /// Turns what was committed into rows, gives posts under way 2 s, and ends.
    pub async fn stop(&self) {
        self.stop.send_replace(true);
        let tasks = std::mem::take(&mut *self.tasks.lock());
        for task in tasks {
            // A task that panicked has said so already.
            let _ = task.await;
        }
    }
}

impl Drop for Webhooks {
    fn drop(&mut self) {
        for task in self.tasks.get_mut().drain(..) {
            task.abort();
        }
    }
}
