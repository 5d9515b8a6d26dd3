//! `mimc callback replay`: posts one callback again, or all that were given up.

use serde_json::json;

use crate::failure::say;
use crate::operator::Operator;
use crate::output::Output;

/// Either one, by its id, or all that failed.
#[derive(Debug, clap::Args)]
pub(crate) struct Replay {
    #[arg(value_name = "APPID")]
    app_id: String,

    #[arg(required_unless_present = "failed")]
    id: Option<String>,

    /// All that were given up
    #[arg(long, conflicts_with = "id")]
    failed: bool,
}

impl Replay {
    pub(super) async fn run(self, operator: &Operator, output: &mut Output) -> anyhow::Result<()> {
        let admin = operator.admin()?;
        let Self { app_id, id, .. } = self;
        let Some(id) = id else {
            let count = admin.replay_failed_callbacks(&app_id).await?;
            say(&format!(
                "callbacks that had failed and are posted again: {count}"
            ));
            let done = json!({"appId": app_id, "replayed": count});
            return output.result(&done, |_| String::new());
        };
        admin.replay_callback(&app_id, &id).await?;
        say(&format!("callback {id} is posted again"));
        let done = json!({"appId": app_id, "id": id, "replayed": 1});
        output.result(&done, |_| String::new())
    }
}
