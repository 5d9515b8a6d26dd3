//! How long a client may be silent, by what it has done before.

use std::future::Future as _;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::time::Instant;

use super::{Close, Connection};
use crate::link::Stream;

impl<S: Stream> Connection<S> {
    pub(super) fn note_life(&mut self) {
        let now = Instant::now();
        self.heard_at = now;
        if let Some(session) = self.session() {
            session.heard(now);
        }
    }

    pub(super) fn note_frame(&mut self) {
        if self.link.is_mid_frame() {
            self.frame_since.get_or_insert_with(Instant::now);
        } else {
            self.frame_since = None;
        }
    }

    /// Ready when a deadline may have passed. The timer is only moved to an earlier deadline; a
    /// later one is found when it fires, so that traffic does not touch it.
    pub(super) fn poll_timer(&mut self, context: &mut Context<'_>) -> Poll<()> {
        let deadline = self.deadline();
        if deadline < self.timer.deadline() {
            self.timer.as_mut().reset(deadline);
        }
        loop {
            ready!(self.timer.as_mut().poll(context));
            let deadline = self.deadline();
            if deadline <= Instant::now() {
                return Poll::Ready(());
            }
            self.timer.as_mut().reset(deadline);
        }
    }

    pub(super) fn deadline(&self) -> Instant {
        // Without room nothing is listed; when there is room again, the feed is looked at first.
        let binding = self.binding.as_ref().filter(|_| self.has_room());
        let session = binding.and_then(|binding| binding.session.as_ref());
        let feed = session.and_then(|session| session.feed().wake_at());
        let end = self.silence_ends().into_iter().min();
        end.into_iter().chain(feed).min().unwrap_or(self.heard_at)
    }

    pub(super) fn silence_ends(&self) -> impl IntoIterator<Item = Instant> {
        let config = &self.gateway.config;
        let after = |since: Instant, seconds| since + Duration::from_secs(seconds);
        let quiet = match (&self.peer, &self.binding) {
            (None, _) => after(self.opened_at, config.conn_timeout_s),
            (Some(_), None) => after(self.heard_at, config.unbound_timeout_s),
            (Some(_), Some(_)) => after(self.heard_at, config.bound_timeout_s),
        };
        let frame = self
            .frame_since
            .map(|since| after(since, config.frame_timeout_s));
        let stuck = self
            .stuck_since
            .map(|since| after(since, config.write_timeout_s));
        [Some(quiet), frame, stuck].into_iter().flatten()
    }

    /// A session's feed may have been waiting too: it is looked at before the next event.
    pub(super) fn check_timers(&self) -> Result<(), Close> {
        let now = Instant::now();
        let is_over = self.silence_ends().into_iter().any(|end| end <= now);
        if is_over { Err(Close::Silent) } else { Ok(()) }
    }
}
