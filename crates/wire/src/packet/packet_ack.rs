//! `PACKET_ACK`, server to client: what became of a packet. Every P2P, P2T and UC message gets one,
//! refusals too.
//!
//! ```text
//! 1 packetId | 2 uuid u64 | 3 resource | 4 sequence i64 | 5 timestamp i64 ms | 6 package
//! 7 errorMsg | 8 code i32 | 9 convIndex i64
//! ```

use crate::PacketAck;
use crate::numbered::numbered;

numbered! {
    /// What became of the packet.
    AckCode {
        /// Stored; it will not be lost.
        Success = 0,
        /// Bad target, bad packet, or another app's.
        BadRequest = 400,
        /// The binding has ended.
        Unbound = 401,
        /// Blocked, banned, not a member.
        Forbidden = 403,
        /// Unknown or dismissed topic.
        NotFound = 404,
        /// Payload too large.
        TooLarge = 413,
        /// Sent too fast.
        RateLimited = 429,
        /// Our fault.
        Internal = 500,
        /// Busy: may be sent again.
        Busy = 503,
    }
}

/// The packet that an acknowledgement is for.
#[derive(Debug, Clone, Copy)]
pub struct AckedPacket<'a> {
    /// Its packetId.
    pub packet_id: &'a str,
    /// Its package.
    pub package: &'a str,
    /// Its sender.
    pub uuid: u64,
    /// The sender's device.
    pub resource: &'a str,
}

impl PacketAck {
    /// Accepted under this sequence; `timestamp` in milliseconds since 1970.
    pub fn accepted(packet: AckedPacket<'_>, sequence: i64, timestamp: i64) -> Self {
        Self::new(packet, sequence, timestamp, AckCode::Success, "")
    }

    /// Refused now, in milliseconds since 1970. `error_msg` is for the app's developer and should
    /// not be empty.
    pub fn refused(packet: AckedPacket<'_>, now: i64, code: AckCode, error_msg: &str) -> Self {
        Self::new(packet, 0, now, code, error_msg)
    }

    fn new(
        packet: AckedPacket<'_>,
        sequence: i64,
        timestamp: i64,
        code: AckCode,
        error_msg: &str,
    ) -> Self {
        Self {
            packet_id: Some(packet.packet_id.to_owned()),
            uuid: Some(packet.uuid),
            resource: Some(packet.resource.to_owned()),
            sequence: Some(sequence),
            timestamp: Some(timestamp),
            package: Some(packet.package.to_owned()),
            error_msg: Some(error_msg.to_owned()),
            code: Some(code.into()),
            conv_index: None,
        }
    }
}
