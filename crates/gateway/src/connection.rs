//! One client connection, from its first byte to its last: one task that reads, writes, and waits
//! for news, so that nothing of it needs a lock.

mod ending;
mod timers;

use std::collections::VecDeque;
use std::future::{Future as _, poll_fn};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::BytesMut;
use chat::feed::{ListLimit, Next};
use chat::mailbox::End;
use chat::send::Receipted;
use chat::{Receipt, SendError, Session};
use tokio::time::{Instant, Sleep};
use wire::packet::compound;
use wire::{BodyCipher, ClientKind, KickCause, Version, XmMsgKick};

use crate::Gateway;
use crate::config::OUTGOING_BYTES_MAX;
use crate::dispatch::Slow;
use crate::link::{Link, LinkError, Stream};
use crate::registry::Entry;
use crate::to_wire::{Identity, Sealer};

/// Ends a connection.
#[derive(Debug)]
pub(crate) enum Close {
    /// The client broke the protocol.
    Broken(LinkError),
    /// The client did what no client does: a command out of order.
    OutOfOrder,
    /// The stream failed, or the client closed it.
    Lost,
    /// Nothing came, or nothing went, for too long.
    Silent,
    /// In order, with the binding: what is on its way is delivered first.
    Finished,
    /// In order, with the server: what is on its way is delivered first. What has not been looked
    /// at gets no answer, so that the client knows to send it again.
    Stopped,
}

impl From<LinkError> for Close {
    fn from(error: LinkError) -> Self {
        Self::Broken(error)
    }
}

pub(crate) struct Connection<S> {
    pub(crate) gateway: Arc<Gateway>,
    pub(crate) link: Link<S>,
    pub(crate) entry: Entry,
    pub(crate) peer: Option<Box<Peer>>,
    pub(crate) binding: Option<Box<Binding>>,
    opened_at: Instant,
    heard_at: Instant,
    /// Since when a frame is incomplete.
    frame_since: Option<Instant>,
    /// Since when bytes wait to be written without progress.
    stuck_since: Option<Instant>,
    timer: Pin<Box<Sleep>>,
}

/// What CONN has told.
pub(crate) struct Peer {
    pub(crate) version: Version,
    pub(crate) kind: ClientKind,
    pub(crate) challenge: String,
    /// Of V6 bodies.
    pub(crate) cipher: Option<BodyCipher>,
    /// Header ids given out so far.
    pub(crate) header_ids: u64,
}

/// A device that is bound here, or was.
pub(crate) struct Binding {
    pub(crate) identity: Identity,
    /// `None` once it has ended; what was sent before still gets its receipt.
    pub(crate) session: Option<Session>,
    /// In the order of the sends; each has its packetId.
    pub(crate) receipts: VecDeque<(String, Awaited)>,
}

/// A receipt that comes, or a refusal that waits for its turn behind earlier receipts.
pub(crate) enum Awaited {
    Receipt(Receipted),
    Refusal(SendError),
}

/// What a connection cannot do without waiting.
enum Step {
    Take(Slow),
    Pull,
}

enum Event {
    Received,
    Receipt(String, Result<Receipt, SendError>),
    News,
    Timer,
    Stop,
    Lost,
}

impl<S: Stream> Connection<S> {
    pub(crate) fn new(gateway: Arc<Gateway>, link: Link<S>, entry: Entry) -> Self {
        let now = Instant::now();
        let conn_timeout = Duration::from_secs(gateway.config.conn_timeout_s);
        Self {
            gateway,
            link,
            entry,
            peer: None,
            binding: None,
            opened_at: now,
            heard_at: now,
            frame_since: None,
            stuck_since: None,
            timer: Box::pin(tokio::time::sleep_until(now + conn_timeout)),
        }
    }

    /// Serves the client until one of the two ends it.
    pub(crate) async fn run(mut self) {
        let close = self.serve().await;
        tracing::debug!(?close, "a connection ends");
        match close {
            Close::Finished => {
                self.refuse_rest();
                Box::pin(self.finish(true)).await;
            }
            Close::Stopped => Box::pin(self.finish(true)).await,
            Close::Broken(LinkError::WebSocket(_)) => Box::pin(self.finish(false)).await,
            _ => {}
        }
        if !self.sees_fin() {
            self.link.reset_when_dropped();
        }
    }

