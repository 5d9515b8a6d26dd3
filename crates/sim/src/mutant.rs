//! Faults planted on purpose, between the product and its ports: a simulation that does not find
//! them proves nothing.

use std::collections::HashSet;
use std::sync::Arc;

use chat::mailbox::{End, Fleeting, Mailbox};
use chat::port::{Batch, Messages, Page, Router};
use clap::ValueEnum;
use cluster::LocalRouter;
use model::{AppId, Membership, Message, Resource, Sequence, Uuid};
use parking_lot::Mutex;

/// What is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Mutant {
    /// Receipts are given before the disk has what they are for: a sync does nothing.
    SyncsNothing,
    /// Sessions are given two messages in the wrong order now and then.
    DeliversOutOfOrder,
    /// A cursor moves to the newest message instead of the acknowledged one.
    CursorTooFar,
    /// A message that is sent again is taken for a new one.
    ForgetsRepetitions,
    /// A session becomes live without having read what waits.
    LiveWithoutCatchingUp,
    /// What was said during a membership that has ended is for nobody any more.
    ForgetsEndedMemberships,
    /// A change of a topic has its place one batch too late.
    ChangesTopicsTooLate,
    /// Moved cursors are never made durable.
    LosesCursors,
}

/// All of them.
pub const MUTANTS: &[Mutant] = &[
    Mutant::SyncsNothing,
    Mutant::DeliversOutOfOrder,
    Mutant::CursorTooFar,
    Mutant::ForgetsRepetitions,
    Mutant::LiveWithoutCatchingUp,
    Mutant::ForgetsEndedMemberships,
    Mutant::ChangesTopicsTooLate,
    Mutant::LosesCursors,
];

/// Does its worst to calls on their way to the store.
#[derive(Default)]
pub(crate) struct Saboteur {
    mutant: Option<Mutant>,
    sent: Mutex<HashSet<(Uuid, Box<str>)>>,
}

impl Saboteur {
    pub(crate) fn new(mutant: Option<Mutant>) -> Arc<Self> {
        Arc::new(Self {
            mutant,
            ..Self::default()
        })
    }

    fn is(&self, mutant: Mutant) -> bool {
        self.mutant == Some(mutant)
    }

    pub(crate) fn batch(&self, batch: &mut Batch) {
        if !self.is(Mutant::ForgetsRepetitions) {
            return;
        }
        let mut sent = self.sent.lock();
        for entry in &mut batch.entries {
            let content = &mut entry.content;
            if !sent.insert((content.from.uuid, content.packet_id.clone())) {
                content.packet_id = format!("{}'", content.packet_id).into();
            }
        }
    }

    pub(crate) fn cursor(&self, messages: &dyn Messages, cursor: Sequence) -> Option<Sequence> {
        match self.mutant {
            Some(Mutant::CursorTooFar) => Some(messages.last()),
            Some(Mutant::LosesCursors) => None,
            _ => Some(cursor),
        }
    }

    pub(crate) fn page(&self, up_to: Sequence) -> Option<Page> {
        self.is(Mutant::LiveWithoutCatchingUp).then(|| Page {
            messages: Vec::new(),
            reached: up_to,
            is_last: true,
        })
    }

    pub(crate) fn memberships(&self, memberships: &mut Vec<Membership>) {
        if self.is(Mutant::ForgetsEndedMemberships) {
            memberships.retain(|membership| membership.left.is_none());
        }
    }

    pub(crate) fn place(&self, at: Sequence) -> Sequence {
        if self.is(Mutant::ChangesTopicsTooLate) {
            Sequence(at.0 + 500_000)
        } else {
            at
        }
    }

    pub(crate) fn router(&self) -> Arc<dyn Router> {
        let router = LocalRouter::new();
        if self.is(Mutant::DeliversOutOfOrder) {
            Arc::new(Disorder {
                router,
                held: Mutex::default(),
            })
        } else {
            Arc::new(router)
        }
    }
}

/// A router that holds every fifth delivery back until the next one is out.
struct Disorder {
    router: LocalRouter,
    held: Mutex<Held>,
}

#[derive(Default)]
struct Held {
    delivered: u64,
    messages: Option<(Uuid, Vec<Arc<Message>>)>,
}

impl Router for Disorder {
    fn deliver(&self, uuid: Uuid, messages: &[Arc<Message>]) -> usize {
        let mut held = self.held.lock();
        held.delivered += 1;
        if held.delivered.is_multiple_of(5) && held.messages.is_none() {
            held.messages = Some((uuid, messages.to_vec()));
            return 1;
        }
        let sessions = self.router.deliver(uuid, messages);
        if let Some((uuid, messages)) = held.messages.take() {
            self.router.deliver(uuid, &messages);
        }
        sessions
    }

    fn attach(&self, session: Arc<Mailbox>) -> Option<Arc<Mailbox>> {
        self.router.attach(session)
    }

    fn detach(&self, session: &Arc<Mailbox>) {
        self.router.detach(session);
    }

    fn relay(&self, uuid: Uuid, resource: Option<&str>, fleeting: &Arc<Fleeting>) {
        self.router.relay(uuid, resource, fleeting);
    }

    fn end(&self, uuid: Uuid, except: Option<&Arc<Mailbox>>, end: End) -> usize {
        self.router.end(uuid, except, end)
    }

    fn end_app(&self, app_id: AppId, end: End) {
        self.router.end_app(app_id, end);
    }

    fn bound(&self, uuid: Uuid) -> Vec<Resource> {
        self.router.bound(uuid)
    }

    fn sessions(&self) -> usize {
        self.router.sessions()
    }
}
