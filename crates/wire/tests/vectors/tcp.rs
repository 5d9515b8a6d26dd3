//! V6 frames.

use bytes::BytesMut;
use prost::Message;
use wire::header::{self, CIPHER_NONE, CIPHER_RC4};
use wire::{
    BARE_PING, ClientHeader, DirFlag, Incoming, KickCause, MimcPacket, Version, XmMsgBind,
    XmMsgBindResp, XmMsgConn, XmMsgConnResp, XmMsgKick, frame_len, open,
};

use crate::packets::{ack, hello, list, outgoing_ack, outgoing_list};
use crate::{CHALLENGE, RESOURCE, UDID, UUID, body_cipher, is_frame, is_secmsg, unhex};

vectors! {
    conn: "T1 CONN request frame (C++ field set, header id Pfx_0), clear", |hex| {
        is_frame(hex, None, &request(header::CONN, "Pfx_0"), &cpp_conn(UDID, None));
    };
    conn_answer: "T2 CONN response frame, clear (challenge, host \"fe1\", dir_flag 6)", |hex| {
        let header = answer(header::CONN, "Pfx_0");
        is_frame(hex, None, &header, &XmMsgConnResp::new(CHALLENGE, "fe1"));
    };
    bind: "T3 BIND request frame (body encrypted, udid Ab3dE6gH9j)", |hex| {
        let bind = XmMsgBind::new("tok-ABC", "8Vor/Mjn85WkVcHosbzGDd7yYVU=");
        is_frame(hex, Some(&body_cipher(UDID)), &request(header::BIND, "Pfx_1"), &bind);
    };
    bind_accepted: "T4 BIND response result=true + 3 empty strings (body encrypted)", |hex| {
        let header = answer(header::BIND, "Pfx_1");
        is_frame(hex, Some(&body_cipher(UDID)), &header, &XmMsgBindResp::accepted());
    };
    bind_refused:
        "T4b BIND response result=false, \"token-expired\",\"invalid-token\",\"token expired\"",
        |hex| {
        let header = answer(header::BIND, "Pfx_1");
        let refused = XmMsgBindResp::refused("token-expired", "invalid-token", "token expired");
        is_frame(hex, Some(&body_cipher(UDID)), &header, &refused);
    };
    p2p: "T5 SECMSG client->server frame (payload RC4 then body RC4)", |hex| {
        let header = ClientHeader::from_client(
            header::SECMSG, UUID, RESOURCE, "Pfx_3", CIPHER_RC4,
        );
        let payload = is_secmsg(hex, Some(&body_cipher(UDID)), &header, &hello());
        assert_eq!(MimcPacket::decode(payload).unwrap(), hello());
    };
    packet_ack: "T6 SECMSG server->client frame (header id srv_1, dir_flag 4, cipher 1)", |hex| {
        let (header, ack) = (server(header::SECMSG, "srv_1", CIPHER_RC4), ack());
        let packet = outgoing_ack(&ack);
        let payload = is_secmsg(hex, Some(&body_cipher(UDID)), &header, &packet);
        assert_eq!(payload, packet.to_bytes());
    };
    compound: "T7 SECMSG server->client frame (header id srv_2)", |hex| {
        let (header, list) = (server(header::SECMSG, "srv_2", CIPHER_RC4), list());
        let packet = outgoing_list(&list);
        let payload = is_secmsg(hex, Some(&body_cipher(UDID)), &header, &packet);
        assert_eq!(payload, packet.to_bytes());
    };
    bare_ping: "T8 bare V6 ping = pong", |hex| {
        let frame = unhex(hex);
        assert_eq!(frame, BARE_PING);
        assert_eq!(frame_len(&frame, None, 0), Ok(Some((Version::V6, 12))));
        let cipher = body_cipher(UDID);
        assert_eq!(open(BytesMut::from(&frame[..]), Some(&cipher)), Ok(Incoming::Bare));
    };
    ping: "T9 PING frame, Go form (header id mimc_go_abcdefghij_9, bodyKey of udid \"\")", |hex| {
        let header = request(header::PING, "mimc_go_abcdefghij_9");
        is_frame(hex, Some(&body_cipher("")), &header, &());
    };
    kick: "T10 KICK frame, XMMsgKick(\"wait\",\"single-resource-kick\",\"replaced\")", |hex| {
        let header = server(header::KICK, "srv_3", CIPHER_NONE);
        is_frame(hex, Some(&body_cipher(UDID)), &header, &XmMsgKick::from(KickCause::Replaced));
    };
    java_conn: "Java 2.0.8 CONN, first frame of the process", |hex| {
        let header = ClientHeader {
            uuid: Some(2),
            server: Some(header::SERVER.to_owned()),
            cmd: Some(header::CONN.to_owned()),
            cipher: Some(0),
            ..ClientHeader::default()
        };
        is_frame(hex, None, &header, &cpp_conn("", Some("127.0.0.1:15222")));
    };
}

/// What the C++ client announces; Java announces the same and the address besides.
fn cpp_conn(udid: &str, host: Option<&str>) -> XmMsgConn {
    XmMsgConn {
        version: Some(106),
        model: Some(String::new()),
        os: Some(String::new()),
        udid: Some(udid.to_owned()),
        sdk: Some(33),
        connpt: Some(String::new()),
        host: host.map(str::to_owned),
        locale: Some(String::new()),
        andver: Some(0),
    }
}

fn request(cmd: &str, id: &str) -> ClientHeader {
    ClientHeader::from_client(cmd, UUID, RESOURCE, id, CIPHER_NONE)
}

fn answer(cmd: &str, id: &str) -> ClientHeader {
    ClientHeader::response_to(&request(cmd, id))
}

fn server(cmd: &str, id: &str, cipher: i32) -> ClientHeader {
    let (uuid, resource) = (Some(UUID), Some(RESOURCE));
    ClientHeader::from_server(cmd, uuid, resource, id, DirFlag::ScOneway, cipher)
}
