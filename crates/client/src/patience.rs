//! How long a connection may be silent before it counts as dead: a socket can be so without anybody
//! having said so.

use std::time::Duration;

use tokio::time::Instant;

use crate::session::Session;

/// How long the answer to a ping may take.
const PONG_WAIT: Duration = Duration::from_secs(10);
/// How long the acknowledgement of a message may take.
const ACK_WAIT: Duration = Duration::from_secs(15);

/// An answer is overdue.
pub(crate) struct Silent;

/// What one session has heard, and when.
pub(crate) struct Patience {
    ping_every: Duration,
    heard_at: Instant,
    pinged_at: Option<Instant>,
}

impl Patience {
    pub(crate) fn new(ping_every: Duration) -> Self {
        Self {
            ping_every,
            heard_at: Instant::now(),
            pinged_at: None,
        }
    }

    pub(crate) fn heard(&mut self) {
        self.heard_at = Instant::now();
        self.pinged_at = None;
    }

    /// Pings when it is time; returns when to look again.
    pub(crate) fn check(
        &mut self,
        session: &mut Session,
        unacknowledged_since: Option<Instant>,
    ) -> Result<Instant, Silent> {
        let now = Instant::now();
        let ack_due = unacknowledged_since.map(|since| since + ACK_WAIT);
        if ack_due.is_some_and(|due| now >= due) {
            return Err(Silent);
        }
        let next = match self.pinged_at {
            Some(at) if now >= at + PONG_WAIT => return Err(Silent),
            Some(at) => at + PONG_WAIT,
            None if now >= self.heard_at + self.ping_every => {
                session.queue_ping();
                self.pinged_at = Some(now);
                now + PONG_WAIT
            }
            None => self.heard_at + self.ping_every,
        };
        Ok(ack_due.map_or(next, |due| due.min(next)))
    }
}
