//! `mimc topic …`: the groups of an app.

use serde_json::{Map, Value, json};

use crate::failure::{Usage, say};
use crate::operator::Operator;
use crate::output::Output;
use crate::shown;

const COLUMNS: &[(&str, &str)] = &[
    ("TOPICID", "/topicId"),
    ("NAME", "/name"),
    ("OWNER", "/owner/account"),
];
const MEMBER_COLUMNS: &[(&str, &str)] = &[("MEMBER", "/account"), ("UUID", "/uuid")];

/// A topic is named by its app and its topicId.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Topic {
    /// List the topics of an app
    List(List),
    /// Show a topic and its members
    Show(Named),
    /// Dismiss a topic: it is gone for its members at once
    Dismiss(Dismiss),
}

#[derive(Debug, clap::Args)]
pub(crate) struct List {
    #[arg(value_name = "APPID")]
    app_id: String,

    /// Begin after this topic: where the page before has ended
    #[arg(long, value_name = "TOPICID")]
    after: Option<String>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Named {
    #[arg(value_name = "APPID")]
    app_id: String,

    #[arg(value_name = "TOPICID")]
    topic_id: String,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Dismiss {
    #[command(flatten)]
    named: Named,

    /// Yes, for all its members
    #[arg(long)]
    yes: bool,
}

impl Topic {
    pub(crate) async fn run(self, operator: &Operator, output: &mut Output) -> anyhow::Result<()> {
        match self {
            Self::List(list) => list.run(operator, output).await,
            Self::Show(Named { app_id, topic_id }) => {
                let topic = operator.admin()?.topic(&app_id, &topic_id).await?;
                output.result(&topic, with_members)
            }
            Self::Dismiss(dismiss) => dismiss.run(operator, output).await,
        }
    }
}

impl List {
    async fn run(self, operator: &Operator, output: &mut Output) -> anyhow::Result<()> {
        let admin = operator.admin()?;
        let page = admin.topics(&self.app_id, self.after.as_deref()).await?;
        output.result(&page, |page| {
            shown::records(shown::rows(page, "topics"), COLUMNS)
        })?;
        shown::say_what_follows(&page);
        Ok(())
    }
}

impl Dismiss {
    async fn run(self, operator: &Operator, output: &mut Output) -> anyhow::Result<()> {
        let Named { app_id, topic_id } = self.named;
        if !self.yes {
            let why = format!("topic {topic_id} would be gone for all its members: say --yes");
            return Err(Usage(why).into());
        }
        operator.admin()?.dismiss_topic(&app_id, &topic_id).await?;
        say(&format!("topic {topic_id} is dismissed"));
        let done = json!({"appId": app_id, "topicId": topic_id, "dismissed": true});
        output.result(&done, |_| String::new())
    }
}

/// The facts of the topic, then its members below each other.
fn with_members(topic: &Map<String, Value>) -> String {
    let mut facts = topic.clone();
    facts.remove("members");
    let members = shown::records(shown::rows(topic, "members"), MEMBER_COLUMNS);
    format!("{}\n\n{members}", shown::facts(&facts))
}
