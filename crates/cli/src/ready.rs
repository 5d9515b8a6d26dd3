//! `mimc ready`: a health check for images that have no curl.

use anyhow::ensure;
use serde_json::json;

use crate::operator::Operator;
use crate::output::Output;

pub(crate) async fn run(operator: &Operator, output: &mut Output) -> anyhow::Result<()> {
    let is_ready = operator.rest().is_ready().await?;
    ensure!(is_ready, "the server is ending and takes nothing new");
    output.result(&json!({ "ready": true }), |_| "ready".to_owned())
}
