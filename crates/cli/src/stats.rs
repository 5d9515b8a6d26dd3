//! `mimc stats`: what the server is doing.

use crate::operator::Operator;
use crate::output::Output;
use crate::shown;

pub(crate) async fn run(operator: &Operator, output: &mut Output) -> anyhow::Result<()> {
    let stats = operator.admin()?.stats().await?;
    output.result(&stats, shown::facts)
}
