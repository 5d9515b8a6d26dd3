//! SECMSG: an application packet as a frame's payload, under the payload key of that frame.

use bytes::{Bytes, BytesMut};

use crate::cipher::apply_payload_key;
use crate::{BodyCipher, ClientHeader, Encode, Version, seal_with};

/// Decrypts a payload in place if its header says that it is encrypted. The bytes are an encoded
/// [`MimcPacket`](crate::MimcPacket). `security_key` is the account's, decoded from base64.
pub fn open_secmsg(header: &ClientHeader, security_key: &[u8], mut payload: BytesMut) -> Bytes {
    if header.is_encrypted() {
        apply_payload_key(security_key, header.id(), &mut payload);
    }
    payload.freeze()
}

/// Appends one SECMSG frame to `out`: the packet encoded in place, encrypted under the payload key
/// when the header says so, the body then encrypted by `cipher`. What the server sends is always
/// encrypted, under a header id that was never used before.
pub fn seal_secmsg(
    version: Version,
    header: &ClientHeader,
    packet: &impl Encode,
    security_key: &[u8],
    cipher: Option<&BodyCipher>,
    out: &mut BytesMut,
) {
    let write = |out: &mut BytesMut| {
        let start = out.len();
        packet.write_to(out);
        if header.is_encrypted() {
            apply_payload_key(security_key, header.id(), &mut out[start..]);
        }
    };
    seal_with(version, header, packet.written_len(), write, cipher, out);
}
