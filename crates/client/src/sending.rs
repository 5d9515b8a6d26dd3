//! A message on its way, and what can become of it.

use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::sync::oneshot;

use crate::message::{Receipt, SendRefused};
use crate::outbox::OUTBOX_MESSAGES_MAX;

/// Why a message has no receipt.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SendError {
    /// The server's verdict. The message was not stored.
    #[error(transparent)]
    Refused(#[from] SendRefused),
    /// Too many messages wait for their receipts: wait for some. The message was not sent.
    #[error("{OUTBOX_MESSAGES_MAX} messages wait for their receipts already")]
    OutboxFull,
    /// The client has ended. Whether the server has the message is unknown.
    #[error("the client has ended before the receipt came")]
    Ended,
}

/// A message on its way. Resolves to its receipt; dropping it does not call the message back.
#[derive(Debug)]
pub struct Sending {
    packet_id: String,
    answer: oneshot::Receiver<Result<Receipt, SendError>>,
}

impl Sending {
    pub(crate) fn new(
        packet_id: String,
        answer: oneshot::Receiver<Result<Receipt, SendError>>,
    ) -> Self {
        Self { packet_id, answer }
    }

    /// The message's id.
    pub fn packet_id(&self) -> &str {
        &self.packet_id
    }
}

impl Future for Sending {
    type Output = Result<Receipt, SendError>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let answer = Pin::new(&mut self.answer).poll(context);
        answer.map(|told| told.unwrap_or(Err(SendError::Ended)))
    }
}
