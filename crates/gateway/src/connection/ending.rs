//! The end of a connection, in an order in which nothing that is on its way is lost.

use std::future::poll_fn;
use std::task::{Context, Poll, ready};

use tokio::time::Instant;

use super::Connection;
use crate::config::{CLOSING_TIMEOUT, LINGER};
use crate::link::Stream;

impl<S: Stream> Connection<S> {
    /// What had arrived before the end of the binding is answered, as the message of nobody.
    pub(super) fn refuse_rest(&mut self) {
        while let Ok(Some(frame)) = self.link.next_frame() {
            if self.take(frame).is_err() {
                return;
            }
        }
    }

    /// Gives the client what is still on its way, then closes so that nothing of it is lost.
    pub(super) async fn finish(&mut self, is_polite: bool) {
        if let Some(binding) = &mut self.binding {
            binding.session = None;
        }
        let deadline = Instant::now() + CLOSING_TIMEOUT;
        let flushed = async {
            if is_polite && poll_fn(|context| self.poll_flush(context)).await {
                self.link.push_close();
            }
            poll_fn(|context| self.poll_flush(context)).await
        };
        let is_flushed = matches!(tokio::time::timeout_at(deadline, flushed).await, Ok(true));
        if !is_flushed {
            return;
        }
        let sees_fin = self.sees_fin();
        let end = async {
            if sees_fin {
                let _ = poll_fn(|context| self.link.poll_shutdown(context)).await;
            }
            poll_fn(|context| self.link.poll_drain(context)).await;
        };
        // Closing while the client still sends would make the kernel reset the connection, and the
        // client might lose what it has not read.
        let _ = tokio::time::timeout(LINGER, end).await;
    }

    /// Whether the client notices an orderly close.
    pub(super) fn sees_fin(&self) -> bool {
        self.peer
            .as_ref()
            .is_none_or(|peer| peer.kind.fin_is_seen())
    }

    /// Ready when all receipts are queued and all is written; false when the stream has failed.
    pub(super) fn poll_flush(&mut self, context: &mut Context<'_>) -> Poll<bool> {
        while let Some(binding) = &mut self.binding {
            let Poll::Ready((packet_id, receipt)) = binding.poll_receipt(context) else {
                break;
            };
            self.acknowledge(&packet_id, receipt);
        }
        while self.link.is_sending() {
            if ready!(self.link.poll_send(context)).is_err() {
                return Poll::Ready(false);
            }
        }
        let is_waiting = self
            .binding
            .as_ref()
            .is_some_and(|binding| !binding.receipts.is_empty());
        if is_waiting {
            Poll::Pending
        } else {
            Poll::Ready(true)
        }
    }
}
