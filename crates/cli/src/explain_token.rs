//! `mimc explain-token`: why a token opens nothing.

use std::io::Read as _;

use anyhow::{Context as _, ensure};
use client::Secret;

use crate::operator::Operator;
use crate::output::Output;

/// Prints a sentence, and fails when the token opens nothing. It is read from stdin: what stands on
/// a command line, others of the machine can see.
#[derive(Debug, clap::Args)]
pub(crate) struct ExplainToken {
    /// Say also whether it is for this app
    #[arg(long, value_name = "APPID")]
    app: Option<String>,

    /// Say also whether it is for this account
    #[arg(long)]
    account: Option<String>,
}

impl ExplainToken {
    pub(crate) async fn run(self, operator: &Operator, output: &mut Output) -> anyhow::Result<()> {
        let mut token = String::new();
        let read = std::io::stdin().read_to_string(&mut token);
        read.context("the token on stdin")?;
        let token = Secret::from(token.trim());
        let (app, account) = (self.app.as_deref(), self.account.as_deref());
        let told = operator
            .admin()?
            .explain_token(&token, app, account)
            .await?;
        output.result(&told, |told| {
            let sentence = told.get("sentence").and_then(|words| words["en"].as_str());
            sentence.unwrap_or_default().to_owned()
        })?;
        ensure!(
            told.get("verdict") == Some(&"valid".into()),
            "it opens nothing here"
        );
        Ok(())
    }
}
