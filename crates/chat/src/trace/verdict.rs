//! Where a message stands, in one word.

use model::limits::QUEUE_MS;
use model::{AccountName, Resource};

use super::Receiver;
use super::find::Traced;
use super::standing::{DeviceStanding, Standing};
use crate::Chat;
use crate::port::StoreError;
use crate::send::SendError;
use crate::sending::Addressee;

/// Members of a topic that are named as waiting.
const NAMED_MAX: usize = 5;

/// Where a message stands. `until_ms` is when the queue ends for it, in milliseconds since 1970.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It was not taken.
    Refused(SendError),
    /// All devices of the receiver that it was for acknowledged it.
    Acknowledged {
        /// How many those are.
        devices: usize,
    },
    /// Some devices of the receiver acknowledged it, others have not yet.
    Partly {
        /// Those that have.
        acknowledged: usize,
        /// All.
        devices: usize,
        /// See the type.
        until_ms: u64,
    },
    /// It was written to a device that is bound and has not acknowledged it.
    Written {
        /// The device.
        resource: Resource,
        /// When.
        at_ms: u64,
        /// See the type.
        until_ms: u64,
    },
    /// A device is bound, and the message is not known to have been written to it.
    Queued {
        /// The device.
        resource: Resource,
        /// See the type.
        until_ms: u64,
    },
    /// No device of the receiver is bound.
    Waiting {
        /// Since when.
        since: Option<Since>,
        /// See the type.
        until_ms: u64,
    },
    /// The receiver has no device that is remembered: it never logged in, or not for 30 days.
    NoDevice {
        /// See the type.
        until_ms: u64,
    },
    /// The receiver is banned and cannot log in.
    Banned {
        /// See the type.
        until_ms: u64,
    },
    /// The receiver's account does not exist any more.
    Gone,
    /// No device acknowledged it before the queue ended.
    Expired,
    /// The queue has ended, and it is not remembered whether a device acknowledged it before.
    Unproven,
    /// There was nobody to give it to: a topic without other members, a note from the only device.
    Nobody,
    /// To a topic; some members have not acknowledged it.
    Members {
        /// Whom it was for.
        members: usize,
        /// Those of them of whom a device acknowledged it.
        reached: usize,
        /// Some of the others.
        waiting: Vec<AccountName>,
        /// See the type.
        until_ms: u64,
        /// The queue has ended: nobody gets it any more.
        is_expired: bool,
    },
    /// To a topic; of all members a device acknowledged it.
    AllMembers {
        /// Whom it was for.
        members: usize,
    },
}

/// Since when somebody is away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Since {
    /// In milliseconds since 1970.
    pub at_ms: u64,
    /// When the last session ended; else when a device was last seen, to the hour.
    pub is_exact: bool,
}

/// What was found at the receivers.
pub(super) struct Tally {
    until_ms: u64,
    is_expired: bool,
    members: usize,
    reached: usize,
    waiting: Vec<AccountName>,
    /// The only one, or the last.
    standing: Option<Standing>,
    is_note: bool,
}

impl Tally {
    pub(super) fn new(traced: &Traced, now_ms: u64) -> Self {
        let until_ms = traced.sequence.ms() + QUEUE_MS;
        Self {
            until_ms,
            is_expired: until_ms <= now_ms,
            members: 0,
            reached: 0,
            waiting: Vec::new(),
            standing: None,
            is_note: traced.to == Addressee::Account(traced.from),
        }
    }

    pub(super) fn is_expired(&self) -> bool {
        self.is_expired
    }

    pub(super) fn add(&mut self, standing: Standing) {
        self.members += 1;
        let mut devices = standing.devices.iter();
        if devices.any(|device| device.has_it(self.is_expired)) {
            self.reached += 1;
        } else if self.waiting.len() < NAMED_MAX {
            self.waiting.push(standing.name().clone());
        }
        self.standing = Some(standing);
    }
}

impl Chat {
    pub(super) async fn verdict_of(
        &self,
        to: Option<&Receiver>,
        tally: Tally,
    ) -> Result<Verdict, StoreError> {
        let Tally {
            until_ms,
            is_expired,
            members,
            ..
        } = tally;
        match (to, tally.standing) {
            (Some(Receiver::Topic { .. }), None) if is_expired => Ok(Verdict::Unproven),
            (Some(Receiver::Topic { .. }), None) => Ok(Verdict::Nobody),
            (Some(Receiver::Topic { .. }), Some(_)) if tally.reached == members => {
                Ok(Verdict::AllMembers { members })
            }
            (Some(Receiver::Topic { .. }), Some(_)) => Ok(Verdict::Members {
                members,
                reached: tally.reached,
                waiting: tally.waiting,
                until_ms,
                is_expired,
            }),
            (_, None) => Ok(Verdict::Gone),
            (_, Some(standing)) if tally.is_note && standing.devices.is_empty() => {
                Ok(Verdict::Nobody)
            }
            (_, Some(standing)) => {
                if let Some(verdict) = of_devices(&standing.devices, until_ms, is_expired) {
                    return Ok(verdict);
                }
                let account = self.accounts.find_by_uuid(standing.uuid()).await?;
                Ok(match account {
                    None => Verdict::Gone,
                    Some(account) if account.is_banned => Verdict::Banned { until_ms },
                    Some(_) => away(&standing.devices, until_ms),
                })
            }
        }
    }
}

/// The verdict on a message for one account, unless it waits for one that is away.
fn of_devices(devices: &[DeviceStanding], until_ms: u64, is_expired: bool) -> Option<Verdict> {
    let count = |is_meant: &dyn Fn(&DeviceStanding) -> bool| {
        devices.iter().filter(|device| is_meant(device)).count()
    };
    // One that came later and was given nothing does not count, unless there is no other.
    let acknowledged = count(&|device| device.has_it(is_expired) && !device.began_later);
    let acknowledged = if acknowledged == 0 {
        count(&|device| device.has_it(is_expired))
    } else {
        acknowledged
    };
    let pending = count(&|device| !device.has_it(is_expired) && device.resource.is_some());
    if is_expired {
        return Some(if acknowledged > 0 {
            Verdict::Acknowledged {
                devices: acknowledged,
            }
        } else if devices.iter().any(|device| device.is_past) {
            Verdict::Unproven
        } else {
            Verdict::Expired
        });
    }
    if acknowledged > 0 && pending == 0 {
        return Some(Verdict::Acknowledged {
            devices: acknowledged,
        });
    }
    if acknowledged > 0 {
        return Some(Verdict::Partly {
            acknowledged,
            devices: acknowledged + pending,
            until_ms,
        });
    }
    let online = devices.iter().filter(|device| device.is_online);
    let newest = online.max_by_key(|device| device.written_ms)?;
    let resource = newest.resource.clone()?;
    Some(match newest.written_ms {
        Some(at_ms) => Verdict::Written {
            resource,
            at_ms,
            until_ms,
        },
        None => Verdict::Queued { resource, until_ms },
    })
}

/// The verdict while no device of the receiver is bound.
fn away(devices: &[DeviceStanding], until_ms: u64) -> Verdict {
    if devices.iter().all(|device| device.resource.is_none()) {
        return Verdict::NoDevice { until_ms };
    }
    let went = devices.iter().filter_map(|device| device.unbound_ms).max();
    let seen = devices.iter().filter_map(|device| device.seen_ms).max();
    let exact = went.map(|at_ms| Since {
        at_ms,
        is_exact: true,
    });
    let about = seen.map(|at_ms| Since {
        at_ms,
        is_exact: false,
    });
    Verdict::Waiting {
        since: exact.or(about),
        until_ms,
    }
}
