//! The client's side of RFC 6455, as much of it as our frames need: each of them is one binary
//! message in one piece, which is how the server writes them.
//!
//! ```text
//! server → client   fin 1 | rsv 3 | opcode 4 | masked 0 | len 7 | [len 16 or 64] | data
//! ```

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::{Buf as _, BufMut as _, Bytes, BytesMut};
use sha1::{Digest as _, Sha1};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use crate::connection::{ConnectionError, bad_server};
use crate::stream::Stream;

/// How long the server may take to upgrade.
const UPGRADE_WAIT: Duration = Duration::from_secs(10);
/// Bytes of an answer's head.
const HEAD_BYTES_MAX: usize = 8 * 1024;
/// What a server may put around a frame: nothing it sends is longer.
const MESSAGE_BYTES_MAX: usize = wire::BODY_BYTES_MAX + 1024;
/// Appended to the key before it is hashed.
const GUID: &[u8] = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

const BINARY: u8 = 2;
const CLOSE: u8 = 8;
const PING: u8 = 9;
const PONG: u8 = 10;
const FIN: u8 = 0x80;
const MASKED: u8 = 0x80;
const LEN_16: u8 = 126;
const LEN_64: u8 = 127;

/// Asks for the upgrade of a stream to `host`; what was read beyond the answer stays in `inbound`.
pub(crate) async fn upgrade(
    stream: &mut Stream,
    host: &str,
    inbound: &mut BytesMut,
) -> Result<(), ConnectionError> {
    let key = STANDARD.encode(random::<16>());
    let request = format!(
        "GET / HTTP/1.1\r\nHost: {host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
         Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\n\r\n"
    );
    let exchange = async {
        let written = stream.write_all(request.as_bytes()).await;
        written.map_err(ConnectionError::Broken)?;
        stream.flush().await.map_err(ConnectionError::Broken)?;
        read_head(stream, inbound).await
    };
    let head = tokio::time::timeout(UPGRADE_WAIT, exchange)
        .await
        .map_err(|_elapsed| ConnectionError::Silent {
            command: "the WebSocket upgrade",
            after: UPGRADE_WAIT,
        })??;
    check_head(&head, &key)
}

async fn read_head(stream: &mut Stream, inbound: &mut BytesMut) -> Result<Bytes, ConnectionError> {
    const END: &[u8] = b"\r\n\r\n";
    loop {
        if let Some(at) = inbound.windows(END.len()).position(|four| four == END) {
            return Ok(inbound.split_to(at + END.len()).freeze());
        }
        if inbound.len() > HEAD_BYTES_MAX {
            return Err(bad_server("an answer's head without an end"));
        }
        let read = stream.read_buf(inbound).await;
        if read.map_err(ConnectionError::Broken)? == 0 {
            return Err(ConnectionError::Closed);
        }
    }
}

fn check_head(head: &[u8], key: &str) -> Result<(), ConnectionError> {
    let head = String::from_utf8_lossy(head);
    let mut lines = head.lines();
    let status = lines.next().unwrap_or_default();
    if status.split_whitespace().nth(1) != Some("101") {
        return Err(bad_server(format!("no WebSocket but {status:?}")));
    }
    let accepted = lines
        .filter_map(|line| line.split_once(':'))
        .find(|(name, _)| name.eq_ignore_ascii_case("sec-websocket-accept"))
        .map(|(_, value)| value.trim());
    if accepted != Some(&accept_key(key)) {
        return Err(bad_server("an upgrade that answers another key"));
    }
    Ok(())
}

/// What proves that the server read the request.
fn accept_key(key: &str) -> String {
    STANDARD.encode(Sha1::new().chain_update(key).chain_update(GUID).finalize())
}

/// Makes what stands in `out` from `start` on one binary message, masked as a client must.
pub(crate) fn wrap(out: &mut BytesMut, start: usize) {
    put(out, start, BINARY, random());
}

fn put(out: &mut BytesMut, start: usize, opcode: u8, mask: [u8; 4]) {
    let len = out.len() - start;
    let mut head = Vec::with_capacity(14);
    head.put_u8(FIN | opcode);
    match len {
        0..=125 => head.put_u8(MASKED | u8::try_from(len).unwrap_or_default()),
        126..=0xffff => {
            head.put_u8(MASKED | LEN_16);
            head.put_u16(u16::try_from(len).unwrap_or_default());
        }
        _ => {
            head.put_u8(MASKED | LEN_64);
            head.put_u64(len as u64);
        }
    }
    head.put_slice(&mask);
    out.resize(out.len() + head.len(), 0);
    out.copy_within(start..start + len, start + head.len());
    out[start..start + head.len()].copy_from_slice(&head);
    let data = &mut out[start + head.len()..];
    for (byte, key) in data.iter_mut().zip(mask.iter().cycle()) {
        *byte ^= key;
    }
}

/// The next message, or `None` when more bytes are needed. A ping is answered into `outbound`.
pub(crate) fn next(
    inbound: &mut BytesMut,
    outbound: &mut BytesMut,
) -> Result<Option<BytesMut>, ConnectionError> {
    loop {
        let Some((opcode, head, len)) = head(inbound)? else {
            return Ok(None);
        };
        if inbound.len() < head + len {
            return Ok(None);
        }
        inbound.advance(head);
        let data = inbound.split_to(len);
        match opcode {
            BINARY => return Ok(Some(data)),
            PING => {
                let start = outbound.len();
                outbound.put_slice(&data);
                put(outbound, start, PONG, random());
            }
            PONG => {}
            CLOSE => return Err(ConnectionError::Closed),
            other => return Err(bad_server(format!("a WebSocket frame of kind {other}"))),
        }
    }
}

