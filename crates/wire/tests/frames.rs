//! Frames made by chance, cut, damaged and invented.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use bytes::{BufMut, BytesMut};
use proptest::prelude::*;
use wire::frame::HEADER_BYTES_MAX;
use wire::{
    BARE_PING, BODY_BYTES_MAX, BodyCipher, ClientHeader, Encode, FrameError, Incoming, Version,
    frame_len, open, seal, sealed_len,
};

fn cases() -> ProptestConfig {
    ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::with_cases(256)
    }
}

fn versions() -> impl Strategy<Value = Version> {
    prop_oneof![Just(Version::V5), Just(Version::V6)]
}

fn headers() -> impl Strategy<Value = ClientHeader> {
    let numbers = any::<(Option<i32>, Option<i64>, Option<i32>, Option<i32>)>();
    let texts = prop::collection::vec(prop::option::of(".{0,12}"), 6);
    (numbers, texts).prop_map(|((chid, uuid, dir_flag, cipher), mut texts)| ClientHeader {
        chid,
        uuid,
        server: texts.pop().flatten(),
        resource: texts.pop().flatten(),
        cmd: texts.pop().flatten(),
        subcmd: texts.pop().flatten(),
        id: texts.pop().flatten(),
        dir_flag,
        cipher,
        err_code: chid,
        err_str: texts.pop().flatten(),
    })
}

fn ciphers() -> impl Strategy<Value = Option<BodyCipher>> {
    prop::option::of(".{0,40}".prop_map(|udid| BodyCipher::new("0123456789abcdef", &udid)))
}

fn payloads() -> impl Strategy<Value = Vec<u8>> {
    prop::collection::vec(any::<u8>(), 0..200)
}

fn sealed(
    version: Version,
    header: &ClientHeader,
    payload: &[u8],
    cipher: Option<&BodyCipher>,
) -> BytesMut {
    let mut out = BytesMut::new();
    seal(version, header, payload, cipher, &mut out);
    out
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn what_is_sealed_opens_to_the_same(
        version in versions(),
        header in headers(),
        payload in payloads(),
        cipher in ciphers(),
    ) {
        let frame = sealed(version, &header, &payload, cipher.as_ref());
        prop_assert_eq!(frame.len(), sealed_len(version, header.written_len(), payload.len()));
        let expected = Incoming::Packet { header, payload: payload[..].into() };
        prop_assert_eq!(open(frame, cipher.as_ref()), Ok(expected));
    }

    #[test]
    fn a_cut_frame_asks_for_more_and_does_not_open(
        version in versions(),
        header in headers(),
        payload in payloads(),
        cipher in ciphers(),
    ) {
        let frame = sealed(version, &header, &payload, cipher.as_ref());
        let whole = Some((version, frame.len()));
        for cut in 0..frame.len() {
            let told = frame_len(&frame[..cut], Some(version), BODY_BYTES_MAX).unwrap();
            let prefix = match version { Version::V6 => 8, Version::V5 => 14 };
            prop_assert_eq!(told, whole.filter(|_| cut >= prefix));
            prop_assert!(open(BytesMut::from(&frame[..cut]), cipher.as_ref()).is_err());
        }
    }

    #[test]
    fn a_frame_with_one_changed_byte_does_not_open(
        version in versions(),
        payload in payloads(),
        cipher in ciphers(),
        change in 1_u8..,
        at in any::<prop::sample::Index>(),
    ) {
        let header = ClientHeader::from_client("PING", 1, "pc", "id", 0);
        let mut frame = sealed(version, &header, &payload, cipher.as_ref());
        let at = at.index(frame.len());
        frame[at] ^= change;
        prop_assert!(open(frame, cipher.as_ref()).is_err());
    }

    #[test]
    fn random_bytes_do_not_panic(
        version in prop::option::of(versions()),
        cipher in ciphers(),
        bytes in payloads(),
    ) {
        let _ = frame_len(&bytes, version, BODY_BYTES_MAX);
        let _ = open(BytesMut::from(&bytes[..]), cipher.as_ref());
    }

    #[test]
    fn random_bodies_under_a_valid_checksum_do_not_panic(
        version in versions(),
        cipher in ciphers(),
        header_len in 0_u16..40,
        payload_len in 0_u32..40,
        body in payloads(),
    ) {
        let mut inner = BytesMut::new();
        inner.put_u16(2);
        inner.put_u16(header_len);
        inner.put_u32(payload_len);
        inner.put_slice(&body);
        let _ = open(framed(version, &inner), cipher.as_ref());
        let _ = open(framed(Version::V6, &body), cipher.as_ref());
    }
}

/// A frame with a right checksum around whatever bytes follow its outer prefix.
fn framed(version: Version, body: &[u8]) -> BytesMut {
    let mut frame = BytesMut::from(&[0xc2, 0xfe, 0][..]);
    match version {
        Version::V6 => {
            frame.put_u8(5);
            frame.put_u32(u32::try_from(body.len()).unwrap());
        }
        Version::V5 => {
            frame.put_u8(4);
            frame.put_u16(3);
        }
    }
    frame.put_slice(body);
    let sum = simd_adler32::adler32(&&frame[..]);
    frame.put_u32(sum);
    frame
}

fn v6(body: &[u8]) -> Result<Incoming, FrameError> {
    open(framed(Version::V6, body), None)
}

