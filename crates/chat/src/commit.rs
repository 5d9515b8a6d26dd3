//! Group commit: what waits is made durable in one batch while the next one gathers.
//!
//! The task here belongs to nobody's connection: once a message is submitted, nothing that its
//! sender does can cancel its commit or its delivery.

mod gathering;
mod linger;

use std::sync::Arc;
use std::time::Duration;

use model::{Content, Device};
use tokio::sync::mpsc::error::TrySendError;
use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore, mpsc, oneshot};
use tokio::time::Instant;

use self::gathering::{Gathering, Then};
use self::linger::Linger;
use crate::deliver::Delivery;
use crate::port::{Batch, Messages, NewDevice, Observer, Outcome, StoreError, Story, TopicUpdate};
use crate::send::{Receipt, SendError};
use crate::sending::Sending;
use crate::topics::{TopicCell, Topics};

/// Batches between the commit and the delivery.
const DELIVERIES_MAX: usize = 64;
/// Logins of new devices and messages in the queue to the committer. Messages are bounded by
/// their slots already.
const OPERATIONS_MAX: usize = 64 * 1024;
/// How long an idle log waits before it saves moved cursors.
const CURSORS_DELAY: Duration = Duration::from_millis(100);
const KIB: usize = 1024;
/// What a message takes beside its payload while it is under way: measured, some 2.4 KiB.
const MESSAGE_KIB: usize = 2;

/// A message whose sender has been checked as far as that can be done before its place is known.
pub(crate) struct Submission {
    pub(crate) content: Content,
    /// Why it is not taken, unless it is a repetition.
    pub(crate) refusal: Option<SendError>,
    /// For a message to a topic.
    pub(crate) topic: Option<ToTopic>,
}

/// The topic of a message, whose members are looked at when the message gets its place.
pub(crate) struct ToTopic {
    pub(crate) cell: Arc<TopicCell>,
    /// An app server need not be a member.
    pub(crate) needs_member: bool,
}

type Reply<T, E> = oneshot::Sender<Result<T, E>>;

/// Who waits for a receipt, and for which.
struct Sender {
    sending: Sending,
    reply: Reply<Receipt, SendError>,
}

#[expect(
    clippy::large_enum_variant,
    reason = "nearly all are messages; a box for each would cost more"
)]
enum Operation {
    Message {
        submission: Submission,
        sender: Sender,
        slot: OwnedSemaphorePermit,
    },
    Topics {
        updates: Vec<TopicUpdate>,
        reply: Reply<(), StoreError>,
    },
    Device {
        new: NewDevice,
        reply: Reply<Device, StoreError>,
    },
    Stop {
        reply: oneshot::Sender<()>,
    },
}

/// The way to the committing task.
pub(crate) struct Committer {
    operations: mpsc::Sender<Operation>,
    slots: Arc<Semaphore>,
    cursors_moved: Arc<Notify>,
}

impl Committer {
    pub(crate) fn start(
        messages: Arc<dyn Messages>,
        topics: Arc<Topics>,
        deliveries: mpsc::Sender<Delivery>,
        observer: Arc<dyn Observer>,
        in_flight_kib_max: usize,
    ) -> Self {
        let (operations, waiting) = mpsc::channel(OPERATIONS_MAX);
        let cursors_moved = Arc::new(Notify::new());
        let task = Task {
            waiting,
            topics,
            cursors_moved: Arc::clone(&cursors_moved),
            messages,
            deliveries,
            observer,
        };
        tokio::spawn(task.run());
        Self {
            operations,
            slots: Arc::new(Semaphore::new(in_flight_kib_max)),
            cursors_moved,
        }
    }

    /// Takes a message, unless too much is under way: that is said before anything is stored.
    pub(crate) fn submit(
        &self,
        submission: Submission,
        sending: Sending,
        reply: Reply<Receipt, SendError>,
    ) -> Result<(), SendError> {
        let kib = MESSAGE_KIB + submission.content.payload.len() / KIB;
        let slots = Arc::clone(&self.slots);
        let slot = slots
            .try_acquire_many_owned(u32::try_from(kib).map_err(|_| SendError::TooLarge)?)
            .map_err(|_| SendError::Busy)?;
        let operation = Operation::Message {
            submission,
            sender: Sender { sending, reply },
            slot,
        };
        self.operations
            .try_send(operation)
            .map_err(|error| match error {
                TrySendError::Full(_) => SendError::Busy,
                TrySendError::Closed(_) => SendError::Unavailable,
            })
    }

