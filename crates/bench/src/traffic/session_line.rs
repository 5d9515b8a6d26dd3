//! A line to the server: a session of the client.

use std::time::Duration;

use bytes::{Bytes, BytesMut};
use client::arrival::{Arrival, List};
use client::connection::ConnectionError;
use client::session::Session;
use client::{Message, SendOptions, Target};
use tokio::time::Instant;

use super::line::{Got, Heard, Line, STRANGER};

/// Before the number in an account's name.
const PREFIX: &str = "p";
/// Bytes of a payload that say when the message was due.
const STAMP_BYTES: usize = 8;

/// The account of a participant.
pub(crate) fn account(number: u32) -> String {
    format!("{PREFIX}{number}")
}

/// The participant of an account.
fn number_of(account: &str) -> u32 {
    let digits = account.strip_prefix(PREFIX);
    digits
        .and_then(|digits| digits.parse().ok())
        .unwrap_or(STRANGER)
}

/// What messages look like.
#[derive(Clone, Debug)]
pub(crate) struct Letter {
    to: Target,
    payload: BytesMut,
    /// What is due is told in nanoseconds since.
    epoch: Instant,
}

impl Letter {
    pub(crate) fn new(to: Target, payload_bytes: u32, epoch: Instant) -> Self {
        let mut payload = BytesMut::zeroed(payload_bytes as usize);
        // Like the text it would be, so that nothing gains by compressing zeros.
        let text = (b' '..=b'~').cycle();
        payload
            .iter_mut()
            .zip(text)
            .for_each(|(byte, letter)| *byte = letter);
        Self { to, payload, epoch }
    }

    fn stamped(&mut self, due: Instant) -> Bytes {
        let since = due.saturating_duration_since(self.epoch).as_nanos();
        let stamp = u64::try_from(since).unwrap_or(u64::MAX).to_be_bytes();
        self.payload[..STAMP_BYTES].copy_from_slice(&stamp);
        Bytes::copy_from_slice(&self.payload)
    }

    fn due(&self, payload: &[u8]) -> Option<Instant> {
        let stamp = payload.first_chunk::<STAMP_BYTES>()?;
        let since = Duration::from_nanos(u64::from_be_bytes(*stamp));
        self.epoch.checked_add(since)
    }
}

pub(crate) struct SessionLine {
    session: Session,
    letter: Letter,
}

impl SessionLine {
    pub(crate) fn new(session: Session, letter: Letter) -> Self {
        Self { session, letter }
    }
}

/// A message of a participant, as it came.
pub(crate) fn got(message: &Message, due: Option<Instant>) -> Got {
    Got {
        from: number_of(&message.from.account),
        number: message.packet_id.parse().unwrap_or(u32::MAX),
        sequence: message.sequence,
        due,
    }
}

impl Line for SessionLine {
    fn queue_message(&mut self, number: u32, due: Instant) {
        let payload = self.letter.stamped(due);
        let (to, options) = (&self.letter.to, SendOptions::default());
        self.session
            .queue_message(&number.to_string(), to, &payload, &options);
    }

    fn queue_acknowledgement(&mut self, sequence: i64) {
        self.session.queue_sequence_ack(sequence);
    }

    async fn next(&mut self) -> Result<Heard, ConnectionError> {
        Ok(match self.session.next().await? {
            Arrival::Ack(ack) => Heard::Answer {
                number: ack.packet_id.parse().unwrap_or(u32::MAX),
                outcome: match ack.outcome {
                    Ok(receipt) => Ok(receipt.sequence),
                    Err(refused) => Err(refused.code),
                },
            },
            Arrival::List(List { messages, .. }) => {
                let got = |message: &Message| got(message, self.letter.due(&message.payload));
                Heard::Messages(messages.iter().map(got).collect())
            }
            Arrival::Kick(_) => return Err(ConnectionError::Closed),
            _ => Heard::Other,
        })
    }

    async fn flush(&mut self) -> Result<(), ConnectionError> {
        self.session.flush().await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_letter_tells_when_it_was_due() {
        let epoch = Instant::now();
        let mut letter = Letter::new("p1".into(), 200, epoch);
        let due = epoch + Duration::from_nanos(123_456_789);
        let payload = letter.stamped(due);
        assert_eq!(payload.len(), 200);
        assert_eq!(letter.due(&payload), Some(due));
        assert_eq!(letter.due(b"short"), None);
        assert_eq!(
            letter.due(&[0xff; 200]),
            epoch.checked_add(Duration::from_nanos(u64::MAX))
        );
    }

    #[test]
    fn accounts_have_numbers_and_strangers_have_none() {
        assert_eq!(number_of(&account(17)), 17);
        assert_eq!(number_of("somebody"), STRANGER);
    }
}