/// Opcode, and bytes of the head and of the data.
fn head(inbound: &[u8]) -> Result<Option<(u8, usize, usize)>, ConnectionError> {
    let [first, second, rest @ ..] = inbound else {
        return Ok(None);
    };
    if first & !0x0f != FIN || second & MASKED != 0 {
        return Err(bad_server(
            "a WebSocket frame in pieces, masked or extended",
        ));
    }
    let (len, size) = match *second {
        LEN_16 => (
            rest.first_chunk()
                .map(|len| u64::from(u16::from_be_bytes(*len))),
            4,
        ),
        LEN_64 => (rest.first_chunk().map(|len| u64::from_be_bytes(*len)), 10),
        short => (Some(u64::from(short)), 2),
    };
    let Some(len) = len else { return Ok(None) };
    match usize::try_from(len) {
        Ok(len) if len <= MESSAGE_BYTES_MAX => Ok(Some((first & 0x0f, size, len))),
        _ => Err(bad_server(format!("a WebSocket message of {len} bytes"))),
    }
}

/// Without a source of chance a mask is all zeros, which the server takes as well.
fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    let _ = getrandom::fill(&mut bytes);
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As a server writes it.
    fn from_server(opcode: u8, data: &[u8]) -> BytesMut {
        let mut out = BytesMut::new();
        out.put_u8(FIN | opcode);
        match data.len() {
            len @ 0..=125 => out.put_u8(u8::try_from(len).unwrap()),
            len @ 126..=0xffff => {
                out.put_u8(LEN_16);
                out.put_u16(u16::try_from(len).unwrap());
            }
            len => {
                out.put_u8(LEN_64);
                out.put_u64(len as u64);
            }
        }
        out.put_slice(data);
        out
    }

    fn next_of(inbound: &mut BytesMut) -> Result<Option<BytesMut>, ConnectionError> {
        next(inbound, &mut BytesMut::new())
    }

    #[test]
    fn messages_of_all_sizes_are_read_when_their_last_byte_is_there() {
        for len in [0, 1, 125, 126, 70_000] {
            let data = vec![7; len];
            let whole = from_server(BINARY, &data);
            for cut in [0, 1, 2, whole.len() - 1] {
                if cut < whole.len() {
                    let mut part = BytesMut::from(&whole[..cut]);
                    assert!(next_of(&mut part).unwrap().is_none(), "{len} {cut}");
                }
            }
            let mut inbound = whole;
            assert_eq!(next_of(&mut inbound).unwrap().unwrap(), data);
            assert!(inbound.is_empty());
        }
    }

    #[test]
    fn what_is_sent_is_masked_behind_a_head_of_the_right_size() {
        for (len, head) in [(3, 6), (125, 6), (126, 8), (70_000, 14)] {
            let mut out = BytesMut::from("before");
            let start = out.len();
            out.put_bytes(9, len);
            put(&mut out, start, BINARY, [1, 2, 3, 4]);
            assert_eq!(&out[..start], b"before");
            assert_eq!(out.len(), start + head + len);
            assert_eq!(&out[start + head..][..3], [9 ^ 1, 9 ^ 2, 9 ^ 3]);
        }
    }

    #[test]
    fn a_ping_is_answered_and_a_close_is_the_end() {
        let mut inbound = from_server(PING, b"hi");
        inbound.unsplit(from_server(BINARY, b"x"));
        let mut outbound = BytesMut::new();
        let message = next(&mut inbound, &mut outbound).unwrap().unwrap();
        assert_eq!(&message[..], b"x");
        assert_eq!(outbound[..2], [FIN | PONG, MASKED | 2]);
        let closed = next_of(&mut from_server(CLOSE, &[]));
        assert!(matches!(closed, Err(ConnectionError::Closed)));
    }

    #[test]
    fn what_no_server_of_ours_sends_is_refused() {
        let in_pieces = [BINARY, 0];
        let masked = [FIN | BINARY, MASKED];
        let text = [FIN | 1, 0];
        let endless = [FIN | BINARY, LEN_64, 0, 0, 1, 0, 0, 0, 0, 0];
        for bytes in [&in_pieces[..], &masked, &text, &endless] {
            let refused = next_of(&mut BytesMut::from(bytes));
            assert!(
                matches!(refused, Err(ConnectionError::BadServer(_))),
                "{bytes:?}"
            );
        }
    }

    #[test]
    fn an_upgrade_is_believed_when_it_answers_our_key() {
        let key = "dGhlIHNhbXBsZSBub25jZQ==";
        let answer = |status: &str, accept: &str| {
            format!("HTTP/1.1 {status}\r\nSec-WebSocket-Accept: {accept}\r\n\r\n")
        };
        let right = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";
        assert!(check_head(answer("101 Switching", right).as_bytes(), key).is_ok());
        assert!(check_head(answer("101 Switching", "x").as_bytes(), key).is_err());
        assert!(check_head(answer("400 Bad", right).as_bytes(), key).is_err());
    }
}
