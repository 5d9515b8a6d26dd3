//! `mimc app set`: changes the settings that are named, and leaves the others.

use serde_json::{Map, Value};

use crate::failure::Usage;
use crate::operator::Operator;
use crate::output::Output;
use crate::shown;

/// The server checks the limits.
#[derive(Debug, clap::Args)]
pub(crate) struct Set {
    #[arg(value_name = "APPID")]
    app_id: String,

    /// Where every message is posted; "" for nowhere
    #[arg(long, value_name = "URL")]
    instant_callback: Option<String>,

    /// Where messages to nobody online are posted; "" for nowhere
    #[arg(long, value_name = "URL")]
    offline_callback: Option<String>,

    /// Makes accounts temporary: how long they live; 0 makes them permanent
    #[arg(long, value_name = "SECS")]
    ttl: Option<u64>,

    /// How many members a topic may have
    #[arg(long, value_name = "N")]
    topic_members: Option<u64>,

    /// How large a payload may be
    #[arg(long, value_name = "BYTES")]
    max_payload: Option<u64>,

    /// How long history is kept
    #[arg(long, value_name = "DAYS")]
    retention_days: Option<u64>,
}

impl Set {
    pub(super) async fn run(self, operator: &Operator, output: &mut Output) -> anyhow::Result<()> {
        let settings = self.settings();
        if settings.is_empty() {
            return Err(Usage("nothing to set: name a setting, see --help".to_owned()).into());
        }
        let app = operator.admin()?.change_app(&self.app_id, settings).await?;
        output.result(&app, shown::app)
    }

    /// By the names of the API.
    fn settings(&self) -> Map<String, Value> {
        let text = |given: &Option<String>| given.clone().map(Value::from);
        let number = |given: Option<u64>| given.map(Value::from);
        let all = [
            ("instantCallback", text(&self.instant_callback)),
            ("offlineCallback", text(&self.offline_callback)),
            ("accountTtl", number(self.ttl)),
            ("topicMembers", number(self.topic_members)),
            ("maxPayload", number(self.max_payload)),
            ("retentionDays", number(self.retention_days)),
        ];
        all.into_iter()
            .filter_map(|(name, value)| Some((name.to_owned(), value?)))
            .collect()
    }
}