#[test]
fn another_protocol_is_refused_at_its_first_wrong_byte() {
    let len = |prefix| frame_len(prefix, None, BODY_BYTES_MAX);
    assert_eq!(len(b""), Ok(None));
    assert_eq!(len(b"G"), Err(FrameError::Magic));
    assert_eq!(len(b"\xc2"), Ok(None));
    assert_eq!(len(b"\xc2G"), Err(FrameError::Magic));
    assert_eq!(len(b"\xc2\xfe"), Ok(None));
    assert_eq!(len(b"\xc2\xfe\x01"), Err(FrameError::Version));
    assert_eq!(len(b"\xc2\xfe\0"), Ok(None));
    assert_eq!(len(b"\xc2\xfe\0\x06"), Err(FrameError::Version));
    assert_eq!(len(b"\xc2\xfe\0\x04\x01"), Err(FrameError::HeaderType));
    assert_eq!(
        len(b"\xc2\xfe\0\x04\0\x03\0\x03"),
        Err(FrameError::PayloadType)
    );
}

#[test]
fn the_version_of_a_connection_is_fixed() {
    let len = |prefix, version| frame_len(prefix, Some(version), BODY_BYTES_MAX);
    assert_eq!(
        len(b"\xc2\xfe\0\x04", Version::V6),
        Err(FrameError::MixedVersions)
    );
    assert_eq!(
        len(b"\xc2\xfe\0\x05", Version::V5),
        Err(FrameError::MixedVersions)
    );
    assert_eq!(len(b"\xc2\xfe\0\x05", Version::V6), Ok(None));
}

#[test]
fn a_v6_body_may_have_the_cap_and_not_a_byte_more() {
    let len = |prefix| frame_len(prefix, None, 0x100);
    let refused = Err(FrameError::TooLong {
        len: 0x101,
        cap: 0x100,
    });
    assert_eq!(
        len(b"\xc2\xfe\0\x05\0\0\x01\0"),
        Ok(Some((Version::V6, 0x10c)))
    );
    assert_eq!(len(b"\xc2\xfe\0\x05\0\0\x01\x01"), refused);
    assert!(len(b"\xc2\xfe\0\x05\xff\xff\xff\xff").is_err());
}

#[test]
fn a_v5_header_and_payload_may_have_the_cap_together() {
    let len = |prefix| frame_len(prefix, None, 0x100);
    let refused = Err(FrameError::TooLong {
        len: 0x101,
        cap: 0x100,
    });
    let whole = Ok(Some((Version::V5, 0x100 + 18)));
    assert_eq!(len(b"\xc2\xfe\0\x04\0\x03\0\x02\0\x80\0\0\0\x80"), whole);
    assert_eq!(len(b"\xc2\xfe\0\x04\0\x03\0\x02\0\x80\0\0\0\x81"), refused);
    assert!(len(b"\xc2\xfe\0\x04\0\x03\0\x02\xff\xff\xff\xff\xff\xff").is_err());
}

#[test]
fn a_v6_body_too_short_for_its_lengths_is_refused() {
    for len in 1..8 {
        let prefix = [0xc2, 0xfe, 0, 5, 0, 0, 0, len];
        let refused = Err(FrameError::TooShort(usize::from(len)));
        assert_eq!(frame_len(&prefix, None, BODY_BYTES_MAX), refused);
    }
}

#[test]
fn nothing_but_its_length_is_checked_about_a_bare_ping() {
    let mut ping = BytesMut::from(&BARE_PING[..]);
    ping[11] ^= 1;
    assert_eq!(open(ping, None), Ok(Incoming::Bare));
}

#[test]
fn a_wrong_key_does_not_look_like_a_frame() {
    let header = ClientHeader::from_client("PING", 1, "pc", "id", 0);
    let cipher = BodyCipher::new("0123456789abcdef", "");
    let frame = sealed(Version::V6, &header, b"", Some(&cipher));
    assert_eq!(open(frame, None), Err(FrameError::PayloadType));
}

#[test]
fn lengths_inside_must_add_up_exactly() {
    assert!(v6(b"\0\x02\0\0\0\0\0\0").is_ok());
    assert_eq!(v6(b"\0\x02\0\0\0\0\0\x01"), Err(FrameError::Lengths));
    assert_eq!(v6(b"\0\x02\0\x01\0\0\0\0"), Err(FrameError::Lengths));
    assert_eq!(v6(b"\0\x02\0\0\0\0\0\0\0"), Err(FrameError::Lengths));
    assert_eq!(
        v6(b"\0\x02\xff\xff\xff\xff\xff\xff"),
        Err(FrameError::Lengths)
    );
    assert_eq!(v6(b"\0\x01\0\0\0\0\0\0"), Err(FrameError::PayloadType));
}

#[test]
fn a_header_that_is_none_is_told_apart() {
    assert!(matches!(
        v6(b"\0\x02\0\x01\0\0\0\0\xff"),
        Err(FrameError::Header(_))
    ));
}

#[test]
fn a_header_over_its_cap_is_refused() {
    let header = |len: usize| ClientHeader {
        id: Some("i".repeat(len)),
        ..ClientHeader::default()
    };
    let largest = header(HEADER_BYTES_MAX - 3);
    assert_eq!(largest.written_len(), HEADER_BYTES_MAX);
    assert!(open(sealed(Version::V5, &largest, b"", None), None).is_ok());
    let refused = open(
        sealed(Version::V5, &header(HEADER_BYTES_MAX - 2), b"", None),
        None,
    );
    assert!(matches!(refused, Err(FrameError::TooLong { .. })));
}

#[test]
fn two_frames_are_not_one() {
    let twice = [BARE_PING, BARE_PING].concat();
    let refused = open(BytesMut::from(&twice[..]), None);
    assert_eq!(refused, Err(FrameError::NotOneFrame));
}
