//! V5 frames: what a real web client sent, and what it must be answered.

use prost::Message;
use wire::bind::{BindText, signature};
use wire::header::{self, CIPHER_NONE, CIPHER_RC4};
use wire::packet::unlimited::UcType;
use wire::{
    ClientHeader, ClientKind, DirFlag, Encode, KickCause, MimcGroup, MimcPacket, MimcUser,
    OutgoingPacket, PacketType, Pull, SequenceAck, UcGroupRequest, UcPacket, XmMsgBind,
    XmMsgBindResp, XmMsgConn, XmMsgConnResp, XmMsgKick,
};

use crate::packets::{ack, hello_message, list, outgoing_ack, outgoing_list};
use crate::{
    APP_ID, CHALLENGE, Comparable, PACKAGE, RESOURCE, UUID, UUID_UNSIGNED, is_frame, is_secmsg,
};

vectors! {
    conn_answer: "W1 WS CONN response (V5)", |hex| {
        let request = conn_header("web17000000000000");
        let header = ClientHeader::response_to(&request);
        is_frame(hex, None, &header, &XmMsgConnResp::new(CHALLENGE, "fe1"));
    };
    bind_accepted: "W2 WS BIND response ok (V5)", |hex| {
        let header = ClientHeader::response_to(&request(header::BIND, "web17000000000011"));
        is_frame(hex, None, &header, &XmMsgBindResp::accepted());
    };
    compound: "W3 WS COMPOUND (V5, payload RC4, header id srv_2)", |hex| {
        let (header, list) = (server(header::SECMSG, "srv_2", CIPHER_RC4), list());
        let packet = outgoing_list(&list);
        assert_eq!(is_secmsg(hex, None, &header, &packet), packet.to_bytes());
    };
    packet_ack: "W4 WS PACKET_ACK (V5, payload RC4, header id srv_1)", |hex| {
        let (header, ack) = (server(header::SECMSG, "srv_1", CIPHER_RC4), ack());
        let packet = outgoing_ack(&ack);
        assert_eq!(is_secmsg(hex, None, &header, &packet), packet.to_bytes());
    };
    ping_answer: "W5 WS PING reply (V5)", |hex| {
        let header = ClientHeader::response_to(&request(header::PING, "web17000000000012"));
        is_frame(hex, None, &header, &());
    };
    kick: "W6 WS KICK (V5)", |hex| {
        let header = server(header::KICK, "srv_3", CIPHER_NONE);
        is_frame(hex, None, &header, &XmMsgKick::from(KickCause::Replaced));
    };
    conn: "W-S0 CONN (header has only server, cmd, id; os empty; udid \"websocket\"; sdk 31)",
        |hex| {
        let conn = XmMsgConn {
            version: Some(106),
            model: Some("Netscape".to_owned()),
            os: Some(String::new()),
            udid: Some("websocket".to_owned()),
            sdk: Some(31),
            ..XmMsgConn::default()
        };
        assert_eq!(ClientKind::of(&conn), ClientKind::Web);
        is_frame(hex, None, &conn_header("web17951727141520"), &conn);
    };
    bind: "W-S1 BIND (kick = 12 00)", |hex| {
        let header = request(header::BIND, "web17951727141591");
        let mut bind = XmMsgBind {
            token: Some("tok-ABC".to_owned()),
            kick: Some(String::new()),
            method: Some("XIAOMI-PASS".to_owned()),
            ..XmMsgBind::default()
        };
        let text = BindText::of(&header, &bind, CHALLENGE, "AAECAwQFBgcICQoLDA0ODw==");
        bind.sig = Some(signature(&text));
        is_frame(hex, None, &header, &bind);
    };
    sequence_ack: "W-S2 SEQUENCE_ACK for W3 (payload clear; no packetId/package)", |hex| {
        let ack = SequenceAck::new(UUID_UNSIGNED, RESOURCE, 1002, APP_ID);
        let packet = MimcPacket {
            r#type: Some(PacketType::SequenceAck.into()),
            payload: Some(ack.encode_to_vec().into()),
            ..MimcPacket::default()
        };
        let payload = is_secmsg(hex, None, &request(header::SECMSG, "web17951727141622"), &packet);
        assert_eq!(MimcPacket::decode(payload).unwrap(), packet);
        assert_eq!(SequenceAck::decode(packet.payload.unwrap()).unwrap(), ack);
    };
    p2p: "W-S3 P2P \"hello\" to bob, bizType TEXT (payload clear, no cipher field)", |hex| {
        is_web_packet(
            hex, "web17951727141643", PacketType::P2pMessage, &hello_message(),
        );
    };
    uc_join: "W-S4 UC JOIN topic 29516394685530112", |hex| {
        let alice = MimcUser::device(APP_ID, "alice", UUID_UNSIGNED, RESOURCE);
        let group = UcGroupRequest::new(MimcGroup::new(APP_ID, 29_516_394_685_530_112));
        let join = UcPacket::new(alice, UcType::Join, &group, "web17951727141645");
        assert_eq!(join.kind(), Some(UcType::Join));
        is_web_packet(hex, "web17951727141645", PacketType::UcPacket, &join);
        assert_eq!(UcGroupRequest::decode(join.payload.unwrap()).unwrap(), group);
    };
    pull: "W-S5 PULL", |hex| {
        let pull = Pull::new(UUID_UNSIGNED, RESOURCE, APP_ID);
        is_web_packet(hex, "web17951727141656", PacketType::Pull, &pull);
    };
    ubnd: "W-S6 UBND (empty payload)", |hex| {
        is_frame(hex, None, &request(header::UBND, "web17951727141657"), &());
    };
}

/// A packet without sequence and timestamp, in clear, in a frame of the same id.
fn is_web_packet<M: Comparable>(hex: &str, id: &str, kind: PacketType, message: &M) {
    let outgoing = OutgoingPacket {
        packet_id: id,
        package: PACKAGE,
        sequence: None,
        kind,
        payload: message,
        timestamp: None,
    };
    let payload = is_secmsg(hex, None, &request(header::SECMSG, id), &outgoing);
    assert_eq!(payload.len(), outgoing.written_len());
    let packet = MimcPacket::decode(payload).unwrap();
    assert_eq!(packet.kind(), Some(kind));
    assert_eq!(packet.packet_id(), id);
    assert_eq!(packet.package(), PACKAGE);
    assert_eq!(&M::decode(packet.payload.unwrap()).unwrap(), message);
}

/// The web client writes a header without direction and cipher.
fn request(cmd: &str, id: &str) -> ClientHeader {
    ClientHeader {
        chid: Some(9),
        uuid: Some(UUID),
        resource: Some(RESOURCE.to_owned()),
        cmd: Some(cmd.to_owned()),
        ..conn_header(id)
    }
}

fn conn_header(id: &str) -> ClientHeader {
    ClientHeader {
        server: Some(header::SERVER.to_owned()),
        cmd: Some(header::CONN.to_owned()),
        id: Some(id.to_owned()),
        ..ClientHeader::default()
    }
}

fn server(cmd: &str, id: &str, cipher: i32) -> ClientHeader {
    let (uuid, resource) = (Some(UUID), Some(RESOURCE));
    ClientHeader::from_server(cmd, uuid, resource, id, DirFlag::ScOneway, cipher)
}
