//! Messages on their way to the server: each is kept until it is acknowledged, and written again on
//! every new connection, in the order in which the app sent them.

use std::collections::VecDeque;

use bytes::Bytes;
use parking_lot::Mutex;
use tokio::sync::{Notify, oneshot};
use tokio::time::Instant;

use crate::arrival::Ack;
use crate::ids::Ids;
use crate::message::{OnlineMessage, Receipt, SendOptions, Target};
use crate::sending::{SendError, Sending};
use crate::session::Session;

/// Messages that are not acknowledged; with more, sending fails at once.
pub const OUTBOX_MESSAGES_MAX: usize = 1_024;
/// Of these, how many are on their way at a time.
pub const IN_FLIGHT_MAX: usize = 256;
/// Online messages and their acknowledgements that wait to be written; more are dropped.
pub const OUTBOX_FLEETING_MAX: usize = 256;
/// Bytes that wait for the socket before more are made.
const WRITE_BYTES: usize = 64 * 1024;
/// The answer's code for a binding that has ended: no verdict on the message.
const UNBOUND: i32 = 401;

/// What is written once or not at all.
#[derive(Debug)]
pub(crate) enum Fleeting {
    Message {
        packet_id: String,
        to: String,
        to_resource: Option<String>,
        payload: Bytes,
    },
    Ack(OnlineMessage),
}

#[derive(Debug)]
pub(crate) struct Outbox {
    state: Mutex<State>,
    changed: Notify,
}

#[derive(Debug)]
struct State {
    ids: Ids,
    waiting: VecDeque<Outgoing>,
    /// How many of `waiting` were written on this connection.
    written: usize,
    fleeting: VecDeque<Fleeting>,
    wants_logout: bool,
    is_closed: bool,
}

#[derive(Debug)]
struct Outgoing {
    packet_id: String,
    to: Target,
    payload: Bytes,
    options: SendOptions,
    written_at: Option<Instant>,
    answer: oneshot::Sender<Result<Receipt, SendError>>,
}

impl Outbox {
    pub(crate) fn new() -> Self {
        Self {
            state: Mutex::new(State {
                ids: Ids::new(),
                waiting: VecDeque::new(),
                written: 0,
                fleeting: VecDeque::new(),
                wants_logout: false,
                is_closed: false,
            }),
            changed: Notify::new(),
        }
    }

    // The app's side

    /// Takes a message; the order of these calls is the order of the messages.
    pub(crate) fn send(&self, to: Target, payload: Bytes, mut options: SendOptions) -> Sending {
        let mut state = self.state.lock();
        let named = options.packet_id.take();
        let packet_id = named.unwrap_or_else(|| state.ids.next().to_owned());
        let (answer, receiver) = oneshot::channel();
        let outgoing = Outgoing {
            packet_id: packet_id.clone(),
            to,
            payload,
            options,
            written_at: None,
            answer,
        };
        if state.is_closed {
            outgoing.tell(Err(SendError::Ended));
        } else if state.waiting.len() >= OUTBOX_MESSAGES_MAX {
            outgoing.tell(Err(SendError::OutboxFull));
        } else {
            state.waiting.push_back(outgoing);
            drop(state);
            self.changed.notify_one();
        }
        Sending::new(packet_id, receiver)
    }

    /// Takes an online message; returns its packetId.
    pub(crate) fn send_online(
        &self,
        to: String,
        to_resource: Option<String>,
        payload: Bytes,
    ) -> String {
        let packet_id = self.state.lock().ids.next().to_owned();
        self.send_fleeting(Fleeting::Message {
            packet_id: packet_id.clone(),
            to,
            to_resource,
            payload,
        });
        packet_id
    }

    pub(crate) fn send_fleeting(&self, fleeting: Fleeting) {
        let mut state = self.state.lock();
        if !state.is_closed && state.fleeting.len() < OUTBOX_FLEETING_MAX {
            state.fleeting.push_back(fleeting);
            drop(state);
            self.changed.notify_one();
        }
    }

    pub(crate) fn ask_for_logout(&self) {
        self.state.lock().wants_logout = true;
        self.changed.notify_one();
    }

    /// Messages without a receipt.
    pub(crate) fn len(&self) -> usize {
        self.state.lock().waiting.len()
    }

    // The connection's side

    /// A new connection: everything is to be written again, and what is not kept is gone.
    pub(crate) fn rewind(&self) {
        let mut state = self.state.lock();
        state.written = 0;
        state.fleeting.clear();
    }

    /// Queues on the session what it has room for.
    pub(crate) fn write_to(&self, session: &mut Session) {
        let mut state = self.state.lock();
        while session.queued_bytes() < WRITE_BYTES {
            let Some(fleeting) = state.fleeting.pop_front() else {
                break;
            };
            fleeting.write_to(session);
        }
        let mut next = state.written;
        while session.queued_bytes() < WRITE_BYTES && next < IN_FLIGHT_MAX {
            let Some(outgoing) = state.waiting.get_mut(next) else {
                break;
            };
            outgoing.written_at = Some(Instant::now());
            session.queue_message(
                &outgoing.packet_id,
                &outgoing.to,
                &outgoing.payload,
                &outgoing.options,
            );
            next += 1;
        }
        state.written = next;
    }

