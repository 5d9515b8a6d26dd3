//! `SEQUENCE_ACK`, client to server: everything up to a sequence has arrived on a device. Its envelope
//! may lack packetId and package.
//!
//! ```text
//! 1 uuid u64 | 2 resource | 3 sequence i64 | 4 appId u64
//! ```

use crate::SequenceAck;

impl SequenceAck {
    /// The acknowledgement of a list whose highest sequence is `sequence`.
    pub fn new(uuid: u64, resource: &str, sequence: i64, app_id: u64) -> Self {
        Self {
            uuid: Some(uuid),
            resource: Some(resource.to_owned()),
            sequence: Some(sequence),
            app_id: Some(app_id),
        }
    }
}
