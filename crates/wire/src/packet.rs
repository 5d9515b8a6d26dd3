//! Application packets: the envelope, and one file for each type that it carries.
//!
//! ```text
//! 1 packetId | 2 package | 3 sequence i64 | 4 type | 5 payload bytes | 6 timestamp i64 ms
//! 7 conversation bool | 8 convIndex i64
//! ```

pub mod compound;
pub mod online;
pub mod p2p;
pub mod p2t;
pub mod packet_ack;
pub mod pull;
pub mod rts_signal;
mod salvage;
pub mod sequence_ack;
pub mod unlimited;

pub use salvage::salvage;

use bytes::{Bytes, BytesMut};

use crate::encode::{Encode, delimited_len, put_bytes, put_delimiter, put_varint, varint_len};
use crate::numbered::numbered;
use crate::{MimcGroup, MimcPacket, MimcUser};

numbered! {
    /// What the payload of a [`MimcPacket`] is.
    PacketType {
        /// To one account; towards clients only inside a COMPOUND.
        P2pMessage = 1,
        /// To the members of a topic; towards clients only inside a COMPOUND.
        P2tMessage = 2,
        /// A device has everything up to a sequence.
        SequenceAck = 3,
        /// What became of a packet.
        PacketAck = 4,
        /// A device asks for what it has not acknowledged.
        Pull = 5,
        /// A list of messages.
        Compound = 6,
        /// Call signalling.
        RtsSignal = 7,
        /// Unlimited groups.
        UcPacket = 8,
        /// To the online devices of an account, never stored.
        OnlineMessage = 11,
        /// Answer of such a device.
        OnlineMessageAck = 12,
    }
}

impl MimcPacket {
    /// What the payload is; `None` for a type that we do not know, or none at all.
    pub fn kind(&self) -> Option<PacketType> {
        self.r#type.and_then(|number| number.try_into().ok())
    }
}

impl MimcUser {
    /// An account as a target is named: no uuid, no resource.
    pub fn account(app_id: u64, account: &str) -> Self {
        Self {
            app_id: Some(app_id),
            app_account: Some(account.to_owned()),
            ..Self::default()
        }
    }

    /// A device as a sender is named.
    pub fn device(app_id: u64, account: &str, uuid: u64, resource: &str) -> Self {
        Self {
            uuid: Some(uuid),
            resource: Some(resource.to_owned()),
            ..Self::account(app_id, account)
        }
    }
}

impl MimcGroup {
    /// A topic, of members or unlimited.
    pub fn new(app_id: u64, topic_id: u64) -> Self {
        Self {
            app_id: Some(app_id),
            topic_id: Some(topic_id),
        }
    }
}

/// A [`MimcPacket`] that is written with its payload nested in it, without a buffer in between.
#[derive(Debug, Clone, Copy)]
pub struct OutgoingPacket<'a, P> {
    /// Unique per sender.
    pub packet_id: &'a str,
    /// App package.
    pub package: &'a str,
    /// Of a message in a COMPOUND, and of the `PACKET_ACK` of an accepted one; `None` otherwise.
    pub sequence: Option<i64>,
    /// What `payload` is.
    pub kind: PacketType,
    /// The message itself.
    pub payload: &'a P,
    /// Milliseconds since 1970. `None` where a client has none to give.
    pub timestamp: Option<i64>,
}

impl<P: Encode> OutgoingPacket<'_, P> {
    /// The encoded packet, as a [`CompoundWriter`](compound::CompoundWriter) embeds it.
    pub fn to_bytes(&self) -> Bytes {
        let mut out = BytesMut::with_capacity(self.written_len());
        self.write_to(&mut out);
        out.freeze()
    }
}

impl<P: Encode> Encode for OutgoingPacket<'_, P> {
    fn written_len(&self) -> usize {
        delimited_len(1, self.packet_id.len())
            + delimited_len(2, self.package.len())
            + self
                .sequence
                .map_or(0, |it| varint_len(3, it.cast_unsigned()))
            + varint_len(4, self.kind as u64)
            + delimited_len(5, self.payload.written_len())
            + self
                .timestamp
                .map_or(0, |it| varint_len(6, it.cast_unsigned()))
    }

    fn write_to(&self, out: &mut BytesMut) {
        put_bytes(1, self.packet_id.as_bytes(), out);
        put_bytes(2, self.package.as_bytes(), out);
        if let Some(sequence) = self.sequence {
            put_varint(3, sequence.cast_unsigned(), out);
        }
        put_varint(4, self.kind as u64, out);
        put_delimiter(5, self.payload.written_len(), out);
        self.payload.write_to(out);
        if let Some(timestamp) = self.timestamp {
            put_varint(6, timestamp.cast_unsigned(), out);
        }
    }
}