    /// Passes a verdict on. What is acknowledged before it was written on this connection was
    /// acknowledged all the same.
    pub(crate) fn answered(&self, ack: Ack) {
        if matches!(&ack.outcome, Err(refused) if refused.code == UNBOUND) {
            return;
        }
        let mut state = self.state.lock();
        let Some(at) = (state.waiting.iter()).position(|out| out.packet_id == ack.packet_id) else {
            return;
        };
        if at < state.written {
            state.written -= 1;
        }
        if let Some(outgoing) = state.waiting.remove(at) {
            drop(state);
            outgoing.tell(ack.outcome.map_err(SendError::Refused));
        }
    }

    /// When the message was written that waits longest for its acknowledgement on this connection.
    pub(crate) fn waiting_since(&self) -> Option<Instant> {
        let state = self.state.lock();
        let is_written = state.written > 0;
        state.waiting.front().filter(|_| is_written)?.written_at
    }

    pub(crate) fn wants_logout(&self) -> bool {
        self.state.lock().wants_logout
    }

    /// Waits until there may be something new to write, or to log out.
    pub(crate) async fn changed(&self) {
        self.changed.notified().await;
    }

    /// No more: all that wait are told so.
    pub(crate) fn close(&self) {
        let mut state = self.state.lock();
        state.is_closed = true;
        state.fleeting.clear();
        let waiting = std::mem::take(&mut state.waiting);
        drop(state);
        for outgoing in waiting {
            outgoing.tell(Err(SendError::Ended));
        }
    }
}

impl Outgoing {
    fn tell(self, answer: Result<Receipt, SendError>) {
        // An app that does not want to know has dropped the other end.
        let _ = self.answer.send(answer);
    }
}

impl Fleeting {
    fn write_to(&self, session: &mut Session) {
        match self {
            Self::Message {
                packet_id,
                to,
                to_resource,
                payload,
            } => session.queue_online_message(packet_id, to, to_resource.as_deref(), payload),
            Self::Ack(message) => session.queue_online_ack(message),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::SendRefused;

    fn send(outbox: &Outbox) -> Sending {
        outbox.send(Target::from("b"), Bytes::new(), SendOptions::default())
    }

    fn receipt(sequence: i64) -> Receipt {
        Receipt {
            sequence,
            timestamp_ms: 1,
        }
    }

    fn ack(of: &Sending, outcome: Result<Receipt, SendRefused>) -> Ack {
        Ack {
            packet_id: of.packet_id().to_owned(),
            outcome,
        }
    }

    #[tokio::test]
    async fn a_message_waits_until_it_is_acknowledged() {
        let outbox = Outbox::new();
        let (first, second) = (send(&outbox), send(&outbox));
        outbox.answered(ack(&second, Ok(receipt(2))));
        assert_eq!(outbox.len(), 1);
        assert_eq!(second.await, Ok(receipt(2)));
        outbox.answered(ack(&first, Ok(receipt(1))));
        assert_eq!(first.await, Ok(receipt(1)));
        assert_eq!(outbox.len(), 0);
    }

    #[tokio::test]
    async fn a_binding_that_has_ended_is_no_verdict() {
        let outbox = Outbox::new();
        let sending = send(&outbox);
        let refused = |code| SendRefused {
            code,
            text: "no".to_owned(),
        };
        outbox.answered(ack(&sending, Err(refused(401))));
        assert_eq!(outbox.len(), 1);
        outbox.answered(ack(&sending, Err(refused(403))));
        assert_eq!(sending.await, Err(SendError::Refused(refused(403))));
    }

    #[tokio::test]
    async fn a_full_outbox_refuses_at_once() {
        let outbox = Outbox::new();
        let kept: Vec<_> = (0..OUTBOX_MESSAGES_MAX).map(|_| send(&outbox)).collect();
        assert_eq!(send(&outbox).await, Err(SendError::OutboxFull));
        outbox.answered(ack(&kept[0], Ok(receipt(1))));
        assert_eq!(outbox.len(), OUTBOX_MESSAGES_MAX - 1);
        let _last = send(&outbox);
        assert_eq!(outbox.len(), OUTBOX_MESSAGES_MAX);
    }

    #[tokio::test]
    async fn the_end_is_told_to_all_that_wait_and_to_those_who_come() {
        let outbox = Outbox::new();
        let before = send(&outbox);
        outbox.close();
        assert_eq!(before.await, Err(SendError::Ended));
        assert_eq!(send(&outbox).await, Err(SendError::Ended));
    }
}
