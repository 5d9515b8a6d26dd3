//! Every message of the protocol: encoded and decoded, cut at every byte, and read from nonsense.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::fmt::Debug;

use bytes::Bytes;
use proptest::prelude::*;
use prost::Message;
use wire::packet::compound::{self, CompoundStatus, CompoundWriter};
use wire::{
    ClientHeader, Compound, Encode, MimcGroup, MimcPacket, MimcUser, OnlineMessageAck,
    OutgoingPacket, P2pMessage, P2tMessage, PacketAck, PacketType, Pull, RtsSignal, SequenceAck,
    UcGroupRequest, UcGroupResponse, UcMessage, UcMessageList, UcOnlineUsersResponse, UcPacket,
    UcPing, UcSequenceAck, Version, XmMsgBind, XmMsgBindResp, XmMsgConn, XmMsgConnResp, XmMsgKick,
    salvage, sealed_len,
};

fn cases() -> ProptestConfig {
    ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::with_cases(256)
    }
}

type Text = Option<String>;
type Number = Option<u64>;

fn text() -> impl Strategy<Value = Text> {
    prop::option::of(".{0,10}")
}

fn texts() -> impl Strategy<Value = [Text; 6]> {
    [text(), text(), text(), text(), text(), text()]
}

fn blob() -> impl Strategy<Value = Option<Bytes>> {
    prop::option::of(prop::collection::vec(any::<u8>(), 0..30).prop_map(Bytes::from))
}

fn group() -> impl Strategy<Value = Option<MimcGroup>> {
    prop::option::of(
        any::<(Number, Number)>().prop_map(|(app_id, topic_id)| MimcGroup { app_id, topic_id }),
    )
}

fn user() -> impl Strategy<Value = Option<MimcUser>> {
    prop::option::of((any::<(Number, Number)>(), text(), text()).prop_map(
        |((app_id, uuid), app_account, resource)| MimcUser {
            app_id,
            app_account,
            uuid,
            resource,
        },
    ))
}

fn survives<M: Message + Default + PartialEq + Debug>(message: &M) -> Result<(), TestCaseError> {
    let bytes = message.encode_to_vec();
    prop_assert_eq!(bytes.len(), message.written_len());
    prop_assert_eq!(&M::decode(&bytes[..]).unwrap(), message);
    for cut in 0..bytes.len() {
        // A cut between two fields leaves a shorter message; what matters is that it encodes to
        // no more than it was read from.
        if let Ok(shorter) = M::decode(&bytes[..cut]) {
            prop_assert!(shorter.encoded_len() <= cut);
        }
    }
    Ok(())
}

/// One property per message, from one strategy for all of its fields.
macro_rules! survive {
    ($($name:ident($($value:pat in $strategy:expr),+) $message:expr;)+) => {
        proptest! {
            #![proptest_config(cases())]
            $(
                #[test]
                fn $name($($value in $strategy),+) {
                    survives(&$message)?;
                }
            )+
        }
    };
}

