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
    /// Ascending by sequence; one to a topic with the members at its sequence.
    pub(crate) messages: Vec<(Arc<Message>, Option<Arc<Roster>>)>,
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
        while let Some(Delivery { messages, slots }) = committed.recv().await {
            for (message, roster) in &messages {
                deliver(&*router, &*observer, message, roster.as_deref());
            }
            drop(slots);
            if !listeners.is_empty() {
                let messages: Vec<_> = messages.into_iter().map(|(message, _)| message).collect();
                for listener in &listeners {
                    listener.committed(&messages);
                }
            }
        }
    });
    deliveries
}

fn deliver(
    router: &dyn Router,
    observer: &dyn Observer,
    message: &Arc<Message>,
    members: Option<&Roster>,
) {
    let from = message.content.from.uuid;
    match &message.content.to {
        Target::Account(to) => {
            hand(router, observer, to.uuid, message);
            if from != to.uuid {
                router.deliver(from, message);
            }
        }
        Target::Topic(_) => {
            for member in members.iter().flat_map(|roster| &roster.members) {
                hand(router, observer, member.party.uuid, message);
            }
        }
    }
}

fn hand(router: &dyn Router, observer: &dyn Observer, to: Uuid, message: &Arc<Message>) {
    if router.deliver(to, message) == 0 {
        observer.observe(Story::Offline(to, message));
    }
}
