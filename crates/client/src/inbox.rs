//! Where the connection lays down what came, and the app takes it: the meeting point of two paces.
//!
//! A slow app slows its own acknowledgements and nothing else: the server stops sending messages
//! after four unacknowledged lists, while receipts and pings keep flowing.

use std::collections::VecDeque;

use parking_lot::Mutex;
use tokio::sync::Notify;

use crate::event::Event;
use crate::filter::Filter;

/// Messages that wait for the app. An honest server stays below with its 4 lists of 50.
pub(crate) const INBOX_MESSAGES_MAX: usize = 512;
/// Online messages and their acknowledgements that wait for the app; more are dropped, as they are
/// for a device that is offline.
pub(crate) const INBOX_FLEETING_MAX: usize = 256;
/// Connects and disconnects that wait for the app; of more, only the newest is kept.
pub(crate) const INBOX_STATUSES_MAX: usize = 64;

/// More messages came than a server may send without an acknowledgement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Overfull;

#[derive(Debug, Default)]
pub(crate) struct Inbox {
    state: Mutex<State>,
    /// For the app: something came.
    came: Notify,
    /// For the connection: the app has taken what it was waiting for.
    taken: Notify,
}

#[derive(Debug, Default)]
struct State {
    queue: VecDeque<Event>,
    messages: usize,
    fleeting: usize,
    statuses: usize,
    filter: Filter,
    /// The message that the app has in its hands.
    in_hand: i64,
    /// Everything up to here has been taken by the app.
    taken: i64,
    /// The connection wants to know when `taken` gets here.
    awaited: i64,
    is_closed: bool,
}

impl Inbox {
    // The connection's side

    /// Lays down an event; a message that came before is left out. Nothing follows a last event.
    pub(crate) fn put(&self, event: Event) -> Result<(), Overfull> {
        let mut state = self.state.lock();
        if state.is_closed {
            return Ok(());
        }
        state.is_closed = event.is_last();
        let is_full = state.put(event);
        drop(state);
        self.came.notify_one();
        is_full
    }

    /// How far the app has taken messages. Below `wanted`, [`taken`](Self::taken) tells when it
    /// gets there.
    pub(crate) fn taken_up_to(&self, wanted: i64) -> i64 {
        let mut state = self.state.lock();
        state.awaited = wanted;
        state.taken
    }

    /// Waits until the app has taken what [`taken_up_to`](Self::taken_up_to) asked for.
    pub(crate) async fn taken(&self) {
        self.taken.notified().await;
    }

    // The app's side

    /// The next event, `None` after a last one. The message before it counts as taken.
    pub(crate) async fn next(&self) -> Option<Event> {
        loop {
            let came = self.came.notified();
            match self.take() {
                Some(event) => return Some(event),
                None if self.state.lock().is_closed => return None,
                None => came.await,
            }
        }
    }

    /// The message in the app's hands counts as taken.
    pub(crate) fn done(&self) {
        if self.state.lock().done() {
            self.taken.notify_one();
        }
    }

    fn take(&self) -> Option<Event> {
        let mut state = self.state.lock();
        if state.done() {
            self.taken.notify_one();
        }
        state.pop()
    }
}

impl State {
    fn put(&mut self, event: Event) -> Result<(), Overfull> {
        match &event {
            Event::Message(message) => {
                if self.messages >= INBOX_MESSAGES_MAX {
                    return Err(Overfull);
                }
                if !self.filter.is_new(message.sequence) {
                    return Ok(());
                }
                self.messages += 1;
            }
            Event::OnlineMessage(_) | Event::OnlineAck(_) => {
                if self.fleeting >= INBOX_FLEETING_MAX {
                    return Ok(());
                }
                self.fleeting += 1;
            }
            Event::Connected { .. } | Event::Disconnected { .. } => self.count_status(),
            Event::Kicked { .. } | Event::Refused { .. } | Event::LoggedOut => {}
        }
        self.queue.push_back(event);
        Ok(())
    }

