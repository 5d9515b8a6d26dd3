//! A line to somebody else through the bare relay. A message is a frame as long as one of the server's,
//! and so is the answer to it, which the other end gives.
//!
//! ```text
//! u32 length of the rest | u8 kind | u32 number | u64 due in ns | filling
//! ```

use std::io;
use std::time::Duration;

use bytes::{Buf as _, BufMut as _, BytesMut};
use client::connection::ConnectionError;
use tokio::io::AsyncReadExt as _;
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;
use tokio::time::Instant;

use super::line::{Got, Heard, Line};
use crate::floor::relay::LENGTH_BYTES;

const MESSAGE: u8 = 0;
const ANSWER: u8 = 1;
/// kind, number, due.
const HEAD_BYTES: usize = 13;
const READ_BYTES: usize = 8 * 1024;

/// Room for the number of a sender in a sequence.
const SENDER_BITS: u32 = 20;

/// How long frames are, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct FrameSizes {
    pub(crate) message: usize,
    pub(crate) answer: usize,
}

pub(crate) struct RelayLine {
    stream: TcpStream,
    /// The number of the one who sends; the other one answers.
    sender: u32,
    sizes: FrameSizes,
    epoch: Instant,
    inbound: BytesMut,
    outbound: BytesMut,
}

impl RelayLine {
    pub(crate) fn new(stream: TcpStream, sender: u32, sizes: FrameSizes, epoch: Instant) -> Self {
        Self {
            stream,
            sender,
            sizes,
            epoch,
            inbound: BytesMut::new(),
            outbound: BytesMut::new(),
        }
    }

    fn queue(&mut self, kind: u8, number: u32, due_ns: u64, bytes: usize) {
        let bytes = bytes.max(LENGTH_BYTES + HEAD_BYTES);
        let rest = u32::try_from(bytes - LENGTH_BYTES).unwrap_or_default();
        self.outbound.put_u32(rest);
        self.outbound.put_u8(kind);
        self.outbound.put_u32(number);
        self.outbound.put_u64(due_ns);
        self.outbound
            .put_bytes(b'.', bytes - LENGTH_BYTES - HEAD_BYTES);
    }

    fn take(&mut self) -> Option<Heard> {
        let length = u32::from_be_bytes(*self.inbound.first_chunk::<LENGTH_BYTES>()?);
        let end = LENGTH_BYTES + usize::try_from(length).ok()?;
        if self.inbound.len() < end {
            return None;
        }
        let mut frame = self.inbound.split_to(end);
        frame.advance(LENGTH_BYTES);
        if frame.len() < HEAD_BYTES {
            return Some(Heard::Other);
        }
        let (kind, number, due_ns) = (frame.get_u8(), frame.get_u32(), frame.get_u64());
        let sequence = sequence(self.sender, number);
        Some(match kind {
            MESSAGE => Heard::Messages(vec![Got {
                from: self.sender,
                number,
                sequence,
                due: self.epoch.checked_add(Duration::from_nanos(due_ns)),
            }]),
            ANSWER => Heard::Answer {
                number,
                outcome: Ok(sequence),
            },
            _ => Heard::Other,
        })
    }
}

/// Ascending on each line, from above 0, and no two alike.
fn sequence(sender: u32, number: u32) -> i64 {
    ((i64::from(number) + 1) << SENDER_BITS) | i64::from(sender)
}

impl Line for RelayLine {
    fn queue_message(&mut self, number: u32, due: Instant) {
        let since = due.saturating_duration_since(self.epoch).as_nanos();
        let due_ns = u64::try_from(since).unwrap_or(u64::MAX);
        self.queue(MESSAGE, number, due_ns, self.sizes.message);
    }

    /// Messages come one by one here, and each is answered.
    fn queue_acknowledgement(&mut self, sequence: i64) {
        let number = u32::try_from((sequence >> SENDER_BITS) - 1).unwrap_or_default();
        self.queue(ANSWER, number, 0, self.sizes.answer);
    }

    async fn next(&mut self) -> Result<Heard, ConnectionError> {
        loop {
            if let Some(heard) = self.take() {
                return Ok(heard);
            }
            // What the frames of one read had us queue goes out in one write.
            self.flush().await?;
            self.inbound.reserve(READ_BYTES);
            match self.stream.read_buf(&mut self.inbound).await {
                Ok(0) => return Err(ConnectionError::Closed),
                Ok(_) => {}
                Err(error) => return Err(ConnectionError::Broken(error)),
            }
        }
    }

    async fn flush(&mut self) -> Result<(), ConnectionError> {
        while !self.outbound.is_empty() {
            // May be dropped in between: what is written is taken away at once.
            let written = self.stream.write(&self.outbound).await;
            match written.map_err(ConnectionError::Broken)? {
                0 => return Err(ConnectionError::Broken(io::ErrorKind::WriteZero.into())),
                written => self.outbound.advance(written),
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use tokio::net::TcpListener;

    use super::*;

    #[tokio::test]
    async fn messages_and_answers_have_the_sizes_and_the_numbers_they_were_given() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let stream = TcpStream::connect(listener.local_addr().unwrap())
            .await
            .unwrap();
        let (other, _) = listener.accept().await.unwrap();
        let sizes = FrameSizes {
            message: 400,
            answer: 100,
        };
        let epoch = Instant::now();
        let mut ann = RelayLine::new(stream, 0, sizes, epoch);
        let mut ben = RelayLine::new(other, 0, sizes, epoch);
        let due = epoch + Duration::from_micros(7);
        ann.queue_message(5, due);
        assert_eq!(ann.outbound.len(), 400);
        ann.flush().await.unwrap();
        let Heard::Messages(messages) = ben.next().await.unwrap() else {
            panic!("a message was sent");
        };
        let expected = Got {
            from: 0,
            number: 5,
            sequence: sequence(0, 5),
            due: Some(due),
        };
        assert_eq!(messages, [expected]);
        ben.queue_acknowledgement(sequence(0, 5));
        assert_eq!(ben.outbound.len(), 100);
        ben.flush().await.unwrap();
        let answer = ann.next().await.unwrap();
        assert!(
            matches!(
                answer,
                Heard::Answer {
                    number: 5,
                    outcome: Ok(_)
                }
            ),
            "{answer:?}"
        );
    }
}
