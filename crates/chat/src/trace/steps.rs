//! The story of a message, step by step.

use model::{AccountName, Resource};

use super::event::Refused;
use super::find::Traced;
use super::heard::Heard;
use super::standing::{DeviceStanding, Standing};
use crate::send::SendError;

/// Steps that are told; a message to a large topic has more.
const STEPS_MAX: usize = 500;

/// One step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// When, in milliseconds since 1970; `None`: some time, or now.
    pub at_ms: Option<u64>,
    /// Whose doing it is, other than the sender's and ours.
    pub whose: Option<Whose>,
    /// What it is.
    pub what: What,
}

/// An account, or a device of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Whose {
    /// Which account.
    pub account: AccountName,
    /// Which of its devices; `None`: all, or one that is not known any more.
    pub resource: Option<Resource>,
}

/// What happened. Times are in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// It passed all checks and went to the store.
    Accepted,
    /// It became durable.
    Stored {
        /// How long after it was accepted, if that is remembered.
        took_ms: Option<u64>,
        /// Whether history and contacts know it.
        is_stored: Option<bool>,
    },
    /// The same device sent it again, and was answered as the first time.
    Repeated,
    /// It was not taken.
    Refused(SendError),
    /// A receiver had no session when it was handed out.
    Offline,
    /// It was written to a device.
    Written {
        /// A device of the sender.
        is_copy: bool,
        /// When the device had logged in, where that was after the message was stored: since 1970.
        bound_ms: Option<u64>,
        /// Not for the first time.
        is_again: bool,
    },
    /// A device acknowledged it.
    Acknowledged {
        /// A device of the sender.
        is_copy: bool,
        /// How long after it was written, if that is remembered.
        took_ms: Option<u64>,
    },
    /// A device's cursor has passed it; when is not remembered.
    Passed {
        /// It is older than the queue, which a device may pass without having been given it.
        is_expired: bool,
    },
    /// A device logged in for the first time after the message, and began where its account was.
    BeganLater,
    /// A device has not acknowledged it yet.
    Pending {
        /// Whether it is bound.
        is_online: bool,
        /// When it went or was last seen, since 1970.
        seen_ms: Option<u64>,
    },
}

/// A story that is being told.
#[derive(Default)]
pub(super) struct Story {
    steps: Vec<Step>,
    omitted: usize,
    stored_ms: u64,
}

impl Story {
    /// Up to where the message is durable, and what its sender tried besides.
    pub(super) fn begin(traced: &Traced, heard: &Heard) -> Self {
        let mut story = Self::of_refusals(&heard.refused);
        let took_ms = heard.stored.map(|(_, took_ms)| took_ms);
        let stored_ms = heard.stored.map_or(traced.at_ms, |(at_ms, _)| at_ms);
        story.stored_ms = stored_ms;
        if let Some(took_ms) = took_ms {
            story.tell(
                Some(stored_ms - took_ms.min(stored_ms)),
                None,
                What::Accepted,
            );
        }
        let message = traced.message.as_ref();
        let is_stored = message.map(|message| message.content.is_stored);
        let stored = What::Stored { took_ms, is_stored };
        story.tell(Some(stored_ms), None, stored);
        for at_ms in &heard.repeated {
            story.tell(Some(*at_ms), None, What::Repeated);
        }
        story
    }

    /// What was refused, and when.
    pub(super) fn of_refusals(refusals: &[(u64, Refused)]) -> Self {
        let mut story = Self::default();
        for (at_ms, refused) in refusals {
            story.tell(Some(*at_ms), None, What::Refused(refused.why));
        }
        story
    }

    /// What became of it at a receiver.
    pub(super) fn tell_of(&mut self, standing: &Standing, heard: &Heard, is_expired: bool) {
        if let Some(at_ms) = heard.offline.get(&standing.uuid()) {
            let whose = Whose {
                account: standing.name().clone(),
                resource: None,
            };
            self.tell(Some(*at_ms), Some(whose), What::Offline);
        }
        for device in &standing.devices {
            self.tell_of_device(standing, device, heard, false);
            let what = match device.acknowledged_ms {
                Some(_) => continue,
                None if device.began_later => What::BeganLater,
                None if device.is_past => What::Passed { is_expired },
                None if device.resource.is_none() || is_expired => continue,
                None => What::Pending {
                    is_online: device.is_online,
                    seen_ms: device.unbound_ms.or(device.seen_ms),
                },
            };
            self.tell(None, Some(whose(standing, device)), what);
        }
    }

    /// What became of the copies for the sender's other devices, as far as it is remembered.
    pub(super) fn tell_of_copies(&mut self, standing: &Standing, heard: &Heard) {
        for device in &standing.devices {
            self.tell_of_device(standing, device, heard, true);
        }
    }

    fn tell_of_device(
        &mut self,
        standing: &Standing,
        device: &DeviceStanding,
        heard: &Heard,
        is_copy: bool,
    ) {
        let Some(of_device) = heard.device(device.key) else {
            return;
        };
        for (number, at_ms) in of_device.written_ms.iter().enumerate() {
            let bound_ms = of_device.bound_ms(*at_ms);
            let written = What::Written {
                is_copy,
                bound_ms: bound_ms.filter(|bound_ms| *bound_ms > self.stored_ms),
                is_again: number > 0,
            };
            self.tell(Some(*at_ms), Some(whose(standing, device)), written);
        }
        let is_copy_of_nothing = is_copy && of_device.written_ms.is_empty();
        if let Some(at_ms) = device.acknowledged_ms.filter(|_| !is_copy_of_nothing) {
            let written = of_device.written_ms.iter().rev();
            let mut before = written.filter(|written_ms| **written_ms <= at_ms);
            let took_ms = before.next().map(|written_ms| at_ms - written_ms);
            let acknowledged = What::Acknowledged { is_copy, took_ms };
            self.tell(Some(at_ms), Some(whose(standing, device)), acknowledged);
        }
    }

    fn tell(&mut self, at_ms: Option<u64>, whose: Option<Whose>, what: What) {
        if self.steps.len() < STEPS_MAX {
            self.steps.push(Step { at_ms, whose, what });
        } else {
            self.omitted += 1;
        }
    }

    /// The steps in their order, and how many more there are.
    pub(super) fn end(mut self) -> (Vec<Step>, usize) {
        // Stable: what happened in the same millisecond is told in the order of its causes.
        self.steps
            .sort_by_key(|step| step.at_ms.unwrap_or(u64::MAX));
        (self.steps, self.omitted)
    }
}

fn whose(standing: &Standing, device: &DeviceStanding) -> Whose {
    Whose {
        account: standing.name().clone(),
        resource: device.resource.clone(),
    }
}
