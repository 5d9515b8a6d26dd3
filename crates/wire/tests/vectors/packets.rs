//! Headers and packets outside frames.

use bytes::Bytes;
use prost::Message;
use wire::packet::packet_ack::AckedPacket;
use wire::{
    ClientHeader, Compound, MimcPacket, MimcUser, OutgoingPacket, P2pMessage, PacketAck,
    PacketType, XmMsgBind, header,
};

use crate::{APP_ID, PACKAGE, RESOURCE, UUID, UUID_UNSIGNED, is_message, unhex};

vectors! {
    bind_header: "T3a BIND ClientHeader bytes", |hex| {
        let header = ClientHeader::from_client(header::BIND, UUID, RESOURCE, "Pfx_1", 0);
        is_message(&unhex(hex), &header);
    };
    bind_payload: "T3b XMMsgBind bytes", |hex| {
        let bind = XmMsgBind::new("tok-ABC", "8Vor/Mjn85WkVcHosbzGDd7yYVU=");
        is_message(&unhex(hex), &bind);
    };
    p2p_packet: "T5a MIMCPacket (P2P \"hello\" alice->bob, packetId Pfx_2, timestamp 1700000000 s)",
        |hex| is_message(&unhex(hex), &hello());
    packet_ack:
        "T6a MIMCPacket type 4 (ack Pfx_2, seq 1001, ts 1700000000123, code 0)", |hex| {
        let packet = MimcPacket::decode(&unhex(hex)[..]).unwrap();
        is_message(&packet.payload.unwrap(), &ack());
        assert_eq!(outgoing_ack(&ack()).to_bytes(), unhex(hex));
    };
    compound: "T7a MIMCPacket type 6 (one P2P \"hi alice\" from bob, seq 1002)", |hex| {
        let packet = MimcPacket::decode(&unhex(hex)[..]).unwrap();
        assert_eq!(packet.kind(), Some(PacketType::Compound));
        is_message(&packet.payload.unwrap(), &list());
        assert_eq!(outgoing_list(&list()).to_bytes(), unhex(hex));
    };
}

fn alice() -> MimcUser {
    MimcUser::device(APP_ID, "alice", UUID_UNSIGNED, RESOURCE)
}

/// `hello` from alice to bob, as a client sends it.
pub(crate) fn hello_message() -> P2pMessage {
    let to = MimcUser::account(APP_ID, "bob");
    P2pMessage::new(alice(), to, Bytes::from_static(b"hello"), true, "TEXT")
}

/// The same in its envelope, with the timestamp in seconds that the C++ client writes.
pub(crate) fn hello() -> MimcPacket {
    MimcPacket {
        packet_id: Some("Pfx_2".to_owned()),
        package: Some(PACKAGE.to_owned()),
        r#type: Some(PacketType::P2pMessage.into()),
        payload: Some(hello_message().encode_to_vec().into()),
        timestamp: Some(1_700_000_000),
        conversation: Some(false),
        ..MimcPacket::default()
    }
}

pub(crate) fn ack() -> PacketAck {
    let packet = AckedPacket {
        packet_id: "Pfx_2",
        package: PACKAGE,
        uuid: UUID_UNSIGNED,
        resource: RESOURCE,
    };
    PacketAck::accepted(packet, 1001, 1_700_000_000_123)
}

pub(crate) fn outgoing_ack(ack: &PacketAck) -> OutgoingPacket<'_, PacketAck> {
    OutgoingPacket {
        packet_id: "srv_1",
        package: PACKAGE,
        sequence: Some(1001),
        kind: PacketType::PacketAck,
        payload: ack,
        timestamp: Some(1_700_000_000_123),
    }
}

/// `hi alice` from bob in a list, with `to.uuid` and without minSequence.
pub(crate) fn list() -> Compound {
    let to = MimcUser {
        uuid: Some(UUID_UNSIGNED),
        ..MimcUser::account(APP_ID, "alice")
    };
    let bob = MimcUser::device(APP_ID, "bob", 10_778_725_662_851_072, "bobRes");
    let message = P2pMessage::new(bob, to, Bytes::from_static(b"hi alice"), true, "TEXT");
    let inner = OutgoingPacket {
        packet_id: "bobPkt_7",
        package: PACKAGE,
        sequence: Some(1002),
        kind: PacketType::P2pMessage,
        payload: &message,
        timestamp: Some(1_700_000_000_456),
    };
    Compound {
        uuid: Some(UUID_UNSIGNED),
        resource: Some(RESOURCE.to_owned()),
        max_sequence: Some(1002),
        packets: vec![inner.to_bytes()],
        status: Some(1),
        min_sequence: None,
    }
}

pub(crate) fn outgoing_list(list: &Compound) -> OutgoingPacket<'_, Compound> {
    OutgoingPacket {
        packet_id: "srv_2",
        package: PACKAGE,
        sequence: None,
        kind: PacketType::Compound,
        payload: list,
        timestamp: Some(1_700_000_000_456),
    }
}
