//! Everything of a run that its parts share.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use model::{Account, App, TopicId};
use parking_lot::Mutex;
use tokio::sync::Notify;

use crate::dice::Dice;
use crate::ledger::{Group, Ledger, Person, Phone};
use crate::network::Network;
use crate::phone::{Letter, Outbox};
use crate::server::Server;
use crate::trace::Trace;

/// See the module.
pub(crate) struct World {
    pub(crate) seed: u64,
    pub(crate) trace: Arc<Trace>,
    pub(crate) ledger: Arc<Ledger>,
    pub(crate) network: Arc<Network>,
    pub(crate) app: Arc<App>,
    pub(crate) accounts: Vec<Arc<Account>>,
    pub(crate) topics: Vec<TopicId>,
    pub(crate) outboxes: Vec<Arc<Outbox>>,
    pub(crate) server: Mutex<Option<Arc<Server>>>,
    pub(crate) phase: Phase,
}

/// How far a run is.
#[derive(Default)]
pub(crate) struct Phase {
    is_calm: AtomicBool,
    is_over: AtomicBool,
    changed: Notify,
}

impl World {
    /// Chance for one concern.
    pub(crate) fn dice(&self, concern: &str) -> Dice {
        Dice::of(self.seed, concern)
    }

    /// The process that serves, if one does.
    pub(crate) fn server(&self) -> Option<Arc<Server>> {
        let server = self.server.lock().clone();
        server.filter(|server| !server.life.is_over())
    }

    pub(crate) fn set_server(&self, server: Option<Arc<Server>>) {
        *self.server.lock() = server;
    }

    pub(crate) fn account(&self, person: Person) -> Account {
        Account::clone(&self.accounts[person])
    }

    pub(crate) fn persons(&self) -> usize {
        self.accounts.len()
    }

    pub(crate) fn person_of(&self, uuid: model::Uuid) -> Option<Person> {
        self.accounts
            .iter()
            .position(|account| account.uuid == uuid)
    }

    pub(crate) fn topic(&self, group: Group) -> TopicId {
        self.topics[group]
    }

    pub(crate) fn groups(&self) -> usize {
        self.topics.len()
    }

    pub(crate) fn outbox(&self, phone: Phone) -> &Arc<Outbox> {
        &self.outboxes[phone]
    }

    /// Puts a letter into the outbox again, after a while.
    pub(crate) fn send_later(&self, phone: Phone, letter: Letter, after: Duration) {
        let outbox = Arc::clone(&self.outboxes[phone]);
        tokio::spawn(async move {
            tokio::time::sleep(after).await;
            outbox.put(letter);
        });
    }

    /// Nothing bad happens any more, and nothing new is sent.
    pub(crate) fn is_calm(&self) -> bool {
        self.phase.is_calm.load(Ordering::SeqCst)
    }

    pub(crate) fn calm_down(&self) {
        self.phase.is_calm.store(true, Ordering::SeqCst);
        self.phase.changed.notify_waiters();
    }

    /// Devices go.
    pub(crate) fn is_over(&self) -> bool {
        self.phase.is_over.load(Ordering::SeqCst)
    }

    pub(crate) fn end(&self) {
        self.phase.is_over.store(true, Ordering::SeqCst);
        self.phase.changed.notify_waiters();
    }

    /// Until one of the two above.
    pub(crate) async fn changed(&self) {
        self.phase.changed.notified().await;
    }
}
