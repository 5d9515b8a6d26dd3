//! `RTS_SIGNAL`, both ways: call signalling, decoded only as far as relaying it needs.
//!
//! ```text
//! 1 type | 2 callId u64 | 3 callType | 4 uuid u64 | 5 resource | 6 payload bytes | 7 region_bucket
//! ```

use crate::RtsSignal;

impl RtsSignal {
    /// The same signal as coming from this device.
    #[must_use]
    pub fn from_device(mut self, uuid: u64, resource: &str) -> Self {
        self.uuid = Some(uuid);
        self.resource = Some(resource.to_owned());
        self
    }
}
