//! Packets of the socket protocol: what decodes, encodes to what decodes to the same.

use std::fmt::Debug;

use bytes::BytesMut;
use prost::Message;
use wire::bind::{BindText, signature};
use wire::{
    ClientHeader, Compound, Encode, MimcPacket, OnlineMessageAck, P2pMessage, P2tMessage,
    PacketAck, Pull, RtsSignal, SequenceAck, UcGroupRequest, UcGroupResponse, UcMessage,
    UcMessageList, UcOnlineUsersResponse, UcPacket, UcPing, UcSequenceAck, XmMsgBind,
    XmMsgBindResp, XmMsgConn, XmMsgConnResp, XmMsgKick, open_secmsg, salvage,
};

/// Characters of a SHA-1 in base64.
const SIGNATURE_CHARS: usize = 28;

/// What every frame begins with.
pub(crate) fn header(bytes: &[u8]) {
    let Some(header) = same_again::<ClientHeader>(bytes) else {
        return;
    };
    let opened = open_secmsg(&header, b"key", BytesMut::from(bytes));
    assert_eq!(opened.len(), bytes.len(), "a cipher changes no length");
}

/// What begins and ends a binding.
pub(crate) fn bind(bytes: &[u8]) {
    same_again::<XmMsgConn>(bytes);
    same_again::<XmMsgConnResp>(bytes);
    same_again::<XmMsgBindResp>(bytes);
    same_again::<XmMsgKick>(bytes);
    if let Some(bind) = same_again::<XmMsgBind>(bytes) {
        let header = ClientHeader::from_client("BIND", 7, "pc", "id", 0);
        let signed = |key| signature(&BindText::of(&header, &bind, "challenge", key));
        assert_eq!(signed("key").len(), SIGNATURE_CHARS);
        assert_ne!(signed("key"), signed("another"), "the key is signed");
    }
}

/// What a SECMSG carries, of every type.
pub(crate) fn packet(bytes: &[u8]) {
    if let Some(packet) = same_again::<MimcPacket>(bytes)
        && let (Some(id), Some(kind)) = (&packet.packet_id, packet.kind())
        && let Some((salvaged, salvaged_kind)) = salvage(&packet.encode_to_vec())
    {
        assert_eq!(
            (&salvaged, salvaged_kind),
            (id, kind),
            "what is sound is salvaged as it is"
        );
    }
    let _ = salvage(bytes);
    same_again::<P2pMessage>(bytes);
    same_again::<P2tMessage>(bytes);
    same_again::<SequenceAck>(bytes);
    same_again::<PacketAck>(bytes);
    same_again::<Pull>(bytes);
    same_again::<Compound>(bytes);
    same_again::<RtsSignal>(bytes);
    same_again::<OnlineMessageAck>(bytes);
    same_again::<UcPacket>(bytes);
    same_again::<UcPing>(bytes);
    same_again::<UcMessage>(bytes);
    same_again::<UcMessageList>(bytes);
    same_again::<UcSequenceAck>(bytes);
    same_again::<UcGroupRequest>(bytes);
    same_again::<UcGroupResponse>(bytes);
    same_again::<UcOnlineUsersResponse>(bytes);
}

fn same_again<M: Message + Default + PartialEq + Debug>(bytes: &[u8]) -> Option<M> {
    let message = M::decode(bytes).ok()?;
    let written = message.encode_to_vec();
    assert_eq!(written.len(), message.written_len());
    assert_eq!(M::decode(&written[..]).as_ref(), Ok(&message));
    Some(message)
}
