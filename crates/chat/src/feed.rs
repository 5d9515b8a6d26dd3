//! What one bound device is given: lists in order, a window of unacknowledged ones, a cursor.
//!
//! A feed pulls from the store until it has caught up, then lives on its mailbox; when it falls
//! behind, or the client refuses a list, it goes back to pulling. Sequences it gives ascend over
//! all conversations; only a refused list is given again.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use model::{Device, Message, Sequence, Target};
use tokio::time::Instant;

use crate::mailbox::Mailbox;
use crate::port::{Page, PageLimit};

/// Lists in flight for the most patient clients.
pub const WINDOW_MAX: usize = 4;
/// What is read from the store at a time.
pub(crate) const PAGE: PageLimit = PageLimit {
    messages: 200,
    bytes: 256 * 1024,
};
/// A PULL that repeats an unmoved position is answered once in this time.
const REFUSAL_PAUSE: Duration = Duration::from_secs(1);
/// How long a feed waits after the store failed.
const RETRY_PAUSE: Duration = Duration::from_secs(1);

/// How large a list may be.
#[derive(Clone, Copy)]
pub struct ListLimit<'a> {
    /// Messages.
    pub messages: usize,
    /// Bytes, as `size` counts them; a single message may be larger.
    pub bytes: usize,
    /// What a message adds to a list, in bytes.
    pub size: &'a (dyn Fn(&Message) -> usize + Sync),
}

/// What a feed has to say.
#[derive(Debug)]
pub enum Next {
    /// A list for the device, never empty.
    List(Vec<Arc<Message>>),
    /// Nothing until there is news, an acknowledgement, or its time.
    Nothing,
    /// The store must be read first.
    Pull,
}

/// A device's way through its queue.
#[derive(Debug)]
pub struct Feed {
    mailbox: Arc<Mailbox>,
    /// Acknowledged, or never for this device.
    cursor: Sequence,
    /// Everything up to here has been taken from the store or the mailbox.
    position: Sequence,
    /// The highest sequence written on this connection.
    written: Sequence,
    ahead: VecDeque<Arc<Message>>,
    in_flight: [Sequence; WINDOW_MAX],
    in_flight_count: u8,
    window: u8,
    /// Where the device refused a list the last time, and when.
    refused: Option<(Sequence, Instant)>,
    /// A refusal that waits for its turn.
    rewind_at: Option<Instant>,
    /// Nothing is read before.
    retry_at: Option<Instant>,
}

impl Feed {
    /// A feed that starts at the device's cursor. `window` lists may be unacknowledged.
    pub(crate) fn new(mailbox: Arc<Mailbox>, device: Device, window: usize) -> Self {
        Self {
            mailbox,
            cursor: device.cursor,
            position: device.cursor,
            written: Sequence(0),
            ahead: VecDeque::new(),
            in_flight: [Sequence(0); WINDOW_MAX],
            in_flight_count: 0,
            window: u8::try_from(window.clamp(1, WINDOW_MAX)).unwrap_or(1),
            refused: None,
            rewind_at: None,
            retry_at: None,
        }
    }

    /// Whether only news in the mailbox can lead to a list.
    pub fn is_settled(&self) -> bool {
        self.ahead.is_empty() && self.rewind_at.is_none()
    }

    /// Whether the session may have a list.
    pub fn is_ready(&self) -> bool {
        if self.rewind_at.is_some_and(|at| at <= Instant::now()) {
            return true;
        }
        let is_paused = self.retry_at.is_some_and(|at| Instant::now() < at);
        !is_paused && self.is_open() && (!self.ahead.is_empty() || self.mailbox.has_more())
    }

    /// When to look again although nothing happens.
    pub fn wake_at(&self) -> Option<Instant> {
        self.rewind_at.into_iter().chain(self.retry_at).min()
    }

    /// What comes next. A list counts as unacknowledged from now on; all of it is P2P, or all of it
    /// is P2T.
    pub(crate) fn next(&mut self, limit: &ListLimit<'_>) -> Next {
        let now = Instant::now();
        if self.rewind_at.is_some_and(|at| at <= now) {
            self.rewind(now);
        }
        self.retry_at.take_if(|at| *at <= now);
        if !self.is_open() || self.retry_at.is_some() {
            return Next::Nothing;
        }
        if self.ahead.is_empty() {
            self.take_queued();
        }
        if !self.ahead.is_empty() {
            return Next::List(self.cut(limit));
        }
        if self.mailbox.is_live() {
            Next::Nothing
        } else {
            Next::Pull
        }
    }

