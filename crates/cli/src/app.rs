//! `mimc app …`: the tenants of the server.

mod create;
mod set;

use serde_json::json;

use crate::failure::{Usage, say};
use crate::operator::Operator;
use crate::output::Output;
use crate::shown;

/// An app is named by its appId.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum App {
    /// Create an app; shows its secret, which is not shown again
    Create(create::Create),
    /// List all apps
    List,
    /// Show one app
    Show(Named),
    /// Change settings of an app
    Set(set::Set),
    /// Make a new secret; the old one and all tokens end at once
    RotateSecret(Named),
    /// Ban an app: its sessions end, nobody logs in, nothing is sent
    Ban(Named),
    /// Lift the ban
    Unban(Named),
    /// Delete an app with all that is its
    Delete(Delete),
}

#[derive(Debug, clap::Args)]
pub(crate) struct Named {
    #[arg(value_name = "APPID")]
    app_id: String,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Delete {
    #[arg(value_name = "APPID")]
    app_id: String,

    /// Yes, with its accounts and messages
    #[arg(long)]
    yes: bool,
}

impl App {
    pub(crate) async fn run(self, operator: &Operator, output: &mut Output) -> anyhow::Result<()> {
        match self {
            Self::Create(create) => create.run(operator, output).await,
            Self::List => {
                let apps = operator.admin()?.apps().await?;
                output.result(&apps, |apps| shown::apps(apps))
            }
            Self::Show(Named { app_id }) => {
                let app = operator.admin()?.app(&app_id).await?;
                output.result(&app, shown::app)
            }
            Self::Set(set) => set.run(operator, output).await,
            Self::RotateSecret(Named { app_id }) => {
                let app = operator.admin()?.rotate_secret(&app_id).await?;
                output.result(&app, shown::app)
            }
            Self::Ban(Named { app_id }) => {
                operator.admin()?.ban_app(&app_id).await?;
                banned(output, &app_id, true)
            }
            Self::Unban(Named { app_id }) => {
                operator.admin()?.unban_app(&app_id).await?;
                banned(output, &app_id, false)
            }
            Self::Delete(delete) => delete.run(operator, output).await,
        }
    }
}

impl Delete {
    async fn run(self, operator: &Operator, output: &mut Output) -> anyhow::Result<()> {
        let app_id = self.app_id;
        if !self.yes {
            let why =
                format!("app {app_id} and its accounts and messages would be gone: say --yes");
            return Err(Usage(why).into());
        }
        operator.admin()?.delete_app(&app_id).await?;
        say(&format!("app {app_id} is deleted"));
        output.result(&json!({"appId": app_id, "deleted": true}), |_| {
            String::new()
        })
    }
}

fn banned(output: &mut Output, app_id: &str, is_banned: bool) -> anyhow::Result<()> {
    let state = if is_banned { "banned" } else { "not banned" };
    say(&format!("app {app_id} is {state}"));
    output.result(&json!({"appId": app_id, "banned": is_banned}), |_| {
        String::new()
    })
}
