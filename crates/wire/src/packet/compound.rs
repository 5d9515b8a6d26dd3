//! COMPOUND, server to client: a list of P2P or of P2T messages, never of both, never empty.
//!
//! ```text
//! 1 uuid u64 | 2 resource | 3 maxSequence i64 | 4 repeated MimcPacket
//! 5 status 1 NORMAL, 2 EXCEED_COUNT_LIMIT | 6 minSequence i64
//! ```
//!
//! An inner packet is the same for every receiver: it is encoded once and embedded as bytes.

use bytes::BytesMut;

use crate::encode::{Encode, delimited_len, put_bytes, put_varint, varint_len};
use crate::numbered::numbered;

/// Messages in one list.
pub const MESSAGES_MAX: usize = 50;

numbered! {
    /// Whether the list is all there is.
    CompoundStatus {
        /// Nothing was left out.
        Normal = 1,
        /// More was pending than is kept.
        ExceedCountLimit = 2,
    }
}

/// A list for one device, written from packets that are already encoded.
#[derive(Debug, Clone, Copy)]
pub struct CompoundWriter<'a, B> {
    /// The receiving connection's, exactly.
    pub uuid: u64,
    /// The receiving connection's, exactly.
    pub resource: &'a str,
    /// Sequence of the last packet.
    pub max_sequence: i64,
    /// Sequence of the first packet.
    pub min_sequence: i64,
    /// Encoded [`MimcPacket`](crate::MimcPacket)s in ascending sequence.
    pub packets: &'a [B],
    /// Usually normal.
    pub status: CompoundStatus,
}

impl<B: AsRef<[u8]>> Encode for CompoundWriter<'_, B> {
    fn written_len(&self) -> usize {
        let packets = self.packets.iter().map(|it| entry_len(it.as_ref().len()));
        varint_len(1, self.uuid)
            + delimited_len(2, self.resource.len())
            + varint_len(3, self.max_sequence.cast_unsigned())
            + packets.sum::<usize>()
            + varint_len(5, self.status as u64)
            + varint_len(6, self.min_sequence.cast_unsigned())
    }

    fn write_to(&self, out: &mut BytesMut) {
        put_varint(1, self.uuid, out);
        put_bytes(2, self.resource.as_bytes(), out);
        put_varint(3, self.max_sequence.cast_unsigned(), out);
        for packet in self.packets {
            put_bytes(4, packet.as_ref(), out);
        }
        put_varint(5, self.status as u64, out);
        put_varint(6, self.min_sequence.cast_unsigned(), out);
    }
}

/// Bytes that an encoded packet of `packet_len` bytes adds to a list.
pub fn entry_len(packet_len: usize) -> usize {
    delimited_len(4, packet_len)
}

/// Bytes that a frame has beyond its header, resource, package, packetId and the [`entry_len`]s
/// of its packets, at most: lets a sender cut a list by size before it builds anything.
pub const OVERHEAD_BYTES_MAX: usize = 128;
