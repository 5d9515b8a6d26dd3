//! PULL, client to server: send again what this device has not acknowledged.
//!
//! ```text
//! 1 uuid u64 | 2 resource | 3 appId u64
//! ```

use crate::Pull;

impl Pull {
    /// The question of one device.
    pub fn new(uuid: u64, resource: &str, app_id: u64) -> Self {
        Self {
            uuid: Some(uuid),
            resource: Some(resource.to_owned()),
            app_id: Some(app_id),
        }
    }
}
