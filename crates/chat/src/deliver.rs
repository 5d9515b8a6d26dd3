//! From the log to the sessions, in the order of commitment: the one place where it happens.

use std::sync::Arc;

use model::{Message, Target, Uuid};
use tokio::sync::{OwnedSemaphorePermit, mpsc};

use crate::commit::delivery_channel;
use crate::port::{Observer, Router, Story};

/// A committed batch on its way to the sessions.
pub(crate) struct Delivery {
    /// Ascending by sequence.
    pub(crate) messages: Vec<Arc<Message>>,
    /// Given back when all of it is with its sessions.
    pub(crate) slots: Vec<OwnedSemaphorePermit>,
}

/// Starts the task; it ends when the sender is dropped and all is delivered.
pub(crate) fn start(
    router: Arc<dyn Router>,
    observer: Arc<dyn Observer>,
) -> mpsc::Sender<Delivery> {
    let (deliveries, mut committed) = delivery_channel();
    tokio::spawn(async move {
        while let Some(Delivery { messages, slots }) = committed.recv().await {
            for message in &messages {
                deliver(&*router, &*observer, message);
            }
            drop(slots);
        }
    });
    deliveries
}

fn deliver(router: &dyn Router, observer: &dyn Observer, message: &Arc<Message>) {
    let Target::Account(to) = &message.content.to else {
        return;
    };
    if router.deliver(to.uuid, message) == 0 {
        observer.observe(Story::Offline(message));
    }
    let from: Uuid = message.content.from.uuid;
    if from != to.uuid {
        router.deliver(from, message);
    }
}