survive! {
    header(
        (chid, uuid, dir_flag, cipher, err_code) in
            any::<(Option<i32>, Option<i64>, Option<i32>, Option<i32>, Option<i32>)>(),
        [server, resource, cmd, subcmd, id, err_str] in texts()
    ) ClientHeader {
        chid, uuid, server, resource, cmd, subcmd, id, dir_flag, cipher, err_code, err_str,
    };
    conn(
        (version, sdk, andver) in any::<(Option<u32>, Option<i32>, Option<i32>)>(),
        [model, os, udid, connpt, host, locale] in texts()
    ) XmMsgConn { version, model, os, udid, sdk, connpt, host, locale, andver };
    conn_answer(challenge in text(), host in text()) XmMsgConnResp { challenge, host };
    bind(
        sso in any::<Option<bool>>(),
        [token, kick, method, client_attrs, cloud_attrs, sig] in texts()
    ) XmMsgBind { token, kick, method, client_attrs, cloud_attrs, sig, sso };
    bind_answer(
        result in any::<Option<bool>>(),
        [error_type, error_reason, error_desc, ..] in texts()
    ) XmMsgBindResp { result, error_type, error_reason, error_desc };
    kick([kind, reason, desc, ..] in texts()) XmMsgKick { r#type: kind, reason, desc };
    packet(
        (sequence, kind, timestamp, conversation, conv_index) in
            any::<(Option<i64>, Option<i32>, Option<i64>, Option<bool>, Option<i64>)>(),
        [packet_id, package, ..] in texts(),
        payload in blob()
    ) MimcPacket {
        packet_id, package, sequence, r#type: kind, payload, timestamp, conversation, conv_index,
    };
    p2p(
        from in user(), to in user(), payload in blob(),
        is_store in any::<Option<bool>>(), biz_type in text()
    ) P2pMessage { from, to, payload, is_store, biz_type };
    p2t(
        from in user(), to in group(), payload in blob(),
        is_store in any::<Option<bool>>(), biz_type in text()
    ) P2tMessage { from, to, payload, is_store, biz_type };
    sequence_ack(
        (uuid, sequence, app_id) in any::<(Number, Option<i64>, Number)>(), resource in text()
    ) SequenceAck { uuid, resource, sequence, app_id };
    packet_ack(
        (uuid, sequence, timestamp, code, conv_index) in
            any::<(Number, Option<i64>, Option<i64>, Option<i32>, Option<i64>)>(),
        [packet_id, resource, package, error_msg, ..] in texts()
    ) PacketAck {
        packet_id, uuid, resource, sequence, timestamp, package, error_msg, code, conv_index,
    };
    pull((uuid, app_id) in any::<(Number, Number)>(), resource in text())
        Pull { uuid, resource, app_id };
    compound(
        (uuid, max_sequence, status, min_sequence) in
            any::<(Number, Option<i64>, Option<i32>, Option<i64>)>(),
        resource in text(),
        packets in prop::collection::vec(blob(), 0..4)
    ) Compound {
        uuid, resource, max_sequence, packets: packets.into_iter().flatten().collect(), status,
        min_sequence,
    };
    rts_signal(
        (kind, call_id, call_type, uuid, region_bucket) in
            any::<(Option<i32>, Number, Option<i32>, Number, Number)>(),
        resource in text(),
        payload in blob()
    ) RtsSignal { r#type: kind, call_id, call_type, uuid, resource, payload, region_bucket };
    online_message_ack(
        (uuid, code) in any::<(Number, Option<i32>)>(),
        [packet_id, resource, error_msg, ..] in texts()
    ) OnlineMessageAck { packet_id, uuid, resource, code, error_msg };
    uc_packet(
        user in user(), kind in any::<Option<i32>>(), payload in blob(), packet_id in text()
    ) UcPacket { user, r#type: kind, payload, packet_id };
    uc_group_request(group in group()) UcGroupRequest { group };
    uc_group_response(group in group(), code in any::<Option<i32>>(), message in text())
        UcGroupResponse { group, code, message };
    uc_online_users(group in group(), count in any::<Number>())
        UcOnlineUsersResponse { group, count };
    uc_ping(groups in prop::collection::vec(group(), 0..4))
        UcPing { group: groups.into_iter().flatten().collect() };
    uc_message(message in uc_messages()) message;
    uc_message_list(
        group in group(),
        message in prop::collection::vec(uc_messages(), 0..3),
        max_sequence in any::<Option<i64>>()
    ) UcMessageList { group, message, max_sequence };
    uc_sequence_ack(group in group(), sequence in any::<Option<i64>>())
        UcSequenceAck { group, sequence };
}

fn uc_messages() -> impl Strategy<Value = UcMessage> {
    let numbers = any::<(Option<i64>, Option<bool>, Option<i64>)>();
    (group(), blob(), numbers, user(), text(), text()).prop_map(
        |(group, payload, (sequence, is_store, timestamp), user, packet_id, biz_type)| UcMessage {
            group,
            payload,
            sequence,
            is_store,
            user,
            timestamp,
            packet_id,
            biz_type,
        },
    )
}

/// Decodes as every message there is, ignoring what comes of it.
fn decode_as_all(bytes: &[u8]) {
    macro_rules! decode {
        ($($message:ty),+ $(,)?) => {
            $(let _ = <$message>::decode(bytes);)+
        };
    }
    decode!(
        ClientHeader,
        XmMsgConn,
        XmMsgConnResp,
        XmMsgBind,
        XmMsgBindResp,
        XmMsgKick,
        MimcPacket,
        P2pMessage,
        P2tMessage,
        SequenceAck,
        PacketAck,
        Pull,
        Compound,
        RtsSignal,
        OnlineMessageAck,
        UcPacket,
        UcGroupRequest,
        UcGroupResponse,
        UcOnlineUsersResponse,
        UcPing,
        UcMessage,
        UcMessageList,
        UcSequenceAck,
    );
    let _ = salvage(bytes);
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn random_bytes_do_not_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        decode_as_all(&bytes);
    }

    #[test]
    fn random_fields_do_not_panic(
        fields in prop::collection::vec(
            (1_u8..12, 0_u8..8, prop::collection::vec(any::<u8>(), 0..12)), 0..12,
        ),
    ) {
        let mut bytes = Vec::new();
        for (number, wire_type, value) in fields {
            bytes.push(number << 3 | wire_type);
            bytes.push(u8::try_from(value.len()).unwrap());
            bytes.extend(value);
        }
        decode_as_all(&bytes);
    }

    #[test]
    fn a_damaged_packet_gives_the_id_and_type_that_it_had(
        packet_id in ".{0,20}",
        package in ".{0,20}",
        body in prop::collection::vec(any::<u8>(), 0..60),
        cut in any::<prop::sample::Index>(),
    ) {
        let packet = MimcPacket {
            packet_id: Some(packet_id.clone()),
            package: Some(package),
            r#type: Some(PacketType::P2tMessage.into()),
            payload: Some(body.into()),
            ..MimcPacket::default()
        };
        let bytes = packet.encode_to_vec();
        let whole = Some((packet_id, PacketType::P2tMessage));
        let salvaged = salvage(&bytes[..cut.index(bytes.len() + 1)]);
        prop_assert!(salvaged.is_none() || salvaged == whole);
        prop_assert_eq!(salvage(&bytes), whole);
    }

    #[test]
    fn the_writers_write_what_the_messages_would(
        (uuid, sequences) in any::<(u64, [i64; 2])>(),
        [resource, packet_id, package] in [".{0,20}", ".{0,20}", ".{0,20}"],
        packets in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..300), 1..5),
        (sequence, timestamp) in any::<(Option<i64>, Option<i64>)>(),
    ) {
        let packets: Vec<Bytes> = packets.into_iter().map(Bytes::from).collect();
        let writer = CompoundWriter {
            uuid,
            resource: &resource,
            max_sequence: sequences[1],
            min_sequence: sequences[0],
            packets: &packets,
            status: CompoundStatus::Normal,
        };
        let written = OutgoingPacket {
            packet_id: &packet_id,
            package: &package,
            sequence,
            kind: PacketType::Compound,
            payload: &writer,
            timestamp,
        };
        let entries: usize = packets.iter().map(|it| compound::entry_len(it.len())).sum();
        let list = Compound {
            uuid: Some(uuid),
            resource: Some(resource.clone()),
            max_sequence: Some(sequences[1]),
            packets: packets.clone(),
            status: Some(1),
            min_sequence: Some(sequences[0]),
        };
        let expected = MimcPacket {
            packet_id: Some(packet_id.clone()),
            package: Some(package.clone()),
            sequence,
            r#type: Some(6),
            payload: Some(list.encode_to_vec().into()),
            timestamp,
            ..MimcPacket::default()
        };
        prop_assert_eq!(written.written_len(), expected.encoded_len());
        prop_assert_eq!(written.to_bytes(), expected.encode_to_vec());
        let names = resource.len() + packet_id.len() + package.len();
        let frame = sealed_len(Version::V6, 0, written.written_len());
        prop_assert!(frame <= names + entries + compound::OVERHEAD_BYTES_MAX);
    }
}

#[test]
fn is_store_is_true_when_absent() {
    assert!(P2pMessage::default().is_store());
    assert!(P2tMessage::default().is_store());
    assert!(UcMessage::default().is_store());
}

#[test]
fn an_unknown_packet_type_survives() {
    let packet = MimcPacket {
        r#type: Some(99),
        ..MimcPacket::default()
    };
    let again = MimcPacket::decode(&packet.encode_to_vec()[..]).unwrap();
    assert_eq!(again.r#type, Some(99));
    assert_eq!(again.kind(), None);
}
