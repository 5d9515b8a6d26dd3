//! Devices: each resource of an account has its own place in the account's queue.

use std::fmt;

use crate::{Resource, Sequence, Uuid};

/// One resource of one account.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DeviceId {
    /// The account.
    pub uuid: Uuid,
    /// Which of its devices.
    pub resource: Resource,
}

impl fmt::Debug for DeviceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.uuid, self.resource)
    }
}

/// What is kept of a device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Device {
    /// Everything up to here has been acknowledged, or was never for this device.
    pub cursor: Sequence,
    /// Copies of what its own account sends are owed from here on: its first login.
    pub own_after: Sequence,
    /// When it was last bound, in milliseconds since 1970.
    pub seen_at_ms: u64,
}
