//! Frames of the socket protocol.

use bytes::{BufMut as _, BytesMut};
use wire::{BODY_BYTES_MAX, BodyCipher, Incoming, Version, frame_len, open, seal};

/// Bytes that a frame has around its body, at most.
const AROUND_BYTES_MAX: usize = 64;

/// Of web clients.
pub(crate) fn v5(bytes: &[u8]) {
    frame(Version::V5, bytes);
}

/// Of the others.
pub(crate) fn v6(bytes: &[u8]) {
    frame(Version::V6, bytes);
}

fn frame(version: Version, bytes: &[u8]) {
    let cipher = BodyCipher::new("0123456789abcdef", "udid");
    // As they are, and with a right prefix and checksum around them.
    for whole in [BytesMut::from(bytes), framed(version, bytes)] {
        let Some(len) = length(version, &whole) else {
            continue;
        };
        for cipher in [None, Some(&cipher)] {
            opens_again(&whole[..len], version, cipher);
        }
    }
}

/// How long the frame is that begins here, when all of it is there. What is known of a frame does not
/// change when more of it comes.
fn length(version: Version, bytes: &[u8]) -> Option<usize> {
    let told = frame_len(bytes, Some(version), BODY_BYTES_MAX).ok()?;
    for cut in 0..bytes.len().min(AROUND_BYTES_MAX) {
        let earlier = frame_len(&bytes[..cut], Some(version), BODY_BYTES_MAX);
        let earlier = earlier.expect("the beginning of a frame is not refused");
        assert!(
            earlier.is_none() || earlier == told,
            "{earlier:?} became {told:?}"
        );
    }
    let (found, len) = told?;
    assert_eq!(found, version);
    assert!(len <= BODY_BYTES_MAX + AROUND_BYTES_MAX, "{len}");
    (len <= bytes.len()).then_some(len)
}

fn opens_again(frame: &[u8], version: Version, cipher: Option<&BodyCipher>) {
    let Ok(Incoming::Packet { header, payload }) = open(BytesMut::from(frame), cipher) else {
        return;
    };
    let mut sealed = BytesMut::new();
    seal(version, &header, &payload, cipher, &mut sealed);
    let again = open(sealed, cipher).expect("what we seal opens");
    assert_eq!(again, Incoming::Packet { header, payload });
}

fn framed(version: Version, body: &[u8]) -> BytesMut {
    let mut out = BytesMut::new();
    out.put_u16(0xc2fe);
    match version {
        Version::V6 => {
            out.put_u16(5);
            out.put_u32(u32::try_from(body.len()).unwrap_or(u32::MAX));
        }
        Version::V5 => {
            out.put_u16(4);
            out.put_u16(3);
        }
    }
    out.put_slice(body);
    out.put_u32(simd_adler32::adler32(&&out[..]));
    out
}
