//! RC4 under the two keys of the protocol. The *body key* belongs to a TCP connection and encrypts
//! every frame body after CONN, starting anew for each frame; the *payload key* belongs to one
//! SECMSG and encrypts its payload.
//!
//! RC4 hides nothing from a determined listener; it is what the clients speak. TLS is for secrecy.

use std::array;
use std::fmt;

/// Body cipher of one connection: the keyed state of 256 bytes, from which every frame starts.
#[derive(Clone)]
pub struct BodyCipher(Keyed);

impl BodyCipher {
    /// `challenge` is what the CONN answer carried, `udid` what the CONN asked with, `""` if absent.
    pub fn new(challenge: &str, udid: &str) -> Self {
        Self(Keyed::new(body_key(challenge, udid).into_iter()))
    }

    /// Encrypts or decrypts one frame body in place: the same operation.
    pub fn apply(&self, body: &mut [u8]) {
        self.0.clone().apply(body);
    }
}

impl fmt::Debug for BodyCipher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("BodyCipher")
    }
}

/// The second halves of challenge and udid, encrypted under the challenge. Halves are of the UTF-8
/// bytes, an odd byte goes to the second half.
pub fn body_key(challenge: &str, udid: &str) -> Vec<u8> {
    let mut material = second_half(challenge).to_vec();
    material.extend_from_slice(second_half(udid));
    Keyed::new(challenge.bytes()).apply(&mut material);
    material
}

/// Key of the SECMSG payload in the frame whose header id is `header_id`.
pub fn payload_key(security_key: &[u8], header_id: &str) -> Vec<u8> {
    payload_key_bytes(security_key, header_id).collect()
}

/// Encrypts or decrypts in place what [`payload_key`] is the key of, without building the key.
pub fn apply_payload_key(security_key: &[u8], header_id: &str, payload: &mut [u8]) {
    Keyed::new(payload_key_bytes(security_key, header_id)).apply(payload);
}

fn second_half(text: &str) -> &[u8] {
    &text.as_bytes()[text.len() / 2..]
}

fn payload_key_bytes<'a>(
    security_key: &'a [u8],
    header_id: &'a str,
) -> impl Iterator<Item = u8> + Clone {
    let parts = [security_key, b"_", header_id.as_bytes()];
    parts.into_iter().flatten().copied()
}

/// RC4 under a key, before its first byte. Only the first 256 bytes of a key count, and the empty
/// key is the identity permutation.
#[derive(Clone)]
struct Keyed([u8; 256]);

impl Keyed {
    fn new(key: impl Iterator<Item = u8> + Clone) -> Self {
        let mut state = array::from_fn(|i| u8::try_from(i).expect("an index below 256"));
        let mut j = 0_u8;
        for (i, key) in (0..state.len()).zip(key.cycle()) {
            j = j.wrapping_add(state[i]).wrapping_add(key);
            state.swap(i, usize::from(j));
        }
        Self(state)
    }

    fn apply(mut self, data: &mut [u8]) {
        let state = &mut self.0;
        let (mut i, mut j) = (0_u8, 0_u8);
        let mut next = || {
            i = i.wrapping_add(1);
            let left = state[usize::from(i)];
            j = j.wrapping_add(left);
            let right = state[usize::from(j)];
            state[usize::from(i)] = right;
            state[usize::from(j)] = left;
            state[usize::from(left.wrapping_add(right))]
        };
        // Data is read and written eight bytes at a time: by far the most of it is so long, and it
        // takes a fifth less time than byte by byte.
        let (words, rest) = data.as_chunks_mut();
        for word in words {
            let stream = u64::from_le_bytes(array::from_fn(|_| next()));
            *word = (u64::from_le_bytes(*word) ^ stream).to_le_bytes();
        }
        for byte in rest {
            *byte ^= next();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rc4::{KeyInit, Rc4, StreamCipher};

    fn encrypted(key: &[u8], data: &[u8]) -> Vec<u8> {
        let mut data = data.to_vec();
        Keyed::new(key.iter().copied()).apply(&mut data);
        data
    }

    #[test]
    fn a_body_cipher_fits_beside_a_connection() {
        assert_eq!(size_of::<BodyCipher>(), 256);
    }

    #[test]
    fn empty_keys_do_not_panic() {
        assert_eq!(body_key("", ""), b"");
        let cipher = BodyCipher::new("", "");
        let mut body = *b"body";
        cipher.apply(&mut body);
        cipher.apply(&mut body);
        assert_eq!(&body, b"body");
        apply_payload_key(b"", "", &mut body);
    }

    #[test]
    fn only_the_first_256_bytes_of_a_key_count() {
        let key: Vec<u8> = (0..=255).cycle().take(700).collect();
        assert_eq!(encrypted(&key, b"data"), encrypted(&key[..256], b"data"));
    }

    #[test]
    fn halves_are_of_bytes_not_of_characters() {
        assert_eq!(second_half("é"), [0xa9]);
        assert_eq!(second_half("abc"), b"bc");
        assert_eq!(body_key("0123456789abcdef", "日本").len(), 8 + 3);
    }

    proptest! {
        #[test]
        fn the_keystream_is_that_of_the_oracle(
            key in prop::collection::vec(any::<u8>(), 1..=256),
            data in prop::collection::vec(any::<u8>(), 0..600),
        ) {
            let mut expected = data.clone();
            Rc4::new_from_slice(&key).unwrap().apply_keystream(&mut expected);
            prop_assert_eq!(encrypted(&key, &data), expected);
        }

        #[test]
        fn a_payload_key_is_applied_as_it_is_built(
            security_key in prop::collection::vec(any::<u8>(), 0..300),
            id in ".{0,40}",
        ) {
            let mut payload = [7; 50];
            apply_payload_key(&security_key, &id, &mut payload);
            let key = payload_key(&security_key, &id);
            prop_assert_eq!(payload.as_slice(), encrypted(&key, &[7; 50]));
        }

        #[test]
        fn any_udid_gives_a_key(challenge in ".{0,40}", udid in ".{0,300}") {
            let key = body_key(&challenge, &udid);
            prop_assert_eq!(key.len(), challenge.len().div_ceil(2) + udid.len().div_ceil(2));
        }
    }
}
