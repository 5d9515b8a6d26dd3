//! From the log to the sessions, in the order of commitment: the one place where it happens.

use std::sync::Arc;

use model::{Message, Roster, Target, Uuid};
use tokio::sync::{OwnedSemaphorePermit, mpsc};

use crate::commit::delivery_channel;
use crate::port::{Observer, Router, Story};

/// Told of every message, in the order of commitment, after it has been handed to the sessions.
/// Must not wait.
pub trait Committed: Send + Sync + 'static {
    /// What a batch stored.
    fn committed(&self, messages: &[Arc<Message>]);
}

/// A committed batch on its way to the sessions.
pub(crate) struct Delivery {
    /// Ascending by sequence.
    pub(crate) messages: Vec<Arc<Message>>,
    /// Of each message: the members at its sequence, if it is to a topic.
    pub(crate) rosters: Vec<Option<Arc<Roster>>>,
    /// Given back when all of it is with its sessions.
    pub(crate) slots: Vec<OwnedSemaphorePermit>,
}

/// Starts the task; it ends when the sender is dropped and all is delivered.
pub(crate) fn start(
    router: Arc<dyn Router>,
    observer: Arc<dyn Observer>,
    listeners: Vec<Arc<dyn Committed>>,
) -> mpsc::Sender<Delivery> {
    let (deliveries, mut committed) = delivery_channel();
    tokio::spawn(async move {
        while let Some(delivery) = committed.recv().await {
            let Delivery {
                messages,
                rosters,
                slots,
            } = delivery;
            let (mut messages_left, mut rosters_left) = (&messages[..], &rosters[..]);
            while let Some(roster) = rosters_left.first() {
                let count = same_audience(messages_left, rosters_left);
                let (run, later) = messages_left.split_at(count);
                deliver(&*router, &*observer, run, roster.as_deref());
                (messages_left, rosters_left) = (later, &rosters_left[count..]);
            }
            drop(slots);
            for listener in &listeners {
                listener.committed(&messages);
            }
        }
    });
    deliveries
}

/// How many messages at the front are for the same sessions: each is handed all of them at once,
/// and woken once.
fn same_audience(messages: &[Arc<Message>], rosters: &[Option<Arc<Roster>>]) -> usize {
    let mut audiences = messages.iter().zip(rosters).map(|(message, roster)| {
        let ends = match &message.content.to {
            Target::Account(to) => Some((message.content.from.uuid, to.uuid)),
            Target::Topic(_) => None,
        };
        (ends, roster.as_ref().map(Arc::as_ptr))
    });
    let first = audiences.next();
    1 + audiences
        .take_while(|audience| Some(*audience) == first)
        .count()
}

fn deliver(
    router: &dyn Router,
    observer: &dyn Observer,
    run: &[Arc<Message>],
    members: Option<&Roster>,
) {
    let Some(first) = run.first() else { return };
    let from = first.content.from.uuid;
    match &first.content.to {
        Target::Account(to) => {
            hand(router, observer, to.uuid, run);
            if from != to.uuid {
                router.deliver(from, run);
            }
        }
        Target::Topic(_) => {
            for member in members.iter().flat_map(|roster| &roster.members) {
                hand(router, observer, member.party.uuid, run);
            }
        }
    }
}

fn hand(router: &dyn Router, observer: &dyn Observer, to: Uuid, messages: &[Arc<Message>]) {
    if router.deliver(to, messages) == 0 {
        for message in messages {
            observer.observe(Story::Offline(to, message));
        }
    }
}
