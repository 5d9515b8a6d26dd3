//! `mimc chat`: conversations at a terminal, or one of them line by line.

mod by_line;
mod screen;

use std::io::{IsTerminal, stdin, stdout};

use client::Target;

use crate::device::Account;
use crate::failure::Usage;
use crate::operator::Operator;
use crate::output::Output;

/// At a terminal: all conversations of the account, with their history; /help tells what can be done.
/// Elsewhere, and with --plain: every line of the input is a message to one account or topic, /quit or
/// the end of the input ends it, and what comes is printed with sender and time (UTC).
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

    /// Line by line at a terminal too
    #[arg(long)]
    plain: bool,
}

#[derive(Debug, clap::Args)]
#[group(multiple = false)]
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
        let is_screen = self.is_screen(output);
        let to = self.target.chosen();
        if is_screen {
            let account = Account::of(operator, &self.app_id, &self.account).await?;
            return screen::run(&account, &self.account, &self.resource, to).await;
        }
        let Some(to) = to else {
            let why = "say --to ACCOUNT or --topic ID: only a terminal shows all conversations";
            return Err(Usage(why.to_owned()).into());
        };
        let account = Account::of(operator, &self.app_id, &self.account).await?;
        let (client, events) = account.start(&self.resource);
        by_line::run(client, events, to, output).await
    }

    fn is_screen(&self, output: &Output) -> bool {
        let is_terminal = stdin().is_terminal() && stdout().is_terminal();
        let is_dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
        is_terminal && !is_dumb && !self.plain && !output.is_json()
    }
}

impl To {
    fn chosen(self) -> Option<Target> {
        self.to
            .map(Target::Account)
            .or(self.topic.map(Target::Topic))
    }
}
