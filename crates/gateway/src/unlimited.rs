//! Unlimited groups before they exist: the answers that keep their clients healthy.

use bytes::Bytes;
use prost::Message as _;
use wire::packet::unlimited::UcType;
use wire::{UcGroupRequest, UcGroupResponse, UcOnlineUsersResponse, UcPacket};

use crate::connection::Connection;
use crate::link::Stream;
use chat::SendError;

/// Any code but 0 tells that it did not work.
const NOT_DONE: i32 = 1;
const REASON: &str = "unlimited groups are not available";

impl<S: Stream> Connection<S> {
    pub(crate) fn unlimited(&mut self, packet_id: String, payload: Bytes) {
        let Ok(inner) = UcPacket::decode(payload) else {
            return self.refuse(packet_id, SendError::BadTarget);
        };
        match inner.kind() {
            Some(UcType::Message) => self.refuse(packet_id, SendError::UnknownTopic),
            Some(UcType::Join) => self.answer(&inner, UcType::JoinResp),
            Some(UcType::Quit) => self.answer(&inner, UcType::QuitResp),
            Some(UcType::QueryOnlineUsers) => self.answer(&inner, UcType::QueryOnlineUsersResp),
            Some(UcType::Ping) => self.answer(&inner, UcType::Pong),
            _ => self.ignore(),
        }
    }

    fn answer(&mut self, request: &UcPacket, kind: UcType) {
        let Some(binding) = &self.binding else {
            return self.ignore();
        };
        let user = binding.identity.user();
        let payload = request.payload.clone().unwrap_or_default();
        let group = UcGroupRequest::decode(payload)
            .ok()
            .and_then(|request| request.group);
        let packet_id = request.packet_id();
        let answer = match kind {
            UcType::Pong => UcPacket::pong(user, packet_id),
            UcType::QueryOnlineUsersResp => {
                let nobody = UcOnlineUsersResponse {
                    group,
                    count: Some(0),
                };
                UcPacket::new(user, kind, &nobody, packet_id)
            }
            _ => {
                let response = UcGroupResponse::new(group, NOT_DONE, REASON);
                UcPacket::new(user, kind, &response, packet_id)
            }
        };
        let now_ms = self.gateway.chat.clock.now_ms();
        self.seal(|sealer, out| sealer.unlimited(&answer, now_ms, out));
    }
}