    async fn serve(&mut self) -> Close {
        loop {
            // Boxed: rare, and large beside all the rest of a connection.
            let done = match poll_fn(|context| self.poll_step(context)).await {
                Ok(Step::Take(slow)) => Box::pin(self.take_slowly(slow)).await,
                Ok(Step::Pull) => {
                    Box::pin(self.pull()).await;
                    Ok(())
                }
                Err(close) => Err(close),
            };
            if let Err(close) = done {
                return close;
            }
        }
    }

    /// Does all that can be done without waiting for the store; ready with what cannot.
    fn poll_step(&mut self, context: &mut Context<'_>) -> Poll<Result<Step, Close>> {
        loop {
            while self.can_take() {
                let Some(frame) = self.link.next_frame()? else {
                    break;
                };
                if let Some(slow) = self.take(frame)? {
                    return Poll::Ready(Ok(Step::Take(slow)));
                }
            }
            self.note_frame();
            match ready!(self.poll_event(context)) {
                Event::Received => self.note_life(),
                Event::Receipt(packet_id, receipt) => self.acknowledge(&packet_id, receipt),
                Event::News if self.take_news()? => return Poll::Ready(Ok(Step::Pull)),
                Event::News => {}
                Event::Timer => self.check_timers()?,
                Event::Stop => return Poll::Ready(Err(Close::Stopped)),
                Event::Lost => return Poll::Ready(Err(Close::Lost)),
            }
        }
    }

    /// Whether there is room for what a further frame may lead to.
    fn can_take(&self) -> bool {
        let waiting = self
            .binding
            .as_ref()
            .map_or(0, |binding| binding.receipts.len());
        self.has_room() && waiting < self.gateway.config.receipts_waiting_max
    }

    /// Whether there is room for further lists.
    fn has_room(&self) -> bool {
        self.link.outgoing_bytes() < OUTGOING_BYTES_MAX
    }

    fn poll_event(&mut self, context: &mut Context<'_>) -> Poll<Event> {
        if self.entry.is_stopping(context) {
            return Poll::Ready(Event::Stop);
        }
        if let Poll::Ready(event) = self.poll_binding(context) {
            return Poll::Ready(event);
        }
        while self.link.is_sending() {
            match self.link.poll_send(context) {
                Poll::Ready(Ok(())) => self.stuck_since = None,
                Poll::Ready(Err(_)) => return Poll::Ready(Event::Lost),
                Poll::Pending => {
                    self.stuck_since.get_or_insert_with(Instant::now);
                    break;
                }
            }
        }
        if self.can_take()
            && let Poll::Ready(received) = self.link.poll_receive(context)
        {
            let is_end = received.map_or(true, |count| count == 0);
            return Poll::Ready(if is_end { Event::Lost } else { Event::Received });
        }
        self.poll_timer(context).map(|()| Event::Timer)
    }

    fn poll_binding(&mut self, context: &mut Context<'_>) -> Poll<Event> {
        let has_room = self.has_room();
        let Some(binding) = &mut self.binding else {
            return Poll::Pending;
        };
        if let Poll::Ready((packet_id, receipt)) = binding.poll_receipt(context) {
            return Poll::Ready(Event::Receipt(packet_id, receipt));
        }
        let Some(session) = &binding.session else {
            return Poll::Pending;
        };
        let mailbox = session.mailbox();
        mailbox.register(context);
        if mailbox.is_quiet() && session.feed().is_settled() {
            return Poll::Pending;
        }
        let is_news = mailbox.ended().is_some()
            || has_room && (mailbox.has_fleeting() || session.feed().is_ready());
        if is_news {
            Poll::Ready(Event::News)
        } else {
            Poll::Pending
        }
    }

    // The binding

    fn acknowledge(&mut self, packet_id: &str, receipt: Result<Receipt, SendError>) {
        let now_ms = self.gateway.chat.clock.now_ms();
        self.seal(|sealer, out| sealer.packet_ack(packet_id, receipt, now_ms, out));
    }

