//! `mimc chat`: a conversation, line by line.

mod lines;

use std::time::Duration;

use anyhow::bail;
use client::{Client, Event, Events, SendError, SendOptions, Target};
use tokio::task::JoinSet;

use crate::device;
use crate::failure::{NotAllowed, say};
use crate::operator::Operator;
use crate::output::Output;
use crate::shown;

/// Ends the conversation.
const QUIT: &str = "/quit";
/// How long the last lines may take to be safe on the server.
const RECEIPTS_WAIT: Duration = Duration::from_secs(10);

/// Every line typed is a message; /quit or the end of the input ends it. What comes is shown with
/// sender and time (UTC), also from others than the one written to.
#[derive(Debug, clap::Args)]
pub(crate) struct Chat {
    #[arg(value_name = "APPID")]
    app_id: String,

    account: String,

    #[command(flatten)]
    target: To,

    /// Which device of the account to be
    #[arg(long, default_value = "cli-chat")]
    resource: String,
}

#[derive(Debug, clap::Args)]
#[group(required = true, multiple = false)]
struct To {
    /// The account to write to
    #[arg(long, value_name = "ACCOUNT")]
    to: Option<String>,

    /// The topic to write to
    #[arg(long, value_name = "ID")]
    topic: Option<u64>,
}

impl Chat {
    pub(crate) async fn run(self, operator: &Operator, output: &mut Output) -> anyhow::Result<()> {
        let (client, mut events) =
            device::start(operator, &self.app_id, &self.account, &self.resource).await?;
        let to = match (self.target.to, self.target.topic) {
            (Some(account), _) => Target::Account(account),
            (None, topic) => Target::Topic(topic.unwrap_or_default()),
        };
        let mut conversation = Conversation {
            client,
            to,
            receipts: JoinSet::new(),
        };
        conversation.run(&mut events, output).await?;
        conversation.wait_for_receipts().await;
        device::farewell(&conversation.client, &mut events).await;
        Ok(())
    }
}

struct Conversation {
    client: Client,
    to: Target,
    /// At most as many as the client's outbox takes.
    receipts: JoinSet<Result<(), SendError>>,
}

impl Conversation {
    async fn run(&mut self, events: &mut Events, output: &mut Output) -> anyhow::Result<()> {
        let mut lines = lines::of_stdin();
        loop {
            tokio::select! {
                line = lines.recv() => match line {
                    None => return Ok(()),
                    Some(line) if line.trim() == QUIT => return Ok(()),
                    Some(line) => self.send(line),
                },
                Some(told) = self.receipts.join_next() => complain(told),
                event = events.next() => match event {
                    None => return Ok(()),
                    Some(event) => show(event, output)?,
                },
            }
        }
    }

    fn send(&mut self, line: String) {
        if line.is_empty() {
            return;
        }
        let sending = self
            .client
            .send(self.to.clone(), line, SendOptions::default());
        self.receipts.spawn(async move { sending.await.map(drop) });
    }

    async fn wait_for_receipts(&mut self) {
        let all = async {
            while let Some(told) = self.receipts.join_next().await {
                complain(told);
            }
        };
        if tokio::time::timeout(RECEIPTS_WAIT, all).await.is_err() {
            let left = self.client.unacknowledged();
            say(&format!("{left} messages may not have reached the server"));
        }
    }
}

fn complain(told: Result<Result<(), SendError>, tokio::task::JoinError>) {
    if let Ok(Err(error)) = told {
        say(&format!("not sent: {error}"));
    }
}

fn show(event: Event, output: &mut Output) -> anyhow::Result<()> {
    match event {
        Event::Message(message) if output.is_json() => {
            output.json_line(&shown::message_json(&message))?;
        }
        Event::Message(message) => output.text(&shown::message_line(&message))?,
        Event::Connected { .. } => say("connected; /quit ends"),
        Event::Disconnected { why, retry_in } => say(&device::reconnecting(&why, retry_in)),
        Event::Kicked { reason } => return Err(device::kicked(&reason)),
        Event::Refused { why } => bail!(NotAllowed(why)),
        Event::LoggedOut | Event::OnlineMessage(_) | Event::OnlineAck(_) => {}
    }
    Ok(())
}
