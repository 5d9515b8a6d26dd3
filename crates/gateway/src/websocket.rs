//! The server's side of RFC 6455 over a stream that has been upgraded: enough for one binary
//! message per frame of ours, and strict, because what a client gets wrong here is an attack or a
//! bug. No extension is offered; a text message is refused with 1003.
//!
//! ```text
//! client → server   fin 1 | rsv 3 | opcode 4 | masked 1 | len 7 | [len 16 or 64] | mask 32 | data
//! ```

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::{Buf as _, BufMut as _, Bytes, BytesMut};
use http::header::{
    CONNECTION, SEC_WEBSOCKET_ACCEPT, SEC_WEBSOCKET_KEY, SEC_WEBSOCKET_VERSION, UPGRADE,
};
use http::{HeaderMap, HeaderValue, Method, Request, Response, StatusCode};
use sha1::{Digest as _, Sha1};
use thiserror::Error;

/// Appended to the client's key before it is hashed.
const GUID: &[u8] = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
/// Data of a control frame.
const CONTROL_BYTES_MAX: usize = 125;

const CLOSE_NORMAL: u16 = 1000;
const CLOSE_PROTOCOL: u16 = 1002;
const CLOSE_UNSUPPORTED: u16 = 1003;
const CLOSE_NO_STATUS: u16 = 1005;
const CLOSE_TOO_BIG: u16 = 1009;

const CONTINUATION: u8 = 0;
const TEXT: u8 = 1;
const BINARY: u8 = 2;
const CLOSE: u8 = 8;
const PING: u8 = 9;
const PONG: u8 = 10;
const FIN: u8 = 0x80;
const RESERVED: u8 = 0x70;
const MASKED: u8 = 0x80;

/// Why a request to open a WebSocket is refused with 400 or 426.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum HandshakeError {
    /// Only version 13 is spoken.
    #[error("unsupported WebSocket version")]
    Version,
    /// A header is missing or not as RFC 6455 has it.
    #[error("not a WebSocket handshake")]
    Malformed,
}

/// The answer to a request that asks for a WebSocket; `None` for one that does not.
pub fn handshake<B>(request: &Request<B>) -> Option<Result<Response<()>, HandshakeError>> {
    has_token(request.headers(), &UPGRADE, "websocket").then(|| answer(request))
}

fn answer<B>(request: &Request<B>) -> Result<Response<()>, HandshakeError> {
    let headers = request.headers();
    if request.method() != Method::GET || !has_token(headers, &CONNECTION, "upgrade") {
        return Err(HandshakeError::Malformed);
    }
    if headers
        .get(SEC_WEBSOCKET_VERSION)
        .is_none_or(|version| version != "13")
    {
        return Err(HandshakeError::Version);
    }
    let key = headers
        .get(SEC_WEBSOCKET_KEY)
        .ok_or(HandshakeError::Malformed)?;
    let is_nonce = STANDARD
        .decode(key.as_bytes())
        .is_ok_and(|nonce| nonce.len() == 16);
    if !is_nonce {
        return Err(HandshakeError::Malformed);
    }
    let accept = HeaderValue::try_from(accept_key(key.as_bytes()));
    let mut response = Response::new(());
    *response.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
    let headers = response.headers_mut();
    headers.insert(CONNECTION, HeaderValue::from_static("Upgrade"));
    headers.insert(UPGRADE, HeaderValue::from_static("websocket"));
    headers.insert(
        SEC_WEBSOCKET_ACCEPT,
        accept.map_err(|_| HandshakeError::Malformed)?,
    );
    Ok(response)
}

/// What proves to the client that its request was read.
pub fn accept_key(key: &[u8]) -> String {
    STANDARD.encode(Sha1::new().chain_update(key).chain_update(GUID).finalize())
}

fn has_token(headers: &HeaderMap, name: &http::HeaderName, token: &str) -> bool {
    let values = headers
        .get_all(name)
        .iter()
        .filter_map(|value| value.to_str().ok());
    values
        .flat_map(|value| value.split(','))
        .any(|part| part.trim().eq_ignore_ascii_case(token))
}

/// What came out of the client's WebSocket frames.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Unwrapped {
    Message(BytesMut),
    Ping(Bytes),
}

/// Puts messages together.
#[derive(Debug, Default)]
pub(crate) struct Unwrapper {
    /// Fragments of a message that is not complete.
    fragments: Option<BytesMut>,
}

struct FrameHead {
    is_last: bool,
    opcode: u8,
    len: usize,
    mask: [u8; 4],
    /// Bytes of the head itself.
    size: usize,
}

impl Unwrapper {
    pub(crate) fn is_mid_message(&self) -> bool {
        self.fragments.is_some()
    }

    /// The next message or ping; `None` when more bytes are needed. An error is the code to close
    /// with. A message larger than the maximum is refused by its head.
    pub(crate) fn next(
        &mut self,
        received: &mut BytesMut,
        message_bytes_max: usize,
    ) -> Result<Option<Unwrapped>, u16> {
        loop {
            let held = self.fragments.as_ref().map_or(0, BytesMut::len);
            let Some(frame) = self.head(received, message_bytes_max - held)? else {
                return Ok(None);
            };
            if received.len() < frame.size + frame.len {
                return Ok(None);
            }
            received.advance(frame.size);
            let mut data = received.split_to(frame.len);
            unmask(&mut data, frame.mask);
            match frame.opcode {
                PING => return Ok(Some(Unwrapped::Ping(data.freeze()))),
                PONG => {}
                CLOSE => return Err(close_answer(&data)),
                _ => {
                    if let Some(message) = self.add(data, frame.is_last) {
                        return Ok(Some(Unwrapped::Message(message)));
                    }
                }
            }
        }
    }

