//! Header and payload to one frame, written where it is sent from and encrypted in place.

use bytes::{BufMut, BytesMut};

use super::{
    CHECKSUM_BYTES, HEADER_TYPE, LENGTHS_BYTES, MAGIC, PAYLOAD_TYPE, V5_PREFIX_BYTES,
    V6_PREFIX_BYTES, Version,
};
use crate::{BodyCipher, ClientHeader, Encode};

/// Appends one frame to `out`. `cipher` is the connection's; `None` for CONN and its answer, and
/// without effect on V5.
pub fn seal(
    version: Version,
    header: &ClientHeader,
    payload: &[u8],
    cipher: Option<&BodyCipher>,
    out: &mut BytesMut,
) {
    let write = |out: &mut BytesMut| out.put_slice(payload);
    seal_with(version, header, payload.len(), write, cipher, out);
}

/// As [`seal`], for a payload that is written straight into `out`. `payload_len` is how much room
/// to make; the lengths in the frame are those of what `write_payload` appended.
pub fn seal_with(
    version: Version,
    header: &ClientHeader,
    payload_len: usize,
    write_payload: impl FnOnce(&mut BytesMut),
    cipher: Option<&BodyCipher>,
    out: &mut BytesMut,
) {
    let start = out.len();
    out.reserve(sealed_len(version, header.written_len(), payload_len));
    out.put_u16(MAGIC);
    out.put_u16(version.number());
    match version {
        Version::V6 => out.put_u32(0),
        Version::V5 => out.put_u16(HEADER_TYPE),
    }
    let body = out.len();
    out.put_u16(PAYLOAD_TYPE);
    out.put_u16(0);
    out.put_u32(0);
    header.write_to(out);
    let payload = out.len();
    write_payload(out);

    let end = out.len();
    put_u16_at(out, body + 2, payload - body - LENGTHS_BYTES);
    put_u32_at(out, body + 4, end - payload);
    if version == Version::V6 {
        put_u32_at(out, body - 4, end - body);
        if let Some(cipher) = cipher {
            cipher.apply(&mut out[body..]);
        }
    }
    let sum = simd_adler32::adler32(&&out[start..]);
    out.put_u32(sum);
}

/// Bytes of a frame whose encoded header and payload have these lengths.
pub fn sealed_len(version: Version, header_len: usize, payload_len: usize) -> usize {
    let prefix = match version {
        Version::V6 => V6_PREFIX_BYTES + LENGTHS_BYTES,
        Version::V5 => V5_PREFIX_BYTES,
    };
    prefix + header_len + payload_len + CHECKSUM_BYTES
}

/// A header above 64 KiB gives a frame that the other side refuses. Nothing builds one:
/// [`HEADER_BYTES_MAX`](super::HEADER_BYTES_MAX) bounds what an answer repeats.
fn put_u16_at(out: &mut [u8], at: usize, value: usize) {
    let value = u16::try_from(value).unwrap_or(u16::MAX);
    out[at..at + 2].copy_from_slice(&value.to_be_bytes());
}

fn put_u32_at(out: &mut [u8], at: usize, value: usize) {
    let value = u32::try_from(value).unwrap_or(u32::MAX);
    out[at..at + 4].copy_from_slice(&value.to_be_bytes());
}
