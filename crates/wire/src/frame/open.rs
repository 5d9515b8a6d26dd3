//! A whole frame to header and payload, decrypted in place.

use bytes::{Buf, BytesMut};
use prost::Message;

use super::{
    CHECKSUM_BYTES, FrameError, HEADER_BYTES_MAX, LENGTHS_BYTES, PAYLOAD_TYPE, V5_PREFIX_BYTES,
    V6_PREFIX_BYTES, Version, frame_len, u16_at, u32_at,
};
use crate::{BodyCipher, ClientHeader};

/// What a frame held.
#[derive(Debug, Clone, PartialEq)]
#[expect(
    clippy::large_enum_variant,
    reason = "one lives at a time, on the stack; a box would be an allocation per frame"
)]
pub enum Incoming {
    /// A V6 frame without a body: a ping or its answer.
    Bare,
    /// A command.
    Packet {
        /// Which command, of whom.
        header: ClientHeader,
        /// Still under its payload key when it is an encrypted SECMSG. Mutable, so that it can be
        /// decrypted in place.
        payload: BytesMut,
    },
}

/// Takes apart exactly one whole frame, whose length [`frame_len`] has told and capped.
///
/// A V6 body is decrypted when there is a cipher; V5 has none, whatever is passed. Nothing about a
/// bare ping is checked beyond its length. The payload shares the frame's memory.
pub fn open(mut frame: BytesMut, cipher: Option<&BodyCipher>) -> Result<Incoming, FrameError> {
    let version = match frame_len(&frame, None, frame.len())? {
        Some((version, len)) if len == frame.len() => version,
        _ => return Err(FrameError::NotOneFrame),
    };
    if version == Version::V6 && frame.len() == V6_PREFIX_BYTES + CHECKSUM_BYTES {
        return Ok(Incoming::Bare);
    }
    check_sum(&frame)?;
    frame.truncate(frame.len() - CHECKSUM_BYTES);
    frame.advance(match version {
        Version::V6 => V6_PREFIX_BYTES,
        Version::V5 => V5_PREFIX_BYTES - LENGTHS_BYTES,
    });
    if let (Version::V6, Some(cipher)) = (version, cipher) {
        cipher.apply(&mut frame);
    }
    split(frame)
}

fn check_sum(frame: &[u8]) -> Result<(), FrameError> {
    let (summed, sum) = frame
        .split_last_chunk::<CHECKSUM_BYTES>()
        .ok_or(FrameError::NotOneFrame)?;
    if simd_adler32::adler32(&summed) == u32::from_be_bytes(*sum) {
        Ok(())
    } else {
        Err(FrameError::Checksum)
    }
}

fn split(mut body: BytesMut) -> Result<Incoming, FrameError> {
    let (Some(kind), Some(header_len), Some(payload_len)) =
        (u16_at(&body, 0), u16_at(&body, 2), u32_at(&body, 4))
    else {
        return Err(FrameError::TooShort(body.len()));
    };
    if kind != usize::from(PAYLOAD_TYPE) {
        return Err(FrameError::PayloadType);
    }
    let payload_at = LENGTHS_BYTES + header_len;
    if payload_at.checked_add(payload_len) != Some(body.len()) {
        return Err(FrameError::Lengths);
    }
    if header_len > HEADER_BYTES_MAX {
        return Err(FrameError::TooLong {
            len: header_len,
            cap: HEADER_BYTES_MAX,
        });
    }
    let header = ClientHeader::decode(&body[LENGTHS_BYTES..payload_at])?;
    body.advance(payload_at);
    Ok(Incoming::Packet {
        header,
        payload: body,
    })
}
