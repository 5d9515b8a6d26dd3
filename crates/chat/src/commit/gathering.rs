//! A batch in the making: what waits is put into it in the order of its arrival.

use std::sync::Arc;

use model::{Content, Device, Roster};
use tokio::sync::{OwnedSemaphorePermit, oneshot};

use super::{Operation, Reply, Sender, Submission, ToTopic};
use crate::port::{Batch, Entry, StoreError, TopicUpdate};
use crate::send::SendError;

/// Payload of a batch in bytes; reached by the message that goes over it.
const BATCH_BYTES_MAX: usize = 1024 * 1024;
/// Messages of a batch: where one flush costs little per message and its memory stays small.
const BATCH_MESSAGES_MAX: usize = 256;
/// A batch that gathers, with those who wait for it.
#[derive(Default)]
pub(super) struct Gathering {
    pub(super) batch: Batch,
    pub(super) bytes: usize,
    pub(super) senders: Vec<Sender>,
    pub(super) devices: Vec<Reply<Device, StoreError>>,
    pub(super) refusals: Vec<Option<SendError>>,
    pub(super) rosters: Vec<Option<Arc<Roster>>>,
    pub(super) slots: Vec<OwnedSemaphorePermit>,
    /// What ended the gathering, and is done after the batch.
    pub(super) then: Option<Then>,
}

pub(super) enum Then {
    Topics {
        updates: Vec<TopicUpdate>,
        reply: Reply<(), StoreError>,
    },
    Stop {
        reply: oneshot::Sender<()>,
    },
}

impl Gathering {
    pub(super) fn add(&mut self, operation: Operation) {
        match operation {
            Operation::Message {
                submission,
                sender,
                slot,
            } => {
                let Submission {
                    content,
                    refusal,
                    topic,
                } = submission;
                let (refusal, roster) = match topic {
                    Some(topic) => topic.audience(&content),
                    None => (refusal, None),
                };
                self.bytes += content.payload.len();
                self.batch.entries.push(Entry {
                    content,
                    is_allowed: refusal.is_none(),
                });
                self.refusals.push(refusal);
                self.rosters.push(roster);
                self.senders.push(sender);
                self.slots.push(slot);
            }
            Operation::Device { new, reply } => {
                self.batch.devices.push(new);
                self.devices.push(reply);
            }
            Operation::Topics { updates, reply } => {
                self.then = Some(Then::Topics { updates, reply });
            }
            Operation::Stop { reply } => self.then = Some(Then::Stop { reply }),
        }
    }

    pub(super) fn is_full(&self) -> bool {
        self.batch.entries.len() >= BATCH_MESSAGES_MAX
            || self.bytes >= BATCH_BYTES_MAX
            || self.batch.devices.len() >= BATCH_MESSAGES_MAX
            || self.then.is_some()
    }
}

impl ToTopic {
    /// Who gets the message, or why nobody does: no change of the topic comes between this and the
    /// commit.
    fn audience(&self, content: &Content) -> (Option<SendError>, Option<Arc<Roster>>) {
        let roster = match self.cell.roster() {
            Ok(roster) => roster,
            Err(error) => return (Some(error.into()), None),
        };
        match roster {
            None => (Some(SendError::UnknownTopic), None),
            Some(roster) if roster.topic.app_id != content.app_id => {
                (Some(SendError::UnknownTopic), None)
            }
            Some(roster) if self.needs_member && roster.member(content.from.uuid).is_none() => {
                (Some(SendError::NotMember), None)
            }
            roster => (None, roster),
        }
    }
}
