//! What holds of whatever a client sends into its WebSocket.

use bytes::BytesMut;

use crate::websocket::{Unwrapped, Unwrapper};

const MESSAGE_BYTES_MAX: usize = 4096;

/// However the bytes are cut on their way, the same messages come out, none longer than it may be, and
/// the same refusal ends them.
///
/// # Panics
///
/// When they do not.
pub fn websocket(bytes: &[u8]) {
    let at_once = unwrapped(bytes, bytes.len().max(1));
    assert_eq!(unwrapped(bytes, 1), at_once);
    assert_eq!(unwrapped(bytes, 7), at_once);
}

/// Messages as text, and the code of the refusal.
fn unwrapped(bytes: &[u8], chunk: usize) -> (Vec<String>, Option<u16>) {
    let (mut unwrapper, mut received) = (Unwrapper::default(), BytesMut::new());
    let mut messages = Vec::new();
    for part in bytes.chunks(chunk) {
        received.extend_from_slice(part);
        loop {
            match unwrapper.next(&mut received, MESSAGE_BYTES_MAX) {
                Ok(Some(message)) => {
                    if let Unwrapped::Message(data) = &message {
                        assert!(data.len() <= MESSAGE_BYTES_MAX);
                    }
                    messages.push(format!("{message:?}"));
                }
                Ok(None) => break,
                Err(code) => return (messages, Some(code)),
            }
        }
    }
    (messages, None)
}