    /// Remembers a device, durably.
    pub(crate) async fn register(&self, new: NewDevice) -> Result<Device, StoreError> {
        let (reply, registered) = oneshot::channel();
        self.operate(Operation::Device { new, reply }).await?;
        registered.await.map_err(|_| stopped())?
    }

    async fn operate(&self, operation: Operation) -> Result<(), StoreError> {
        self.operations.send(operation).await.map_err(|_| stopped())
    }

    /// Changes topics, between what was submitted before and what is submitted after.
    pub(crate) async fn change_topics(&self, updates: Vec<TopicUpdate>) -> Result<(), StoreError> {
        let (reply, changed) = oneshot::channel();
        self.operate(Operation::Topics { updates, reply }).await?;
        changed.await.map_err(|_| stopped())?
    }

    /// Has moved cursors saved soon.
    pub(crate) fn cursors_moved(&self) {
        self.cursors_moved.notify_one();
    }

    /// Returns when all that was submitted before is durable and delivered.
    pub(crate) async fn stop(&self) {
        let (reply, stopped) = oneshot::channel();
        if self
            .operations
            .send(Operation::Stop { reply })
            .await
            .is_ok()
        {
            // An error means that the task has ended already.
            let _ = stopped.await;
        }
    }
}

fn stopped() -> StoreError {
    StoreError::Unavailable("the committer has stopped".into())
}

struct Task {
    waiting: mpsc::Receiver<Operation>,
    topics: Arc<Topics>,
    cursors_moved: Arc<Notify>,
    messages: Arc<dyn Messages>,
    deliveries: mpsc::Sender<Delivery>,
    observer: Arc<dyn Observer>,
}

impl Task {
    async fn run(mut self) {
        let mut cursors_due: Option<Instant> = None;
        let mut linger = Linger::new(Instant::now());
        loop {
            // Cursors wait behind messages, with which they are saved as well.
            tokio::select! {
                biased;
                operation = self.waiting.recv() => {
                    let Some(operation) = operation else { break };
                    if let Some(until) = linger.until(self.waiting.len()) {
                        tokio::time::sleep_until(until).await;
                    }
                    let mut gathering = self.gather(operation);
                    linger.commit(gathering.senders.len(), Instant::now());
                    let then = gathering.then.take();
                    if self.commit(gathering).await {
                        cursors_due = None;
                    }
                    match then {
                        Some(Then::Topics { updates, reply }) => {
                            let _ = reply.send(self.change_topics(updates).await);
                        }
                        Some(Then::Stop { reply }) => {
                            self.save_cursors().await;
                            drop(self.deliveries);
                            let _ = reply.send(());
                            return;
                        }
                        None => {}
                    }
                }
                () = self.cursors_moved.notified(), if cursors_due.is_none() => {
                    cursors_due = Some(Instant::now() + CURSORS_DELAY);
                }
                () = sleep_until(cursors_due), if cursors_due.is_some() => {
                    self.save_cursors().await;
                    cursors_due = None;
                }
            }
        }
    }

    /// The first operation and all that wait behind it, up to the limits of a batch.
    fn gather(&mut self, first: Operation) -> Gathering {
        let mut gathering = Gathering::default();
        gathering.add(first);
        while !gathering.is_full() {
            let Ok(operation) = self.waiting.try_recv() else {
                break;
            };
            gathering.add(operation);
        }
        gathering
    }

    /// Nothing is committed meanwhile: what comes later sees the change.
    async fn change_topics(&self, updates: Vec<TopicUpdate>) -> Result<(), StoreError> {
        let ids: Vec<_> = updates.iter().map(|update| update.topic).collect();
        let at = self.messages.take_place();
        let applied = self.topics.store().apply(updates, at).await;
        // Also after a failure, of which nobody knows what it has left.
        self.topics.refresh(ids.into_iter()).await;
        applied
    }

