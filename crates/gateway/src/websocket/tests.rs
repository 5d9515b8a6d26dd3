//! Frames as clients send them, whole, cut, in fragments, and wrong.

use super::*;
use proptest::prelude::*;

const MASK: [u8; 4] = [1, 2, 3, 4];
const BYTES_MAX: usize = 100_000;

/// A client's frame.
fn frame(first: u8, data: &[u8]) -> BytesMut {
    let mut out = BytesMut::new();
    out.put_u8(first);
    match data.len() {
        len @ 0..=125 => out.put_u8(MASKED | u8::try_from(len).unwrap()),
        len @ 126..=0xffff => {
            out.put_u8(MASKED | 0x7e);
            out.put_u16(u16::try_from(len).unwrap());
        }
        len => {
            out.put_u8(MASKED | 0x7f);
            out.put_u64(len as u64);
        }
    }
    out.put_slice(&MASK);
    let start = out.len();
    out.put_slice(data);
    unmask(&mut out[start..], MASK);
    out
}

fn message(data: &[u8]) -> Unwrapped {
    Unwrapped::Message(BytesMut::from(data))
}

fn next(unwrapper: &mut Unwrapper, received: &mut BytesMut) -> Result<Option<Unwrapped>, u16> {
    unwrapper.next(received, BYTES_MAX)
}

#[test]
fn messages_of_all_sizes_are_unwrapped() {
    for len in [0, 1, 3, 125, 126, 1_000, 65_535, 65_536, BYTES_MAX] {
        let data = vec![7; len];
        let mut received = frame(FIN | BINARY, &data);
        assert_eq!(
            next(&mut Unwrapper::default(), &mut received),
            Ok(Some(message(&data)))
        );
        assert!(received.is_empty());
    }
}

#[test]
fn a_frame_that_trickles_in_is_read_when_its_last_byte_is_there() {
    let whole = frame(FIN | BINARY, &[9; 300]);
    let mut unwrapper = Unwrapper::default();
    for cut in 0..whole.len() {
        let mut received = BytesMut::from(&whole[..cut]);
        assert_eq!(
            next(&mut unwrapper, &mut received),
            Ok(None),
            "cut at {cut}"
        );
        assert_eq!(received.len(), cut, "nothing is taken before");
    }
}

#[test]
fn fragments_are_joined_and_a_ping_may_come_between() {
    let mut received = frame(BINARY, b"one ");
    received.unsplit(frame(FIN | PING, b"there?"));
    received.unsplit(frame(CONTINUATION, b""));
    received.unsplit(frame(FIN | CONTINUATION, b"two"));
    let mut unwrapper = Unwrapper::default();
    let ping = Some(Unwrapped::Ping(Bytes::from_static(b"there?")));
    assert_eq!(next(&mut unwrapper, &mut received), Ok(ping));
    assert!(unwrapper.is_mid_message());
    assert_eq!(
        next(&mut unwrapper, &mut received),
        Ok(Some(message(b"one two")))
    );
    assert!(!unwrapper.is_mid_message());
}

#[test]
fn what_the_rfc_forbids_has_its_close_code() {
    let mut unmasked = frame(FIN | BINARY, b"x");
    unmasked[1] &= !MASKED;
    let cases = [
        (frame(FIN | TEXT, b"x"), CLOSE_UNSUPPORTED),
        (unmasked, CLOSE_PROTOCOL),
        (frame(FIN | RESERVED | BINARY, b"x"), CLOSE_PROTOCOL),
        (frame(FIN | 0x3, b"x"), CLOSE_PROTOCOL),
        (frame(FIN | 0xb, b"x"), CLOSE_PROTOCOL),
        (frame(FIN | PING, &[0; 126]), CLOSE_PROTOCOL),
        (frame(PING, b"x"), CLOSE_PROTOCOL),
        (frame(FIN | CONTINUATION, b"x"), CLOSE_PROTOCOL),
        (frame(FIN | BINARY, &vec![0; BYTES_MAX + 1]), CLOSE_TOO_BIG),
        (frame(FIN | CLOSE, &[]), CLOSE_NO_STATUS),
        (frame(FIN | CLOSE, &1001_u16.to_be_bytes()), 1001),
        (frame(FIN | CLOSE, &999_u16.to_be_bytes()), CLOSE_PROTOCOL),
        (frame(FIN | CLOSE, b"x"), CLOSE_PROTOCOL),
    ];
    for (mut received, code) in cases {
        let first = received[0];
        assert_eq!(
            next(&mut Unwrapper::default(), &mut received),
            Err(code),
            "{first:#x}"
        );
    }
}

#[test]
fn a_huge_length_and_endless_fragments_are_refused_before_they_take_memory() {
    let mut received =
        BytesMut::from(&[FIN | BINARY, MASKED | 0x7f, 0x40, 0, 0, 0, 0, 0, 0, 0][..]);
    assert_eq!(
        next(&mut Unwrapper::default(), &mut received),
        Err(CLOSE_TOO_BIG)
    );
    let mut unwrapper = Unwrapper::default();
    let mut received = frame(BINARY, &vec![0; 60_000]);
    assert_eq!(next(&mut unwrapper, &mut received), Ok(None));
    let mut received = frame(CONTINUATION, &vec![0; 60_000]);
    assert_eq!(next(&mut unwrapper, &mut received), Err(CLOSE_TOO_BIG));
}

#[test]
fn what_goes_out_is_one_unmasked_message() {
    for (len, head) in [(3, 2), (125, 2), (126, 4), (65_535, 4), (65_536, 10)] {
        let mut out = BytesMut::from(&b"before"[..]);
        out.resize(6 + len, 5);
        wrap(&mut out, 6);
        assert_eq!(&out[..6], b"before");
        assert_eq!((out[6], out[7] & MASKED), (FIN | BINARY, 0));
        assert_eq!(out.len(), 6 + head + len);
        assert!(out[6 + head..].iter().all(|byte| *byte == 5));
    }
}

proptest! {
    #[test]
    fn any_split_into_fragments_is_the_same_message(
        data in proptest::collection::vec(any::<u8>(), 0..400),
        cuts in proptest::collection::vec(0_usize..400, 0..6),
    ) {
        let mut cuts: Vec<_> = cuts.into_iter().filter(|cut| *cut <= data.len()).collect();
        cuts.sort_unstable();
        let ends: Vec<_> = cuts.iter().copied().chain([data.len()]).collect();
        let mut received = BytesMut::new();
        let mut start = 0;
        for (number, end) in ends.iter().enumerate() {
            let opcode = if number == 0 { BINARY } else { CONTINUATION };
            let fin = if number + 1 == ends.len() { FIN } else { 0 };
            received.unsplit(frame(fin | opcode, &data[start..*end]));
            start = *end;
        }
        prop_assert_eq!(next(&mut Unwrapper::default(), &mut received), Ok(Some(message(&data))));
    }

    #[test]
    fn random_bytes_do_no_harm(data in proptest::collection::vec(any::<u8>(), 0..600)) {
        let mut received = BytesMut::from(&data[..]);
        let mut unwrapper = Unwrapper::default();
        while let Ok(Some(_)) = next(&mut unwrapper, &mut received) {}
        prop_assert!(received.len() <= data.len());
    }
}
