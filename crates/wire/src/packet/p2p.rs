//! `P2P_MESSAGE`, to one account. An `ONLINE_MESSAGE` looks the same.
//!
//! ```text
//! 1 from MimcUser | 2 to MimcUser | 3 payload bytes | 4 isStore bool, absent is true | 5 bizType
//! ```
//!
//! The server fills `from` itself and leaves `to.resource` empty.

use bytes::Bytes;

use crate::{MimcUser, P2pMessage};

impl P2pMessage {
    /// A message with every field in place.
    pub fn new(
        from: MimcUser,
        to: MimcUser,
        payload: Bytes,
        is_store: bool,
        biz_type: &str,
    ) -> Self {
        Self {
            from: Some(from),
            to: Some(to),
            payload: Some(payload),
            is_store: Some(is_store),
            biz_type: Some(biz_type.to_owned()),
        }
    }
}
