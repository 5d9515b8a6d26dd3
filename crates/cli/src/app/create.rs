//! `mimc app create`: a new app, or one that moves here with its credentials.

use std::path::PathBuf;

use anyhow::Context;
use client::Secret;
use client::admin::NewApp;

use crate::operator::Operator;
use crate::output::Output;
use crate::shown;

/// An app that moves here keeps its credentials: give all three, or none.
#[derive(Debug, clap::Args)]
pub(crate) struct Create {
    /// What people call it
    name: String,

    /// As in com.example.app
    #[arg(long, value_name = "PKG")]
    package: String,

    /// The appId it has elsewhere
    #[arg(long, value_name = "ID", requires_all = ["app_key", "app_secret_file"])]
    app_id: Option<String>,

    /// The appKey it has elsewhere
    #[arg(long, value_name = "KEY", requires = "app_id")]
    app_key: Option<String>,

    /// File with the appSecret it has elsewhere; no flag, for those are seen by everybody
    #[arg(long, value_name = "FILE", requires = "app_id")]
    app_secret_file: Option<PathBuf>,
}

impl Create {
    pub(super) async fn run(self, operator: &Operator, output: &mut Output) -> anyhow::Result<()> {
        let app = NewApp {
            app_secret: self.app_secret()?,
            name: self.name,
            package: self.package,
            app_id: self.app_id,
            app_key: self.app_key,
        };
        let app = operator.admin()?.create_app(&app).await?;
        output.result(&app, shown::app)
    }

    fn app_secret(&self) -> anyhow::Result<Option<Secret>> {
        let Some(file) = &self.app_secret_file else {
            return Ok(None);
        };
        let secret = std::fs::read_to_string(file)
            .with_context(|| format!("cannot read the secret {}", file.display()))?;
        Ok(Some(secret.trim().into()))
    }
}