    /// Queues one frame of the bound device. Without a binding there is nobody to seal it for.
    pub(crate) fn seal(&mut self, write: impl FnOnce(&mut Sealer<'_>, &mut BytesMut)) {
        if let (Some(peer), Some(binding)) = (&mut self.peer, &self.binding) {
            let mut sealer = Sealer::new(peer, &binding.identity);
            self.link.push(|out| write(&mut sealer, out));
        }
    }

    /// Whether the store must be read for what comes next.
    fn take_news(&mut self) -> Result<bool, Close> {
        let Some(session) = self.session() else {
            return Ok(false);
        };
        if let Some(end) = session.mailbox().ended() {
            return self.kick(cause(end)).map(|()| false);
        }
        while let Some(fleeting) = self.session().and_then(|one| one.mailbox().next_fleeting()) {
            let now_ms = self.gateway.chat.clock.now_ms();
            self.seal(|sealer, out| sealer.fleeting(&fleeting, now_ms, out));
        }
        Ok(self.send_lists())
    }

    pub(crate) fn session(&mut self) -> Option<&mut Session> {
        self.binding.as_mut()?.session.as_mut()
    }

    /// Queues lists while there are any and there is room. Whether the store must be read for more.
    fn send_lists(&mut self) -> bool {
        let Some(kind) = self.peer.as_ref().map(|peer| peer.kind) else {
            return false;
        };
        while self.has_room() {
            let Some(binding) = &mut self.binding else {
                return false;
            };
            let Some(session) = &mut binding.session else {
                return false;
            };
            let identity = &binding.identity;
            let size = |message: &_| compound::entry_len(identity.packet_len(message));
            let limit = ListLimit {
                messages: compound::MESSAGES_MAX,
                bytes: kind
                    .list_frame_bytes_max()
                    .saturating_sub(identity.list_overhead()),
                size: &size,
            };
            match session.next(&limit) {
                Next::List(list) => self.seal(|sealer, out| sealer.list(&list, out)),
                Next::Nothing => return false,
                Next::Pull => return true,
            }
        }
        false
    }

    async fn pull(&mut self) {
        let Some(session) = self.session() else {
            return;
        };
        if let Err(error) = session.pull().await {
            tracing::error!(%error, "the queue of a device cannot be read");
        }
    }

    /// Ends the binding with KICK, and the connection after it.
    pub(crate) fn kick(&mut self, cause: KickCause) -> Result<(), Close> {
        self.seal(|sealer, out| sealer.kick(&XmMsgKick::from(cause), out));
        if let Some(binding) = &mut self.binding {
            binding.session = None;
        }
        Err(Close::Finished)
    }
}

impl Binding {
    /// The receipt at the front, when it has come.
    fn poll_receipt(
        &mut self,
        context: &mut Context<'_>,
    ) -> Poll<(String, Result<Receipt, SendError>)> {
        let Some((packet_id, awaited)) = self.receipts.front_mut() else {
            return Poll::Pending;
        };
        let receipt = match awaited {
            Awaited::Receipt(receipted) => ready!(pin!(receipted).poll(context)),
            Awaited::Refusal(error) => Err(*error),
        };
        let packet_id = std::mem::take(packet_id);
        self.receipts.pop_front();
        if self.receipts.is_empty() {
            self.receipts = VecDeque::new();
        }
        Poll::Ready((packet_id, receipt))
    }
}

fn cause(end: End) -> KickCause {
    match end {
        End::Replaced => KickCause::Replaced,
        End::SingleSignOn => KickCause::Sso,
        End::Kicked => KickCause::Kicked,
        End::Banned => KickCause::Banned,
        End::Revoked => KickCause::Revoked,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Size of the value that a function would return, without calling it.
    fn size_of_output<A, B>(_: impl FnOnce(A) -> B) -> usize {
        size_of::<B>()
    }

    #[test]
    fn an_idle_connection_is_small() {
        // With the timer, the task's own header and the kernel's share this is what an idle client
        // costs: no buffer of either direction is part of it.
        let task = size_of_output(Connection::<tokio::net::TcpStream>::run);
        assert!(task <= 768, "the task's future has {task} bytes");
        let peer = size_of::<Peer>();
        assert!(peer <= 384, "what CONN told has {peer} bytes");
        let binding = size_of::<Binding>();
        assert!(binding <= 512, "a binding has {binding} bytes");
    }
}
