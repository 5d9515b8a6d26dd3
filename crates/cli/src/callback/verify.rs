//! `mimc callback verify`: whether a request that an app's server got is genuine.

use std::io::Read as _;
use std::path::PathBuf;

use anyhow::{Context as _, ensure};
use client::admin::SignedPost;

use crate::operator::Operator;
use crate::output::Output;

/// The headers as they came, and the body, byte for byte.
#[derive(Debug, clap::Args)]
pub(crate) struct Verify {
    #[arg(value_name = "APPID")]
    app_id: String,

    /// The header webhook-id
    #[arg(long)]
    id: String,

    /// The header webhook-timestamp
    #[arg(long)]
    timestamp: String,

    /// The header webhook-signature
    #[arg(long)]
    signature: String,

    /// Where the body is; stdin otherwise
    #[arg(long, value_name = "FILE")]
    body: Option<PathBuf>,
}

impl Verify {
    pub(crate) async fn run(self, operator: &Operator, output: &mut Output) -> anyhow::Result<()> {
        let body = self.body()?;
        let post = SignedPost {
            id: &self.id,
            timestamp: &self.timestamp,
            signature: &self.signature,
            body: &body,
        };
        let told = operator
            .admin()?
            .verify_callback(&self.app_id, &post)
            .await?;
        output.result(&told, |told| {
            let sentence = told.get("sentence").and_then(|words| words["en"].as_str());
            sentence.unwrap_or_default().to_owned()
        })?;
        ensure!(told.get("valid") == Some(&true.into()), "it is not genuine");
        Ok(())
    }

    fn body(&self) -> anyhow::Result<String> {
        if let Some(file) = &self.body {
            let read = std::fs::read_to_string(file);
            return read.with_context(|| format!("the body {}", file.display()));
        }
        let mut body = String::new();
        let read = std::io::stdin().read_to_string(&mut body);
        read.context("the body on stdin")?;
        Ok(body)
    }
}
