//! `mimc token`: a token for an account, as its app's backend would get it.

use serde_json::Value;

use crate::operator::Operator;
use crate::output::Output;
use crate::shown;

/// Prints what the account's client needs to log in: with -o json the whole answer of the token API.
#[derive(Debug, clap::Args)]
pub(crate) struct Token {
    #[arg(value_name = "APPID")]
    app_id: String,

    /// Created when the name is new
    account: String,
}

impl Token {
    pub(crate) async fn run(self, operator: &Operator, output: &mut Output) -> anyhow::Result<()> {
        let admin = operator.admin()?;
        let answer = admin.token_answer(&self.app_id, &self.account).await?;
        output.result(&answer, |answer| match &answer["data"] {
            Value::Object(data) => shown::facts(data),
            other => other.to_string(),
        })
    }
}
