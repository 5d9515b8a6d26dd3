//! Somebody with a device.

use std::time::Duration;

use client::backoff::Backoff;
use client::token::AppTokens;
use client::{
    Client, Device, Event, Events, Gateway, Message, Receipt, SendError, SendOptions, Target,
};

use crate::{Server, within};

/// Waits between attempts; short, for a test's server comes back soon.
const BACKOFF_FIRST: Duration = Duration::from_millis(20);
const BACKOFF_MAX: Duration = Duration::from_millis(200);

/// A device of an account of the demo app. Its client reconnects and acknowledges what the story
/// asks for.
#[derive(Debug)]
pub struct Person {
    /// Who.
    pub device: Device,
    /// Sends.
    pub client: Client,
    /// Receives.
    pub events: Events,
}

impl Person {
    pub(crate) fn start(server: &Server, gateway: Gateway, account: &str, resource: &str) -> Self {
        let tokens = AppTokens {
            rest: server.rest(),
            app: server.app(),
            account: account.to_owned(),
        };
        let (client, events) = Client::builder(gateway, tokens)
            .resource(resource)
            .backoff(Backoff::new(BACKOFF_FIRST, BACKOFF_MAX))
            .start();
        Self {
            device: Device::new(account, resource),
            client,
            events,
        }
    }

    /// Sends and waits for the receipt.
    ///
    /// # Panics
    ///
    /// When there is none.
    pub async fn tell(&self, to: impl Into<Target>, text: &str) -> Receipt {
        let told = self.try_tell(to, text).await;
        told.unwrap_or_else(|error| panic!("{}: {text:?}: {error}", self.device))
    }

    /// Sends and waits for the verdict.
    ///
    /// # Panics
    ///
    /// When there is none.
    pub async fn try_tell(&self, to: impl Into<Target>, text: &str) -> Result<Receipt, SendError> {
        let sending = self
            .client
            .send(to, text.to_owned(), SendOptions::default());
        within("a receipt", sending).await
    }

    /// What happens next.
    ///
    /// # Panics
    ///
    /// When nothing does, or nothing can.
    pub async fn next(&mut self) -> Event {
        let event = within("an event", self.events.next()).await;
        event.unwrap_or_else(|| panic!("{}: no event follows", self.device))
    }

    /// The next event that `wanted` wants; others before it are passed over.
    ///
    /// # Panics
    ///
    /// When none comes.
    pub async fn next_that(&mut self, wanted: impl Fn(&Event) -> bool) -> Event {
        loop {
            let event = self.next().await;
            if wanted(&event) {
                return event;
            }
        }
    }

    /// Waits until it is connected.
    ///
    /// # Panics
    ///
    /// When it is not let in.
    pub async fn connected(&mut self) {
        self.next_that(|event| matches!(event, Event::Connected { .. }))
            .await;
    }

    /// The next message; other events before it are passed over.
    ///
    /// # Panics
    ///
    /// When none comes.
    pub async fn hear(&mut self) -> Message {
        loop {
            if let Event::Message(message) = self.next().await {
                return message;
            }
        }
    }

    /// The texts of the next `count` messages.
    ///
    /// # Panics
    ///
    /// When fewer come.
    pub async fn hear_texts(&mut self, count: usize) -> Vec<String> {
        let mut texts = Vec::with_capacity(count);
        while texts.len() < count {
            let message = self.hear().await;
            texts.push(String::from_utf8_lossy(&message.payload).into_owned());
        }
        texts
    }

    /// Logs out; everything heard is acknowledged.
    ///
    /// # Panics
    ///
    /// When it takes too long.
    pub async fn leave(mut self) {
        self.events.done();
        within("a logout", self.client.logout()).await;
    }
}
