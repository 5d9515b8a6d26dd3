//! Frames: what a connection carries, one after the other. All integers are big-endian.
//!
//! ```text
//! V6, TCP        u16 0xC2FE | u16 5 | u32 bodyLen | body | u32 adler32
//!         body = u16 payloadType 2 | u16 headerLen | u32 payloadLen | header | payload
//! V5, WebSocket  u16 0xC2FE | u16 4 | u16 headerType 3
//!                u16 payloadType 2 | u16 headerLen | u32 payloadLen | header | payload | u32 adler32
//! ```
//!
//! The checksum covers everything before it as it is sent, that is after encryption. A V6 frame
//! with bodyLen 0 is a ping or its answer. Only V6 bodies are ever encrypted.

mod open;
mod seal;

pub use open::{Incoming, open};
pub use seal::{seal, seal_with, sealed_len};

/// Default cap on a V6 body, and on header and payload of a V5 frame together.
pub const BODY_BYTES_MAX: usize = 128 * 1024;

/// Cap on a header that comes in. No client writes a tenth of it; with it, an answer that repeats
/// a request's id and resource stays below the 32 KiB that clients can read.
pub const HEADER_BYTES_MAX: usize = 16 * 1024;

/// A V6 frame without a body: a ping, and the answer to it.
pub const BARE_PING: [u8; 12] = [0xc2, 0xfe, 0, 5, 0, 0, 0, 0, 0x0d, 0x23, 0x01, 0xc6];

const MAGIC: u16 = 0xC2FE;
const HEADER_TYPE: u16 = 3;
const PAYLOAD_TYPE: u16 = 2;
const CHECKSUM_BYTES: usize = 4;
/// payloadType, headerLen, payloadLen.
const LENGTHS_BYTES: usize = 8;
const V6_PREFIX_BYTES: usize = 8;
const V5_PREFIX_BYTES: usize = 6 + LENGTHS_BYTES;

/// Layout of a connection's frames, fixed by its first one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Version {
    /// WebSocket; allowed on TCP, never encrypted.
    V5,
    /// TCP.
    V6,
}

impl Version {
    fn number(self) -> u16 {
        match self {
            Self::V5 => 4,
            Self::V6 => 5,
        }
    }
}

/// Why bytes are not a frame. Each of them ends the connection.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum FrameError {
    /// The first two bytes are not the magic: another protocol.
    #[error("not a frame of this protocol")]
    Magic,
    /// A version that is neither 4 nor 5.
    #[error("unknown frame version")]
    Version,
    /// Not the version that the connection began with.
    #[error("frame version changed within a connection")]
    MixedVersions,
    /// The V5 headerType is not 3.
    #[error("unknown header type")]
    HeaderType,
    /// The payloadType is not 2. After decryption this is what a wrong key looks like.
    #[error("unknown payload type")]
    PayloadType,
    /// Longer than the cap.
    #[error("{len} bytes are over the cap of {cap}")]
    TooLong {
        /// Bytes that the frame claims.
        len: usize,
        /// Bytes that are allowed.
        cap: usize,
    },
    /// A V6 body of 1 to 7 bytes, which cannot hold its own lengths.
    #[error("a body of {0} bytes is too short")]
    TooShort(usize),
    /// The lengths of header and payload do not add up to what is there.
    #[error("lengths inside the frame do not add up")]
    Lengths,
    /// The bytes handed to [`open`] are not exactly one frame.
    #[error("not exactly one frame")]
    NotOneFrame,
    /// The checksum does not match.
    #[error("wrong checksum")]
    Checksum,
    /// The header is not a `ClientHeader`.
    #[error("header cannot be decoded: {0}")]
    Header(#[from] prost::DecodeError),
}

/// Version and length in bytes of the whole frame that begins with `prefix`, or `None` when more
/// bytes are needed to tell. `version` is that of the connection, `None` before its first frame.
///
/// `cap` bounds the body (V6) or header and payload together (V5), in bytes. Errors come as early
/// as the bytes allow: an HTTP request is refused at its first byte.
pub fn frame_len(
    prefix: &[u8],
    version: Option<Version>,
    cap: usize,
) -> Result<Option<(Version, usize)>, FrameError> {
    let Some(found) = version_of(prefix)? else {
        return Ok(None);
    };
    if version.is_some_and(|expected| expected != found) {
        return Err(FrameError::MixedVersions);
    }
    let len = match found {
        Version::V6 => v6_len(prefix, cap)?,
        Version::V5 => v5_len(prefix, cap)?,
    };
    Ok(len.map(|len| (found, len)))
}

fn version_of(prefix: &[u8]) -> Result<Option<Version>, FrameError> {
    expect_number(prefix, 0, MAGIC, FrameError::Magic)?;
    match *prefix {
        [_, _, 0, 4, ..] => Ok(Some(Version::V5)),
        [_, _, 0, 5, ..] => Ok(Some(Version::V6)),
        [] | [_] | [_, _] | [_, _, 0] => Ok(None),
        _ => Err(FrameError::Version),
    }
}

fn v6_len(prefix: &[u8], cap: usize) -> Result<Option<usize>, FrameError> {
    let Some(body) = u32_at(prefix, 4) else {
        return Ok(None);
    };
    match body {
        1..LENGTHS_BYTES => Err(FrameError::TooShort(body)),
        _ if body > cap => Err(FrameError::TooLong { len: body, cap }),
        _ => Ok(Some(V6_PREFIX_BYTES + body + CHECKSUM_BYTES)),
    }
}

fn v5_len(prefix: &[u8], cap: usize) -> Result<Option<usize>, FrameError> {
    expect_number(prefix, 4, HEADER_TYPE, FrameError::HeaderType)?;
    expect_number(prefix, 6, PAYLOAD_TYPE, FrameError::PayloadType)?;
    let (Some(header), Some(payload)) = (u16_at(prefix, 8), u32_at(prefix, 10)) else {
        return Ok(None);
    };
    let len = payload.saturating_add(header);
    if len > cap {
        return Err(FrameError::TooLong { len, cap });
    }
    Ok(Some(V5_PREFIX_BYTES + len + CHECKSUM_BYTES))
}

/// Compares as many bytes of `expected` as have arrived.
fn expect_number(
    prefix: &[u8],
    at: usize,
    expected: u16,
    error: FrameError,
) -> Result<(), FrameError> {
    let arrived = prefix.get(at..).unwrap_or_default();
    let matches = arrived
        .iter()
        .zip(expected.to_be_bytes())
        .all(|(a, b)| *a == b);
    if matches { Ok(()) } else { Err(error) }
}

fn u16_at(bytes: &[u8], at: usize) -> Option<usize> {
    let bytes = bytes.get(at..)?.first_chunk()?;
    Some(usize::from(u16::from_be_bytes(*bytes)))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<usize> {
    let bytes = bytes.get(at..)?.first_chunk()?;
    usize::try_from(u32::from_be_bytes(*bytes)).ok()
}
