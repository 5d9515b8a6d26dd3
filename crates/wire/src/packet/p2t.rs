//! `P2T_MESSAGE`, to the members of a topic.
//!
//! ```text
//! 1 from MimcUser | 2 to MimcGroup | 3 payload bytes | 4 isStore bool, absent is true | 5 bizType
//! ```

use bytes::Bytes;

use crate::{MimcGroup, MimcUser, P2tMessage};

impl P2tMessage {
    /// A message with every field in place.
    pub fn new(
        from: MimcUser,
        to: MimcGroup,
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