    /// Where the next pull begins.
    pub(crate) fn position(&self) -> Sequence {
        self.position
    }

    /// Takes what a pull has read from the position on.
    pub(crate) fn take_page(&mut self, page: Page) {
        self.position = self.position.max(page.reached);
        self.ahead.extend(page.messages);
        if page.is_last {
            self.mailbox.go_live(self.position);
        }
    }

    /// Waits a while before the next pull: the store failed.
    pub(crate) fn retry_later(&mut self) {
        self.retry_at = Some(Instant::now() + RETRY_PAUSE);
    }

    /// Takes the device's word that everything up to `sequence` has arrived. Returns the cursor
    /// when that moved it.
    pub(crate) fn acknowledge(&mut self, sequence: Sequence) -> Option<Sequence> {
        let sequence = sequence.min(self.written);
        if sequence <= self.cursor {
            return None;
        }
        self.cursor = sequence;
        let count = usize::from(self.in_flight_count);
        let done = self.in_flight[..count]
            .iter()
            .take_while(|last| **last <= sequence)
            .count();
        self.in_flight.copy_within(done..count, 0);
        self.in_flight_count -= u8::try_from(done).unwrap_or(self.in_flight_count);
        if self.in_flight_count == 0 {
            // What was refused is acknowledged by now: nothing of it need be given again.
            self.rewind_at = None;
        }
        Some(sequence)
    }

    /// The device refused a list: everything that it has not acknowledged is given again.
    pub(crate) fn refuse(&mut self) {
        let now = Instant::now();
        match self.refused {
            Some((cursor, at)) if cursor == self.cursor && now < at + REFUSAL_PAUSE => {
                self.rewind_at = Some(at + REFUSAL_PAUSE);
            }
            _ => self.rewind(now),
        }
    }

    /// Everything up to here has been acknowledged, or was never for this device.
    pub fn cursor(&self) -> Sequence {
        self.cursor
    }

    /// The cursor, after it has silently passed what holds nothing for the device.
    pub(crate) fn settled_cursor(&mut self) -> Sequence {
        if self.in_flight_count == 0 && self.ahead.is_empty() {
            self.cursor = self.cursor.max(self.position);
        }
        self.cursor
    }

    fn is_open(&self) -> bool {
        self.in_flight_count < self.window
    }

    fn rewind(&mut self, now: Instant) {
        self.refused = Some((self.cursor, now));
        self.rewind_at = None;
        self.in_flight_count = 0;
        self.ahead = VecDeque::new();
        self.position = self.cursor;
        self.mailbox.go_pulling();
    }

    /// Takes what the mailbox holds, but for what a pull has read already.
    fn take_queued(&mut self) {
        self.mailbox.take(&mut self.ahead);
        while self
            .ahead
            .front()
            .is_some_and(|first| first.sequence <= self.position)
        {
            self.ahead.pop_front();
        }
        if let Some(last) = self.ahead.back() {
            self.position = last.sequence;
        }
    }

    fn cut(&mut self, limit: &ListLimit<'_>) -> Vec<Arc<Message>> {
        let Some(first) = self.ahead.front() else {
            return Vec::new();
        };
        let is_topic = is_topic(first);
        let mut bytes = 0;
        let count = self
            .ahead
            .iter()
            .take(limit.messages)
            .take_while(|message| {
                bytes += (limit.size)(message);
                bytes <= limit.bytes && self::is_topic(message) == is_topic
            });
        let count = count.count().max(1);
        let list: Vec<_> = self.ahead.drain(..count).collect();
        if self.ahead.is_empty() {
            self.ahead = VecDeque::new();
        }
        if let Some(last) = list.last() {
            // What was acknowledged after it had been refused is given again, and not waited for:
            // it will not be acknowledged a second time.
            if last.sequence > self.cursor {
                self.in_flight[usize::from(self.in_flight_count)] = last.sequence;
                self.in_flight_count += 1;
            }
            self.written = self.written.max(last.sequence);
        }
        list
    }
}

fn is_topic(message: &Message) -> bool {
    matches!(message.content.to, Target::Topic(_))
}
