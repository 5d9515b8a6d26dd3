//! A conversation line by line: for scripts and pipes, and for those who want it so at a terminal.

mod lines;

use std::time::Duration;

use anyhow::bail;
use client::{Client, Event, Events, SendError, SendOptions, Target};
use tokio::task::JoinSet;

use crate::device;
use crate::failure::{NotAllowed, say};
use crate::output::Output;
use crate::shown;

/// Ends the conversation.
const QUIT: &str = "/quit";
/// How long the last lines may take to be safe on the server.
const RECEIPTS_WAIT: Duration = Duration::from_secs(10);

/// Sends what comes from stdin, prints what comes from others.
pub(super) async fn run(
    client: Client,
    mut events: Events,
    to: Target,
    output: &mut Output,
) -> anyhow::Result<()> {
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
