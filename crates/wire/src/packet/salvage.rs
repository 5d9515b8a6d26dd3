//! What can still be read of a damaged packet. A Go client whose packet is never acknowledged waits
//! for ever, so even one that cannot be decoded is refused by its id.

use prost::encoding::{DecodeContext, WireType, decode_key, decode_varint, skip_field};

use super::PacketType;

/// packetId and type of a [`MimcPacket`](crate::MimcPacket) whose decoding fails, if both stand
/// before the damage and the type is known.
pub fn salvage(mut packet: &[u8]) -> Option<(String, PacketType)> {
    let (mut packet_id, mut kind) = (None, None);
    while packet_id.is_none() || kind.is_none() {
        let (tag, wire_type) = decode_key(&mut packet).ok()?;
        match (tag, wire_type) {
            (1, WireType::LengthDelimited) => packet_id = Some(text(&mut packet)?),
            (4, WireType::Varint) => kind = Some(packet_type(&mut packet)?),
            _ => skip_field(wire_type, tag, &mut packet, DecodeContext::default()).ok()?,
        }
    }
    Some((packet_id?.to_owned(), kind?))
}

fn text<'a>(packet: &mut &'a [u8]) -> Option<&'a str> {
    let len = usize::try_from(decode_varint(packet).ok()?).ok()?;
    let (text, rest) = packet.split_at_checked(len)?;
    *packet = rest;
    str::from_utf8(text).ok()
}

fn packet_type(packet: &mut &[u8]) -> Option<PacketType> {
    let number = i32::try_from(decode_varint(packet).ok()?).ok()?;
    number.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Encode, OutgoingPacket};

    fn packet(kind: PacketType) -> Vec<u8> {
        let payload = crate::Pull::new(1, "pc", 2);
        OutgoingPacket {
            packet_id: "p_1",
            package: "com.example",
            sequence: None,
            kind,
            payload: &payload,
            timestamp: None,
        }
        .to_bytes()
        .to_vec()
    }

    #[test]
    fn a_packet_cut_behind_its_type_still_tells_its_id() {
        let whole = packet(PacketType::P2pMessage);
        let type_ends = whole.len() - crate::Pull::new(1, "pc", 2).written_len() - 2;
        for cut in 0..whole.len() {
            let expected = (cut >= type_ends).then(|| ("p_1".to_owned(), PacketType::P2pMessage));
            assert_eq!(salvage(&whole[..cut]), expected, "cut at {cut}");
        }
    }

    #[test]
    fn a_package_that_is_no_text_does_not_matter() {
        let mut damaged = packet(PacketType::UcPacket);
        damaged[8] = 0xff;
        assert!(<crate::MimcPacket as prost::Message>::decode(&damaged[..]).is_err());
        assert_eq!(salvage(&damaged).unwrap().1, PacketType::UcPacket);
    }

    #[test]
    fn an_unknown_type_or_an_id_that_is_no_text_is_nothing() {
        assert_eq!(salvage(b"\x0a\x01a\x20\x63"), None);
        assert_eq!(salvage(b"\x0a\x01\xff\x20\x01"), None);
        assert_eq!(
            salvage(b"\x0a\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"),
            None
        );
    }
}