    /// Whether anything was made durable, and cursors with it.
    async fn commit(&self, gathering: Gathering) -> bool {
        let Gathering {
            batch,
            senders,
            devices,
            refusals,
            rosters,
            slots,
            ..
        } = gathering;
        if batch.is_empty() {
            return false;
        }
        let started = Instant::now();
        let committed = match self.messages.commit(batch).await {
            Ok(committed) => committed,
            Err(error) => {
                self.refuse(&error, senders, devices);
                return false;
            }
        };
        let committed_at = Instant::now();
        self.observer.observe(Story::Committed {
            messages: senders.len(),
            took_us: microseconds(committed_at - started),
        });
        for (reply, device) in devices.into_iter().zip(committed.devices) {
            // A connection that is gone needs no answer, here and below.
            let _ = reply.send(Ok(device));
        }
        let mut stored = Vec::with_capacity(senders.len());
        let mut audiences = Vec::with_capacity(senders.len());
        let sent = senders
            .into_iter()
            .zip(committed.outcomes)
            .zip(refusals)
            .zip(rosters);
        for (((sender, outcome), refusal), roster) in sent {
            let receipt = self.receipt(&sender.sending, &outcome, refusal);
            if receipt.is_ok() {
                let took_us = microseconds(committed_at - sender.sending.since);
                self.observer.observe(Story::Answered { took_us });
            }
            let _ = sender.reply.send(receipt);
            if let Outcome::Stored(message) = outcome {
                stored.push(message);
                audiences.push(roster);
            }
        }
        let delivery = Delivery {
            messages: stored,
            rosters: audiences,
            slots,
        };
        if self.deliveries.send(delivery).await.is_err() {
            tracing::error!("the delivery task has ended; messages wait for the next login");
        }
        true
    }

    fn receipt(
        &self,
        sending: &Sending,
        outcome: &Outcome,
        refusal: Option<SendError>,
    ) -> Result<Receipt, SendError> {
        match *outcome {
            Outcome::Stored(ref message) => {
                self.observer.observe(Story::Stored(sending, message));
                Ok(Receipt {
                    sequence: message.sequence,
                    timestamp_ms: message.timestamp_ms,
                })
            }
            Outcome::Repeated {
                sequence,
                timestamp_ms,
            } => {
                self.observer.observe(Story::Repeated(sending, sequence));
                Ok(Receipt {
                    sequence,
                    timestamp_ms,
                })
            }
            Outcome::Refused => {
                let error = refusal.unwrap_or(SendError::Forbidden);
                self.observer.observe(Story::Refused(sending, error));
                Err(error)
            }
        }
    }

    fn refuse(
        &self,
        error: &StoreError,
        senders: Vec<Sender>,
        devices: Vec<Reply<Device, StoreError>>,
    ) {
        tracing::error!(%error, messages = senders.len(), "a batch was not committed");
        for Sender { sending, reply } in senders {
            let error = error.clone().into();
            self.observer.observe(Story::Refused(&sending, error));
            let _ = reply.send(Err(error));
        }
        for reply in devices {
            let _ = reply.send(Err(error.clone()));
        }
    }

    async fn save_cursors(&self) {
        if !self.messages.has_unsaved_cursors() {
            return;
        }
        if let Err(error) = self.messages.commit(Batch::default()).await {
            tracing::error!(%error, "cursors are not saved; devices may be given again what they acknowledged");
        }
    }
}

fn microseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_micros()).unwrap_or(u64::MAX)
}

/// Until the instant, or for ever.
async fn sleep_until(instant: Option<Instant>) {
    match instant {
        Some(instant) => tokio::time::sleep_until(instant).await,
        None => std::future::pending().await,
    }
}

/// The channel between the commit and the delivery.
pub(crate) fn delivery_channel() -> (mpsc::Sender<Delivery>, mpsc::Receiver<Delivery>) {
    mpsc::channel(DELIVERIES_MAX)
}