    fn head(&self, received: &[u8], bytes_max: usize) -> Result<Option<FrameHead>, u16> {
        let [first, second, rest @ ..] = received else {
            return Ok(None);
        };
        let opcode = first & 0x0f;
        let is_last = first & FIN != 0;
        self.check(first & RESERVED != 0, opcode, is_last)?;
        if second & MASKED == 0 {
            return Err(CLOSE_PROTOCOL);
        }
        let short = usize::from(second & !MASKED);
        let (len, len_bytes) = match short {
            126 => (
                rest.first_chunk()
                    .map(|len| u64::from(u16::from_be_bytes(*len))),
                2,
            ),
            127 => (rest.first_chunk().map(|len| u64::from_be_bytes(*len)), 8),
            _ => (Some(short as u64), 0),
        };
        let Some(len) = len else { return Ok(None) };
        let len = usize::try_from(len).unwrap_or(usize::MAX);
        if opcode >= CLOSE && len > CONTROL_BYTES_MAX {
            return Err(CLOSE_PROTOCOL);
        }
        if len > bytes_max {
            return Err(CLOSE_TOO_BIG);
        }
        let Some(mask) = rest.get(len_bytes..).and_then(<[u8]>::first_chunk) else {
            return Ok(None);
        };
        Ok(Some(FrameHead {
            is_last,
            opcode,
            len,
            mask: *mask,
            size: 2 + len_bytes + 4,
        }))
    }

    fn check(&self, is_reserved: bool, opcode: u8, is_last: bool) -> Result<(), u16> {
        let is_fine = match opcode {
            CONTINUATION => self.fragments.is_some(),
            BINARY => self.fragments.is_none(),
            TEXT => return Err(CLOSE_UNSUPPORTED),
            CLOSE | PING | PONG => is_last,
            _ => false,
        };
        if is_fine && !is_reserved {
            Ok(())
        } else {
            Err(CLOSE_PROTOCOL)
        }
    }

    fn add(&mut self, data: BytesMut, is_last: bool) -> Option<BytesMut> {
        let message = match self.fragments.take() {
            None => data,
            Some(mut fragments) => {
                fragments.extend_from_slice(&data);
                fragments
            }
        };
        if is_last {
            return Some(message);
        }
        self.fragments = Some(message);
        None
    }
}

fn unmask(data: &mut [u8], mask: [u8; 4]) {
    let mut words = data.chunks_exact_mut(4);
    for word in &mut words {
        for (byte, key) in word.iter_mut().zip(mask) {
            *byte ^= key;
        }
    }
    for (byte, key) in words.into_remainder().iter_mut().zip(mask) {
        *byte ^= key;
    }
}

/// A close is answered with its own code.
fn close_answer(data: &[u8]) -> u16 {
    match data {
        [] => CLOSE_NO_STATUS,
        [high, low, ..] => match u16::from_be_bytes([*high, *low]) {
            code @ (1000..=1003 | 1007..=1011 | 3000..=4999) => code,
            _ => CLOSE_PROTOCOL,
        },
        [_] => CLOSE_PROTOCOL,
    }
}

pub(crate) fn put_pong(data: &[u8], out: &mut BytesMut) {
    put_control(PONG, data, out);
}

/// Queues a close frame; one without a code for a client that gave none.
pub(crate) fn put_close(code: u16, out: &mut BytesMut) {
    match code {
        CLOSE_NO_STATUS => put_control(CLOSE, &[], out),
        code => put_control(CLOSE, &code.to_be_bytes(), out),
    }
}

/// A close of our own, without blame.
pub(crate) fn put_normal_close(out: &mut BytesMut) {
    put_close(CLOSE_NORMAL, out);
}

fn put_control(opcode: u8, data: &[u8], out: &mut BytesMut) {
    out.put_u8(FIN | opcode);
    out.put_u8(u8::try_from(data.len()).unwrap_or(0));
    out.put_slice(data);
}

/// Makes what stands in `out` from `start` on one binary message.
pub(crate) fn wrap(out: &mut BytesMut, start: usize) {
    let len = out.len() - start;
    let mut head = [0; 10];
    head[0] = FIN | BINARY;
    let size = match len {
        0..=125 => {
            head[1] = u8::try_from(len).unwrap_or(0);
            2
        }
        126..=0xffff => {
            head[1] = 126;
            head[2..4].copy_from_slice(&u16::try_from(len).unwrap_or(0).to_be_bytes());
            4
        }
        _ => {
            head[1] = 127;
            head[2..10].copy_from_slice(&(len as u64).to_be_bytes());
            10
        }
    };
    out.resize(out.len() + size, 0);
    out.copy_within(start..start + len, start + size);
    out[start..start + size].copy_from_slice(&head[..size]);
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
mod tests;
