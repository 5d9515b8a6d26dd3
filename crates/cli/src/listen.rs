//! `mimc listen`: what an account is sent, as it comes.

use anyhow::bail;
use client::Event;

use crate::device::{self, Account};
use crate::failure::{NotAllowed, say};
use crate::operator::Operator;
use crate::output::Output;
use crate::shown;

/// Prints each message once, across reconnects and across runs: what was printed is acknowledged. With
/// -o json, one object per message and line.
#[derive(Debug, clap::Args)]
pub(crate) struct Listen {
    #[arg(value_name = "APPID")]
    app_id: String,

    account: String,

    /// Which device of the account to be. Each has its own place in the queue; two runs as one device
    /// evict each other
    #[arg(long, default_value = "cli-listen")]
    resource: String,

    /// End after this many messages
    #[arg(long, value_name = "N")]
    count: Option<u64>,
}

impl Listen {
    pub(crate) async fn run(self, operator: &Operator, output: &mut Output) -> anyhow::Result<()> {
        let account = Account::of(operator, &self.app_id, &self.account).await?;
        let (client, mut events) = account.start(&self.resource);
        let mut left = self.count.unwrap_or(u64::MAX);
        while left > 0 {
            let Some(event) = events.next().await else {
                return Ok(());
            };
            match event {
                Event::Message(message) => {
                    if output.is_json() {
                        output.json_line(&shown::message_json(&message))?;
                    } else {
                        output.text(&shown::message_line(&message))?;
                    }
                    left -= 1;
                }
                Event::Connected { .. } => {
                    say(&format!("listening as {}/{}", self.account, self.resource));
                }
                Event::Disconnected { why, retry_in } => say(&device::reconnecting(&why, retry_in)),
                Event::Kicked { reason } => return Err(device::kicked(&reason)),
                Event::Refused { why } => bail!(NotAllowed(why)),
                Event::LoggedOut | Event::OnlineMessage(_) | Event::OnlineAck(_) => {}
            }
        }
        device::farewell(&client, &mut events).await;
        Ok(())
    }
}
