//! `mimc callback …`: what is posted to the servers of an app.

mod replay;
mod verify;

use anyhow::ensure;
use serde_json::Value;

use crate::operator::Operator;
use crate::output::Output;
use crate::shown;

const COLUMNS: &[(&str, &str)] = &[
    ("ID", "/id"),
    ("TYPE", "/msgType"),
    ("STATUS", "/status"),
    ("ATTEMPTS", "/attempts"),
    ("LAST", "/last"),
];

/// A callback is kept, with every attempt, for 7 days.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Callback {
    /// List what was posted, and what the app's servers answered
    List(List),
    /// Show one with what was posted
    Show {
        #[arg(value_name = "APPID")]
        app_id: String,

        /// As `list` shows it
        id: String,
    },
    /// Say whether a request that an app's server got is genuine
    Verify(verify::Verify),
    /// Post again what failed
    Replay(replay::Replay),
    /// Post a sample, and say what the app's servers answered
    Test {
        #[arg(value_name = "APPID")]
        app_id: String,
    },
}

#[derive(Debug, clap::Args)]
pub(crate) struct List {
    #[arg(value_name = "APPID")]
    app_id: String,

    /// Only those that were given up
    #[arg(long)]
    failed: bool,

    /// Begin after this one: where the page before has ended
    #[arg(long, value_name = "ID")]
    after: Option<String>,
}

impl Callback {
    pub(crate) async fn run(self, operator: &Operator, output: &mut Output) -> anyhow::Result<()> {
        match self {
            Self::List(list) => list.run(operator, output).await,
            Self::Show { app_id, id } => {
                let callback = operator.admin()?.callback(&app_id, &id).await?;
                output.result(&callback, shown::facts)
            }
            Self::Verify(verify) => verify.run(operator, output).await,
            Self::Replay(replay) => replay.run(operator, output).await,
            Self::Test { app_id } => {
                let answers = operator.admin()?.test_callbacks(&app_id).await?;
                output.result(&answers, shown::facts)?;
                ensure!(
                    answers.values().all(is_taken),
                    "not every URL takes callbacks"
                );
                Ok(())
            }
        }
    }
}

impl List {
    async fn run(self, operator: &Operator, output: &mut Output) -> anyhow::Result<()> {
        let admin = operator.admin()?;
        let page = admin
            .callbacks(&self.app_id, self.failed, self.after.as_deref())
            .await?;
        output.result(&page, |page| {
            let callbacks = shown::rows(page, "callbacks").iter().map(line);
            shown::records(&callbacks.collect::<Vec<_>>(), COLUMNS)
        })?;
        shown::say_what_follows(&page);
        Ok(())
    }
}

/// As at a real callback: 200 alone will do. No URL, no complaint.
fn is_taken(attempt: &Value) -> bool {
    attempt.is_null() || attempt["httpStatus"] == 200
}

/// The attempts become their number and how the last one ended.
fn line(callback: &Value) -> Value {
    let mut line = callback.clone();
    let attempts = callback["attempts"].as_array();
    let last = attempts.and_then(|attempts| attempts.last());
    line["attempts"] = attempts.map_or(0, Vec::len).into();
    line["last"] = last.map_or(Value::Null, |last| match &last["httpStatus"] {
        Value::Null => last["error"].clone(),
        status => status.clone(),
    });
    line
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_200_is_success() {
        for (attempt, expected) in [
            (json!({"httpStatus": 200}), true),
            (Value::Null, true),
            (json!({"httpStatus": 204}), false),
            (json!({"httpStatus": null, "error": "refused"}), false),
        ] {
            assert_eq!(is_taken(&attempt), expected, "{attempt}");
        }
    }

    #[test]
    fn attempts_are_counted_and_the_last_is_told() {
        let of = |attempts: Value| {
            let line = line(&json!({"id": "1", "attempts": attempts}));
            (line["attempts"].clone(), line["last"].clone())
        };
        let refused = json!({"httpStatus": 500, "error": null});
        let silent = json!({"httpStatus": null, "error": "timeout"});
        assert_eq!(of(json!([])), (json!(0), Value::Null));
        assert_eq!(of(json!([silent, refused])), (json!(2), json!(500)));
        assert_eq!(of(json!([refused, silent])), (json!(2), json!("timeout")));
    }
}