    fn count_status(&mut self) {
        if self.statuses < INBOX_STATUSES_MAX {
            self.statuses += 1;
        } else if let Some(at) = self.queue.iter().rposition(Event::is_status) {
            self.queue.remove(at);
        }
    }

    /// Whether this is what the connection is waiting for.
    fn done(&mut self) -> bool {
        let before = self.taken;
        self.taken = before.max(self.in_hand);
        before < self.awaited && self.awaited <= self.taken
    }

    fn pop(&mut self) -> Option<Event> {
        let event = self.queue.pop_front()?;
        match &event {
            Event::Message(message) => {
                self.messages -= 1;
                self.in_hand = message.sequence;
            }
            Event::OnlineMessage(_) | Event::OnlineAck(_) => self.fleeting -= 1,
            event if event.is_status() => self.statuses -= 1,
            _ => {}
        }
        Some(event)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use bytes::Bytes;

    use super::*;
    use crate::event::Disconnection;
    use crate::message::{Device, Message, OnlineAck, Target};

    fn message(sequence: i64) -> Event {
        Event::Message(Message {
            sequence,
            timestamp_ms: 0,
            packet_id: sequence.to_string(),
            from: Device::new("a", "r"),
            to: Target::from("b"),
            payload: Bytes::new(),
            biz_type: String::new(),
        })
    }

    fn lost() -> Event {
        Event::Disconnected {
            why: Disconnection::Silent,
            retry_in: Duration::ZERO,
        }
    }

    #[tokio::test]
    async fn a_message_is_taken_when_the_app_asks_for_the_next() {
        let inbox = Inbox::default();
        inbox.put(message(1)).unwrap();
        inbox.put(message(2)).unwrap();
        assert_eq!(inbox.next().await, Some(message(1)));
        assert_eq!(inbox.taken_up_to(1), 0);
        assert_eq!(inbox.next().await, Some(message(2)));
        inbox.taken().await;
        assert_eq!(inbox.taken_up_to(2), 1);
    }

    #[tokio::test]
    async fn what_comes_again_is_shown_once() {
        let inbox = Inbox::default();
        for sequence in [1, 2, 1, 2, 3] {
            inbox.put(message(sequence)).unwrap();
        }
        for sequence in [1, 2, 3] {
            assert_eq!(inbox.next().await, Some(message(sequence)));
        }
        assert_eq!(inbox.take(), None);
    }

    #[tokio::test]
    async fn nothing_follows_a_last_event() {
        let inbox = Inbox::default();
        inbox.put(Event::LoggedOut).unwrap();
        inbox.put(message(1)).unwrap();
        assert_eq!(inbox.next().await, Some(Event::LoggedOut));
        assert_eq!(inbox.next().await, None);
    }

    #[test]
    fn each_kind_has_its_bound() {
        let inbox = Inbox::default();
        let max = i64::try_from(INBOX_MESSAGES_MAX).unwrap();
        assert!((1..=max).all(|sequence| inbox.put(message(sequence)).is_ok()));
        assert_eq!(inbox.put(message(max + 1)), Err(Overfull));
        for _ in 0..2 * INBOX_FLEETING_MAX {
            let ack = OnlineAck {
                packet_id: String::new(),
                code: 0,
                text: String::new(),
            };
            inbox.put(Event::OnlineAck(ack)).unwrap();
            inbox.put(lost()).unwrap();
        }
        inbox.put(Event::Connected { uuid: 1 }).unwrap();
        let state = inbox.state.lock();
        assert_eq!(state.fleeting, INBOX_FLEETING_MAX);
        assert_eq!(state.statuses, INBOX_STATUSES_MAX);
        let all = INBOX_MESSAGES_MAX + INBOX_FLEETING_MAX + INBOX_STATUSES_MAX;
        assert_eq!(state.queue.len(), all);
        assert_eq!(state.queue.back(), Some(&Event::Connected { uuid: 1 }));
    }
}
