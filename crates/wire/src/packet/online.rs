//! `ONLINE_MESSAGE_ACK`, from a device that got an `ONLINE_MESSAGE` to the device that it names. The
//! message itself is a [`P2pMessage`](crate::P2pMessage), relayed bare and never stored.
//!
//! ```text
//! 1 packetId | 2 uuid u64 | 3 resource | 4 code i32 | 5 errorMsg
//! ```

use crate::OnlineMessageAck;

impl OnlineMessageAck {
    /// Arrived: to the device that sent `packet_id`.
    pub fn arrived(packet_id: &str, uuid: u64, resource: &str) -> Self {
        Self {
            packet_id: Some(packet_id.to_owned()),
            uuid: Some(uuid),
            resource: Some(resource.to_owned()),
            code: Some(0),
            error_msg: Some(String::new()),
        }
    }
}
