//! `mimc account …`: the users of an app.

use serde_json::json;

use crate::failure::say;
use crate::operator::Operator;
use crate::output::Output;
use crate::shown;

/// An account is named by its app and the app's own name for it.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Account {
    /// Show an account and its devices
    Show(Named),
    /// End its sessions; its devices may log in again
    Kick(Named),
    /// Ban it: its sessions end, it cannot log in or send
    Ban(Named),
    /// Lift the ban
    Unban(Named),
}

#[derive(Debug, clap::Args)]
pub(crate) struct Named {
    #[arg(value_name = "APPID")]
    app_id: String,

    account: String,
}

impl Account {
    pub(crate) async fn run(self, operator: &Operator, output: &mut Output) -> anyhow::Result<()> {
        let admin = operator.admin()?;
        match self {
            Self::Show(Named { app_id, account }) => {
                let facts = admin.account(&app_id, &account).await?;
                output.result(&facts, shown::facts)
            }
            Self::Kick(named) => {
                admin.kick(&named.app_id, &named.account).await?;
                named.done(output, "kicked", true)
            }
            Self::Ban(named) => {
                admin.ban(&named.app_id, &named.account).await?;
                named.done(output, "banned", true)
            }
            Self::Unban(named) => {
                admin.unban(&named.app_id, &named.account).await?;
                named.done(output, "banned", false)
            }
        }
    }
}

impl Named {
    fn done(self, output: &mut Output, state: &str, is_so: bool) -> anyhow::Result<()> {
        let not = if is_so { "" } else { "not " };
        say(&format!("{} is {not}{state}", self.account));
        let shown = json!({"appId": self.app_id, "account": self.account, state: is_so});
        output.result(&shown, |_| String::new())
    }
}
