//! `UC_PACKET`: unlimited groups, an envelope of their own within the packet.
//!
//! ```text
//! envelope        1 user MimcUser | 2 type | 3 payload bytes | 4 packetId         all always present
//! JOIN QUIT DISMISS QUERY_ONLINE_USERS   1 group
//! JOIN_RESP QUIT_RESP                    1 group | 2 code i32, 0 ok | 3 message
//! QUERY_ONLINE_USERS_RESP                1 group | 2 count
//! PING                                   repeated 1 group
//! MESSAGE         1 group | 2 payload bytes | 3 sequence i64 | 4 isStore bool | 5 user
//!                 6 timestamp i64 ms | 7 packetId | 8 bizType
//! MESSAGE_LIST    1 group | 2 repeated MESSAGE | 3 maxSequence i64
//! SEQ_ACK         1 group | 2 sequence i64
//! ```
//!
//! A group is `1 appId u64 | 2 topicId u64`, as a topic's.

use bytes::{Bytes, BytesMut};

use crate::numbered::numbered;
use crate::{Encode, MimcGroup, MimcUser, UcGroupRequest, UcGroupResponse, UcPacket};

numbered! {
    /// What the payload of a [`UcPacket`] is.
    UcType {
        /// The device is present in these groups.
        Ping = 1,
        /// Answer to a ping.
        Pong = 2,
        /// Become a member.
        Join = 3,
        /// Answer to a join.
        JoinResp = 4,
        /// Leave.
        Quit = 5,
        /// Answer to a quit.
        QuitResp = 6,
        /// A device has everything of a group up to a sequence.
        SeqAck = 7,
        /// To a group; answered with a `PACKET_ACK`.
        Message = 8,
        /// From a group.
        MessageList = 9,
        /// The group is no more.
        Dismiss = 10,
        /// How many are present.
        QueryOnlineUsers = 11,
        /// Answer to that.
        QueryOnlineUsersResp = 12,
    }
}

impl UcPacket {
    /// A packet with all four fields, as clients insist. `user` is the sender, or in a server packet
    /// the receiving connection's; an answer has the `packet_id` of its request.
    pub fn new(user: MimcUser, kind: UcType, payload: &impl Encode, packet_id: &str) -> Self {
        let mut encoded = BytesMut::with_capacity(payload.written_len());
        payload.write_to(&mut encoded);
        Self {
            payload: Some(encoded.freeze()),
            ..Self::bare(user, kind, packet_id)
        }
    }

    /// The answer to a ping: an empty payload.
    pub fn pong(user: MimcUser, packet_id: &str) -> Self {
        Self::bare(user, UcType::Pong, packet_id)
    }

    /// What the payload is; `None` for a type that we do not know, or none at all.
    pub fn kind(&self) -> Option<UcType> {
        self.r#type.and_then(|number| number.try_into().ok())
    }

    fn bare(user: MimcUser, kind: UcType, packet_id: &str) -> Self {
        Self {
            user: Some(user),
            r#type: Some(kind.into()),
            payload: Some(Bytes::new()),
            packet_id: Some(packet_id.to_owned()),
        }
    }
}

impl UcGroupRequest {
    /// A request about one group.
    pub fn new(group: MimcGroup) -> Self {
        Self { group: Some(group) }
    }
}

impl UcGroupResponse {
    /// The answer to a join or quit: code 0 is success, with an empty message.
    pub fn new(group: Option<MimcGroup>, code: i32, message: &str) -> Self {
        Self {
            group,
            code: Some(code),
            message: Some(message.to_owned()),
        }
    }
}
