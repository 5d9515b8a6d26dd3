//! `mimc health`: what the checks of a running server have found. `mimc doctor` looks at a machine
//! and a data directory instead.

use anyhow::ensure;
use serde_json::Value;

use crate::operator::Operator;
use crate::output::{Output, table};
use crate::shown;

/// Fails when something is bad.
pub(crate) async fn run(operator: &Operator, output: &mut Output) -> anyhow::Result<()> {
    let health = operator.admin()?.health().await?;
    output.result(&health, |health| {
        let findings = shown::rows(health, "findings");
        table(&findings.iter().map(line).collect::<Vec<_>>())
    })?;
    let findings = shown::rows(&health, "findings").iter();
    let bad = findings.filter(|one| one["verdict"] == "bad").count();
    ensure!(bad == 0, "{bad} of the checks are bad");
    Ok(())
}

fn line(finding: &Value) -> Vec<String> {
    let text = |name: &str| finding[name].as_str().unwrap_or_default().to_owned();
    let verdict = match &*text("verdict") {
        "warn" => "warning".to_owned(),
        "bad" => "BAD".to_owned(),
        other => other.to_owned(),
    };
    let told = match &*text("advice") {
        "" => text("what"),
        advice => format!("{}: {advice}", text("what")),
    };
    vec![verdict, text("check"), told]
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn advice_follows_what_was_found() {
        let found = json!({ "check": "clock", "verdict": "ok", "what": "it runs" });
        assert_eq!(line(&found), ["ok", "clock", "it runs"]);
        let found =
            json!({ "check": "clock", "verdict": "bad", "what": "it jumps", "advice": "hold it" });
        assert_eq!(line(&found), ["BAD", "clock", "it jumps: hold it"]);
    }
}
