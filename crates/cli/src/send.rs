//! `mimc send`: one message from the shell.

use std::time::Duration;

use anyhow::Context;
use client::arrival::{Ack, Arrival};
use client::backoff::Backoff;
use client::connection::Connection;
use client::rest::{Envelope, Rest};
use client::session::{LoginError, LoginOptions, Session};
use client::{KickReason, Receipt, SendError, SendOptions, Target};
use serde_json::json;

use crate::device;
use crate::failure::NotAllowed;
use crate::operator::Operator;
use crate::output::Output;

/// Always the same, so that a script does not fill its account with devices.
const RESOURCE: &str = "cli-send";
/// Of all attempts.
const RECEIPT_WAIT: Duration = Duration::from_secs(15);
/// Another `mimc send` of the same account takes the device over. It is left alone for this long
/// and then longer, or two of them would evict each other for ever.
const BACKOFF_FIRST: Duration = Duration::from_millis(20);
const BACKOFF_MAX: Duration = Duration::from_secs(1);

/// Sends as the device `cli-send` of the account, and returns when the message is safe on disk.
/// Messages that wait for the account are left for its other devices.
#[derive(Debug, clap::Args)]
#[command(
    override_usage = "mimc send [OPTIONS] <APPID> <FROM> <TO> <TEXT>\n       \
                            mimc send [OPTIONS] <APPID> <FROM> --topic <ID> <TEXT>"
)]
pub(crate) struct Send {
    #[arg(value_name = "APPID")]
    app_id: String,

    /// The sending account
    from: String,

    /// The receiving account; not with --topic
    #[arg(value_name = "TO")]
    to_or_text: String,

    /// The message
    #[arg(required_unless_present = "topic", conflicts_with = "topic")]
    text: Option<String>,

    /// The topic to send to; the sender must be a member
    #[arg(long, value_name = "ID")]
    topic: Option<u64>,
}

impl Send {
    pub(crate) async fn run(self, operator: &Operator, output: &mut Output) -> anyhow::Result<()> {
        let admin = operator.admin()?;
        let envelope = admin.token(&self.app_id, &self.from).await?;
        let packet_id = client::new_packet_id();
        let attempts = self.attempts(admin.rest(), &envelope, &packet_id);
        let receipt = tokio::time::timeout(RECEIPT_WAIT, attempts).await;
        let receipt = receipt.context("no receipt in time; the message may have been sent")??;
        show(output, &packet_id, receipt)
    }

    async fn attempts(
        &self,
        rest: &Rest,
        envelope: &Envelope,
        packet_id: &str,
    ) -> anyhow::Result<Receipt> {
        let mut backoff = Backoff::new(BACKOFF_FIRST, BACKOFF_MAX);
        loop {
            if let Some(receipt) = self.attempt(rest, envelope, packet_id).await? {
                return Ok(receipt);
            }
            tokio::time::sleep(backoff.next_wait()).await;
        }
    }

    /// `None` when another login took the device over. The same packetId again makes one message
    /// of all attempts.
    async fn attempt(
        &self,
        rest: &Rest,
        envelope: &Envelope,
        packet_id: &str,
    ) -> anyhow::Result<Option<Receipt>> {
        let connection = Connection::open(rest.gateway().await?).await?;
        let login = Session::login(connection, envelope, RESOURCE, LoginOptions::default());
        let mut session = login.await.map_err(not_allowed)?;
        let (to, text) = self.to_and_text();
        let payload = text.to_owned().into();
        session.queue_message(packet_id, &to, &payload, &SendOptions::default());
        loop {
            match session.next().await? {
                Arrival::Ack(ack) if ack.packet_id == packet_id => return Ok(Some(verdict(ack)?)),
                Arrival::Kick(KickReason::Replaced) => return Ok(None),
                Arrival::Kick(reason) => return Err(device::kicked(&reason)),
                _ => {}
            }
        }
    }

    /// A topic leaves one word less.
    fn to_and_text(&self) -> (Target, &str) {
        match (&self.text, self.topic) {
            (Some(text), _) => (Target::from(&*self.to_or_text), text),
            (None, topic) => (Target::Topic(topic.unwrap_or_default()), &self.to_or_text),
        }
    }
}

fn verdict(ack: Ack) -> Result<Receipt, SendError> {
    ack.outcome.map_err(SendError::Refused)
}

fn not_allowed(error: LoginError) -> anyhow::Error {
    match error {
        refused @ LoginError::Refused { .. } => NotAllowed(refused.to_string()).into(),
        other => other.into(),
    }
}

fn show(output: &mut Output, packet_id: &str, receipt: Receipt) -> anyhow::Result<()> {
    let shown = json!({
        "packetId": packet_id,
        "sequence": receipt.sequence.to_string(),
        "timestamp": receipt.timestamp_ms,
    });
    output.result(&shown, |_| receipt.sequence.to_string())
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        send: Send,
    }

    #[test]
    fn a_message_goes_to_an_account_or_to_a_topic() {
        let cases = [
            ("send 1 ann ben hello", Target::from("ben")),
            ("send 1 ann --topic 2 hello", Target::Topic(2)),
            ("send 1 ann hello --topic 2", Target::Topic(2)),
        ];
        for (line, to) in cases {
            let line = Line::try_parse_from(line.split(' ')).unwrap();
            assert_eq!(line.send.to_and_text(), (to, "hello"));
        }
    }
}
