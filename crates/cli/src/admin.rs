//! `mimc admin …`: who may administer the server.

use clap::ValueEnum;
use client::admin;
use serde_json::{Value, json};

use crate::failure::say;
use crate::operator::Operator;
use crate::output::Output;
use crate::shown;

const COLUMNS: &[(&str, &str)] = &[("ID", "/id"), ("ROLE", "/role"), ("NAME", "/name")];

/// The token of `admin.token` is the first, and is always there.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Admin {
    /// Make, list and revoke tokens of operators
    #[command(subcommand)]
    Token(Token),
}

#[derive(Debug, clap::Subcommand)]
pub(crate) enum Token {
    /// Make a token; it is shown now and never again
    Create {
        /// What it allows
        #[arg(long, value_enum)]
        role: Role,

        /// Whose it is, for people
        #[arg(long, default_value = "")]
        name: String,
    },
    /// List the tokens, without their texts
    List,
    /// Revoke a token: it opens nothing any more
    Revoke {
        /// As `list` shows it
        id: String,
    },
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Role {
    /// Everything
    Admin,
    /// Reading what is no secret
    Viewer,
}

impl Admin {
    pub(crate) async fn run(self, operator: &Operator, output: &mut Output) -> anyhow::Result<()> {
        let Self::Token(token) = self;
        let admin = operator.admin()?;
        match token {
            Token::Create { role, name } => {
                let made = admin.create_token(role.into(), &name).await?;
                output.result(&made, |made| match serde_json::to_value(made) {
                    Ok(Value::Object(facts)) => shown::facts(&facts),
                    _ => made.id.clone(),
                })
            }
            Token::List => {
                let tokens = admin.tokens().await?;
                output.result(&tokens, |tokens| {
                    shown::records(shown::rows(tokens, "tokens"), COLUMNS)
                })
            }
            Token::Revoke { id } => {
                admin.revoke_token(&id).await?;
                say(&format!("token {id} is revoked"));
                output.result(&json!({"id": id, "revoked": true}), |_| String::new())
            }
        }
    }
}

impl From<Role> for admin::Role {
    fn from(role: Role) -> Self {
        match role {
            Role::Admin => Self::Admin,
            Role::Viewer => Self::Viewer,
        }
    }
}
