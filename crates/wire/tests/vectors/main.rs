//! `proto/vectors.json`, every one of them, in both directions: the bytes give the expected fields,
//! and the expected fields give the bytes.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::collections::BTreeSet;
use std::fmt::Debug;
use std::sync::LazyLock;

use bytes::{Bytes, BytesMut};
use serde_json::Value;
use wire::{
    BodyCipher, ClientHeader, Encode, Incoming, Version, frame_len, open, open_secmsg, seal,
    seal_secmsg,
};

/// Declares one test per vector, named after what it shows, and their names in the file.
macro_rules! vectors {
    ($($test:ident: $name:literal, $check:expr;)+) => {
        pub(crate) const NAMES: &[&str] = &[$($name),+];
        $(
            #[test]
            fn $test() {
                let check: fn(&str) = $check;
                check(crate::vector($name));
            }
        )+
    };
}

mod keys;
mod packets;
mod tcp;
mod web;

pub(crate) const UUID: i64 = 10_776_577_642_332_160;
pub(crate) const UUID_UNSIGNED: u64 = 10_776_577_642_332_160;
pub(crate) const RESOURCE: &str = "a1B2c3D4";
pub(crate) const APP_ID: u64 = 2_882_303_761_517_613_988;
pub(crate) const PACKAGE: &str = "com.example.demo";
pub(crate) const CHALLENGE: &str = "0123456789abcdef";
pub(crate) const UDID: &str = "Ab3dE6gH9j";
pub(crate) const SECURITY_KEY: [u8; 16] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15];

static FILE: LazyLock<Value> = LazyLock::new(|| {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../proto/vectors.json");
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
});

#[test]
fn every_vector_has_a_test() {
    let tested = [keys::NAMES, packets::NAMES, tcp::NAMES, web::NAMES].concat();
    let in_file = names();
    let unique: BTreeSet<&str> = tested.iter().copied().collect();
    assert_eq!(unique.len(), tested.len(), "a vector is tested twice");
    assert_eq!(unique, in_file.iter().copied().collect());
    assert_eq!(
        in_file.len(),
        tested.len(),
        "two vectors have the same name"
    );
}

fn names() -> Vec<&'static str> {
    let vectors = FILE["vectors"].as_array().unwrap();
    vectors
        .iter()
        .map(|it| it["name"].as_str().unwrap())
        .collect()
}

pub(crate) fn vector(name: &str) -> &'static str {
    let mut vectors = FILE["vectors"].as_array().unwrap().iter();
    let found = vectors.find(|it| it["name"] == name).unwrap();
    found["value"].as_str().unwrap()
}

pub(crate) fn unhex(hex: &str) -> Vec<u8> {
    let pairs = hex.as_bytes().chunks(2);
    let text = pairs.map(|pair| std::str::from_utf8(pair).unwrap());
    text.map(|byte| u8::from_str_radix(byte, 16).unwrap())
        .collect()
}

pub(crate) fn body_cipher(udid: &str) -> BodyCipher {
    BodyCipher::new(CHALLENGE, udid)
}

/// A message as tests need it.
pub(crate) trait Comparable: prost::Message + Default + PartialEq + Debug {}
impl<M: prost::Message + Default + PartialEq + Debug> Comparable for M {}

/// The message decodes from the bytes and encodes to them.
pub(crate) fn is_message<M: Comparable>(bytes: &[u8], message: &M) {
    assert_eq!(&M::decode(bytes).unwrap(), message);
    assert_eq!(message.encode_to_vec(), bytes);
}

/// The frame opens to this header and message, and they seal to the frame.
pub(crate) fn is_frame<M: Comparable>(
    hex: &str,
    cipher: Option<&BodyCipher>,
    header: &ClientHeader,
    message: &M,
) {
    let (version, opened, payload) = opened(hex, cipher);
    assert_eq!(&opened, header);
    is_message(&payload, message);

    let mut sealed = BytesMut::from(&b"earlier frame"[..]);
    seal(
        version,
        header,
        &message.encode_to_vec(),
        cipher,
        &mut sealed,
    );
    assert_eq!(&sealed[13..], unhex(hex));
}

/// The frame opens to this header and these packet bytes, and the packet seals to the frame.
pub(crate) fn is_secmsg(
    hex: &str,
    cipher: Option<&BodyCipher>,
    header: &ClientHeader,
    packet: &impl Encode,
) -> Bytes {
    let (version, opened, payload) = opened(hex, cipher);
    assert_eq!(&opened, header);
    let payload = open_secmsg(&opened, &SECURITY_KEY, payload);

    let mut sealed = BytesMut::new();
    seal_secmsg(version, header, packet, &SECURITY_KEY, cipher, &mut sealed);
    assert_eq!(sealed, unhex(hex));
    payload
}

fn opened(hex: &str, cipher: Option<&BodyCipher>) -> (Version, ClientHeader, BytesMut) {
    let frame = unhex(hex);
    let (version, len) = frame_len(&frame, None, 1_000).unwrap().unwrap();
    assert_eq!(len, frame.len());
    match open(BytesMut::from(&frame[..]), cipher).unwrap() {
        Incoming::Packet { header, payload } => (version, header, payload),
        Incoming::Bare => panic!("a bare ping"),
    }
}
